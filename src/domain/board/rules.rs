//! THE BOARD TABLE: what a Strategic Management Board is to be. Every row is checked, and what is not recorded is never a
//! breach.
//!
//! Rows name questions; what a question means stands in the files beside this one. A row without a question is a note.

use super::rule::BoardRow;
use super::values::GUIDANCE_2012;
use super::{advisers, agencies, attendance, companies, deputies, meetings, offices, papers, record, seats};
use crate::domain::calendar::{PROBATION_RECORDED_FROM, UNIFICATION};
use crate::domain::routing::values::RESTRUCTURE;
use crate::domain::source::Basis;

/// Version of the table: grows with every change of a rule.
pub const BOARD_RULES_VERSION: &str = "2026-11-25";

/// The table.
pub const BOARD: &[BoardRow] = &[
    BoardRow::error(
        "G-01",
        "Exactly one Strategic Management Board serves each of the 42 areas",
        "founding document; P15",
        Basis::FoundingDocument,
        &seats::one_board,
    ),
    BoardRow::error(
        "G-02",
        "Police, probation and prison, who are the Responsible Authority, each have a current member",
        "founding document; P11 (CJA 2003 s.325(1))",
        Basis::FoundingDocument,
        &seats::authorities_sit,
    ),
    BoardRow::error(
        "G-03a",
        "The seat of probation follows the day: the trust's before the restructure, the NPS division's after it, the region's from 26 June 2021",
        "founding document; P26 for the region",
        Basis::FoundingDocument,
        &seats::probation_follows_the_day,
    ),
    BoardRow::error(
        "G-03b",
        "The seat of the police belongs to a force of the area",
        "founding document; P11 (CJA 2003 s.325(1))",
        Basis::FoundingDocument,
        &seats::police_of_the_area,
    ),
    BoardRow::note(
        "G-03c",
        "In London the Metropolitan Police Service sits, and the City of London Police may sit too",
        "GK for the City",
        Basis::Unconfirmed,
    )
    .saying(&seats::several_forces),
    BoardRow::integrity(
        "G-04",
        "Nobody from a community rehabilitation company fills a seat of the Responsible Authority",
        "own reading of P6 (MAPPA is the NPS's work)",
        Basis::Assumption,
        &companies::no_company_in_authority,
    ),
    BoardRow::error(
        "G-05",
        "In Wales the probation member of all four boards is that of NPS Wales",
        "founding document",
        Basis::FoundingDocument,
        &seats::wales_has_one_division,
    )
    .from(RESTRUCTURE.value)
    .until(UNIFICATION),
    BoardRow::note(
        "G-06",
        "One person may represent the NPS, or the prison service, on several boards",
        "own reading",
        Basis::Assumption,
    ),
    BoardRow::warning(
        "G-07",
        "Members for the Responsible Authority and for agencies are senior",
        "founding document for the standing; GK for ranks, of which none are kept: the standing is declared",
        Basis::FoundingDocument,
        &offices::members_are_senior,
    )
    .about_a_person(),
    BoardRow::error(
        "G-08a",
        "A board has a chair",
        "GK",
        Basis::Unconfirmed,
        &offices::has_a_chair,
    ),
    BoardRow::error(
        "G-08b",
        "The chair comes from the Responsible Authority, usually from police or probation, and may rotate",
        "GK",
        Basis::Unconfirmed,
        &offices::chair_is_of_authority,
    ),
    BoardRow::error(
        "G-09",
        "A lay adviser does not chair",
        "own reading",
        Basis::Assumption,
        &offices::no_lay_adviser_chairs,
    ),
    BoardRow::error(
        "G-10",
        "Two lay advisers sit on the board",
        "founding document; P11 (CJA 2003 s.326(3))",
        Basis::FoundingDocument,
        &advisers::are_enough,
    ),
    BoardRow::note(
        "G-11a",
        "By statute the Secretary of State appoints lay advisers; the area recruits and recommends, with an external member of the panel",
        "P11 (CJA 2003 s.326(3)); P15 for the recruiting",
        Basis::Statute,
    )
    .saying(&advisers::by_the_secretary_of_state),
    BoardRow::note(
        "G-11b",
        "By the founding document the Responsible Authority is required to appoint lay advisers",
        "founding document",
        Basis::FoundingDocument,
    )
    .saying(&advisers::by_the_authority),
    BoardRow::integrity(
        "G-12",
        "More than two lay advisers sit only where a recorded ministerial approval is in force",
        "P15",
        Basis::Guidance,
        &advisers::more_are_approved,
    ),
    BoardRow::note(
        "G-13",
        "Lay advisers are full members of the board, and have no say in single cases; nothing of a case is recorded here",
        "P11 (CJA 2003 s.326(2)); P15",
        Basis::Statute,
    ),
    BoardRow::error(
        "G-14",
        "A lay adviser lives in the area and has strong links with it, for the whole term",
        "founding document",
        Basis::FoundingDocument,
        &advisers::live_in_the_area,
    )
    .about_a_person(),
    BoardRow::error(
        "G-15",
        "A lay adviser has no link with the business of managing MAPPA offenders: none with a body of the Responsible Authority, of the duty to co-operate, or with a company",
        "founding document; own reading for the list",
        Basis::FoundingDocument,
        &advisers::are_independent,
    )
    .about_a_person(),
    BoardRow::error(
        "G-16",
        "A lay adviser has no conviction or caution for a relevant sexual or violent offence: the checks are declared, never their particulars",
        "P14 (guidance of 2012, applied from 2013 because its day is not known)",
        Basis::Guidance,
        &advisers::are_eligible,
    )
    .about_a_person()
    .from(GUIDANCE_2012.value),
    BoardRow::error(
        "G-17",
        "A lay adviser is 18 or over",
        "own reading",
        Basis::Assumption,
        &advisers::are_adults,
    )
    .about_a_person(),
    BoardRow::warning(
        "G-18a",
        "A lay adviser's term is of three years at most",
        "GK: commonly stated, no text found",
        Basis::Unconfirmed,
        &advisers::terms_are_short_enough,
    )
    .about_a_person(),
    BoardRow::warning(
        "G-18b",
        "A lay adviser's term is renewed once at most, so that six years are the longest",
        "GK: commonly stated, no text found",
        Basis::Unconfirmed,
        &advisers::renewals_are_few_enough,
    )
    .about_a_person(),
    BoardRow::warning(
        "G-19a",
        "A lay adviser comes to every meeting of the board",
        "P16 (practice of 2020 and 2021)",
        Basis::Unconfirmed,
        &attendance::advisers_attend,
    )
    .about_a_person(),
    BoardRow::note(
        "G-19b",
        "A lay adviser comes to a level 2 or 3 meeting in each quarter at least, and gives about 8 hours a month and never more than 16; neither is recorded here",
        "P16 (practice of 2020 and 2021)",
        Basis::Unconfirmed,
    )
    .about_a_person(),
    BoardRow::note(
        "G-20",
        "Lay advisers are not paid; the Responsible Authority pays the allowances that the Secretary of State sets",
        "P11 (CJA 2003 s.326(4)); P15",
        Basis::Statute,
    ),
    BoardRow::error(
        "G-21",
        "A vacant seat of the Responsible Authority, of an agency or of a lay adviser makes the board non-compliant from the day on which it opens; the board can still act",
        "own reading",
        Basis::Assumption,
        &seats::no_vacancy,
    ),
    BoardRow::warning(
        "G-22a",
        "Each agency of the area with a duty to co-operate has a member",
        "founding document; P11 (CJA 2003 s.325(6))",
        Basis::FoundingDocument,
        &agencies::each_agency_sits,
    ),
    BoardRow::warning(
        "G-22b",
        "Each kind of agency with a duty to co-operate that is present in the area has a member",
        "founding document; P11 (CJA 2003 s.325(6))",
        Basis::FoundingDocument,
        &agencies::each_kind_sits,
    ),
    BoardRow::note(
        "G-23",
        "The duty to co-operate is mutual, and each body keeps within its own functions",
        "P11 (CJA 2003 s.325(3)); P15",
        Basis::Statute,
    ),
    BoardRow::error(
        "G-24",
        "A memorandum between the Responsible Authority and the agencies is in force",
        "P11 (CJA 2003 s.325(5))",
        Basis::Statute,
        &papers::memorandum,
    ),
    BoardRow::integrity(
        "G-25a",
        "No seat of the Responsible Authority or under the duty to co-operate belongs to a community rehabilitation company",
        "P11 (CJA 2003 s.325, read in part and older than the companies)",
        Basis::Statute,
        &companies::no_company_has_a_statutory_seat,
    ),
    BoardRow::integrity(
        "G-25b",
        "Nobody from a community rehabilitation company holds the seat of an agency",
        "P11 (CJA 2003 s.325, read in part and older than the companies)",
        Basis::Statute,
        &companies::no_company_for_an_agency,
    ),
    BoardRow::error(
        "G-25c",
        "A community rehabilitation company may sit as an invited partner from the restructure on, and never before",
        "GK",
        Basis::Unconfirmed,
        &companies::company_is_partner_in_time,
    ),
    BoardRow::warning(
        "G-26",
        "The board meets three times a year at least",
        "P14 (guidance of 2012, applied from 2013 because its day is not known)",
        Basis::Guidance,
        &meetings::often_enough,
    )
    .from(GUIDANCE_2012.value),
    BoardRow::warning(
        "G-27",
        "A meeting is quorate with the chair or a deputy of the chair and all three agencies of the Responsible Authority",
        "own number: no statutory quorum was found",
        Basis::Assumption,
        &meetings::quorum,
    ),
    BoardRow::warning(
        "G-28",
        "Attendance is recorded for each agency, and none misses two meetings running",
        "own number",
        Basis::Assumption,
        &attendance::nobody_stays_away,
    ),
    BoardRow::warning(
        "G-29a",
        "A deputy comes from the same body as the holder of the seat",
        "own reading",
        Basis::Assumption,
        &deputies::deputies_are_of_the_body,
    ),
    BoardRow::warning(
        "G-29b",
        "A deputy is of comparable standing, with the power to commit the body",
        "own reading",
        Basis::Assumption,
        &deputies::deputies_can_commit,
    )
    .about_a_person(),
    BoardRow::warning(
        "G-29c",
        "Nobody is deputy for a lay adviser",
        "own reading",
        Basis::Assumption,
        &deputies::no_deputy_for_a_lay_adviser,
    ),
    BoardRow::error(
        "G-30a",
        "MAPPA is co-ordinated by one person or several, who answer to the board",
        "P15 (ch. 28)",
        Basis::Guidance,
        &seats::is_coordinated,
    ),
    BoardRow::note(
        "G-30b",
        "MAPPA co-ordination is not counted to the quorum",
        "own reading",
        Basis::Assumption,
    ),
    BoardRow::error(
        "G-31a",
        "For each year from 1 April to 31 March an annual report is published in the area as soon as practicable",
        "P11 (CJA 2003 s.326(5)); founding document",
        Basis::Statute,
        &papers::annual_reports,
    ),
    BoardRow::note(
        "G-31b",
        "The annual report describes the arrangements and carries what the Secretary of State asks for; its text is not kept here",
        "P11 (CJA 2003 s.326(5) and (6))",
        Basis::Statute,
    ),
    BoardRow::error(
        "G-32a",
        "The arrangements are kept under review, to see whether they work",
        "P11 (CJA 2003 s.326(1)); own number for how often",
        Basis::Statute,
        &papers::review,
    ),
    BoardRow::error(
        "G-32b",
        "The lay advisers are consulted on the review",
        "P11 (CJA 2003 s.326(2))",
        Basis::Statute,
        &papers::advisers_consulted,
    ),
    BoardRow::warning(
        "G-33",
        "The board has a business plan",
        "GK",
        Basis::Unconfirmed,
        &papers::business_plan,
    ),
    BoardRow::integrity(
        "G-34a",
        "Every membership has a first day, and a last one after it or none; terms of a holder do not overlap",
        "own reading",
        Basis::Assumption,
        &record::terms_are_in_order,
    ),
    BoardRow::integrity(
        "G-34b",
        "A seat has one holder at a time",
        "own reading",
        Basis::Assumption,
        &record::one_holder_a_seat,
    ),
    BoardRow::integrity(
        "G-35a",
        "A person holds one seat on a board",
        "own reading",
        Basis::Assumption,
        &record::one_seat_a_person,
    )
    .about_a_person(),
    BoardRow::integrity(
        "G-35b",
        "A lay adviser holds no other seat on any board",
        "own reading, from what the founding document asks of lay advisers",
        Basis::Assumption,
        &advisers::hold_no_other_seat,
    )
    .about_a_person(),
    BoardRow::error(
        "G-36a",
        "A trust's seat ends on the day before the restructure",
        "own reading, from the day of the restructure",
        Basis::Assumption,
        &record::trusts_end_in_time,
    )
    .from(PROBATION_RECORDED_FROM),
    BoardRow::error(
        "G-36b",
        "The NPS division's seat begins on the day of the restructure, so that there is no gap",
        "own reading, from the day of the restructure",
        Basis::Assumption,
        &record::divisions_begin_in_time,
    )
    .from(PROBATION_RECORDED_FROM),
    BoardRow::note(
        "G-37",
        "Whether to use the four pillars is the board's choice",
        "P15 (ch. 12)",
        Basis::Guidance,
    ),
    BoardRow::note(
        "G-38",
        "Level 2 and 3 meetings are chaired by police or probation, the NPS's after the restructure, and never by a company; who chairs them is not recorded here",
        "P18; own reading for the companies",
        Basis::Guidance,
    ),
];
