DROP TRIGGER check_one_seat_a_person ON appointment;
DROP TRIGGER check_one_seat_a_person ON person_merge;
DROP TRIGGER check_lay_adviser_elsewhere ON person_merge;
DROP FUNCTION check_one_seat_a_person;

CREATE OR REPLACE FUNCTION check_lay_adviser_elsewhere() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM lay_term l JOIN appointment a ON a.person_id = l.person_id AND a.id <> l.id AND a.valid && l.valid
             WHERE upper_inf(a.recorded) AND l.person_id IN (SELECT person_id FROM appointment WHERE seat_id = NEW.seat_id AND upper_inf(recorded))) THEN
    RAISE EXCEPTION 'a lay adviser holds no other seat on any board' USING ERRCODE = 'PD013', CONSTRAINT = 'lay_adviser_elsewhere', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION check_lay_adviser_elsewhere IS 'Refuses a lay adviser who would hold another seat on any board.';

DROP INDEX person_merge_into;
DROP FUNCTION same_person;

-- The older schema knows no such basis: what rested on it is a lead that is not confirmed.
CREATE PROCEDURE unconfirm(of_table regclass) LANGUAGE plpgsql AS $$
DECLARE
  guards name[] := ARRAY(SELECT tgname FROM pg_trigger WHERE tgrelid = of_table AND NOT tgisinternal AND tgenabled = 'A');
  guard name;
BEGIN
  FOREACH guard IN ARRAY guards LOOP
    EXECUTE format('ALTER TABLE %s DISABLE TRIGGER %I', of_table, guard);
  END LOOP;
  EXECUTE format('UPDATE %s SET basis = ''UNCONFIRMED'' WHERE basis = ''RECORDED''', of_table);
  FOREACH guard IN ARRAY guards LOOP
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', of_table, guard);
  END LOOP;
END $$;
DO $$
DECLARE
  of_table regclass;
BEGIN
  FOR of_table IN SELECT c.oid::regclass FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
                  WHERE a.attname = 'basis' AND a.atttypid = 'basis'::regtype AND c.relkind = 'r' ORDER BY c.relname LOOP
    CALL unconfirm(of_table);
  END LOOP;
END $$;
DROP PROCEDURE unconfirm;
ALTER DOMAIN basis DROP CONSTRAINT basis_check;
ALTER DOMAIN basis ADD CONSTRAINT basis_check
  CHECK (VALUE IN ('FOUNDING_DOCUMENT', 'STATUTE', 'PUBLISHED', 'GUIDANCE', 'UNCONFIRMED', 'ASSUMPTION'));
COMMENT ON DOMAIN basis IS 'On what a fact rests: the founding document, a statute, a published record, guidance, a lead not confirmed, or our own assumption.';
