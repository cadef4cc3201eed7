-- Who may ask and what they may see: API keys with their roles, and the log of whom names were shown to.

CREATE TABLE api_key (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  prefix     text NOT NULL UNIQUE CHECK (prefix ~ '^[0-9a-z]{8}$'),
  digest     bytea NOT NULL UNIQUE CHECK (octet_length(digest) = 32),
  label      text NOT NULL CHECK (length(label) BETWEEN 1 AND 100 AND label !~ '[[:cntrl:]]'),
  expires_on date CHECK (isfinite(expires_on)),
  recorded   versions NOT NULL
);
COMMENT ON TABLE api_key IS 'API keys of machine clients. A key is revoked by closing its recorded range, never given another secret and never taken up again.';
COMMENT ON COLUMN api_key.id IS 'Number of the key, never reused.';
COMMENT ON COLUMN api_key.prefix IS 'Beginning of the key, by which it is named; no secret, never reused.';
COMMENT ON COLUMN api_key.digest IS 'SHA-256 of the whole key: 256 random bits need no slower hash. The key itself is shown once and kept nowhere.';
COMMENT ON COLUMN api_key.label IS 'What the key is for, in the words of whoever issued it; never a personal name.';
COMMENT ON COLUMN api_key.expires_on IS 'Last day, in London, on which the key is taken; null where it does not expire.';
CALL keep_history('api_key');

CREATE TABLE role_grant (
  id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key_id    bigint NOT NULL REFERENCES api_key,
  role      text NOT NULL CHECK (role IN ('READER', 'BOARD_ADMINISTRATOR', 'NATIONAL_ADMINISTRATOR', 'AUDITOR')),
  area_id   bigint,
  area_kind text NOT NULL DEFAULT 'MAPPA_AREA' CHECK (area_kind = 'MAPPA_AREA'),
  recorded  versions NOT NULL,
  CHECK ((role = 'BOARD_ADMINISTRATOR') = (area_id IS NOT NULL)),
  FOREIGN KEY (area_id, area_kind) REFERENCES body (id, kind),
  EXCLUDE USING gist (key_id WITH =, role WITH =, coalesce(area_id, 0) WITH =, recorded WITH &&)
);
COMMENT ON TABLE role_grant IS 'Roles of keys. A role is taken back by closing its recorded range.';
COMMENT ON COLUMN role_grant.id IS 'Number of this row.';
COMMENT ON COLUMN role_grant.key_id IS 'The key.';
COMMENT ON COLUMN role_grant.role IS 'The role.';
COMMENT ON COLUMN role_grant.area_id IS 'The MAPPA area for which it holds; null for roles that hold everywhere.';
COMMENT ON COLUMN role_grant.area_kind IS 'Always MAPPA_AREA; lets the key check the kind.';
CALL keep_history('role_grant');

CREATE TABLE access_log (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at         timestamptz NOT NULL,
  actor      text NOT NULL CHECK (length(actor) BETWEEN 1 AND 200),
  request_id text NOT NULL CHECK (length(request_id) BETWEEN 1 AND 100),
  operation  text CHECK (length(operation) <= 200),
  document   text CHECK (document ~ '^[0-9a-f]{64}$'),
  version    bigint NOT NULL CHECK (version >= 1),
  boards     text[] NOT NULL,
  persons    bigint[] NOT NULL,
  CHECK (cardinality(persons) > 0)
);
COMMENT ON TABLE access_log IS 'Who was shown names that are not public: one row an answer, written before the answer is sent. Append-only, apart from changes, which reading is not.';
COMMENT ON COLUMN access_log.id IS 'Number of this row.';
COMMENT ON COLUMN access_log.at IS 'When the row was written. Set by the trigger.';
COMMENT ON COLUMN access_log.actor IS 'Who was shown the names: an identity of the service, never a personal name.';
COMMENT ON COLUMN access_log.request_id IS 'The request, as its answer and the log name it.';
COMMENT ON COLUMN access_log.operation IS 'Name of the operation, where its document is a trusted one; null elsewhere.';
COMMENT ON COLUMN access_log.document IS 'SHA-256 of the document; null where there is none, or where its text can hold facts of a case.';
COMMENT ON COLUMN access_log.version IS 'Directory version from which it was answered.';
COMMENT ON COLUMN access_log.boards IS 'Slugs of the areas whose boards the names are of.';
COMMENT ON COLUMN access_log.persons IS 'Numbers of the persons whose names were shown.';

CREATE FUNCTION stamp_access() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.at := clock_timestamp();
  RETURN NEW;
END $$;
COMMENT ON FUNCTION stamp_access IS 'Dates a row of the access log by the database''s own clock, whatever the writer says.';

CREATE TRIGGER stamp_access BEFORE INSERT ON access_log FOR EACH ROW EXECUTE FUNCTION stamp_access();
CREATE TRIGGER refuse_rewrite BEFORE UPDATE OR DELETE ON access_log FOR EACH ROW EXECUTE FUNCTION refuse_rewrite();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON access_log FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();
ALTER TABLE access_log ENABLE ALWAYS TRIGGER stamp_access;
ALTER TABLE access_log ENABLE ALWAYS TRIGGER refuse_rewrite;
ALTER TABLE access_log ENABLE ALWAYS TRIGGER refuse_truncate;
CREATE INDEX access_log_actor ON access_log (actor, at);
CREATE INDEX access_log_persons ON access_log USING gin (persons);
COMMENT ON INDEX access_log_actor IS 'What one caller was shown.';
COMMENT ON INDEX access_log_persons IS 'Who was shown one person''s name.';
