-- The recorded time line: every change of the directory, numbered without a gap, chained by hash,
-- and the guards that keep history. Facts themselves follow in later migrations.

CREATE EXTENSION IF NOT EXISTS btree_gist;

-- A day range of the world: never empty, always with a first day, open or finite at its end.
CREATE DOMAIN period AS daterange
  CHECK (VALUE IS NULL OR (NOT isempty(VALUE) AND NOT lower_inf(VALUE) AND isfinite(lower(VALUE))
         AND (upper_inf(VALUE) OR isfinite(upper(VALUE)))));
COMMENT ON DOMAIN period IS 'Days on which a fact is true in the world, half open: [from, until). Never empty, never without a first day.';

-- A range of directory versions.
CREATE DOMAIN versions AS int8range
  CHECK (VALUE IS NULL OR (NOT isempty(VALUE) AND NOT lower_inf(VALUE) AND lower(VALUE) >= 1));
COMMENT ON DOMAIN versions IS 'Directory versions in which a fact is what we know: [from, until). Open while it is still what we know.';

CREATE DOMAIN basis AS text
  CHECK (VALUE IN ('FOUNDING_DOCUMENT', 'STATUTE', 'PUBLISHED', 'GUIDANCE', 'UNCONFIRMED', 'ASSUMPTION'));
COMMENT ON DOMAIN basis IS 'On what a fact rests: the founding document, a statute, a published record, guidance, a lead not confirmed, or our own assumption.';

CREATE TABLE head (
  singleton   boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  version     bigint NOT NULL CHECK (version >= 0),
  at          timestamptz,
  hash        bytea NOT NULL CHECK (octet_length(hash) = 32),
  transaction xid8
);
COMMENT ON TABLE head IS 'The one row that every write locks: the newest directory version. Moved only by the trigger on change.';
COMMENT ON COLUMN head.singleton IS 'Always true: there is one head.';
COMMENT ON COLUMN head.version IS 'The newest directory version; 0 before the first change.';
COMMENT ON COLUMN head.at IS 'When the newest version was recorded; null before the first change.';
COMMENT ON COLUMN head.hash IS 'Hash of the newest change, the end of the chain.';
COMMENT ON COLUMN head.transaction IS 'The transaction that recorded the newest version: facts are accepted from that transaction only.';

INSERT INTO head (singleton, version, at, hash, transaction) VALUES (true, 0, NULL, sha256(''::bytea), NULL);

CREATE TABLE change (
  version         bigint PRIMARY KEY CHECK (version >= 1),
  at              timestamptz NOT NULL,
  actor           text NOT NULL CHECK (length(actor) BETWEEN 1 AND 200),
  action          text NOT NULL CHECK (action ~ '^[A-Z][A-Z_]{0,63}$'),
  reason          text CHECK (length(reason) <= 2000),
  idempotency_key text CHECK (length(idempotency_key) BETWEEN 1 AND 200),
  request_hash    bytea CHECK (octet_length(request_hash) = 32),
  body            jsonb NOT NULL,
  previous_hash   bytea NOT NULL CHECK (octet_length(previous_hash) = 32),
  hash            bytea NOT NULL CHECK (octet_length(hash) = 32),
  CHECK ((idempotency_key IS NULL) = (request_hash IS NULL)),
  UNIQUE (actor, idempotency_key)
);
COMMENT ON TABLE change IS 'One row a directory version: audit trail, change feed, snapshot version and idempotency record in one. Append-only, gap-free, chained by hash.';
COMMENT ON COLUMN change.version IS 'Directory version, from 1 without a gap. Set by the trigger.';
COMMENT ON COLUMN change.at IS 'When it was recorded; later than that of every earlier version whatever the clock does. Set by the trigger.';
COMMENT ON COLUMN change.actor IS 'Who made the change: an identity of the service, never a personal name.';
COMMENT ON COLUMN change.action IS 'What was done, as a verb in capitals.';
COMMENT ON COLUMN change.reason IS 'Why, in the words of whoever made it; null where none was given.';
COMMENT ON COLUMN change.idempotency_key IS 'Key under which the actor may repeat the request; null where none was given.';
COMMENT ON COLUMN change.request_hash IS 'SHA-256 of the request made under that key: another content under it is refused.';
COMMENT ON COLUMN change.body IS 'What changed, by ids and codes; no personal name.';
COMMENT ON COLUMN change.previous_hash IS 'Hash of the version before; of the empty string for version 1. Set by the trigger.';
COMMENT ON COLUMN change.hash IS 'SHA-256 over the previous hash and every other column. Set by the trigger.';

CREATE FUNCTION change_hash(c change) RETURNS bytea LANGUAGE sql STABLE
RETURN sha256(c.previous_hash || convert_to(jsonb_build_array(
    c.version, to_char(c.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), c.actor, c.action, c.reason,
    c.idempotency_key, encode(c.request_hash, 'hex'), c.body)::text, 'UTF8'));
COMMENT ON FUNCTION change_hash IS 'The hash that belongs to a change row: over the previous hash and a canonical JSON array of its columns.';

CREATE FUNCTION record_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  h head;
BEGIN
  SELECT * INTO STRICT h FROM head WHERE singleton FOR UPDATE;
  IF h.transaction = pg_current_xact_id() THEN
    RAISE EXCEPTION 'a transaction records one change' USING ERRCODE = 'PD001';
  END IF;
  NEW.version := h.version + 1;
  -- A clock that was set back must not make history run backwards.
  NEW.at := greatest(clock_timestamp(), h.at + interval '1 microsecond');
  NEW.previous_hash := h.hash;
  NEW.hash := change_hash(NEW);
  UPDATE head SET version = NEW.version, at = NEW.at, hash = NEW.hash, transaction = pg_current_xact_id() WHERE singleton;
  RETURN NEW;
END $$;
COMMENT ON FUNCTION record_change IS 'Numbers, dates and chains a change under the lock of the head.';

CREATE FUNCTION guard_head() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Depth 2 is the trigger on change; anything else is a hand on the head.
  IF TG_OP = 'UPDATE' AND pg_trigger_depth() >= 2 AND NEW.version = OLD.version + 1 THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'the head moves only with a change' USING ERRCODE = 'PD002';
END $$;
COMMENT ON FUNCTION guard_head IS 'Refuses every change of the head but the one made by recording a change.';

CREATE FUNCTION refuse_rewrite() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% of % is refused: history is never lost', TG_OP, TG_TABLE_NAME USING ERRCODE = 'PD003';
END $$;
COMMENT ON FUNCTION refuse_rewrite IS 'Refuses UPDATE, DELETE and TRUNCATE of an append-only table.';

CREATE TRIGGER record_change BEFORE INSERT ON change FOR EACH ROW EXECUTE FUNCTION record_change();
CREATE TRIGGER refuse_rewrite BEFORE UPDATE OR DELETE ON change FOR EACH ROW EXECUTE FUNCTION refuse_rewrite();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON change FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();
CREATE TRIGGER guard_head BEFORE INSERT OR UPDATE OR DELETE ON head FOR EACH ROW EXECUTE FUNCTION guard_head();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON head FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();
ALTER TABLE change ENABLE ALWAYS TRIGGER record_change;
ALTER TABLE change ENABLE ALWAYS TRIGGER refuse_rewrite;
ALTER TABLE change ENABLE ALWAYS TRIGGER refuse_truncate;
ALTER TABLE head ENABLE ALWAYS TRIGGER guard_head;
ALTER TABLE head ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE FUNCTION first_bad_change() RETURNS bigint LANGUAGE sql STABLE
RETURN (
  WITH chained AS (
    SELECT c.version, c.hash, row_number() OVER w AS expected, c.at, lag(c.at) OVER w AS earlier,
           coalesce(lag(c.hash) OVER w, sha256(''::bytea)) AS before, c.previous_hash, change_hash(c) AS computed
    FROM change c WINDOW w AS (ORDER BY c.version))
  SELECT min(version) FROM (
    SELECT version FROM chained
      WHERE version <> expected OR previous_hash <> before OR hash <> computed OR at <= earlier
    UNION ALL
    SELECT coalesce(h.version, 0) FROM (VALUES (true)) AS due (singleton) LEFT JOIN head h USING (singleton)
      WHERE h.version IS NULL
         OR h.version <> coalesce((SELECT max(version) FROM change), 0)
         OR h.hash <> coalesce((SELECT hash FROM change ORDER BY version DESC LIMIT 1), sha256(''::bytea))
  ) AS bad);
COMMENT ON FUNCTION first_bad_change IS 'The first version at which the chain of changes does not hold (the head''s own version where only the head is off, 0 where the head is gone), or null.';

CREATE FUNCTION guard_fact() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  h head;
BEGIN
  SELECT * INTO STRICT h FROM head WHERE singleton;
  IF h.transaction IS DISTINCT FROM pg_current_xact_id() THEN
    RAISE EXCEPTION 'a fact of % is written only with a change in the same transaction', TG_TABLE_NAME USING ERRCODE = 'PD004';
  END IF;
  IF TG_OP = 'INSERT' THEN
    NEW.recorded := int8range(h.version, NULL);
    RETURN NEW;
  END IF;
  IF upper_inf(OLD.recorded) AND NEW.recorded = int8range(lower(OLD.recorded), h.version)
     AND to_jsonb(NEW) - 'recorded' = to_jsonb(OLD) - 'recorded' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a fact of % is never altered: its recorded range is closed, and a new row says what is known now', TG_TABLE_NAME USING ERRCODE = 'PD003';
END $$;
COMMENT ON FUNCTION guard_fact IS 'Stamps a new fact with the version of its transaction''s change; lets an old one only be closed at it.';

CREATE PROCEDURE keep_history(name regclass) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE TRIGGER guard_fact BEFORE INSERT OR UPDATE ON %s FOR EACH ROW EXECUTE FUNCTION guard_fact()', name);
  EXECUTE format('CREATE TRIGGER refuse_rewrite BEFORE DELETE ON %s FOR EACH ROW EXECUTE FUNCTION refuse_rewrite()', name);
  EXECUTE format('CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite()', name);
  EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER guard_fact', name);
  EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER refuse_rewrite', name);
  EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER refuse_truncate', name);
  EXECUTE format('COMMENT ON COLUMN %s.recorded IS %L', name, 'Directory versions in which this row is what we know. Set and closed by the guard only.');
END $$;
COMMENT ON PROCEDURE keep_history IS 'Makes a table of facts append-only for every role: rows are added, and only their recorded range is ever closed.';

CREATE SEQUENCE fact_number;
COMMENT ON SEQUENCE fact_number IS 'Numbers of facts: a fact keeps its number through every correction.';

CREATE PROCEDURE describe_fact(name regclass) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('COMMENT ON COLUMN %s.id IS %L', name, 'Number of this row.');
  EXECUTE format('COMMENT ON COLUMN %s.fact IS %L', name, 'Number of the fact: the same in every row that corrects it.');
  EXECUTE format('COMMENT ON COLUMN %s.source IS %L', name, 'Keys of the sources that state it, separated by semicolons.');
  EXECUTE format('COMMENT ON COLUMN %s.basis IS %L', name, 'On what it rests.');
  EXECUTE format('COMMENT ON COLUMN %s.note IS %L', name, 'What a reader should know about this fact; null where nothing.');
  CALL keep_history(name);
END $$;
COMMENT ON PROCEDURE describe_fact IS 'Comments the columns that every table of facts has, and makes it append-only.';

CREATE TABLE source (
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  fact     bigint NOT NULL DEFAULT nextval('fact_number'),
  key      text NOT NULL CHECK (key ~ '^[A-Z][A-Z0-9]{0,19}$'),
  title    text NOT NULL,
  location text NOT NULL,
  supports text NOT NULL,
  recorded versions NOT NULL,
  EXCLUDE USING gist (key WITH =, recorded WITH &&)
);
COMMENT ON TABLE source IS 'Documents and records on which facts rest.';
COMMENT ON COLUMN source.id IS 'Number of this row.';
COMMENT ON COLUMN source.fact IS 'Number of the fact: the same in every row that corrects it.';
COMMENT ON COLUMN source.key IS 'Short key by which facts cite it.';
COMMENT ON COLUMN source.title IS 'Title of the document or record.';
COMMENT ON COLUMN source.location IS 'Where it can be found.';
COMMENT ON COLUMN source.supports IS 'What it was used for.';
CALL keep_history('source');
