//! Types that many others use: calendar, period, citation, code, name.

use super::directory::int;
use crate::directory::view::View;
use crate::domain::calendar::Calendar;
use crate::domain::organisation::NameUsage;
use crate::domain::period::Period as Days;
use crate::domain::source::{Basis as Standing, Citation as Cited};
use crate::graphql::context::{At, Context};
use crate::graphql::scalar::{LocalDate, Scalar, read_as_input};
use juniper::{GraphQLEnum, GraphQLObject};
use serde::Serialize;

/// The record of the restructure on which a day is read. They differ from 2014-04-01 to 2014-05-31 only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, GraphQLEnum)]
#[graphql(name = "Calendar", scalar = Scalar)]
pub enum CalendarName {
    /// Restructure on 1 April 2014, as the founding document says. The default.
    Published,
    /// Restructure on 1 June 2014, as the public record says.
    Operational,
}

read_as_input!(CalendarName);

impl From<CalendarName> for Calendar {
    fn from(name: CalendarName) -> Calendar {
        match name {
            CalendarName::Published => Calendar::Published,
            CalendarName::Operational => Calendar::Operational,
        }
    }
}

impl From<Calendar> for CalendarName {
    fn from(calendar: Calendar) -> CalendarName {
        match calendar {
            Calendar::Published => CalendarName::Published,
            Calendar::Operational => CalendarName::Operational,
        }
    }
}

/// What an answer was asked for: the day, the calendar, and the state of knowledge.
#[derive(Clone, Copy, Debug, GraphQLObject)]
#[graphql(name = "View", scalar = Scalar, context = Context)]
pub struct ViewAsked {
    /// The day asked about.
    pub on: LocalDate,
    /// The calendar on which it is read.
    pub calendar: CalendarName,
    /// Version whose knowledge is shown: the newest unless `knownAt` asks for an earlier one.
    pub known_version: i32,
    /// Version of the directory that the answer was made from.
    pub directory_version: i32,
}

impl ViewAsked {
    /// The view of an object.
    pub fn of(context: &Context, at: At) -> ViewAsked {
        let newest = context.directory().version();
        ViewAsked {
            on: LocalDate(at.on),
            calendar: at.calendar.into(),
            known_version: int(at.known.unwrap_or(newest)),
            directory_version: int(newest),
        }
    }
}

/// Days on which something is true, on the calendar asked for.
#[derive(Clone, Copy, Debug, GraphQLObject)]
#[graphql(scalar = Scalar, context = Context)]
pub struct Period {
    /// First day; null where it is not recorded.
    pub from: Option<LocalDate>,
    /// The day after the last; null while open.
    pub until: Option<LocalDate>,
    /// Last day; null while open.
    pub last_day: Option<LocalDate>,
}

impl From<Days> for Period {
    fn from(days: Days) -> Period {
        Period {
            from: Some(LocalDate(days.from())),
            until: days.until().map(LocalDate),
            last_day: days.last_day().map(LocalDate),
        }
    }
}

/// On what a fact rests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, GraphQLEnum)]
#[graphql(scalar = Scalar)]
pub enum Basis {
    /// The document that the directory exists for says it.
    FoundingDocument,
    /// An Act or an order says it.
    Statute,
    /// A published record was seen that says it.
    Published,
    /// Guidance says it.
    Guidance,
    /// An administrator of the directory recorded it; the log of changes says who, when and why.
    Recorded,
    /// Commonly stated, but not confirmed in a source.
    Unconfirmed,
    /// An assumption of the directory's own.
    Assumption,
}

impl From<Standing> for Basis {
    fn from(standing: Standing) -> Basis {
        match standing {
            Standing::FoundingDocument => Basis::FoundingDocument,
            Standing::Statute => Basis::Statute,
            Standing::Published => Basis::Published,
            Standing::Guidance => Basis::Guidance,
            Standing::Recorded => Basis::Recorded,
            Standing::Unconfirmed => Basis::Unconfirmed,
            Standing::Assumption => Basis::Assumption,
        }
    }
}

/// A document or record on which facts rest.
#[derive(Clone, Debug, GraphQLObject)]
#[graphql(scalar = Scalar, context = Context)]
pub struct Source {
    /// Short key by which facts cite it.
    pub key: String,
    /// Its title.
    pub title: String,
    /// Where it can be found.
    pub location: String,
}

/// Where a fact comes from. At most 20 sources.
#[derive(Clone, Debug, GraphQLObject)]
#[graphql(scalar = Scalar, context = Context)]
pub struct Citation {
    /// The sources that state it.
    pub sources: Vec<Source>,
    /// Standing of the strongest of them.
    pub basis: Basis,
    /// What a reader should know about the fact; null where nothing.
    pub note: Option<String>,
}

impl Citation {
    /// A citation with its sources as they were known.
    pub fn of(view: View<'_>, cited: &Cited) -> Citation {
        let source = |key: &str| {
            view.directory
                .sources()
                .iter()
                .find(|row| row.key == key && row.recorded.contains(view.moment.known))
                .map(|row| Source {
                    key: row.key.clone(),
                    title: row.title.clone(),
                    location: row.location.clone(),
                })
        };
        Citation {
            sources: cited.source.split(';').filter_map(source).take(20).collect(),
            basis: cited.basis.into(),
            note: cited.note.clone(),
        }
    }
}

/// A code of a scheme, for example ONS or NDELIUS.
#[derive(Clone, Debug, GraphQLObject)]
#[graphql(name = "Code", scalar = Scalar, context = Context)]
pub struct CodeOfScheme {
    /// Whose code it is.
    pub scheme: String,
    /// The code.
    pub value: String,
    /// Days on which the code means this body; an absent first day is not recorded.
    pub period: Period,
    /// Whether the day asked about is one of them.
    pub in_force: bool,
}

/// How a name is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, GraphQLEnum, Serialize)]
#[graphql(name = "NameUsage", scalar = Scalar)]
pub enum Usage {
    /// The plain name shown.
    Name,
    /// The legal or full name.
    OfficialName,
    /// The name in Welsh.
    WelshName,
    /// An abbreviation in use.
    ShortName,
    /// Another spelling or an old label.
    Alias,
}

impl Usage {
    /// The same in the words of the domain.
    pub fn in_domain(self) -> NameUsage {
        match self {
            Usage::Name => NameUsage::Name,
            Usage::OfficialName => NameUsage::OfficialName,
            Usage::WelshName => NameUsage::WelshName,
            Usage::ShortName => NameUsage::ShortName,
            Usage::Alias => NameUsage::Alias,
        }
    }
}

impl From<NameUsage> for Usage {
    fn from(usage: NameUsage) -> Usage {
        match usage {
            NameUsage::Name => Usage::Name,
            NameUsage::OfficialName => Usage::OfficialName,
            NameUsage::WelshName => Usage::WelshName,
            NameUsage::ShortName => Usage::ShortName,
            NameUsage::Alias => Usage::Alias,
        }
    }
}

/// A name with its days and where it comes from.
#[derive(Clone, Debug, GraphQLObject)]
#[graphql(scalar = Scalar, context = Context)]
pub struct DatedName {
    /// The name as its source writes it.
    pub name: String,
    /// How it is used.
    pub usage: Usage,
    /// Days on which the body bears it.
    pub period: Period,
    /// Whether the day asked about is one of them.
    pub in_force: bool,
    /// Where it comes from.
    pub citation: Citation,
}

/// What one source states where sources disagree; all of them stand side by side.
#[derive(Clone, Debug, GraphQLObject)]
#[graphql(scalar = Scalar, context = Context)]
pub struct Statement {
    /// What about the body is stated.
    pub field: String,
    /// What this source states.
    pub value: String,
    /// Whether the directory uses the statement.
    pub used: StatementUse,
    /// Where it is stated.
    pub citation: Citation,
}

/// Whether the directory uses a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, GraphQLEnum)]
#[graphql(scalar = Scalar)]
pub enum StatementUse {
    /// It is used.
    Used,
    /// Another statement is used.
    NotUsed,
    /// It is used on the published calendar.
    UsedOnPublishedCalendar,
    /// It is used on the operational calendar.
    UsedOnOperationalCalendar,
}
