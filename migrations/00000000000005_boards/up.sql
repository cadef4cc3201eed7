-- Boards as data: agencies under the duty to co-operate, seats, persons with the one row that holds a name, appointments,
-- offices, and dated records of meetings, documents, reports, declarations and confirmations.
--
-- A writer locks in this order: `SELECT FROM board WHERE id = … FOR NO KEY UPDATE` as its first statement (several boards
-- in the order of their ids), then persons, then the head by recording its change. The deferred triggers below are the check;
-- taking the board first is what keeps writers from waiting for each other in a ring.

ALTER TABLE body DROP CONSTRAINT body_kind_check;
ALTER TABLE body ADD CONSTRAINT body_kind_check CHECK (kind IN ('MAPPA_AREA', 'POLICE_FORCE', 'PROBATION_TRUST', 'NPS_DIVISION',
  'CONTRACT_PACKAGE_AREA', 'CRC', 'CRC_OWNER', 'PROBATION_REGION', 'NATIONAL_BODY', 'AGENCY'));

ALTER TABLE coverage DROP CONSTRAINT coverage_kind_check;
ALTER TABLE coverage ADD CONSTRAINT coverage_kind_check
  CHECK (kind IN ('POLICE_FORCE', 'PROBATION_TRUST', 'NPS_DIVISION', 'CONTRACT_PACKAGE_AREA', 'PROBATION_REGION', 'AGENCY'));
ALTER TABLE coverage DROP CONSTRAINT coverage_area_id_kind_valid_recorded_excl;
ALTER TABLE coverage ADD CONSTRAINT coverage_area_id_kind_valid_recorded_excl
  EXCLUDE USING gist (area_id WITH =, kind WITH =, valid WITH &&, recorded WITH &&) WHERE (kind NOT IN ('POLICE_FORCE', 'AGENCY'));
COMMENT ON TABLE coverage IS 'Which trust, division, contract package area, region, force and agencies cover a MAPPA area: one of each a day, save forces, of which London has two, and agencies, of which there are many.';

CREATE TABLE agency_duty (
  id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  fact      bigint NOT NULL DEFAULT nextval('fact_number'),
  body_id   bigint NOT NULL,
  body_kind text NOT NULL DEFAULT 'AGENCY' CHECK (body_kind = 'AGENCY'),
  kind      text NOT NULL CHECK (kind IN ('YOUTH_OFFENDING_TEAM', 'JOBCENTRE_PLUS', 'NHS_ENGLAND', 'EDUCATION_AUTHORITY',
              'HOUSING_AUTHORITY', 'SOCIAL_SERVICES_AUTHORITY', 'SOCIAL_LANDLORD', 'HEALTH_AUTHORITY',
              'COMMISSIONING_GROUP_OR_HEALTH_BOARD', 'NHS_TRUST', 'ELECTRONIC_MONITORING_PROVIDER', 'HOME_OFFICE_IMMIGRATION')),
  valid     period NOT NULL,
  recorded  versions NOT NULL,
  source    text NOT NULL,
  basis     basis NOT NULL,
  note      text,
  FOREIGN KEY (body_id, body_kind) REFERENCES body (id, kind),
  EXCLUDE USING gist (body_id WITH =, kind WITH =, valid WITH &&, recorded WITH &&)
);
COMMENT ON TABLE agency_duty IS 'As what an agency is under the duty to co-operate: a council, for example, as three kinds.';
COMMENT ON COLUMN agency_duty.body_id IS 'The agency.';
COMMENT ON COLUMN agency_duty.body_kind IS 'Always AGENCY; lets the key check the kind.';
COMMENT ON COLUMN agency_duty.kind IS 'Kind of body of section 325(6) of the Criminal Justice Act 2003.';
COMMENT ON COLUMN agency_duty.valid IS 'Days on which the agency has the duty as this kind.';
CALL describe_fact('agency_duty');

CREATE TABLE mailbox (
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  fact     bigint NOT NULL DEFAULT nextval('fact_number'),
  body_id  bigint NOT NULL REFERENCES body,
  purpose  text NOT NULL CHECK (purpose IN ('MAPPA', 'DUTY_TO_COOPERATE', 'GENERAL')),
  address  text NOT NULL CHECK (length(address) <= 200 AND address ~ '^[a-z0-9._+-]+@[a-z0-9-]+(\.[a-z0-9-]+)+$'),
  valid    period NOT NULL,
  recorded versions NOT NULL,
  source   text NOT NULL,
  basis    basis NOT NULL,
  note     text,
  EXCLUDE USING gist (body_id WITH =, purpose WITH =, valid WITH &&, recorded WITH &&)
);
COMMENT ON TABLE mailbox IS 'Mailboxes of bodies by what they are for: of a role, never of a person.';
COMMENT ON COLUMN mailbox.body_id IS 'The body.';
COMMENT ON COLUMN mailbox.purpose IS 'What is sent there.';
COMMENT ON COLUMN mailbox.address IS 'Address of the mailbox, in lower case.';
COMMENT ON COLUMN mailbox.valid IS 'Days on which it is in use.';
CALL describe_fact('mailbox');

CREATE TABLE seat (
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  board_id bigint NOT NULL REFERENCES board,
  slug     text NOT NULL CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(slug) <= 100),
  recorded versions NOT NULL,
  UNIQUE (board_id, slug),
  UNIQUE (id, board_id)
);
COMMENT ON TABLE seat IS 'Identities of seats on boards: a seat exists without a holder.';
COMMENT ON COLUMN seat.id IS 'Number of the seat, never reused.';
COMMENT ON COLUMN seat.board_id IS 'The board.';
COMMENT ON COLUMN seat.slug IS 'Stable key of the seat within its board.';
CALL keep_history('seat');

CREATE TABLE seat_description (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  fact       bigint NOT NULL DEFAULT nextval('fact_number'),
  seat_id    bigint NOT NULL,
  board_id   bigint NOT NULL,
  seat_basis text NOT NULL CHECK (seat_basis IN ('RA_POLICE', 'RA_PROBATION', 'RA_PRISON', 'DTC', 'LAY_ADVISER', 'INVITED_PARTNER', 'COORDINATOR')),
  title      text NOT NULL CHECK (length(title) BETWEEN 1 AND 200 AND title !~ '[[:cntrl:]]'),
  body_id    bigint,
  body_kind  text,
  valid      period NOT NULL,
  recorded   versions NOT NULL,
  source     text NOT NULL,
  basis      basis NOT NULL,
  note       text,
  FOREIGN KEY (seat_id, board_id) REFERENCES seat (id, board_id),
  FOREIGN KEY (body_id, body_kind) REFERENCES body (id, kind),
  CHECK ((body_id IS NULL) = (body_kind IS NULL)),
  CONSTRAINT seat_company_without_statutory_place
    CHECK (body_kind IS DISTINCT FROM 'CRC' OR seat_basis NOT IN ('RA_POLICE', 'RA_PROBATION', 'RA_PRISON', 'DTC')),
  CONSTRAINT seat_lay_adviser_of_no_body CHECK (seat_basis <> 'LAY_ADVISER' OR body_id IS NULL),
  EXCLUDE USING gist (seat_id WITH =, valid WITH &&, recorded WITH &&)
);
COMMENT ON TABLE seat_description IS 'What a seat is over time: why it exists, its title, the body that it belongs to.';
COMMENT ON COLUMN seat_description.seat_id IS 'The seat.';
COMMENT ON COLUMN seat_description.board_id IS 'The board of the seat.';
COMMENT ON COLUMN seat_description.seat_basis IS 'Why the seat exists: by statute, as an agency under the duty to co-operate, as a lay adviser, by invitation, or for co-ordination.';
COMMENT ON COLUMN seat_description.title IS 'Its title.';
COMMENT ON COLUMN seat_description.body_id IS 'The body that it belongs to; null for lay advisers and where it is not recorded.';
COMMENT ON COLUMN seat_description.body_kind IS 'Kind of that body; lets the key check the kind, and keeps companies from statutory seats.';
COMMENT ON COLUMN seat_description.valid IS 'Days on which the seat exists in this form, on the operational calendar.';
CALL describe_fact('seat_description');

CREATE TABLE vacancy (
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  fact     bigint NOT NULL DEFAULT nextval('fact_number'),
  seat_id  bigint NOT NULL REFERENCES seat,
  valid    period NOT NULL,
  recorded versions NOT NULL,
  source   text NOT NULL,
  basis    basis NOT NULL,
  note     text,
  EXCLUDE USING gist (seat_id WITH =, valid WITH &&, recorded WITH &&)
);
COMMENT ON TABLE vacancy IS 'Seats recorded as vacant. A seat with neither a holder nor a row here is not recorded, which is not a vacancy.';
COMMENT ON COLUMN vacancy.seat_id IS 'The seat.';
COMMENT ON COLUMN vacancy.valid IS 'Days on which it is vacant.';
CALL describe_fact('vacancy');

CREATE TABLE person (
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key      text NOT NULL UNIQUE DEFAULT replace(gen_random_uuid()::text, '-', '') CHECK (key ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(key) BETWEEN 8 AND 40),
  recorded versions NOT NULL
);
COMMENT ON TABLE person IS 'Identities of persons. Everything about a person holds this number; the name stands in person_name and nowhere else.';
COMMENT ON COLUMN person.id IS 'Number of the person, never reused.';
COMMENT ON COLUMN person.key IS 'Key of the person outside the database: random, and saying nothing of who it is.';
CALL keep_history('person');

CREATE TABLE person_name (
  person_id      bigint PRIMARY KEY REFERENCES person,
  name           text CHECK (length(name) BETWEEN 1 AND 200 AND name !~ '[[:cntrl:]]' AND name = btrim(name)),
  review_on      date NOT NULL CHECK (isfinite(review_on)),
  erased_version bigint,
  CHECK ((name IS NULL) = (erased_version IS NOT NULL))
);
COMMENT ON TABLE person_name IS 'The names of persons, the only values of the database that may lawfully be blanked: one row a person, outside the history, so that an erased name stays nowhere.';
COMMENT ON COLUMN person_name.person_id IS 'The person.';
COMMENT ON COLUMN person_name.name IS 'The name; null once it was erased.';
COMMENT ON COLUMN person_name.review_on IS 'Day on which it is to be looked at whether the name is still needed.';
COMMENT ON COLUMN person_name.erased_version IS 'Directory version that erased the name; null while it stands. Set by the guard.';

CREATE FUNCTION guard_name() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  h head;
BEGIN
  SELECT * INTO STRICT h FROM head WHERE singleton;
  IF h.transaction IS DISTINCT FROM pg_current_xact_id() THEN
    RAISE EXCEPTION 'a fact of % is written only with a change in the same transaction', TG_TABLE_NAME USING ERRCODE = 'PD004';
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.name IS NULL THEN
      RAISE EXCEPTION 'a name is erased only where one stood' USING ERRCODE = 'PD010', CONSTRAINT = 'person_name_erasure', TABLE = TG_TABLE_NAME;
    END IF;
    NEW.erased_version := NULL;
    RETURN NEW;
  END IF;
  IF NEW.person_id <> OLD.person_id OR (OLD.name IS NULL AND NEW.name IS NOT NULL) THEN
    RAISE EXCEPTION 'an erased name does not come back, and a name stays with its person' USING ERRCODE = 'PD010', CONSTRAINT = 'person_name_erasure', TABLE = TG_TABLE_NAME;
  END IF;
  NEW.erased_version := CASE WHEN NEW.name IS NULL THEN coalesce(OLD.erased_version, h.version) END;
  RETURN NEW;
END $$;
COMMENT ON FUNCTION guard_name IS 'Lets names be written, put right and erased with a change in the same transaction; an erased one stays erased.';

CREATE TRIGGER guard_name BEFORE INSERT OR UPDATE ON person_name FOR EACH ROW EXECUTE FUNCTION guard_name();
CREATE TRIGGER refuse_rewrite BEFORE DELETE ON person_name FOR EACH ROW EXECUTE FUNCTION refuse_rewrite();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON person_name FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();
ALTER TABLE person_name ENABLE ALWAYS TRIGGER guard_name;
ALTER TABLE person_name ENABLE ALWAYS TRIGGER refuse_rewrite;
ALTER TABLE person_name ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TABLE person_body (
  id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  fact      bigint NOT NULL DEFAULT nextval('fact_number'),
  person_id bigint NOT NULL REFERENCES person,
  body_id   bigint NOT NULL REFERENCES body,
  valid     period NOT NULL,
  recorded  versions NOT NULL,
  source    text NOT NULL,
  basis     basis NOT NULL,
  note      text,
  EXCLUDE USING gist (person_id WITH =, valid WITH &&, recorded WITH &&)
);
COMMENT ON TABLE person_body IS 'The body that a person comes from: one a day.';
COMMENT ON COLUMN person_body.person_id IS 'The person.';
COMMENT ON COLUMN person_body.body_id IS 'The body.';
COMMENT ON COLUMN person_body.valid IS 'Days on which the person belongs to it.';
CALL describe_fact('person_body');

CREATE TABLE person_merge (
  id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  fact      bigint NOT NULL DEFAULT nextval('fact_number'),
  person_id bigint NOT NULL REFERENCES person,
  into_id   bigint NOT NULL REFERENCES person CHECK (into_id <> person_id),
  recorded  versions NOT NULL,
  source    text NOT NULL,
  basis     basis NOT NULL,
  note      text,
  EXCLUDE USING gist (person_id WITH =, recorded WITH &&)
);
COMMENT ON TABLE person_merge IS 'Persons who were recorded twice: what is recorded of the one is read as recorded of the other.';
COMMENT ON COLUMN person_merge.person_id IS 'The person who is the same as another.';
COMMENT ON COLUMN person_merge.into_id IS 'That other person.';
CALL describe_fact('person_merge');

CREATE TABLE appointment (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  fact         bigint NOT NULL DEFAULT nextval('fact_number'),
  seat_id      bigint NOT NULL,
  board_id     bigint NOT NULL,
  person_id    bigint NOT NULL REFERENCES person,
  appointed_by text CHECK (appointed_by IN ('SECRETARY_OF_STATE', 'RESPONSIBLE_AUTHORITY', 'OWN_BODY', 'BOARD')),
  end_reason   text CHECK (end_reason IN ('TERM_ENDED', 'RESIGNED', 'REPLACED', 'SEAT_ENDED', 'REMOVED', 'DIED')),
  renewal_of   bigint CHECK (renewal_of <> fact),
  valid        period NOT NULL,
  recorded     versions NOT NULL,
  source       text NOT NULL,
  basis        basis NOT NULL,
  note         text,
  FOREIGN KEY (seat_id, board_id) REFERENCES seat (id, board_id),
  CHECK (end_reason IS NULL OR NOT upper_inf(valid)),
  CONSTRAINT appointment_one_holder_a_seat EXCLUDE USING gist (seat_id WITH =, valid WITH &&, recorded WITH &&),
  CONSTRAINT appointment_one_seat_a_board EXCLUDE USING gist (board_id WITH =, person_id WITH =, valid WITH &&, recorded WITH &&)
);
COMMENT ON TABLE appointment IS 'Who holds a seat: one person a seat a day, one seat of a board a person a day. An early end closes the row, and a row with a shorter term follows.';
COMMENT ON COLUMN appointment.seat_id IS 'The seat.';
COMMENT ON COLUMN appointment.board_id IS 'The board of the seat.';
COMMENT ON COLUMN appointment.person_id IS 'The person.';
COMMENT ON COLUMN appointment.appointed_by IS 'Who made the appointment; null where that is not recorded.';
COMMENT ON COLUMN appointment.end_reason IS 'Why it ended or is to end; null where that is not recorded or the term is open.';
COMMENT ON COLUMN appointment.renewal_of IS 'Number of the appointment that this one renews; null where it renews none.';
COMMENT ON COLUMN appointment.valid IS 'The term. Never moved by a calendar.';
CALL describe_fact('appointment');

CREATE TABLE office (
  id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  fact      bigint NOT NULL DEFAULT nextval('fact_number'),
  board_id  bigint NOT NULL REFERENCES board,
  kind      text NOT NULL CHECK (kind IN ('CHAIR', 'DEPUTY_CHAIR')),
  person_id bigint REFERENCES person,
  valid     period NOT NULL,
  recorded  versions NOT NULL,
  source    text NOT NULL,
  basis     basis NOT NULL,
  note      text,
  CHECK (person_id IS NOT NULL OR kind = 'CHAIR'),
  CONSTRAINT office_one_chair_a_day EXCLUDE USING gist (board_id WITH =, valid WITH &&, recorded WITH &&) WHERE (kind = 'CHAIR'),
  CONSTRAINT office_one_a_person EXCLUDE USING gist (board_id WITH =, person_id WITH =, valid WITH &&, recorded WITH &&)
);
COMMENT ON TABLE office IS 'Who chairs a board, and who deputises for the chair; or that it is recorded that nobody chairs it.';
COMMENT ON COLUMN office.board_id IS 'The board.';
COMMENT ON COLUMN office.kind IS 'The office.';
COMMENT ON COLUMN office.person_id IS 'Who holds it; null where it is recorded that there is no chair.';
COMMENT ON COLUMN office.valid IS 'Days in the office, or without a chair.';
CALL describe_fact('office');

CREATE TABLE deputy (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  fact       bigint NOT NULL DEFAULT nextval('fact_number'),
  seat_id    bigint NOT NULL REFERENCES seat,
  person_id  bigint NOT NULL REFERENCES person,
  may_commit boolean,
  valid      period NOT NULL,
  recorded   versions NOT NULL,
  source     text NOT NULL,
  basis      basis NOT NULL,
  note       text,
  EXCLUDE USING gist (seat_id WITH =, person_id WITH =, valid WITH &&, recorded WITH &&)
);
COMMENT ON TABLE deputy IS 'Who deputises for the holder of a seat.';
COMMENT ON COLUMN deputy.seat_id IS 'The seat.';
COMMENT ON COLUMN deputy.person_id IS 'The person.';
COMMENT ON COLUMN deputy.may_commit IS 'Whether a comparable standing and the power to commit the body were declared; null where nothing was.';
COMMENT ON COLUMN deputy.valid IS 'Days on which the person deputises.';
CALL describe_fact('deputy');

CREATE TABLE meeting (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  fact       bigint NOT NULL DEFAULT nextval('fact_number'),
  board_id   bigint NOT NULL REFERENCES board,
  held_on    date NOT NULL CHECK (isfinite(held_on)),
  is_chaired boolean,
  recorded   versions NOT NULL,
  source     text NOT NULL,
  basis      basis NOT NULL,
  note       text,
  EXCLUDE USING gist (board_id WITH =, held_on WITH =, recorded WITH &&)
);
COMMENT ON TABLE meeting IS 'Meetings that boards held: one a day.';
COMMENT ON COLUMN meeting.board_id IS 'The board.';
COMMENT ON COLUMN meeting.held_on IS 'The day.';
COMMENT ON COLUMN meeting.is_chaired IS 'Whether the chair or a deputy of the chair presided; null where that is not recorded.';
CALL describe_fact('meeting');

CREATE TABLE meeting_attendance (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  fact       bigint NOT NULL DEFAULT nextval('fact_number'),
  meeting    bigint NOT NULL,
  board_id   bigint NOT NULL,
  seat_id    bigint NOT NULL,
  attendance text NOT NULL CHECK (attendance IN ('PRESENT', 'DEPUTY', 'ABSENT')),
  recorded   versions NOT NULL,
  source     text NOT NULL,
  basis      basis NOT NULL,
  note       text,
  FOREIGN KEY (seat_id, board_id) REFERENCES seat (id, board_id),
  EXCLUDE USING gist (meeting WITH =, seat_id WITH =, recorded WITH &&)
);
COMMENT ON TABLE meeting_attendance IS 'How seats were represented at meetings; a seat without a row is not recorded.';
COMMENT ON COLUMN meeting_attendance.meeting IS 'Number of the meeting as a fact, so that a correction of the meeting keeps its attendance.';
COMMENT ON COLUMN meeting_attendance.board_id IS 'The board of the meeting and of the seat.';
COMMENT ON COLUMN meeting_attendance.seat_id IS 'The seat.';
COMMENT ON COLUMN meeting_attendance.attendance IS 'By whom it was represented.';
CALL describe_fact('meeting_attendance');

CREATE TABLE board_document (
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  fact     bigint NOT NULL DEFAULT nextval('fact_number'),
  board_id bigint NOT NULL REFERENCES board,
  kind     text NOT NULL CHECK (kind IN ('MEMORANDUM', 'BUSINESS_PLAN', 'MINISTERIAL_APPROVAL')),
  url      text CHECK (length(url) <= 500 AND url ~ '^https?://[^[:space:][:cntrl:]]+$'),
  valid    period NOT NULL,
  recorded versions NOT NULL,
  source   text NOT NULL,
  basis    basis NOT NULL,
  note     text,
  EXCLUDE USING gist (board_id WITH =, kind WITH =, valid WITH &&, recorded WITH &&)
);
COMMENT ON TABLE board_document IS 'Documents that hold for a time: memoranda with the agencies, business plans, approvals by the minister of more than two lay advisers. One of a kind a day.';
COMMENT ON COLUMN board_document.board_id IS 'The board.';
COMMENT ON COLUMN board_document.kind IS 'What it is.';
COMMENT ON COLUMN board_document.url IS 'Where it is published; null where it is not or where that is not recorded.';
COMMENT ON COLUMN board_document.valid IS 'Days for which it holds.';
CALL describe_fact('board_document');

CREATE TABLE annual_report (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  fact         bigint NOT NULL DEFAULT nextval('fact_number'),
  board_id     bigint NOT NULL REFERENCES board,
  year         integer NOT NULL CHECK (year BETWEEN 2001 AND 2199),
  published_on date CHECK (isfinite(published_on)),
  url          text CHECK (length(url) <= 500 AND url ~ '^https?://[^[:space:][:cntrl:]]+$'),
  recorded     versions NOT NULL,
  source       text NOT NULL,
  basis        basis NOT NULL,
  note         text,
  EXCLUDE USING gist (board_id WITH =, year WITH =, recorded WITH &&)
);
COMMENT ON TABLE annual_report IS 'Annual reports of boards, each for a year from 1 April to 31 March; a year without a row is not recorded.';
COMMENT ON COLUMN annual_report.board_id IS 'The board.';
COMMENT ON COLUMN annual_report.year IS 'Year in which the period reported on begins: 2013 for 2013-14.';
COMMENT ON COLUMN annual_report.published_on IS 'Day of publication; null where it is recorded that the report was not published.';
COMMENT ON COLUMN annual_report.url IS 'Where it is published; null where that is not recorded.';
CALL describe_fact('annual_report');

CREATE TABLE review (
  id                     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  fact                   bigint NOT NULL DEFAULT nextval('fact_number'),
  board_id               bigint NOT NULL REFERENCES board,
  held_on                date NOT NULL CHECK (isfinite(held_on)),
  consulted_lay_advisers boolean,
  recorded               versions NOT NULL,
  source                 text NOT NULL,
  basis                  basis NOT NULL,
  note                   text,
  EXCLUDE USING gist (board_id WITH =, held_on WITH =, recorded WITH &&)
);
COMMENT ON TABLE review IS 'Reviews of how the arrangements work.';
COMMENT ON COLUMN review.board_id IS 'The board.';
COMMENT ON COLUMN review.held_on IS 'The day.';
COMMENT ON COLUMN review.consulted_lay_advisers IS 'Whether the lay advisers were consulted; null where that is not recorded.';
CALL describe_fact('review');

CREATE TABLE declaration (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  fact        bigint NOT NULL DEFAULT nextval('fact_number'),
  person_id   bigint NOT NULL REFERENCES person,
  board_id    bigint NOT NULL REFERENCES board,
  kind        text NOT NULL CHECK (kind IN ('LIVES_IN_AREA', 'INDEPENDENT', 'ELIGIBILITY_CHECKED', 'ADULT', 'SENIOR')),
  holds       boolean NOT NULL,
  declared_by text NOT NULL CHECK (declared_by IN ('CHAIR', 'COORDINATOR', 'RESPONSIBLE_AUTHORITY', 'OWN_BODY', 'ADMINISTRATOR')),
  valid       period NOT NULL,
  recorded    versions NOT NULL,
  source      text NOT NULL,
  basis       basis NOT NULL,
  note        text,
  EXCLUDE USING gist (person_id WITH =, board_id WITH =, kind WITH =, valid WITH &&, recorded WITH &&)
);
COMMENT ON TABLE declaration IS 'What was declared of a member of a board, yes or no, without particulars.';
COMMENT ON COLUMN declaration.person_id IS 'The person.';
COMMENT ON COLUMN declaration.board_id IS 'The board for which it was declared.';
COMMENT ON COLUMN declaration.kind IS 'What was declared.';
COMMENT ON COLUMN declaration.holds IS 'Whether it holds.';
COMMENT ON COLUMN declaration.declared_by IS 'The office that declared it; never a name.';
COMMENT ON COLUMN declaration.valid IS 'Days for which it was declared.';
CALL describe_fact('declaration');

CREATE TABLE attestation (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  fact         bigint NOT NULL DEFAULT nextval('fact_number'),
  board_id     bigint NOT NULL REFERENCES board,
  subject      text NOT NULL CHECK (subject IN ('BOARD', 'SEAT', 'AGENCIES')),
  seat_id      bigint,
  confirmed_on date NOT NULL CHECK (isfinite(confirmed_on)),
  confirmed_by text NOT NULL CHECK (length(confirmed_by) BETWEEN 1 AND 200 AND confirmed_by !~ '[[:cntrl:]]'),
  recorded     versions NOT NULL,
  source       text NOT NULL,
  basis        basis NOT NULL,
  note         text,
  FOREIGN KEY (seat_id, board_id) REFERENCES seat (id, board_id),
  CHECK ((subject = 'SEAT') = (seat_id IS NOT NULL)),
  EXCLUDE USING gist (board_id WITH =, subject WITH =, (coalesce(seat_id, 0)) WITH =, confirmed_on WITH =, recorded WITH &&)
);
COMMENT ON TABLE attestation IS 'Confirmations that what is recorded is right and whole: of a board, of one seat, or that every agency under the duty to co-operate is recorded.';
COMMENT ON COLUMN attestation.board_id IS 'The board.';
COMMENT ON COLUMN attestation.subject IS 'What was confirmed.';
COMMENT ON COLUMN attestation.seat_id IS 'The seat, where one was confirmed.';
COMMENT ON COLUMN attestation.confirmed_on IS 'The day.';
COMMENT ON COLUMN attestation.confirmed_by IS 'Who confirmed it: an identity of the service, never a personal name.';
CALL describe_fact('attestation');

-- What no exclusion can say, checked when a transaction commits. The writer has locked the board first.

CREATE FUNCTION check_term() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  days datemultirange;
BEGIN
  IF NOT upper_inf(NEW.recorded) THEN
    RETURN NULL;
  END IF;
  -- A seat that begins with the restructure begins on 1 April on the published calendar, by which a term may be given too.
  SELECT range_agg(daterange(CASE WHEN lower(valid) = '2014-06-01' THEN '2014-04-01' ELSE lower(valid) END, upper(valid))) INTO days
    FROM seat_description WHERE seat_id = NEW.seat_id AND upper_inf(recorded);
  IF NOT coalesce(days @> NEW.valid::daterange, false) THEN
    RAISE EXCEPTION 'a term lies within the days of its seat' USING ERRCODE = 'PD011', CONSTRAINT = 'appointment_within_seat', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION check_term IS 'Refuses a term on a day on which its seat does not exist.';

CREATE FUNCTION check_vacancy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM vacancy v JOIN appointment a ON a.seat_id = v.seat_id AND a.valid && v.valid
             WHERE v.seat_id = NEW.seat_id AND upper_inf(v.recorded) AND upper_inf(a.recorded)) THEN
    RAISE EXCEPTION 'a seat is not held and vacant on one day' USING ERRCODE = 'PD012', CONSTRAINT = 'seat_held_or_vacant', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION check_vacancy IS 'Refuses a seat that would be held and vacant on one day.';

CREATE VIEW lay_term AS
  SELECT a.id, a.board_id, a.person_id, a.valid * d.valid AS valid
  FROM appointment a JOIN seat_description d ON d.seat_id = a.seat_id AND d.valid && a.valid
  WHERE upper_inf(a.recorded) AND upper_inf(d.recorded) AND d.seat_basis = 'LAY_ADVISER';
COMMENT ON VIEW lay_term IS 'Terms of lay advisers, as known now.';
COMMENT ON COLUMN lay_term.id IS 'The row of the appointment.';
COMMENT ON COLUMN lay_term.board_id IS 'The board.';
COMMENT ON COLUMN lay_term.person_id IS 'The lay adviser.';
COMMENT ON COLUMN lay_term.valid IS 'Days of the term on which the seat is that of a lay adviser.';

CREATE FUNCTION check_lay_adviser_elsewhere() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM lay_term l JOIN appointment a ON a.person_id = l.person_id AND a.id <> l.id AND a.valid && l.valid
             WHERE upper_inf(a.recorded) AND l.person_id IN (SELECT person_id FROM appointment WHERE seat_id = NEW.seat_id AND upper_inf(recorded))) THEN
    RAISE EXCEPTION 'a lay adviser holds no other seat on any board' USING ERRCODE = 'PD013', CONSTRAINT = 'lay_adviser_elsewhere', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION check_lay_adviser_elsewhere IS 'Refuses a lay adviser who would hold another seat on any board.';

CREATE FUNCTION check_lay_adviser_cap() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- The first day on which there are too many is one on which a term begins or an approval has just ended.
  IF EXISTS (
    SELECT FROM (
      SELECT lower(valid) AS on_day FROM lay_term WHERE board_id = NEW.board_id
      UNION SELECT upper(valid) FROM board_document
        WHERE board_id = NEW.board_id AND kind = 'MINISTERIAL_APPROVAL' AND upper_inf(recorded) AND NOT upper_inf(valid)) AS days
    WHERE (SELECT count(*) FROM lay_term l WHERE l.board_id = NEW.board_id AND l.valid @> days.on_day) > 2
      AND NOT EXISTS (SELECT FROM board_document d WHERE d.board_id = NEW.board_id AND d.kind = 'MINISTERIAL_APPROVAL'
                      AND upper_inf(d.recorded) AND d.valid @> days.on_day)) THEN
    RAISE EXCEPTION 'more than two lay advisers need the approval of the minister' USING ERRCODE = 'PD014', CONSTRAINT = 'lay_adviser_cap', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION check_lay_adviser_cap IS 'Refuses a third lay adviser on a day without a recorded ministerial approval.';

CREATE FUNCTION check_attendance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM meeting m WHERE m.fact = NEW.meeting AND m.board_id = NEW.board_id) THEN
    RAISE EXCEPTION 'attendance is that of a meeting of the board' USING ERRCODE = 'PD015', CONSTRAINT = 'attendance_of_meeting', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION check_attendance IS 'Refuses attendance at a meeting that is not one of the board.';

CREATE PROCEDURE check_when_done(name regclass, check_name regproc) LANGUAGE plpgsql AS $$
DECLARE
  trigger_name text := (SELECT proname FROM pg_proc WHERE oid = check_name);
BEGIN
  EXECUTE format('CREATE CONSTRAINT TRIGGER %I AFTER INSERT OR UPDATE ON %s DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION %s()', trigger_name, name, check_name);
  EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', name, trigger_name);
END $$;
COMMENT ON PROCEDURE check_when_done IS 'Has a function check every row of a table when its transaction commits, whatever the role.';

CALL check_when_done('appointment', 'check_term');
CALL check_when_done('appointment', 'check_vacancy');
CALL check_when_done('vacancy', 'check_vacancy');
CALL check_when_done('appointment', 'check_lay_adviser_elsewhere');
CALL check_when_done('seat_description', 'check_lay_adviser_elsewhere');
CALL check_when_done('appointment', 'check_lay_adviser_cap');
CALL check_when_done('seat_description', 'check_lay_adviser_cap');
CALL check_when_done('board_document', 'check_lay_adviser_cap');
CALL check_when_done('meeting_attendance', 'check_attendance');
