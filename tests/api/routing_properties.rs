//! What holds of every case whatever its facts: of random cases over the whole domain.
//!
//! A case is *sound* where no given fact contradicts another or its day; what is unsound is made sound here, by the
//! meaning of the facts, and not by asking the tables.

use crate::support::TestService;
use chrono::{Days, NaiveDate};
use probation_directory::directory::lookup::Place as Asked;
use probation_directory::directory::route::{Places, ResidenceAsked};
use probation_directory::domain::calendar::Calendar;
use probation_directory::domain::case::{
    Area, AreaKey, Case, Escalation, MappaCategory, MappaLevel, Place, Residence, RiskOfSeriousHarm,
    Supervision, Transfer, TransferState,
};
use probation_directory::domain::organisation::BodyKind;
use probation_directory::domain::routing::Tables;
use probation_directory::domain::routing::decide::{Decision, Outcome, Verdict, decide};
use probation_directory::domain::routing::rule::BodyRole;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::fmt;
use std::sync::LazyLock;

static TABLES: LazyLock<Tables> = LazyLock::new(Tables::default);

/// A case that shows its facts when a property fails; there is no person behind it.
#[derive(Clone, Copy)]
struct Shown(Case);

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let case = &self.0;
        write!(f, "{} {:?} home {:?} ", case.on, case.calendar, case.residence)?;
        write!(f, "sentenced {:?} court {:?} ", case.sentenced_in, case.at_court)?;
        write!(f, "transfer {:?} age {:?} ", case.transfer, case.age)?;
        write!(f, "{:?} months {:?} ", case.supervision, case.sentence_months)?;
        write!(f, "{:?} {:?} {:?} ", case.risk, case.category, case.level)?;
        write!(f, "registered {:?} rsr {:?} ", case.registered, case.rsr_hundredths)?;
        write!(f, "escalation {:?} earlier {:?} ", case.escalation, case.nps_earlier)?;
        write!(f, "deportation {:?} terrorism {:?} ", case.deportation, case.terrorism)?;
        write!(f, "interest {:?} serious {:?}", case.public_interest, case.most_serious)
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn area(key: u32) -> Area {
    // Two areas of Wales and three of England.
    Area { key: AreaKey(key), in_wales: key >= 3 }
}

fn areas() -> impl Strategy<Value = Area> {
    (0..5_u32).prop_map(area)
}

/// Days on which something begins, and the days before them.
fn days() -> impl Strategy<Value = NaiveDate> {
    let edges = [
        "2001-04-01",
        "2010-04-01",
        "2014-04-01",
        "2014-06-01",
        "2014-11-01",
        "2015-02-01",
        "2019-12-01",
        "2020-01-01",
        "2021-06-26",
    ];
    let edge = (proptest::sample::select(edges.to_vec()), 0..2_u64)
        .prop_map(|(edge, before)| day(edge) - Days::new(before));
    let between = |from: &str, until: &str| {
        let (from, until) = (day(from), day(until));
        let length = until.signed_duration_since(from).num_days().unsigned_abs();
        (0..=length).prop_map(move |after| from + Days::new(after))
    };
    prop_oneof![
        3 => edge,
        2 => between("2001-03-01", "2021-07-31"),
        2 => between("2014-03-25", "2014-06-07"),
        3 => between("2014-06-01", "2021-06-25"),
    ]
}

fn calendars() -> impl Strategy<Value = Calendar> {
    prop_oneof![Just(Calendar::Published), Just(Calendar::Operational)]
}

fn one_of<T: Copy + fmt::Debug + 'static>(all: &'static [(T, &'static str)]) -> impl Strategy<Value = T> {
    proptest::sample::select(all).prop_map(|(value, _)| value)
}

/// A fact that is absent one time in four.
fn perhaps<S: Strategy>(values: S) -> impl Strategy<Value = Option<S::Value>> {
    proptest::option::weighted(0.75, values)
}

fn flag() -> impl Strategy<Value = Option<bool>> {
    prop_oneof![3 => Just(None), 3 => Just(Some(false)), 1 => Just(Some(true))]
}

fn places(is_sound: bool) -> BoxedStrategy<Place> {
    if is_sound {
        return areas().prop_map(Place::In).boxed();
    }
    prop_oneof![
        12 => areas().prop_map(Place::In),
        1 => Just(Place::Unknown),
        1 => Just(Place::Ambiguous),
        1 => Just(Place::OutOfScope),
    ]
    .boxed()
}

fn residences(is_sound: bool) -> impl Strategy<Value = Residence> {
    prop_oneof![
        4 => places(is_sound).prop_map(Residence::At),
        1 => places(is_sound).prop_map(Residence::UsuallyFoundIn),
        1 => Just(Residence::NoFixedAbode),
    ]
}

fn transfers(is_sound: bool) -> impl Strategy<Value = Option<Transfer>> {
    let transfer = (
        proptest::option::of(places(is_sound)),
        places(is_sound),
        proptest::option::weighted(0.8, one_of(TransferState::ALL)),
    )
        .prop_map(|(from, to, state)| Transfer { from, to, state });
    proptest::option::weighted(0.25, transfer)
}

fn ages(is_sound: bool) -> BoxedStrategy<i32> {
    if is_sound {
        prop_oneof![1 => 10..18_i32, 1 => 17..19_i32, 4 => 18..=120_i32].boxed()
    } else {
        prop_oneof![12 => 10..=120_i32, 1 => Just(9), 1 => Just(121), 1 => Just(-1)].boxed()
    }
}

fn rsrs(is_sound: bool) -> BoxedStrategy<i32> {
    if is_sound {
        prop_oneof![2 => 0..690_i32, 1 => 688..692_i32, 1 => 690..=10_000_i32].boxed()
    } else {
        prop_oneof![12 => 0..=10_000_i32, 1 => Just(-1), 1 => Just(10_001)].boxed()
    }
}

fn escalations() -> impl Strategy<Value = Option<Escalation>> {
    prop_oneof![2 => Just(None), 2 => Just(Some(Escalation::None)), 2 => one_of(Escalation::ALL).prop_map(Some)]
}

fn categories() -> impl Strategy<Value = Option<MappaCategory>> {
    let category = prop_oneof![2 => Just(MappaCategory::NotEligible), 1 => one_of(MappaCategory::ALL)];
    perhaps(category)
}

fn cases(is_sound: bool) -> impl Strategy<Value = Shown> {
    let who = (perhaps(ages(is_sound)), perhaps(one_of(Supervision::ALL)), perhaps(0..36_i32));
    let risk = (
        perhaps(one_of(RiskOfSeriousHarm::ALL)),
        categories(),
        proptest::option::weighted(0.3, one_of(MappaLevel::ALL)),
        flag(),
        perhaps(rsrs(is_sound)),
        escalations(),
    );
    let place = (
        perhaps(residences(is_sound)),
        proptest::option::of(places(is_sound)),
        proptest::option::of(places(is_sound)),
        transfers(is_sound),
    );
    let flags = (flag(), flag(), flag(), flag(), flag());
    (days(), calendars(), place, who, risk, flags).prop_map(move |(on, calendar, place, who, risk, flags)| {
        let case = Case {
            on,
            calendar,
            residence: place.0,
            sentenced_in: place.1,
            at_court: place.2,
            transfer: place.3,
            age: who.0,
            supervision: who.1,
            sentence_months: who.2,
            risk: risk.0,
            category: risk.1,
            level: risk.2,
            registered: risk.3,
            rsr_hundredths: risk.4,
            escalation: risk.5,
            nps_earlier: flags.0,
            deportation: flags.1,
            terrorism: flags.2,
            public_interest: flags.3,
            most_serious: flags.4,
        };
        Shown(if is_sound { made_sound(case) } else { case })
    })
}

/// Cases with any fact absent or of any value, also of no sense.
fn any_case() -> impl Strategy<Value = Shown> {
    cases(false)
}

/// Cases whose facts do not contradict one another.
fn sound_case() -> impl Strategy<Value = Shown> {
    cases(true)
}

fn made_sound(mut case: Case) -> Case {
    case.on = case.on.clamp(day("2001-04-01"), day("2021-06-25"));
    if let (Some(category), Some(_)) = (case.category, case.registered) {
        case.registered = Some(category == MappaCategory::Category1);
    }
    if case.category == Some(MappaCategory::NotEligible) {
        case.level = None;
    }
    if case.category == Some(MappaCategory::Category3) && case.level == Some(MappaLevel::Level1) {
        case.level = Some(MappaLevel::Level2);
    }
    if case.supervision == Some(Supervision::PostSentenceSupervision) {
        case.sentence_months = case.sentence_months.map(|months| months % 24);
        if case.on < day("2015-02-01") {
            case.supervision = Some(Supervision::Licence);
        }
    }
    if case.on < first_reformed_day(case.calendar) {
        case.escalation = case.escalation.and(Some(Escalation::None));
    }
    if let Some(transfer) = &mut case.transfer {
        // Nobody moves to where they are; who lives at the new address already comes from elsewhere.
        if transfer.from == Some(transfer.to) {
            transfer.from = None;
        }
    }
    case
}

fn first_reformed_day(calendar: Calendar) -> NaiveDate {
    match calendar {
        Calendar::Published => day("2014-04-01"),
        Calendar::Operational => day("2014-06-01"),
    }
}

fn decided(case: &Case) -> Decision {
    decide(&TABLES, case)
}

fn role(decision: &Decision) -> Option<BodyRole> {
    decision.manager.map(|manager| manager.role)
}

fn rule(decision: &Decision) -> Option<&'static str> {
    decision.decided_by.as_ref().map(|finding| finding.rule)
}

/// Whether whose case it is can be told without the area.
fn is_of_an_area(role: BodyRole) -> bool {
    !matches!(role, BodyRole::YouthOffendingTeam | BodyRole::HealthService)
}

fn missing(decision: &Decision) -> Vec<&'static str> {
    let is_missing = |code: &str| code == "FACT_MISSING";
    decision.problems.iter().filter(|problem| is_missing(problem.code)).map(|problem| problem.field).collect()
}

/// Every fact that a rule of the trace names: as missing, or in a warning as presumed. Who sends in a transfer is told
/// by the area that is left or by the residence, so that either names both.
fn named(decision: &Decision) -> BTreeSet<&'static str> {
    let findings = decision.considered.iter().chain(&decision.warnings).chain(&decision.placed_by);
    let mut named: BTreeSet<_> = findings.flat_map(|finding| finding.missing.iter().copied()).collect();
    if named.contains("transfer.from") {
        named.extend(["residence", "sentencedIn"]);
    }
    named
}

/// Facts that `from` gives and `to` does not, each added to `to` alone. A transfer is no fact of the same case but a
/// move, of which another property speaks; where no transfer is given none is presumed, and no rule asks for one.
fn each_added(to: &Case, from: &Case) -> Vec<(&'static str, Case)> {
    let mut added = Vec::new();
    macro_rules! add {
        ($($field:ident = $name:literal),+ $(,)?) => {
            $(if to.$field.is_none() && from.$field.is_some() {
                added.push(($name, Case { $field: from.$field, ..*to }));
            })+
        };
    }
    add!(
        residence = "residence",
        sentenced_in = "sentencedIn",
        at_court = "atCourt",
        age = "age",
        supervision = "supervision",
        sentence_months = "sentenceMonths",
        risk = "riskOfSeriousHarm",
        category = "mappaCategory",
        level = "mappaLevel",
        registered = "registeredSexualOffender",
        rsr_hundredths = "rsrPercent",
        escalation = "escalation",
        nps_earlier = "managedByNpsEarlierInSentence",
        deportation = "liableToDeportation",
        terrorism = "terrorism",
        public_interest = "publicInterest",
        most_serious = "mostSeriousOffence",
    );
    added
}

fn raised<T: Copy + Ord>(one: Option<T>, other: Option<T>) -> Option<T> {
    one.max(other)
}

/// The case with everything that speaks for the NPS at least as strong as it is in either.
fn made_graver(case: &Case, than: &Case) -> Case {
    let category = match (case.category, than.category) {
        // No category outranks another; eligible outranks not eligible.
        (own @ None, Some(MappaCategory::NotEligible)) => own,
        (None | Some(MappaCategory::NotEligible), Some(other)) => Some(other),
        (own, _) => own,
    };
    let is_eligible = category.is_some_and(|category| category != MappaCategory::NotEligible);
    made_sound(Case {
        risk: raised(case.risk, than.risk),
        category,
        level: if is_eligible { raised(case.level, than.level) } else { case.level },
        registered: if category == case.category { case.registered } else { None },
        rsr_hundredths: raised(case.rsr_hundredths, than.rsr_hundredths),
        nps_earlier: raised(case.nps_earlier, than.nps_earlier),
        deportation: raised(case.deportation, than.deportation),
        terrorism: raised(case.terrorism, than.terrorism),
        public_interest: raised(case.public_interest, than.public_interest),
        most_serious: raised(case.most_serious, than.most_serious),
        ..*case
    })
}

/// The case with a missing fact given, once for each of its values.
fn given(case: &Case, fact: &str) -> Vec<Case> {
    let each_area = || (0..5).map(area).map(Place::In);
    match fact {
        "age" => [17, 18].map(|age| Case { age: Some(age), ..*case }).to_vec(),
        "supervision" => {
            let all = Supervision::ALL.iter();
            all.map(|(value, _)| Case { supervision: Some(*value), ..*case }).collect()
        }
        "mappaCategory" => {
            let all = MappaCategory::ALL.iter();
            all.map(|(value, _)| Case { category: Some(*value), ..*case }).collect()
        }
        "riskOfSeriousHarm" => {
            let all = RiskOfSeriousHarm::ALL.iter();
            all.map(|(value, _)| Case { risk: Some(*value), ..*case }).collect()
        }
        "residence" => {
            each_area().map(|place| Case { residence: Some(Residence::At(place)), ..*case }).collect()
        }
        "sentencedIn" => each_area().map(|place| Case { sentenced_in: Some(place), ..*case }).collect(),
        "transfer.from" => {
            let transfer = case.transfer.expect("a transfer");
            each_area()
                .filter(|place| *place != transfer.to)
                .map(|place| Case { transfer: Some(Transfer { from: Some(place), ..transfer }), ..*case })
                .collect()
        }
        "transfer.state" => {
            let transfer = case.transfer.expect("a transfer");
            let all = TransferState::ALL.iter();
            all.map(|(state, _)| Case {
                transfer: Some(Transfer { state: Some(*state), ..transfer }),
                ..*case
            })
            .collect()
        }
        other => panic!("{other} is not asked for"),
    }
}

/// Every way in which the facts can be given, in an order that `seed` mixes, at most so many.
fn ways(case: &Case, facts: &[&'static str], seed: usize, most: usize) -> Vec<Case> {
    let mut ways = vec![*case];
    for fact in facts {
        ways = ways.iter().flat_map(|way| given(way, fact)).collect();
    }
    // A step that is prime to every number of ways here: they are products of 2, 3 and 5.
    let (count, step) = (ways.len(), 7_919);
    (0..count.min(most)).map(|index| ways[(seed + index * step) % count]).collect()
}

/// Whether some two values of the fact lead apart, the other facts being given some way.
fn matters(case: &Case, fact: &'static str, facts: &[&'static str], seed: usize) -> bool {
    let others: Vec<_> = facts.iter().copied().filter(|other| *other != fact).collect();
    ways(case, &others, seed, usize::MAX).iter().any(|way| {
        let mut ends = given(way, fact).into_iter().map(|given| {
            let decision = decided(&given);
            (decision.outcome, decision.manager)
        });
        let first = ends.next();
        ends.any(|end| Some(end) != first)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_case_has_one_outcome_and_what_belongs_to_it(shown in prop_oneof![any_case(), sound_case()]) {
        let decision = decided(&shown.0);
        prop_assert_eq!(decision.manager.is_some(), decision.outcome == Outcome::Managed);
        prop_assert_eq!(decision.facts.is_some(), decision.outcome == Outcome::Managed);
        let is_open = matches!(decision.outcome, Outcome::NeedsFacts | Outcome::Refused);
        prop_assert_eq!(is_open, !decision.problems.is_empty());
        // What the refusals stop is not looked at any further.
        prop_assert_eq!(decision.decided_by.is_none(), decision.considered.is_empty());
        prop_assert!(decision.outcome == Outcome::Refused || decision.decided_by.is_some());
        prop_assert!(decision.pending.is_none() || decision.manager.is_some());
        if let Some(manager) = decision.manager {
            prop_assert_eq!(manager.area, decision.area);
            prop_assert!(manager.area.is_some() || !is_of_an_area(manager.role));
        }
    }

    #[test]
    fn of_a_sound_case_only_a_rejected_escalation_at_high_risk_is_refused(shown in sound_case()) {
        let decision = decided(&shown.0);
        if decision.outcome == Outcome::Refused {
            let codes: Vec<_> = decision.problems.iter().map(|problem| problem.code).collect();
            prop_assert_eq!(codes, vec!["ROSH_CONTRADICTS_REVIEW"]);
            prop_assert_eq!(shown.0.escalation, Some(Escalation::Rejected));
            prop_assert!(shown.0.risk >= Some(RiskOfSeriousHarm::High));
        }
    }

    #[test]
    fn nobody_manages_before_their_organisation_exists_or_after_it_ends(
        shown in prop_oneof![any_case(), sound_case()],
    ) {
        let case = &shown.0;
        let decision = decided(case);
        let reformed = first_reformed_day(case.calendar);
        let pending = decision.pending.map(|pending| pending.to.role);
        for role in role(&decision).into_iter().chain(pending) {
            prop_assert!(case.on >= day("2010-04-01") && case.on <= day("2021-06-25"));
            match role {
                BodyRole::Trust => prop_assert!(case.on < reformed),
                BodyRole::Division | BodyRole::Company => prop_assert!(case.on >= reformed),
                BodyRole::Police | BodyRole::YouthOffendingTeam | BodyRole::HealthService => {}
            }
        }
    }

    #[test]
    fn adding_a_fact_changes_the_manager_only_where_a_rule_named_the_fact(
        shown in sound_case(),
        other in sound_case(),
    ) {
        let before = decided(&shown.0);
        if before.manager.is_some() {
            for (fact, case) in each_added(&shown.0, &other.0) {
                let after = decided(&case);
                if after.manager.is_some() && after.manager != before.manager {
                    prop_assert!(
                        named(&before).contains(fact),
                        "{} turns {:?} by {:?} into {:?} by {:?}",
                        fact, before.manager, rule(&before), after.manager, rule(&after)
                    );
                }
            }
        }
    }

    // Out of Wales after its reunion the NPS case of a low risk is a company's, and into Wales it is the other way
    // round; whether facts are missing hangs on the area only there, too.
    #[test]
    fn moving_changes_the_kind_of_manager_only_across_the_border_of_wales_after_its_reunion(
        shown in sound_case(),
        from in areas(),
        to in areas(),
        is_by_transfer in any::<bool>(),
    ) {
        let at = |area| Some(Residence::At(Place::In(area)));
        let here = Case { residence: at(from), transfer: None, ..shown.0 };
        let accepted = Transfer { from: None, to: Place::In(to), state: Some(TransferState::Accepted) };
        let there = if is_by_transfer {
            Case { transfer: Some(accepted), ..here }
        } else {
            Case { residence: at(to), ..here }
        };
        let (before, after) = (decided(&here), decided(&there));
        prop_assert_eq!(before.area, Some(from));
        prop_assert_eq!(after.area, Some(to));
        let is_out_of_wales = from.in_wales && !to.in_wales;
        let is_into_wales = !from.in_wales && to.in_wales;
        let is_reunited = here.on >= day("2019-12-01");
        match (role(&before), role(&after)) {
            (Some(BodyRole::Division), Some(BodyRole::Company)) => prop_assert!(is_out_of_wales && is_reunited),
            (Some(BodyRole::Company), Some(BodyRole::Division)) => prop_assert!(is_into_wales && is_reunited),
            (Some(one), Some(other)) => prop_assert_eq!(one, other),
            (None, None) => prop_assert_eq!(before.outcome, after.outcome),
            _ => prop_assert!(is_reunited && (is_out_of_wales || is_into_wales)),
        }
    }

    #[test]
    fn graver_facts_never_turn_a_case_of_the_nps_into_one_of_the_company(
        shown in sound_case(),
        other in sound_case(),
    ) {
        let graver = made_graver(&shown.0, &other.0);
        prop_assert_eq!(graver.supervision, shown.0.supervision);
        prop_assert_eq!(graver.escalation, shown.0.escalation);
        if role(&decided(&shown.0)) == Some(BodyRole::Division) {
            prop_assert_ne!(role(&decided(&graver)), Some(BodyRole::Company));
        }
    }

    #[test]
    fn the_calendars_differ_in_april_and_may_2014_only(shown in prop_oneof![any_case(), sound_case()]) {
        let case = shown.0;
        let (one, other) = (decided(&case), decided(&Case { calendar: case.calendar.other(), ..case }));
        if case.on < day("2014-04-01") || case.on > day("2014-05-31") {
            prop_assert_eq!(one, other);
        }
    }

    #[test]
    fn the_same_case_is_decided_the_same_way(shown in prop_oneof![any_case(), sound_case()]) {
        prop_assert_eq!(decided(&shown.0), decide(&Tables::default(), &shown.0));
    }

    // A given level is refused of somebody who is not eligible and level 1 of category 3, so that the category
    // matters there, too: a refusal is an outcome here.
    #[test]
    fn what_is_asked_for_settles_the_case_and_each_of_it_matters(shown in sound_case(), seed in 0..1_000_usize) {
        settles_and_matters(&shown.0, seed)?;
    }

    // Most of what goes wrong with places goes wrong on the move, and in Wales after its reunion.
    #[test]
    fn what_is_asked_for_of_a_move_settles_it_too(
        shown in sound_case(),
        transfer in transfers(true),
        on in days(),
        seed in 0..1_000_usize,
    ) {
        let on = on.max(day("2014-06-01"));
        settles_and_matters(&made_sound(Case { on, transfer, ..shown.0 }), seed)?;
    }
}

fn settles_and_matters(case: &Case, seed: usize) -> Result<(), TestCaseError> {
    let facts = missing(&decided(case));
    for way in ways(case, &facts, seed, 12) {
        let still = missing(&decided(&way));
        prop_assert!(still.is_empty(), "{:?} then {:?} of {:?}", facts, still, Shown(way));
    }
    for fact in &facts {
        prop_assert!(matters(case, fact, &facts, seed), "{} of {:?} does not matter", fact, facts);
    }
    Ok(())
}

/// The case in which a property once failed: whichever way it goes, it is a move inside Wales after its reunion.
#[test]
fn of_a_move_inside_wales_only_what_matters_is_asked_for() {
    let transfer = Transfer { from: Some(Place::In(area(4))), to: Place::In(area(3)), state: None };
    let case = Case {
        transfer: Some(transfer),
        supervision: Some(Supervision::CommunityOrder),
        ..Case::on(day("2019-12-01"), Calendar::Published)
    };
    assert_eq!(missing(&decided(&case)), ["age", "transfer.state"]);
    // Out of England it is the risk and the category, too.
    let from_england = Transfer { from: Some(Place::In(area(0))), ..transfer };
    let case = Case { transfer: Some(from_england), ..case };
    let asked = ["age", "mappaCategory", "riskOfSeriousHarm", "transfer.state"];
    assert_eq!(missing(&decided(&case)), asked);
}

#[test]
fn all_that_is_missing_of_a_move_is_asked_for_at_once() {
    let known = Case {
        age: Some(40),
        supervision: Some(Supervision::CommunityOrder),
        risk: Some(RiskOfSeriousHarm::Low),
        category: Some(MappaCategory::NotEligible),
        ..Case::on(day("2014-11-01"), Calendar::Published)
    };
    let to = Place::In(area(1));
    let moving = |from, state| Some(Transfer { from, to, state });
    let asked = |case: Case| missing(&decided(&case));
    assert_eq!(asked(Case { transfer: moving(None, None), ..known }), ["transfer.state", "transfer.from"]);
    let at_the_new_address = Some(Residence::At(to));
    let case = Case { residence: at_the_new_address, transfer: moving(None, None), ..known };
    assert_eq!(asked(case), ["transfer.state", "transfer.from"]);
    assert_eq!(
        asked(Case { transfer: moving(None, Some(TransferState::Requested)), ..known }),
        ["transfer.from"]
    );
    // Nobody moves to where they are: how far that has come makes no difference.
    assert!(asked(Case { transfer: moving(Some(to), None), ..known }).is_empty());
}

#[test]
fn a_rule_of_wales_is_open_while_the_area_is_unknown() {
    let case = Case {
        age: Some(40),
        supervision: Some(Supervision::CommunityOrder),
        risk: Some(RiskOfSeriousHarm::Low),
        category: Some(MappaCategory::NotEligible),
        ..Case::on(day("2020-06-01"), Calendar::Published)
    };
    let decision = decided(&case);
    let wales = decision.considered.iter().find(|finding| finding.rule == "R-51").expect("the rule");
    assert_eq!((wales.verdict, wales.missing.as_slice()), (Verdict::CannotTell, ["residence"].as_slice()));
    assert_eq!(missing(&decision), ["residence"]);
}

#[test]
fn the_risk_is_asked_for_only_where_the_outcome_hangs_on_it() {
    let risk_needed = |case: &Case| {
        let decision = decided(case);
        decision.considered.iter().find(|finding| finding.rule == "R-10").expect("the rule").verdict
    };
    let case = Case {
        residence: Some(Residence::At(Place::In(area(0)))),
        age: Some(40),
        supervision: Some(Supervision::CommunityOrder),
        category: Some(MappaCategory::NotEligible),
        ..Case::on(day("2014-11-01"), Calendar::Published)
    };
    assert_eq!(risk_needed(&case), Verdict::CannotTell);
    assert_eq!(
        risk_needed(&Case { category: Some(MappaCategory::Category2), ..case }),
        Verdict::DoesNotApply
    );
    assert_eq!(risk_needed(&Case { age: Some(17), ..case }), Verdict::DoesNotApply);
    assert_eq!(risk_needed(&Case { on: day("2012-11-01"), ..case }), Verdict::DoesNotApply);
}

/// Days around every beginning and end of an organisation that manages.
const EDGES: [&str; 10] = [
    "2010-04-01",
    "2014-03-31",
    "2014-04-01",
    "2014-05-31",
    "2014-06-01",
    "2014-10-31",
    "2014-11-01",
    "2019-11-30",
    "2019-12-01",
    "2021-06-25",
];

#[test]
fn a_manager_that_is_named_exists_on_the_day_in_every_area() {
    let loaded = TestService::shared().live.current().expect("a directory");
    let directory = &loaded.directory;
    let areas = directory.bodies(BodyKind::MappaArea);
    assert_eq!(areas.len(), 42);
    for on in EDGES.map(day) {
        for calendar in [Calendar::Published, Calendar::Operational] {
            let view = directory.view(on, calendar);
            for (area, category) in
                areas.iter().flat_map(|area| MappaCategory::ALL.iter().map(move |c| (*area, c.0)))
            {
                let slug = directory.body(area).identity.slug.clone();
                let places = Places {
                    residence: Some(ResidenceAsked::At(Asked::MappaArea(slug.clone()))),
                    ..Places::default()
                };
                let case = Case {
                    age: Some(30),
                    supervision: Some(Supervision::CommunityOrder),
                    risk: Some(RiskOfSeriousHarm::Low),
                    category: Some(category),
                    ..Case::on(on, calendar)
                };
                let route = view.route(&TABLES, case, &places);
                let manager = route.manager.expect("a manager").body.expect("a body that is known by name");
                let period = view.period(manager).expect("a period");
                assert!(period.in_force, "{slug} on {on} {calendar:?}: {}", view.plain_name(manager));
            }
        }
    }
}
