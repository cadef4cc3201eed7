//! What every resolver of one request sees: one snapshot, the defaults, the instant.

use super::error::{Mistake, mistake};
use super::plan::{self, Plans};
use super::scalar::{DateTime, LocalDate, Scalar};
use super::shown::{Names, Notes};
use super::types::CalendarName;
use super::types::routing::{ROUTING, Routing};
use crate::actions::make_change::{By, Writer};
use crate::directory::Directory;
use crate::directory::live::Loaded;
use crate::directory::view::{KnownAtFault, Moment, View};
use crate::domain::access::Caller;
use crate::domain::calendar::{Calendar, FIRST_DAY};
use chrono::{DateTime as ChronoDateTime, NaiveDate, SecondsFormat, Utc};
use juniper::FieldResult;
use std::sync::{Arc, LazyLock, OnceLock};

static ANYONE: LazyLock<Arc<Caller>> = LazyLock::new(Arc::default);

/// The surroundings of one request.
#[derive(Clone)]
pub struct Context {
    /// The snapshot that the whole request is answered from.
    pub loaded: Arc<Loaded>,
    /// The day that look-ups fall back to.
    pub directory_date: NaiveDate,
    /// When the request came in.
    pub now: ChronoDateTime<Utc>,
    /// The tables that cases are decided by.
    pub routing: &'static Routing,
    caller: Arc<Caller>,
    writing: Option<Writing>,
    pub(super) names: Names,
    pub(super) notes: Notes,
    /// The plans of the document that is executed; none where everything is resolved by juniper alone.
    pub plans: Option<Arc<Plans>>,
}

impl juniper::Context for Context {}

/// What a mutation writes with.
#[derive(Clone)]
pub(super) struct Writing {
    /// What makes changes.
    pub writer: Writer,
    /// Who asks.
    pub by: By,
    /// What digests of inputs are keyed with.
    pub seal: Vec<u8>,
    /// The directory with the change.
    pub after: Arc<OnceLock<Arc<Loaded>>>,
}

impl Context {
    /// The surroundings of a request that anyone may make, with the tables in force.
    pub fn new(loaded: Arc<Loaded>, directory_date: NaiveDate, now: ChronoDateTime<Utc>) -> Context {
        let caller = Arc::clone(&ANYONE);
        let (names, notes) = (Names::default(), Notes::default());
        Context {
            loaded,
            directory_date,
            now,
            routing: &ROUTING,
            caller,
            writing: None,
            names,
            notes,
            plans: None,
        }
    }

    /// The same surroundings, with the rights of a caller.
    pub fn asked_by(self, caller: &Arc<Caller>) -> Context {
        Context { caller: Arc::clone(caller), ..self }
    }

    /// The same surroundings for a mutation: it can write, and its answer names nobody.
    ///
    /// What it shows is made from the directory with the change, once that is there.
    pub fn writing(self, writer: Writer, by: By, seal: Vec<u8>) -> Context {
        let writing = Writing { writer, by, seal, after: Arc::default() };
        Context { writing: Some(writing), names: Names::InNoChange, ..self }
    }

    /// What a mutation writes with; none in a query.
    pub(super) fn writes(&self) -> Option<&Writing> {
        self.writing.as_ref()
    }

    /// The same surroundings, in which names are shown to nobody.
    pub fn without_names(self) -> Context {
        Context { names: Names::Withheld, notes: Notes::default(), ..self }
    }

    /// Who asks. What writes itself by a plan must not hang on that: there, everybody is anyone.
    pub fn caller(&self) -> &Caller {
        let is_by_plan = plan::is_writing();
        debug_assert!(!is_by_plan, "a writer asks who asks: its field must have none");
        if is_by_plan { &ANYONE } else { &self.caller }
    }

    /// The same surroundings with the plans of a document.
    pub fn with_plans(&self, plans: &Arc<Plans>) -> Context {
        Context { plans: Some(Arc::clone(plans)), ..self.clone() }
    }
}

/// What an object of an answer is seen at: kept with the object, so that its own fields answer alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct At {
    /// The day.
    pub on: NaiveDate,
    /// The calendar.
    pub calendar: Calendar,
    /// The version asked for; none for the newest.
    pub known: Option<i64>,
}

impl At {
    /// The same, save for what is asked for.
    pub fn or(self, on: Option<LocalDate>, calendar: Option<CalendarName>) -> At {
        At {
            on: on.map_or(self.on, |on| on.0),
            calendar: calendar.map_or(self.calendar, Calendar::from),
            ..self
        }
    }
}

impl Context {
    /// The directory of the snapshot; of a mutation that is done, the one with its change.
    pub fn directory(&self) -> &Directory {
        let after = self.writing.as_ref().and_then(|writing| writing.after.get());
        &after.unwrap_or(&self.loaded).directory
    }

    /// What is seen when nothing is asked for.
    pub fn default_at(&self) -> At {
        At { on: self.directory_date, calendar: Calendar::default(), known: None }
    }

    /// The view that an object belongs to.
    pub fn view(&self, at: At) -> View<'_> {
        let known = at.known.unwrap_or_else(|| self.directory().version());
        self.directory().at(Moment { on: at.on, calendar: at.calendar, known })
    }

    /// When a version was recorded; none for one that the directory does not know.
    pub fn instant_of(&self, version: i64) -> Option<DateTime> {
        let changes = self.directory().changes();
        let index = changes.binary_search_by_key(&version, |change| change.version).ok()?;
        changes.get(index).map(|change| DateTime(change.at))
    }

    /// What a look-up asks to see, with the day not yet checked against the directory's reach.
    ///
    /// # Errors
    ///
    /// Where `knownAt` lies before the records or in the future.
    pub fn asked(
        &self,
        on: Option<LocalDate>,
        calendar: Option<CalendarName>,
        known_at: Option<DateTime>,
    ) -> FieldResult<At, Scalar> {
        let known = known_at.map(|at| self.known(at.0)).transpose()?;
        Ok(At { known, ..self.default_at().or(on, calendar) })
    }

    /// The same, for look-ups that have no other way to say that the day is out of reach.
    ///
    /// # Errors
    ///
    /// As [`Context::asked`], and where the day lies before the directory begins.
    pub fn look_up(
        &self,
        on: Option<LocalDate>,
        calendar: Option<CalendarName>,
        known_at: Option<DateTime>,
    ) -> FieldResult<At, Scalar> {
        let at = self.asked(on, calendar, known_at)?;
        if at.on < FIRST_DAY {
            let remedy = format!("give a day from {FIRST_DAY}");
            return Err(mistake(
                Mistake::DateOutOfScope,
                "on",
                "The directory does not reach back to that day.",
                &remedy,
            ));
        }
        Ok(at)
    }

    fn known(&self, at: ChronoDateTime<Utc>) -> FieldResult<i64, Scalar> {
        self.directory().version_at(at, self.now).map_err(|fault| match fault {
            KnownAtFault::InFuture => {
                let message = "Nobody knows yet what will be recorded by that instant.";
                mistake(
                    Mistake::KnownAtInFuture,
                    "knownAt",
                    message,
                    "give an instant that is not later than now",
                )
            }
            KnownAtFault::BeforeRecords(first) => {
                let remedy = match first {
                    Some(first) => {
                        format!("give an instant from {}", first.to_rfc3339_opts(SecondsFormat::Micros, true))
                    }
                    None => "nothing was recorded yet".to_owned(),
                };
                mistake(
                    Mistake::KnownAtBeforeRecords,
                    "knownAt",
                    "Nothing was recorded by that instant.",
                    &remedy,
                )
            }
        })
    }
}
