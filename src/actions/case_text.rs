//! A case read from texts by column: a row of a CSV file, or the flags of a command.
//!
//! Every text that is no value of its fact is reported with its column and what would be acceptable, and never
//! with what it says. Places are looked up elsewhere.

use crate::directory::lookup::Place;
use crate::directory::route::{Places, ResidenceAsked};
use crate::domain::calendar::Calendar;
use crate::domain::case::{
    Case, Escalation, MappaCategory, MappaLevel, Place as Located, RiskOfSeriousHarm, Supervision, Transfer,
    TransferState,
};
use crate::domain::routing::values::LAST_DAY;
use chrono::NaiveDate;

/// Declares the columns with their names, the flags that stand for them, and an example.
macro_rules! columns {
    ($($(#[doc = $doc:literal])+ $column:ident = $name:literal $flag:literal $example:literal),+ $(,)?) => {
        /// A column of a case.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Column { $($(#[doc = $doc])+ $column),+ }

        impl Column {
            /// Every column, in the order of the template.
            pub const ALL: &'static [Column] = &[$(Column::$column),+];

            /// Its name in a file.
            pub fn name(self) -> &'static str {
                match self { $(Column::$column => $name),+ }
            }

            /// The flag that stands for it.
            pub fn flag(self) -> &'static str {
                match self { $(Column::$column => $flag),+ }
            }

            /// What stands in the example of the template.
            pub fn example(self) -> &'static str {
                match self { $(Column::$column => $example),+ }
            }
        }
    };
}

columns! {
    /// The day asked about.
    On = "on" "--on" "2014-11-01",
    /// The calendar that it is read on.
    Calendar = "calendar" "--calendar" "PUBLISHED",
    /// Name of the place of residence.
    Residence = "residence" "--residence" "Sefton",
    /// Code of the place of residence.
    ResidenceCode = "residenceCode" "--residence-code" "",
    /// Whether there is no address.
    NoFixedAbode = "noFixedAbode" "--no-fixed-abode" "",
    /// Where somebody without an address is usually found.
    UsuallyFoundIn = "usuallyFoundIn" "--usually-found-in" "",
    /// The area of the sentencing court.
    SentencedIn = "sentencedIn" "--sentenced-in" "Kent",
    /// The court before which the case now is.
    AtCourt = "atCourt" "--at-court" "",
    /// The area that is left.
    TransferFrom = "transferFrom" "--transfer-from" "",
    /// The area that is moved to.
    TransferTo = "transferTo" "--transfer-to" "",
    /// How far a transfer has come.
    TransferState = "transferState" "--transfer-state" "",
    /// Age in years.
    Age = "age" "--age" "34",
    /// Under what the person is supervised.
    Supervision = "supervision" "--supervision" "COMMUNITY_ORDER",
    /// Length of the sentence in months.
    SentenceMonths = "sentenceMonths" "--sentence-months" "12",
    /// The assessed risk of serious harm.
    Risk = "riskOfSeriousHarm" "--risk" "MEDIUM",
    /// The MAPPA category.
    Category = "mappaCategory" "--category" "NOT_ELIGIBLE",
    /// The MAPPA level.
    Level = "mappaLevel" "--level" "",
    /// Whether the person is a registered sexual offender.
    Registered = "registeredSexualOffender" "--registered" "no",
    /// The risk of serious recidivism in per cent.
    Rsr = "rsrPercent" "--rsr" "3.25",
    /// How far an escalation has come.
    Escalation = "escalation" "--escalation" "NONE",
    /// Whether the NPS managed the case earlier in this sentence.
    NpsEarlier = "managedByNpsEarlierInSentence" "--nps-earlier" "no",
    /// Whether the person is liable to deportation.
    Deportation = "liableToDeportation" "--deportation" "no",
    /// Whether it is a terrorism or extremism case.
    Terrorism = "terrorism" "--terrorism" "no",
    /// Whether it is a public interest case.
    PublicInterest = "publicInterest" "--public-interest" "no",
    /// Whether the offence is one of the most serious.
    MostSerious = "mostSeriousOffence" "--most-serious" "no",
}

impl Column {
    /// The column of a name; none for any other text.
    pub fn named(name: &str) -> Option<Column> {
        Column::ALL.iter().copied().find(|column| column.name() == name)
    }

    /// The column that a field of a decision is given in.
    pub fn of_field(field: &str) -> Option<Column> {
        match field {
            "residence.place" => Some(Column::Residence),
            "residence.usuallyFoundIn" => Some(Column::UsuallyFoundIn),
            "transfer.from" => Some(Column::TransferFrom),
            "transfer.to" => Some(Column::TransferTo),
            "transfer.state" => Some(Column::TransferState),
            name => Column::named(name),
        }
    }
}

/// A text that is no value of its fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CellFault {
    /// The code of the refusal.
    pub code: &'static str,
    /// The column.
    pub column: Column,
    /// What would be acceptable.
    pub acceptable: &'static str,
}

/// A case as it was read.
#[derive(Clone, Debug)]
pub struct ReadCase {
    /// The case; its places are not looked up yet.
    pub case: Case,
    /// Its places as they are asked for.
    pub places: Places,
    /// Every text that is no value of its fact; such a fact is absent from the case.
    pub faults: Vec<CellFault>,
}

/// The texts of a case by column.
pub struct Cells<'t> {
    texts: Vec<Option<&'t str>>,
    faults: Vec<CellFault>,
}

impl<'t> Cells<'t> {
    /// No text in any column.
    pub fn empty() -> Cells<'t> {
        Cells { texts: vec![None; Column::ALL.len()], faults: Vec::new() }
    }

    /// Sets the text of a column; a blank one says nothing.
    pub fn set(&mut self, column: Column, text: &'t str) {
        let text = text.trim();
        self.texts[column as usize] = (!text.is_empty()).then_some(text);
    }

    /// Records that a column holds something that is no text.
    pub fn set_unreadable(&mut self, column: Column) {
        self.fault(column, "TEXT_INVALID", "text in UTF-8");
    }

    /// Whether a column says something.
    pub fn has(&self, column: Column) -> bool {
        self.get(column).is_some()
    }

    fn get(&self, column: Column) -> Option<&'t str> {
        self.texts[column as usize]
    }

    fn fault(&mut self, column: Column, code: &'static str, acceptable: &'static str) {
        self.faults.push(CellFault { code, column, acceptable });
    }

    /// What a reader makes of the text of a column; a fault where it makes nothing of it.
    fn read<T>(
        &mut self,
        column: Column,
        code: &'static str,
        acceptable: &'static str,
        reader: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let value = reader(self.get(column)?);
        if value.is_none() {
            self.fault(column, code, acceptable);
        }
        value
    }

    fn number(&mut self, column: Column, acceptable: &'static str) -> Option<i32> {
        self.read(column, "NUMBER_INVALID", acceptable, |text| text.parse().ok())
    }

    fn flag(&mut self, column: Column) -> Option<bool> {
        self.read(column, "FLAG_INVALID", "yes or no", |text| match text.to_ascii_lowercase().as_str() {
            "yes" | "true" => Some(true),
            "no" | "false" => Some(false),
            _ => None,
        })
    }

    fn place(&self, column: Column) -> Option<Place> {
        self.get(column).map(|text| code_of(text).unwrap_or_else(|| Place::Name(text.to_owned())))
    }

    fn residence(&mut self) -> Option<ResidenceAsked> {
        let code = self.read(Column::ResidenceCode, "CODE_INVALID", "SCHEME=VALUE", code_of);
        let is_homeless = self.flag(Column::NoFixedAbode) == Some(true);
        let found_in = self.place(Column::UsuallyFoundIn);
        let home = self.place(Column::Residence);
        let one_way = "one of residence, residenceCode, and no fixed abode with or without usuallyFoundIn";
        if home.is_some() && code.is_some() {
            self.fault(Column::ResidenceCode, "RESIDENCE_TWICE", one_way);
        }
        let at_home = home.or(code);
        if at_home.is_some() && is_homeless {
            self.fault(Column::NoFixedAbode, "RESIDENCE_TWICE", one_way);
        }
        if at_home.is_some() && found_in.is_some() {
            self.fault(Column::UsuallyFoundIn, "RESIDENCE_TWICE", one_way);
        }
        let homeless = is_homeless.then_some(ResidenceAsked::NoFixedAbode);
        at_home.map(ResidenceAsked::At).or(found_in.map(ResidenceAsked::UsuallyFoundIn)).or(homeless)
    }

    fn places(&mut self) -> Places {
        Places {
            residence: self.residence(),
            sentenced_in: self.place(Column::SentencedIn),
            at_court: self.place(Column::AtCourt),
            transfer_from: self.place(Column::TransferFrom),
            transfer_to: self.place(Column::TransferTo),
        }
    }

    fn transfer(&mut self) -> Option<Transfer> {
        let states = "REQUESTED or ACCEPTED";
        let state = self.read(Column::TransferState, "TRANSFER_STATE_UNKNOWN", states, |text| {
            TransferState::from_code(&code_text(text))
        });
        if self.get(Column::TransferTo).is_some() {
            // The place stands in `Places` until it is looked up.
            return Some(Transfer { from: None, to: Located::Unknown, state });
        }
        if self.get(Column::TransferFrom).is_some() || self.get(Column::TransferState).is_some() {
            self.fault(Column::TransferTo, "TRANSFER_INCOMPLETE", "the place that is moved to");
        }
        None
    }

    /// Reads the case.
    pub fn case(mut self) -> ReadCase {
        let on = self.read(Column::On, "DATE_INVALID", "a day, as YYYY-MM-DD", day);
        if self.get(Column::On).is_none() {
            self.fault(Column::On, "DATE_INVALID", "a day, as YYYY-MM-DD; it must be given");
        }
        let calendar = self.read(Column::Calendar, "CALENDAR_UNKNOWN", "PUBLISHED or OPERATIONAL", |text| {
            match code_text(text).as_str() {
                "PUBLISHED" => Some(Calendar::Published),
                "OPERATIONAL" => Some(Calendar::Operational),
                _ => None,
            }
        });
        // Without a day, what else is wrong is told as of one on which no refusal hangs on the day.
        let mut case = Case::on(on.unwrap_or(LAST_DAY.value), calendar.unwrap_or_default());
        let places = self.places();
        case.transfer = self.transfer();
        case.age = self.number(Column::Age, "a whole number of years");
        case.supervision = self.read(
            Column::Supervision,
            "SUPERVISION_UNKNOWN",
            "COMMUNITY_ORDER, SUSPENDED_SENTENCE_ORDER, DEFERRED_SENTENCE, CUSTODY, LICENCE, POST_SENTENCE_SUPERVISION, HOSPITAL_ORDER, GUARDIANSHIP_ORDER or NONE",
            |text| Supervision::from_code(&code_text(text)),
        );
        case.sentence_months = self.number(Column::SentenceMonths, "a whole number of months");
        case.risk = self.read(Column::Risk, "ROSH_UNKNOWN", "LOW, MEDIUM, HIGH or VERY_HIGH", |text| {
            RiskOfSeriousHarm::from_code(&code_text(text))
        });
        case.category = self.read(
            Column::Category,
            "CATEGORY_UNKNOWN",
            "NOT_ELIGIBLE, CATEGORY_1, CATEGORY_2 or CATEGORY_3",
            |text| MappaCategory::from_code(&code_text(text)),
        );
        case.level = self.read(Column::Level, "LEVEL_UNKNOWN", "LEVEL_1, LEVEL_2 or LEVEL_3", |text| {
            MappaLevel::from_code(&code_text(text))
        });
        case.registered = self.flag(Column::Registered);
        let per_cent = "a number from 0 to 100 with at most two decimals";
        case.rsr_hundredths = self.read(Column::Rsr, "RSR_OUT_OF_RANGE", per_cent, hundredths);
        let escalations = "NONE, REFERRED, ACCEPTED or REJECTED";
        case.escalation = self.read(Column::Escalation, "ESCALATION_UNKNOWN", escalations, |text| {
            Escalation::from_code(&code_text(text))
        });
        case.nps_earlier = self.flag(Column::NpsEarlier);
        case.deportation = self.flag(Column::Deportation);
        case.terrorism = self.flag(Column::Terrorism);
        case.public_interest = self.flag(Column::PublicInterest);
        case.most_serious = self.flag(Column::MostSerious);
        let mut faults = self.faults;
        faults.sort_by_key(|fault| fault.column as usize);
        ReadCase { case, places, faults }
    }
}

/// A code as it is held: `community-order` and `COMMUNITY_ORDER` are one.
fn code_text(text: &str) -> String {
    text.to_ascii_uppercase().replace('-', "_")
}

/// chrono also reads `2014-6-1`: only a day that is written as we would write it passes.
fn day(text: &str) -> Option<NaiveDate> {
    let day: NaiveDate = text.parse().ok()?;
    (day.to_string() == text).then_some(day)
}

/// No name holds an equals sign, so that a code can stand wherever a name can.
fn code_of(text: &str) -> Option<Place> {
    let (scheme, value) = text.split_once('=')?;
    Some(Place::Code { scheme: scheme.trim().to_owned(), value: value.trim().to_owned() })
}

/// Per cent with at most two decimals, as whole hundredths: never through a binary fraction.
fn hundredths(text: &str) -> Option<i32> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text),
    };
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, "0"));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(whole) || !is_number(decimals) || decimals.len() > 2 {
        return None;
    }
    let decimals: i32 = format!("{decimals:0<2}").parse().ok()?;
    let whole: i32 = whole.parse().ok()?;
    Some(sign * whole.checked_mul(100)?.checked_add(decimals)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentage_is_read_in_whole_hundredths() {
        for (text, expected) in [
            ("6.9", Some(690)),
            ("6.89", Some(689)),
            ("0", Some(0)),
            ("100.00", Some(10_000)),
            ("-0.01", Some(-1)),
            ("6.899", None),
            ("6,9", None),
            (".5", None),
            ("6.", None),
            ("99999999999", None),
        ] {
            assert_eq!(hundredths(text), expected, "{text}");
        }
    }

    #[test]
    fn a_blank_text_says_nothing_and_a_bad_one_names_its_column() {
        let mut cells = Cells::empty();
        cells.set(Column::On, "2014-6-1");
        cells.set(Column::Age, " ");
        cells.set(Column::Risk, "severe");
        cells.set(Column::Supervision, "community-order");
        cells.set(Column::TransferState, "ACCEPTED");
        let read = cells.case();
        let faults: Vec<_> = read.faults.iter().map(|fault| (fault.code, fault.column)).collect();
        assert_eq!(
            faults,
            [
                ("DATE_INVALID", Column::On),
                ("TRANSFER_INCOMPLETE", Column::TransferTo),
                ("ROSH_UNKNOWN", Column::Risk),
            ]
        );
        assert_eq!(read.case.age, None);
        assert_eq!(read.case.supervision, Some(Supervision::CommunityOrder));
    }

    #[test]
    fn a_residence_is_given_in_one_way() {
        let mut cells = Cells::empty();
        cells.set(Column::On, "2014-11-01");
        cells.set(Column::Residence, "Sefton");
        cells.set(Column::ResidenceCode, "ONS=E08000014");
        cells.set(Column::NoFixedAbode, "yes");
        let faults: Vec<_> = cells.case().faults.iter().map(|fault| fault.column).collect();
        assert_eq!(faults, [Column::ResidenceCode, Column::NoFixedAbode]);
    }

    #[test]
    fn columns_have_names_of_their_own() {
        for column in Column::ALL {
            assert_eq!(Column::named(column.name()), Some(*column));
        }
    }
}
