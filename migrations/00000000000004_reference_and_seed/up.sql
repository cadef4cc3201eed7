-- Reference data, versioned as whole data sets, and what the last seed said, for the three-way merge of the next.

CREATE TABLE data_set (
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name     text NOT NULL CHECK (name ~ '^[A-Z][A-Z_]{0,39}$'),
  as_of    date NOT NULL CHECK (isfinite(as_of)),
  sha256   bytea NOT NULL CHECK (octet_length(sha256) = 32),
  row_count integer NOT NULL CHECK (row_count >= 0),
  recorded versions NOT NULL,
  EXCLUDE USING gist (name WITH =, recorded WITH &&)
);
COMMENT ON TABLE data_set IS 'Whole sets of reference data; one of each name is what we know in a version.';
COMMENT ON COLUMN data_set.id IS 'Number of the data set.';
COMMENT ON COLUMN data_set.name IS 'What the set holds, for example LOCAL_AUTHORITIES.';
COMMENT ON COLUMN data_set.as_of IS 'Day for which the set was true.';
COMMENT ON COLUMN data_set.sha256 IS 'SHA-256 of the file that it was loaded from.';
COMMENT ON COLUMN data_set.row_count IS 'Number of rows.';
CALL keep_history('data_set');

CREATE TABLE local_authority (
  data_set_id    bigint NOT NULL REFERENCES data_set,
  code           text NOT NULL CHECK (code ~ '^[EW][0-9]{8}$'),
  name           text NOT NULL CHECK (length(name) BETWEEN 1 AND 200 AND name !~ '[[:cntrl:]]'),
  welsh_name     text,
  type           text NOT NULL,
  country        text NOT NULL CHECK (country = CASE left(code, 1) WHEN 'E' THEN 'England' ELSE 'Wales' END),
  upper_tier_code text,
  upper_tier_name text,
  police_force_area_code text NOT NULL,
  area_slug      text NOT NULL,
  first_day      date CHECK (isfinite(first_day)),
  successor_code text,
  successor_name text,
  successor_from date,
  recorded       versions NOT NULL,
  source         text NOT NULL,
  basis          basis NOT NULL,
  note           text,
  PRIMARY KEY (data_set_id, code),
  CHECK ((successor_code IS NULL) = (successor_name IS NULL) AND (successor_code IS NULL) = (successor_from IS NULL)),
  CHECK ((upper_tier_code IS NULL) = (upper_tier_name IS NULL))
);
COMMENT ON TABLE local_authority IS 'Local authorities of one data set: districts, unitary authorities, boroughs and the City of London.';
COMMENT ON COLUMN local_authority.data_set_id IS 'The data set.';
COMMENT ON COLUMN local_authority.code IS 'ONS code of nine characters.';
COMMENT ON COLUMN local_authority.name IS 'Name in English.';
COMMENT ON COLUMN local_authority.welsh_name IS 'Name in Welsh; null where no source gives one.';
COMMENT ON COLUMN local_authority.type IS 'Kind of authority.';
COMMENT ON COLUMN local_authority.country IS 'England or Wales.';
COMMENT ON COLUMN local_authority.upper_tier_code IS 'ONS code of the county above it; null where there is none.';
COMMENT ON COLUMN local_authority.upper_tier_name IS 'Name of the county above it; null where there is none.';
COMMENT ON COLUMN local_authority.police_force_area_code IS 'ONS code of its police force area.';
COMMENT ON COLUMN local_authority.area_slug IS 'Slug of the MAPPA area that it lies in.';
COMMENT ON COLUMN local_authority.first_day IS 'First day of an authority that is later than the set''s own day; null for those of that day, whose first day is not recorded.';
COMMENT ON COLUMN local_authority.successor_code IS 'ONS code of the authority that took its place; null where none did.';
COMMENT ON COLUMN local_authority.successor_name IS 'Name of that authority.';
COMMENT ON COLUMN local_authority.successor_from IS 'First day of that authority.';
COMMENT ON COLUMN local_authority.source IS 'Keys of the sources that state the row, separated by semicolons.';
COMMENT ON COLUMN local_authority.basis IS 'On what it rests.';
COMMENT ON COLUMN local_authority.note IS 'What a reader should know about this row; null where nothing.';
CALL keep_history('local_authority');

CREATE TABLE seed_fact (
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  relation text NOT NULL,
  key      text NOT NULL,
  fact     bigint NOT NULL,
  content  jsonb NOT NULL,
  recorded versions NOT NULL,
  EXCLUDE USING gist (relation WITH =, key WITH =, recorded WITH &&)
);
COMMENT ON TABLE seed_fact IS 'What the last seed said of each fact: the common ancestor when the next seed meets what administrators made of it.';
COMMENT ON COLUMN seed_fact.id IS 'Number of this row.';
COMMENT ON COLUMN seed_fact.relation IS 'Table of the fact.';
COMMENT ON COLUMN seed_fact.key IS 'Key of the row in its seed file.';
COMMENT ON COLUMN seed_fact.fact IS 'Number of the fact that the row became.';
COMMENT ON COLUMN seed_fact.content IS 'The row as the seed gave it.';
CALL keep_history('seed_fact');
