-- Persons who were found to be the same are one to the checks of boards, and what an administrator records has a basis.

ALTER DOMAIN basis DROP CONSTRAINT basis_check;
ALTER DOMAIN basis ADD CONSTRAINT basis_check
  CHECK (VALUE IN ('FOUNDING_DOCUMENT', 'STATUTE', 'PUBLISHED', 'GUIDANCE', 'RECORDED', 'UNCONFIRMED', 'ASSUMPTION'));
COMMENT ON DOMAIN basis IS 'On what a fact rests: the founding document, a statute, a published record, guidance, a record by an administrator of the directory, a lead not confirmed, or our own assumption.';

CREATE FUNCTION same_person(one bigint) RETURNS SETOF bigint LANGUAGE sql STABLE AS $$
  WITH RECURSIVE same (id) AS (
    SELECT one
    UNION
    SELECT CASE WHEN m.person_id = same.id THEN m.into_id ELSE m.person_id END
    FROM same JOIN person_merge m ON upper_inf(m.recorded) AND same.id IN (m.person_id, m.into_id))
  SELECT id FROM same
$$;
COMMENT ON FUNCTION same_person IS 'A person and everyone who is read as the same, as known now; comes to an end in a ring, too.';

CREATE INDEX person_merge_into ON person_merge (into_id);
COMMENT ON INDEX person_merge_into IS 'Who is the same as a person.';

CREATE OR REPLACE FUNCTION check_lay_adviser_elsewhere() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  persons bigint[];
  same bigint[];
BEGIN
  IF TG_TABLE_NAME = 'person_merge' THEN
    persons := ARRAY[NEW.person_id];
  ELSE
    persons := ARRAY(SELECT DISTINCT person_id FROM appointment WHERE seat_id = NEW.seat_id AND upper_inf(recorded));
  END IF;
  FOR same IN SELECT ARRAY(SELECT same_person(p)) FROM unnest(persons) AS p LOOP
    IF EXISTS (SELECT FROM lay_term l JOIN appointment a ON a.person_id = ANY (same) AND a.id <> l.id AND a.valid && l.valid
               WHERE l.person_id = ANY (same) AND upper_inf(a.recorded)) THEN
      RAISE EXCEPTION 'a lay adviser holds no other seat on any board' USING ERRCODE = 'PD013', CONSTRAINT = 'lay_adviser_elsewhere', TABLE = TG_TABLE_NAME;
    END IF;
  END LOOP;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION check_lay_adviser_elsewhere IS 'Refuses a lay adviser who would hold another seat on any board, recorded as the same person or as one who is read as the same.';

CREATE FUNCTION check_one_seat_a_person() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  same bigint[] := ARRAY(SELECT same_person(NEW.person_id));
BEGIN
  IF EXISTS (SELECT FROM appointment a JOIN appointment b ON b.board_id = a.board_id AND b.id > a.id AND b.valid && a.valid
             WHERE a.person_id = ANY (same) AND b.person_id = ANY (same) AND upper_inf(a.recorded) AND upper_inf(b.recorded)) THEN
    RAISE EXCEPTION 'a person holds one seat of a board a day' USING ERRCODE = 'PD016', CONSTRAINT = 'person_one_seat_a_board', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION check_one_seat_a_person IS 'Refuses persons who are read as the same in two seats of a board on one day. One who was recorded once is kept from it by an exclusion.';

CALL check_when_done('person_merge', 'check_lay_adviser_elsewhere');
CALL check_when_done('person_merge', 'check_one_seat_a_person');
CALL check_when_done('appointment', 'check_one_seat_a_person');
