//! The day and the calendar that a command asks about.

use super::database::Database;
use crate::directory::Directory;
use crate::directory::view::View;
use crate::domain::calendar::Calendar;
use chrono::NaiveDate;

/// What a look-up is asked about.
#[derive(clap::Args)]
pub struct Asked {
    /// The day asked about; the directory date where none is given.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    on: Option<NaiveDate>,
    /// The calendar on which it is read.
    #[arg(long, value_enum, default_value = "published")]
    calendar: CalendarArgument,
}

/// chrono also reads `2014-6-1`: only a day that is written as we would write it passes.
pub(super) fn day(text: &str) -> Result<NaiveDate, &'static str> {
    let day: Option<NaiveDate> = text.parse().ok();
    day.filter(|day| day.to_string() == text).ok_or("a day is written YYYY-MM-DD")
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum CalendarArgument {
    Published,
    Operational,
}

impl Asked {
    /// The directory as it is asked about, as known now.
    pub fn view<'d>(&self, database: &Database<'_>, directory: &'d Directory) -> View<'d> {
        let calendar = match self.calendar {
            CalendarArgument::Published => Calendar::Published,
            CalendarArgument::Operational => Calendar::Operational,
        };
        directory.view(self.on.unwrap_or_else(|| database.directory_date()), calendar)
    }
}

/// The first words of an answer: what it is about.
pub fn told(view: View<'_>) -> String {
    let calendar = match view.moment.calendar {
        Calendar::Published => "published",
        Calendar::Operational => "operational",
    };
    format!("on {} ({calendar} calendar, version {})", view.moment.on, view.moment.known)
}
