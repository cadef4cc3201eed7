-- Organisations and areas, their names and codes, and who covers, runs, owns and follows whom.

CREATE TABLE body (
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind     text NOT NULL CHECK (kind IN ('MAPPA_AREA', 'POLICE_FORCE', 'PROBATION_TRUST', 'NPS_DIVISION',
             'CONTRACT_PACKAGE_AREA', 'CRC', 'CRC_OWNER', 'PROBATION_REGION', 'NATIONAL_BODY')),
  slug     text NOT NULL CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(slug) <= 100),
  country  text NOT NULL CHECK (country IN ('England', 'Wales', 'England and Wales')),
  recorded versions NOT NULL,
  UNIQUE (kind, slug),
  UNIQUE (id, kind)
);
COMMENT ON TABLE body IS 'Identities of organisations and areas. What can change about them stands in the tables that follow.';
COMMENT ON COLUMN body.id IS 'Number of the body, never reused.';
COMMENT ON COLUMN body.kind IS 'What it is. Area, division, trust, company and owner are different kinds.';
COMMENT ON COLUMN body.slug IS 'Stable key of the body within its kind, as clients know it.';
COMMENT ON COLUMN body.country IS 'Country it serves.';
CALL keep_history('body');

CREATE TABLE body_period (
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  fact     bigint NOT NULL DEFAULT nextval('fact_number'),
  body_id  bigint NOT NULL REFERENCES body,
  valid    period NOT NULL,
  recorded versions NOT NULL,
  source   text NOT NULL,
  basis    basis NOT NULL,
  note     text,
  EXCLUDE USING gist (body_id WITH =, valid WITH &&, recorded WITH &&)
);
COMMENT ON TABLE body_period IS 'When a body exists.';
COMMENT ON COLUMN body_period.body_id IS 'The body.';
COMMENT ON COLUMN body_period.valid IS 'Days on which it exists.';
CALL describe_fact('body_period');

CREATE TABLE body_name (
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  fact     bigint NOT NULL DEFAULT nextval('fact_number'),
  body_id  bigint NOT NULL REFERENCES body,
  usage    text NOT NULL CHECK (usage IN ('NAME', 'OFFICIAL_NAME', 'WELSH_NAME', 'SHORT_NAME', 'ALIAS')),
  name     text NOT NULL CHECK (length(name) BETWEEN 1 AND 200 AND name !~ '[[:cntrl:]]'),
  valid    period NOT NULL,
  recorded versions NOT NULL,
  source   text NOT NULL,
  basis    basis NOT NULL,
  note     text,
  EXCLUDE USING gist (body_id WITH =, usage WITH =, valid WITH &&, recorded WITH &&)
    WHERE (usage IN ('NAME', 'OFFICIAL_NAME', 'WELSH_NAME')),
  EXCLUDE USING gist (body_id WITH =, usage WITH =, name WITH =, valid WITH &&, recorded WITH &&)
);
COMMENT ON TABLE body_name IS 'Names of bodies over time: one plain, one official and one Welsh name a day, any number of short names and aliases.';
COMMENT ON COLUMN body_name.body_id IS 'The body.';
COMMENT ON COLUMN body_name.usage IS 'How the name is used.';
COMMENT ON COLUMN body_name.name IS 'The name as its source writes it.';
COMMENT ON COLUMN body_name.valid IS 'Days on which it bears the name.';
CALL describe_fact('body_name');

CREATE TABLE body_code (
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  fact     bigint NOT NULL DEFAULT nextval('fact_number'),
  body_id  bigint NOT NULL REFERENCES body,
  scheme   text NOT NULL CHECK (scheme ~ '^[A-Z][A-Z0-9_]{0,39}$'),
  code     text NOT NULL CHECK (code ~ '^[A-Za-z0-9][A-Za-z0-9._/-]{0,39}$'),
  valid    period NOT NULL,
  recorded versions NOT NULL,
  source   text NOT NULL,
  basis    basis NOT NULL,
  note     text,
  EXCLUDE USING gist (scheme WITH =, code WITH =, valid WITH &&, recorded WITH &&)
);
COMMENT ON TABLE body_code IS 'Codes of bodies by scheme; on one day a code of a scheme means one body.';
COMMENT ON COLUMN body_code.body_id IS 'The body.';
COMMENT ON COLUMN body_code.scheme IS 'Whose code it is, for example ONS or NDELIUS.';
COMMENT ON COLUMN body_code.code IS 'The code.';
COMMENT ON COLUMN body_code.valid IS 'Days on which the code means this body.';
CALL describe_fact('body_code');

CREATE TABLE coverage (
  id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  fact      bigint NOT NULL DEFAULT nextval('fact_number'),
  area_id   bigint NOT NULL,
  area_kind text NOT NULL DEFAULT 'MAPPA_AREA' CHECK (area_kind = 'MAPPA_AREA'),
  kind      text NOT NULL CHECK (kind IN ('POLICE_FORCE', 'PROBATION_TRUST', 'NPS_DIVISION', 'CONTRACT_PACKAGE_AREA', 'PROBATION_REGION')),
  body_id   bigint NOT NULL,
  valid     period NOT NULL,
  recorded  versions NOT NULL,
  source    text NOT NULL,
  basis     basis NOT NULL,
  note      text,
  FOREIGN KEY (area_id, area_kind) REFERENCES body (id, kind),
  FOREIGN KEY (body_id, kind) REFERENCES body (id, kind),
  EXCLUDE USING gist (area_id WITH =, kind WITH =, valid WITH &&, recorded WITH &&) WHERE (kind <> 'POLICE_FORCE'),
  EXCLUDE USING gist (area_id WITH =, body_id WITH =, valid WITH &&, recorded WITH &&)
);
COMMENT ON TABLE coverage IS 'Which trust, division, contract package area, region and force cover a MAPPA area: one of each a day, save forces, of which London has two.';
COMMENT ON COLUMN coverage.area_id IS 'The MAPPA area.';
COMMENT ON COLUMN coverage.area_kind IS 'Always MAPPA_AREA; lets the key check the kind.';
COMMENT ON COLUMN coverage.kind IS 'Kind of the body that covers it.';
COMMENT ON COLUMN coverage.body_id IS 'The body that covers it.';
COMMENT ON COLUMN coverage.valid IS 'Days on which it covers the area, on the operational calendar.';
CALL describe_fact('coverage');

CREATE TABLE operation (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  fact         bigint NOT NULL DEFAULT nextval('fact_number'),
  package_id   bigint NOT NULL,
  package_kind text NOT NULL DEFAULT 'CONTRACT_PACKAGE_AREA' CHECK (package_kind = 'CONTRACT_PACKAGE_AREA'),
  crc_id       bigint NOT NULL,
  crc_kind     text NOT NULL DEFAULT 'CRC' CHECK (crc_kind = 'CRC'),
  valid        period NOT NULL,
  recorded     versions NOT NULL,
  source       text NOT NULL,
  basis        basis NOT NULL,
  note         text,
  FOREIGN KEY (package_id, package_kind) REFERENCES body (id, kind),
  FOREIGN KEY (crc_id, crc_kind) REFERENCES body (id, kind),
  EXCLUDE USING gist (package_id WITH =, valid WITH &&, recorded WITH &&),
  EXCLUDE USING gist (crc_id WITH =, valid WITH &&, recorded WITH &&)
);
COMMENT ON TABLE operation IS 'Which company works in a contract package area: one company an area, one area a company.';
COMMENT ON COLUMN operation.package_id IS 'The contract package area.';
COMMENT ON COLUMN operation.package_kind IS 'Always CONTRACT_PACKAGE_AREA; lets the key check the kind.';
COMMENT ON COLUMN operation.crc_id IS 'The community rehabilitation company.';
COMMENT ON COLUMN operation.crc_kind IS 'Always CRC; lets the key check the kind.';
COMMENT ON COLUMN operation.valid IS 'Days on which the company works there, on the operational calendar.';
CALL describe_fact('operation');

CREATE TABLE ownership (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  fact       bigint NOT NULL DEFAULT nextval('fact_number'),
  crc_id     bigint NOT NULL,
  crc_kind   text NOT NULL DEFAULT 'CRC' CHECK (crc_kind = 'CRC'),
  owner_id   bigint NOT NULL,
  owner_kind text NOT NULL DEFAULT 'CRC_OWNER' CHECK (owner_kind = 'CRC_OWNER'),
  partners   text,
  valid      period NOT NULL,
  recorded   versions NOT NULL,
  source     text NOT NULL,
  basis      basis NOT NULL,
  note       text,
  FOREIGN KEY (crc_id, crc_kind) REFERENCES body (id, kind),
  FOREIGN KEY (owner_id, owner_kind) REFERENCES body (id, kind),
  EXCLUDE USING gist (crc_id WITH =, valid WITH &&, recorded WITH &&)
);
COMMENT ON TABLE ownership IS 'Who owns a community rehabilitation company: one owner a day.';
COMMENT ON COLUMN ownership.crc_id IS 'The company.';
COMMENT ON COLUMN ownership.crc_kind IS 'Always CRC; lets the key check the kind.';
COMMENT ON COLUMN ownership.owner_id IS 'Its owner.';
COMMENT ON COLUMN ownership.owner_kind IS 'Always CRC_OWNER; lets the key check the kind.';
COMMENT ON COLUMN ownership.partners IS 'Partners of the owner in this contract, as the source names them; null where none is named.';
COMMENT ON COLUMN ownership.valid IS 'Days of ownership.';
CALL describe_fact('ownership');

CREATE TABLE succession (
  id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  fact           bigint NOT NULL DEFAULT nextval('fact_number'),
  predecessor_id bigint NOT NULL REFERENCES body,
  successor_id   bigint NOT NULL REFERENCES body,
  valid          period NOT NULL CHECK (upper_inf(valid)),
  recorded       versions NOT NULL,
  source         text NOT NULL,
  basis          basis NOT NULL,
  note           text,
  CHECK (predecessor_id <> successor_id),
  EXCLUDE USING gist (predecessor_id WITH =, successor_id WITH =, valid WITH &&, recorded WITH &&)
);
COMMENT ON TABLE succession IS 'Which body took over from which: a step of a chain, one row a pair.';
COMMENT ON COLUMN succession.predecessor_id IS 'The body whose work was taken over.';
COMMENT ON COLUMN succession.successor_id IS 'The body that took it over, in whole or in part.';
COMMENT ON COLUMN succession.valid IS 'From the day of succession, without an end.';
CALL describe_fact('succession');

CREATE TABLE statement (
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  fact     bigint NOT NULL DEFAULT nextval('fact_number'),
  body_id  bigint NOT NULL REFERENCES body,
  field    text NOT NULL CHECK (field ~ '^[a-z][a-z_]{0,59}$'),
  value    text NOT NULL,
  used     text NOT NULL CHECK (used IN ('yes', 'no', 'published calendar', 'operational calendar')),
  recorded versions NOT NULL,
  source   text NOT NULL,
  basis    basis NOT NULL,
  note     text,
  EXCLUDE USING gist (body_id WITH =, field WITH =, value WITH =, source WITH =, recorded WITH &&)
);
COMMENT ON TABLE statement IS 'What sources state where they disagree, side by side, and which statement the directory uses.';
COMMENT ON COLUMN statement.body_id IS 'The body that the statements are about.';
COMMENT ON COLUMN statement.field IS 'What about it is stated.';
COMMENT ON COLUMN statement.value IS 'What this source states.';
COMMENT ON COLUMN statement.used IS 'Whether the directory uses this statement, or on which calendar.';
CALL describe_fact('statement');
