//! Rows as they were recorded, corrections among them: what was known, from when to when.
//!
//! What was declared of persons stands in none of them: that is for the administrators of a board.

use super::seat::Seat;
use crate::directory::records::Row;
use crate::directory::{BoardId, BodyId, SeatId};
use crate::domain::board::codes::Office;
use crate::domain::board::{AgencyKind, AppointedBy, PersonKey, SeatBasis};
use crate::domain::source::EXAMPLE;
use crate::graphql::context::{At, Context};
use crate::graphql::scalar::{DateTime, Scalar};
use crate::graphql::types::body::BodyAt;
use crate::graphql::types::change::Change;
use crate::graphql::types::common::{Citation, Period};
use crate::graphql::types::directory::int;
use crate::graphql::types::organisations::OrganisationValue;
use crate::graphql::types::person::Person;
use juniper::{GraphQLEnum, GraphQLObject};
use std::collections::HashMap;

/// Most rows of one history.
const MOST_ROWS: usize = 200;

/// What a recorded row says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, GraphQLEnum)]
#[graphql(scalar = Scalar)]
pub enum RecordedKind {
    /// What a body is called.
    Name,
    /// What a seat is: its title, basis and body.
    Seat,
    /// That a seat is vacant.
    Vacancy,
    /// Who holds a seat, for a term.
    Appointment,
    /// Who deputises for a holder.
    Deputy,
    /// Who holds an office of the board, or that there is no chair.
    Office,
    /// A meeting.
    Meeting,
    /// A memorandum, a business plan or a minister's approval.
    Document,
    /// An annual report.
    Report,
    /// A review of the arrangements.
    Review,
    /// That somebody confirmed what is recorded.
    Confirmation,
    /// Where a person comes from.
    PersonBody,
    /// That two persons of the record are one.
    Merge,
    /// As what an agency has the duty to co-operate.
    Duty,
    /// Which areas an agency serves.
    Coverage,
}

/// A row as it was recorded. One that was corrected has an end of its record, and the correction has the same fact.
#[derive(Clone, Debug, GraphQLObject)]
#[graphql(scalar = Scalar, context = Context)]
pub struct RecordedRow {
    /// What it says.
    pub kind: RecordedKind,
    /// The same, in words that name no person.
    pub text: String,
    /// Number of the fact, the same through every correction.
    pub fact: i32,
    /// Days on which it is true, as it is stored.
    pub period: Period,
    /// When it was recorded.
    pub recorded_from: Option<DateTime>,
    /// When it was corrected; null while it is what is known.
    pub recorded_until: Option<DateTime>,
    /// Version that recorded it.
    pub from_version: i32,
    /// Version that corrected it; null while it is what is known.
    pub until_version: Option<i32>,
    /// The change that recorded it.
    pub recorded_by: Option<Change>,
    /// The change that closed it; null while it is what is known.
    pub closed_by: Option<Change>,
    /// The seat that it is about, if any.
    pub seat: Option<Seat>,
    /// The person that it is about, if any.
    pub person: Option<Person>,
    /// The organisation that it is about, if any.
    pub organisation: Option<OrganisationValue>,
    /// Whether it is of the example set, and so made up.
    pub is_example: bool,
    /// What it rests on.
    pub citation: Citation,
}

/// What a row is about.
#[derive(Clone, Copy, Default)]
pub struct About {
    seat: Option<SeatId>,
    person: Option<PersonKey>,
    body: Option<BodyId>,
}

/// Rows of one history, as they are gathered.
pub struct Rows<'c> {
    context: &'c Context,
    at: At,
    rows: Vec<RecordedRow>,
    // Many rows are about one seat, and to find what it is on the day takes longer than all else of a row.
    seats: HashMap<SeatId, Option<Seat>>,
}

fn basis(of: SeatBasis) -> &'static str {
    of.code()
}

impl<'c> Rows<'c> {
    /// Nothing yet.
    pub fn new(context: &'c Context, at: At) -> Rows<'c> {
        Rows { context, at, rows: Vec::new(), seats: HashMap::new() }
    }

    fn version(&self) -> i64 {
        self.at.known.unwrap_or_else(|| self.context.directory().version())
    }

    /// Adds what was recorded by the version asked for; what was corrected later still stands then.
    pub fn add<T>(&mut self, kind: RecordedKind, row: &Row<T>, text: String, about: About) {
        let newest = self.version();
        if row.recorded.from() > newest {
            return;
        }
        let until = row.recorded.until().filter(|until| *until <= newest);
        let at = self.at;
        let find = |id: SeatId| Seat::find(self.context, at, id);
        let seat = about.seat.and_then(|id| self.seats.entry(id).or_insert_with(|| find(id)).clone());
        self.rows.push(RecordedRow {
            kind,
            text,
            fact: int(row.fact),
            period: row.valid.into(),
            recorded_from: self.context.instant_of(row.recorded.from()),
            recorded_until: until.and_then(|version| self.context.instant_of(version)),
            from_version: int(row.recorded.from()),
            until_version: until.map(int),
            recorded_by: Change::find(self.context, at, row.recorded.from()),
            closed_by: until.and_then(|version| Change::find(self.context, at, version)),
            seat,
            person: about.person.map(|key| Person { at, key }),
            organisation: about.body.and_then(|id| OrganisationValue::of(self.context, BodyAt::new(at, id))),
            is_example: row.citation.cites(EXAMPLE),
            citation: Citation::of(self.context.view(at), &row.citation),
        });
    }

    /// The rows in order: by first day, then by fact, then by version.
    pub fn listed(mut self) -> Vec<RecordedRow> {
        self.rows.sort_by_key(|row| (row.period.from.map(|day| day.0), row.fact, row.from_version));
        self.rows.truncate(MOST_ROWS);
        self.rows
    }

    /// Whether one of them is of the example set.
    pub fn have_examples(&self) -> bool {
        self.rows.iter().any(|row| row.is_example)
    }

    /// Rows of a board itself; seats have their own.
    pub fn of_board(context: &'c Context, at: At, id: BoardId) -> Rows<'c> {
        let mut rows = Rows::new(context, at);
        let board = context.directory().board(id);
        for row in &board.names {
            rows.add(RecordedKind::Name, row, row.value.clone(), About::default());
        }
        for row in &board.offices {
            let office = match row.value.office {
                Office::Chair => "chair of the board",
                Office::DeputyChair => "deputy of the chair",
            };
            let text =
                if row.value.person.is_some() { office.to_owned() } else { format!("nobody is {office}") };
            rows.add(RecordedKind::Office, row, text, About { person: row.value.person, ..About::default() });
        }
        for row in &board.meetings {
            let text = match row.value {
                Some(true) => "meeting, with the chair or a deputy of the chair presiding",
                Some(false) => "meeting, with neither the chair nor a deputy of the chair presiding",
                None => "meeting",
            };
            rows.add(RecordedKind::Meeting, row, text.to_owned(), About::default());
        }
        for row in &board.documents {
            let code = crate::domain::board::codes::DocumentKind::ALL
                .iter()
                .find(|(kind, _)| *kind == row.value.kind);
            let text = code.map_or("document", |(_, code)| code).to_owned();
            rows.add(RecordedKind::Document, row, text, About::default());
        }
        for row in &board.reports {
            let text = match row.value.published_on {
                Some(on) => format!("annual report of {}, published on {on}", row.value.year),
                None => format!("annual report of {}, not published", row.value.year),
            };
            rows.add(RecordedKind::Report, row, text, About::default());
        }
        for row in &board.reviews {
            let text = match row.value {
                Some(true) => "review, on which the lay advisers were consulted",
                Some(false) => "review, on which the lay advisers were not consulted",
                None => "review",
            };
            rows.add(RecordedKind::Review, row, text.to_owned(), About::default());
        }
        for row in &board.confirmations {
            let code =
                crate::domain::board::codes::Confirmed::ALL.iter().find(|(of, _)| *of == row.value.subject);
            let text = format!("confirmed: {}", code.map_or("", |(_, code)| code));
            rows.add(
                RecordedKind::Confirmation,
                row,
                text,
                About { seat: row.value.seat, ..About::default() },
            );
        }
        rows
    }

    /// Rows of a seat: what it is, who held it, who deputised, and when it was vacant.
    pub fn of_seat(context: &'c Context, at: At, id: SeatId) -> Rows<'c> {
        let mut rows = Rows::new(context, at);
        let seat = context.directory().seat(id);
        let here = About { seat: Some(id), ..About::default() };
        for row in &seat.descriptions {
            let text = format!("{} ({})", row.value.title, basis(row.value.basis));
            rows.add(RecordedKind::Seat, row, text, About { body: row.value.body, ..here });
        }
        for row in &seat.vacancies {
            rows.add(RecordedKind::Vacancy, row, "vacant".to_owned(), here);
        }
        for row in &seat.appointments {
            let text = appointment(row.value.appointed_by);
            rows.add(RecordedKind::Appointment, row, text, About { person: Some(row.value.person), ..here });
        }
        for row in &seat.deputies {
            let text = "deputy of the holder".to_owned();
            rows.add(RecordedKind::Deputy, row, text, About { person: Some(row.value.person), ..here });
        }
        rows
    }

    /// Rows of a person: where they come from, which seats they held, and with whom they are one.
    pub fn of_person(context: &'c Context, at: At, key: PersonKey) -> Rows<'c> {
        let mut rows = Rows::new(context, at);
        let Some(person) = context.directory().person(key) else { return rows };
        let here = About { person: Some(key), ..About::default() };
        for row in &person.bodies {
            let text = "comes from an organisation".to_owned();
            rows.add(RecordedKind::PersonBody, row, text, About { body: Some(row.value), ..here });
        }
        for row in &person.merged_into {
            let text = "is the same person as another of the record".to_owned();
            rows.add(RecordedKind::Merge, row, text, About { person: Some(row.value), ..here });
        }
        for id in &person.seats {
            for row in context.directory().seat(*id).appointments.iter().filter(|row| row.value.person == key)
            {
                let text = appointment(row.value.appointed_by);
                rows.add(RecordedKind::Appointment, row, text, About { seat: Some(*id), ..here });
            }
        }
        rows
    }

    /// Rows of an agency: its duties, and the areas that it serves.
    pub fn of_agency(context: &'c Context, at: At, id: BodyId) -> Rows<'c> {
        let mut rows = Rows::new(context, at);
        let body = context.directory().body(id);
        let here = About { body: Some(id), ..About::default() };
        for row in &body.names {
            rows.add(RecordedKind::Name, row, row.value.name.clone(), here);
        }
        for row in &body.duties {
            rows.add(RecordedKind::Duty, row, AgencyKind::code(row.value).to_owned(), here);
        }
        for row in &body.coverage {
            let text = format!("serves {}", context.directory().body(row.value.body).identity.slug);
            rows.add(RecordedKind::Coverage, row, text, here);
        }
        rows
    }
}

fn appointment(by: Option<AppointedBy>) -> String {
    let code = AppointedBy::ALL.iter().find(|(of, _)| Some(*of) == by);
    match code {
        Some((_, code)) => format!("appointed by {code}"),
        None => "appointed; by whom is not recorded".to_owned(),
    }
}
