//! What must hold of the whole map: the counts of the restructure, one of each body an area a day, no company
//! across a division, no term outside its seat.
//!
//! A check that fails is shown, not refused: PostgreSQL already refuses overlaps.

use super::Directory;
use super::view::{InCharge, View};
use crate::domain::calendar::{Calendar, OPERATIONAL_RESTRUCTURE, PROBATION_RECORDED_FROM, UNIFICATION};
use crate::domain::organisation::{BodyKind, EXPECTED_AUTHORITIES, EXPECTED_COUNTS};
use crate::domain::period::Period;
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// One invariant with both its sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What must hold, in words.
    pub name: String,
    /// What was found.
    pub left: i64,
    /// What it must be.
    pub right: i64,
}

impl Check {
    /// Whether both sides agree.
    pub fn holds(&self) -> bool {
        self.left == self.right
    }
}

fn words(kind: BodyKind) -> &'static str {
    match kind {
        BodyKind::MappaArea => "MAPPA areas",
        BodyKind::PoliceForce => "police forces",
        BodyKind::ProbationTrust => "probation trusts",
        BodyKind::NpsDivision => "NPS divisions",
        BodyKind::ContractPackageArea => "contract package areas",
        BodyKind::Crc => "community rehabilitation companies",
        BodyKind::CrcOwner => "owners of companies",
        BodyKind::ProbationRegion => "probation regions",
        BodyKind::NationalBody => "national bodies",
        BodyKind::Agency => "agencies under the duty to co-operate",
    }
}

impl Directory {
    /// Every invariant, as known now.
    pub fn checks(&self) -> Vec<Check> {
        let any_day = self.view(OPERATIONAL_RESTRUCTURE, Calendar::Operational);
        let mut checks: Vec<Check> = EXPECTED_COUNTS
            .iter()
            .map(|expected| Check {
                name: words(expected.kind).to_owned(),
                left: any_day.bodies(expected.kind).count() as i64,
                right: expected.count as i64,
            })
            .collect();
        checks.push(Check {
            name: "local authorities".to_owned(),
            left: any_day.authorities().map_or(0, |set| set.listed) as i64,
            right: EXPECTED_AUTHORITIES as i64,
        });
        for calendar in [Calendar::Operational, Calendar::Published] {
            checks.extend(self.one_of_each(calendar));
        }
        checks.push(self.no_company_crosses());
        checks.push(self.no_term_outlasts_its_seat());
        checks
    }

    /// A seed or a correction may shorten a seat under terms that were within it when they were recorded.
    fn no_term_outlasts_its_seat(&self) -> Check {
        let known = self.version();
        let mut outside = 0_i64;
        for board in self.boards() {
            for id in &self.board(board).seats {
                let seat = self.seat(*id);
                let rows = seat.descriptions.iter().filter(|row| row.recorded.contains(known));
                let days: Vec<Period> = rows.map(|row| row.valid).collect();
                let terms = seat.appointments.iter().filter(|row| row.recorded.contains(known));
                outside += terms.filter(|row| !is_within(row.valid, &days)).count() as i64;
            }
        }
        Check { name: "terms on days on which their seat does not exist".to_owned(), left: outside, right: 0 }
    }

    /// Days on which something of the map begins or ends, from the first that probation is recorded.
    ///
    /// Between two of them nothing changes, so that a check on each is a check on every day.
    fn turning_days(&self) -> Vec<NaiveDate> {
        let mut days = BTreeSet::from([PROBATION_RECORDED_FROM, OPERATIONAL_RESTRUCTURE, UNIFICATION]);
        for area in self.bodies(BodyKind::MappaArea) {
            for row in &self.body(*area).coverage {
                days.insert(row.valid.from());
                days.extend(row.valid.until());
            }
        }
        for package in self.bodies(BodyKind::ContractPackageArea) {
            for row in &self.body(*package).operation {
                days.insert(row.valid.from());
                days.extend(row.valid.until());
            }
        }
        days.extend([crate::domain::calendar::PUBLISHED_RESTRUCTURE]);
        let before: Vec<NaiveDate> = days.iter().filter_map(|day| day.pred_opt()).collect();
        days.extend(before);
        days.into_iter().filter(|day| *day >= PROBATION_RECORDED_FROM).collect()
    }

    fn one_of_each(&self, calendar: Calendar) -> Vec<Check> {
        let days = self.turning_days();
        let mut wrong = 0_i64;
        let mut uncovered = 0_i64;
        for day in &days {
            let view = self.view(*day, calendar);
            for area in view.bodies(BodyKind::MappaArea) {
                wrong += i64::from(!has_one_of_each(view, area));
                uncovered += i64::from(view.forces(area).is_empty());
            }
        }
        let calendar = match calendar {
            Calendar::Operational => "operational",
            Calendar::Published => "published",
        };
        vec![
            Check {
                name: format!(
                    "area-days from 2010-04-01 without exactly one of what existed then: a trust, a division with a company, a region ({calendar} calendar)"
                ),
                left: wrong,
                right: 0,
            },
            Check {
                name: format!("area-days without a police force ({calendar} calendar)"),
                left: uncovered,
                right: 0,
            },
        ]
    }

    fn no_company_crosses(&self) -> Check {
        let mut crossing = 0_i64;
        for day in self.turning_days() {
            let view = self.view(day, Calendar::Operational);
            let packages = view.bodies(BodyKind::ContractPackageArea);
            let in_force = packages.filter(|package| view.is_in_force(*package) == Some(true));
            crossing +=
                in_force.filter(|package| view.division_of_package(*package).is_none()).count() as i64;
        }
        Check {
            name: "days on which a contract package area crosses a division or lies in none".to_owned(),
            left: crossing,
            right: 0,
        }
    }
}

/// Whether a term lies within the days of a seat, in order, on either calendar.
fn is_within(term: Period, days: &[Period]) -> bool {
    let first = |period: &Period| Calendar::Published.shown(*period).from().min(period.from());
    let mut due = Some(term.from());
    for period in days {
        if due.is_some_and(|day| first(period) <= day && period.until().is_none_or(|until| day < until)) {
            due = period.until();
        }
    }
    // What is due after the last day of the seat is the day after the term, or nothing is due any more.
    due.is_none_or(|day| term.until().is_some_and(|until| until <= day))
}

/// Whether an area has exactly one of what existed on the day: a trust, then a division with a company, then a
/// region.
fn has_one_of_each(view: View<'_>, area: super::BodyId) -> bool {
    let InCharge::Recorded(bodies) = view.in_charge(area) else { return false };
    let kinds: Vec<BodyKind> = bodies.iter().map(|id| view.body(*id).identity.kind).collect();
    let day = view.structural_day();
    let due: &[BodyKind] = if day < OPERATIONAL_RESTRUCTURE {
        &[BodyKind::ProbationTrust]
    } else if day < UNIFICATION {
        &[BodyKind::NpsDivision, BodyKind::Crc]
    } else {
        &[BodyKind::ProbationRegion]
    };
    kinds == due
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(text: &str) -> Period {
        let (from, last) = text.split_once("..").expect("two days");
        let last = (!last.is_empty()).then(|| last.parse().expect("a day"));
        Period::through(from.parse().expect("a day"), last).expect("a period")
    }

    #[test]
    fn a_term_lies_within_the_days_of_its_seat_however_they_are_parted() {
        let one = ["2014-06-01..2021-06-25"].map(days);
        let two = ["2004-04-05..2009-12-31", "2010-01-01.."].map(days);
        let parted = ["2004-04-05..2009-12-31", "2010-01-02.."].map(days);
        for (term, seat, within) in [
            ("2014-04-01..2021-06-25", &one[..], true),
            ("2014-03-31..2015-01-01", &one, false),
            ("2014-06-01..2021-06-26", &one, false),
            ("2014-06-01..", &one, false),
            ("2008-01-01..", &two, true),
            ("2008-01-01..2010-06-01", &two, true),
            ("2008-01-01..2010-06-01", &parted, false),
            ("2008-01-01..2009-12-31", &parted, true),
            ("2008-01-01..2009-12-31", &[], false),
        ] {
            assert_eq!(is_within(days(term), seat), within, "{term} {seat:?}");
        }
    }
}
