//! What would send a case elsewhere: every single change of a fact that leads to another outcome or manager, by the
//! same tables.

use super::Tables;
use super::decide::{Decision, Manager, Outcome, decide};
use super::values::{ADULT_AGE, PSS_MONTHS, RSR_THRESHOLD, SHORT_SENTENCE_MONTHS};
use crate::domain::calendar::Calendar;
use crate::domain::case::{
    Case, Escalation, MappaCategory, MappaLevel, RiskOfSeriousHarm, Supervision, Transfer, TransferState,
};

/// A change of one fact, and what follows from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alternative {
    /// The field that changes.
    pub field: &'static str,
    /// Its value in the case; none where it is absent.
    pub from: Option<String>,
    /// The value that it changes to.
    pub to: String,
    /// The outcome that follows.
    pub outcome: Outcome,
    /// Who would manage.
    pub manager: Option<Manager>,
    /// The rule that would decide.
    pub decided_by: Option<&'static str>,
}

struct Changes<'t> {
    tables: &'t Tables,
    case: &'t Case,
    decision: &'t Decision,
    found: Vec<Alternative>,
}

impl Changes<'_> {
    fn consider(&mut self, field: &'static str, from: Option<String>, to: String, changed: Case) {
        if from.as_ref() == Some(&to) {
            return;
        }
        let decision = decide(self.tables, &changed);
        let is_elsewhere =
            decision.outcome != self.decision.outcome || decision.manager != self.decision.manager;
        if is_elsewhere {
            self.found.push(Alternative {
                field,
                from,
                to,
                outcome: decision.outcome,
                manager: decision.manager,
                decided_by: decision.decided_by.map(|finding| finding.rule),
            });
        }
    }

    fn values<T: Copy + 'static>(
        &mut self,
        field: &'static str,
        all: &'static [(T, &'static str)],
        get: impl Fn(&Case) -> Option<T>,
        set: impl Fn(&mut Case, T),
        code: impl Fn(T) -> &'static str,
    ) {
        let from = get(self.case).map(|value| code(value).to_owned());
        for (value, to) in all {
            let mut changed = *self.case;
            set(&mut changed, *value);
            self.consider(field, from.clone(), (*to).to_owned(), changed);
        }
    }

    fn numbers(
        &mut self,
        field: &'static str,
        values: [i32; 2],
        get: impl Fn(&Case) -> Option<i32>,
        set: impl Fn(&mut Case, i32),
        show: impl Fn(i32) -> String,
    ) {
        let from = get(self.case).map(&show);
        for value in values {
            let mut changed = *self.case;
            set(&mut changed, value);
            self.consider(field, from.clone(), show(value), changed);
        }
    }

    fn flag(&mut self, field: &'static str, get: fn(&Case) -> Option<bool>, set: fn(&mut Case, bool)) {
        let from = get(self.case).map(|flag| flag.to_string());
        for flag in [true, false] {
            let mut changed = *self.case;
            set(&mut changed, flag);
            self.consider(field, from.clone(), flag.to_string(), changed);
        }
    }
}

/// Every single change that sends the case elsewhere, in the order of the facts.
pub fn alternatives(tables: &Tables, case: &Case, decision: &Decision) -> Vec<Alternative> {
    let mut changes = Changes { tables, case, decision, found: Vec::new() };
    let whole = |number: i32| number.to_string();
    changes.numbers("age", [ADULT_AGE.value - 1, ADULT_AGE.value], |c| c.age, |c, v| c.age = Some(v), whole);
    changes.values(
        "supervision",
        Supervision::ALL,
        |c| c.supervision,
        |c, v| c.supervision = Some(v),
        Supervision::code,
    );
    for edge in [SHORT_SENTENCE_MONTHS.value, PSS_MONTHS.value] {
        changes.numbers(
            "sentenceMonths",
            [edge - 1, edge],
            |c| c.sentence_months,
            |c, v| c.sentence_months = Some(v),
            whole,
        );
    }
    changes.values(
        "riskOfSeriousHarm",
        RiskOfSeriousHarm::ALL,
        |c| c.risk,
        |c, v| c.risk = Some(v),
        RiskOfSeriousHarm::code,
    );
    changes.values(
        "mappaCategory",
        MappaCategory::ALL,
        |c| c.category,
        |c, v| c.category = Some(v),
        MappaCategory::code,
    );
    changes.values("mappaLevel", MappaLevel::ALL, |c| c.level, |c, v| c.level = Some(v), MappaLevel::code);
    changes.flag("registeredSexualOffender", |c| c.registered, |c, v| c.registered = Some(v));
    changes.numbers(
        "rsrPercent",
        [RSR_THRESHOLD.value - 1, RSR_THRESHOLD.value],
        |c| c.rsr_hundredths,
        |c, v| c.rsr_hundredths = Some(v),
        |hundredths| format!("{}.{:02}", hundredths / 100, hundredths % 100),
    );
    changes.values(
        "escalation",
        Escalation::ALL,
        |c| c.escalation,
        |c, v| c.escalation = Some(v),
        Escalation::code,
    );
    changes.flag("managedByNpsEarlierInSentence", |c| c.nps_earlier, |c, v| c.nps_earlier = Some(v));
    changes.flag("liableToDeportation", |c| c.deportation, |c, v| c.deportation = Some(v));
    changes.flag("terrorism", |c| c.terrorism, |c, v| c.terrorism = Some(v));
    changes.flag("publicInterest", |c| c.public_interest, |c, v| c.public_interest = Some(v));
    changes.flag("mostSeriousOffence", |c| c.most_serious, |c, v| c.most_serious = Some(v));
    if let Some(transfer) = case.transfer {
        for (state, code) in TransferState::ALL {
            let changed = Case { transfer: Some(Transfer { state: Some(*state), ..transfer }), ..*case };
            let from = transfer.state.map(|state| state.code().to_owned());
            changes.consider("transfer.state", from, (*code).to_owned(), changed);
        }
    }
    let code = |calendar| match calendar {
        Calendar::Published => "PUBLISHED",
        Calendar::Operational => "OPERATIONAL",
    };
    let other = case.calendar.other();
    let changed = Case { calendar: other, ..*case };
    changes.consider("calendar", Some(code(case.calendar).to_owned()), code(other).to_owned(), changed);
    changes.found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::case::{Area, AreaKey, Place, Residence};
    use crate::domain::routing::rule::BodyRole;
    use chrono::NaiveDate;

    fn company_case() -> Case {
        let area = Area { key: AreaKey(1), in_wales: false };
        let on = NaiveDate::from_ymd_opt(2016, 5, 1).expect("a day");
        Case {
            residence: Some(Residence::At(Place::In(area))),
            age: Some(30),
            supervision: Some(Supervision::CommunityOrder),
            risk: Some(RiskOfSeriousHarm::Low),
            category: Some(MappaCategory::NotEligible),
            rsr_hundredths: Some(100),
            ..Case::on(on, Calendar::Published)
        }
    }

    fn of(case: &Case) -> Vec<(&'static str, String, Option<&'static str>)> {
        let tables = Tables::default();
        let decision = decide(&tables, case);
        assert_eq!(decision.manager.map(|manager| manager.role), Some(BodyRole::Company));
        let found = alternatives(&tables, case, &decision).into_iter();
        found.map(|alternative| (alternative.field, alternative.to, alternative.decided_by)).collect()
    }

    #[test]
    fn a_low_risk_case_goes_elsewhere_by_age_risk_score_and_flags_and_says_by_which_rule() {
        let found = of(&company_case());
        for wanted in [
            ("age", "17", "R-11a"),
            ("supervision", "NONE", "R-15"),
            ("supervision", "DEFERRED_SENTENCE", "R-25"),
            ("riskOfSeriousHarm", "HIGH", "R-20"),
            ("mappaCategory", "CATEGORY_2", "R-19"),
            ("rsrPercent", "6.90", "R-28"),
            ("escalation", "ACCEPTED", "R-21"),
            ("terrorism", "true", "R-26"),
        ] {
            let is_found = found.iter().any(|(field, to, rule)| {
                (*field, to.as_str(), *rule) == (wanted.0, wanted.1, Some(wanted.2))
            });
            assert!(is_found, "{wanted:?} is not among {found:?}");
        }
        let stays =
            [("rsrPercent", "6.89"), ("riskOfSeriousHarm", "MEDIUM"), ("terrorism", "false"), ("age", "18")];
        for (field, to) in stays {
            assert!(!found.iter().any(|(of, value, _)| *of == field && value == to), "{field} {to}");
        }
    }

    #[test]
    fn the_other_calendar_is_an_alternative_inside_the_window_only() {
        let inside = Case { on: NaiveDate::from_ymd_opt(2014, 5, 1).expect("a day"), ..company_case() };
        assert!(of(&inside).contains(&("calendar", "OPERATIONAL".to_owned(), Some("R-17"))));
        assert!(!of(&company_case()).iter().any(|(field, ..)| *field == "calendar"));
    }
}
