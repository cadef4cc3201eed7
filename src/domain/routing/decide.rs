//! Running the tables: refusals first, then the place, then who manages, with everything that was considered.
//!
//! An absent fact is never read as "no". A case is completed with every value that its absent facts can have
//! without contradiction; only where all of them lead to the same manager is there a decision, and otherwise
//! exactly those facts are asked for on which the manager hangs. What a reader should be warned of is left to `warnings`.

use super::Tables;
use super::facts::Facts;
use super::place::{Placed, placed};
use super::refuse::{RefuseRow, is_consistent};
use super::rule::{BodyRole, Destination, ManagerRow, Rule, Table};
use super::values::{ADULT_AGE, WALES_REUNION};
use super::warnings::warnings;
use crate::domain::case::{
    Area, Case, Escalation, MappaCategory, MappaLevel, RiskOfSeriousHarm, Supervision, Transfer,
    TransferState,
};
use crate::domain::source::Basis;

/// What becomes of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Somebody manages it.
    Managed,
    /// Nobody supervises.
    NotSupervised,
    /// Facts are missing on which the manager hangs.
    NeedsFacts,
    /// Not recorded for the day.
    NotRecorded,
    /// The facts were refused.
    Refused,
}

/// What one rule says of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It applies.
    Applies,
    /// It does not apply.
    DoesNotApply,
    /// It may apply: facts are missing.
    CannotTell,
}

/// A rule with what it says and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Id of the rule.
    pub rule: &'static str,
    /// What it says.
    pub verdict: Verdict,
    /// Why.
    pub because: &'static str,
    /// Facts on which it hangs.
    pub missing: Vec<&'static str>,
}

/// What keeps a case from a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Its code.
    pub code: &'static str,
    /// The field at fault or missing.
    pub field: &'static str,
    /// Id of the rule.
    pub rule: &'static str,
    /// What is wrong, and what would be acceptable.
    pub message: &'static str,
}

/// A manager: a kind of body, and the area whose body it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Manager {
    /// The kind.
    pub role: BodyRole,
    /// The area; none where the body is known by kind only and no place was given.
    pub area: Option<Area>,
}

/// A move that is not decided yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pending {
    /// Who would manage.
    pub to: Manager,
    /// The rule that says so.
    pub rule: &'static str,
    /// What kind of move.
    pub kind: PendingKind,
}

/// What kind of move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PendingKind {
    /// From the company to the NPS.
    Escalation,
    /// To another area.
    Transfer,
}

/// A decision with its whole trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What becomes of the case.
    pub outcome: Outcome,
    /// Who manages.
    pub manager: Option<Manager>,
    /// A move that is not decided yet.
    pub pending: Option<Pending>,
    /// The area that counts.
    pub area: Option<Area>,
    /// The rule that decides or, where facts are missing, the first whose verdict is open.
    pub decided_by: Option<Finding>,
    /// The rule that says which area counts.
    pub placed_by: Option<Finding>,
    /// Later rules with the same destination that also hold.
    pub also_holds: Vec<Finding>,
    /// Every rule of the manager table in order.
    pub considered: Vec<Finding>,
    /// What a reader should be warned of.
    pub warnings: Vec<Finding>,
    /// What keeps the case from a decision.
    pub problems: Vec<Problem>,
    /// The facts as they were completed, where somebody manages.
    pub facts: Option<Facts>,
}

/// The rule that asks for the risk; it reads what was given and not its value, so that it is no row with a condition.
pub const RISK_NEEDED: Rule = Rule {
    id: "R-10",
    table: Table::Manager,
    title: "The risk of serious harm must be assessed before an adult's case can be allocated",
    source: "own reading",
    basis: Basis::Assumption,
    from: Some(super::values::RESTRUCTURE.value),
    until: None,
};

/// Why the risk is asked for.
pub const RISK_DECIDES: &str = "the risk of serious harm decides between the NPS and the company";

const RISK: &str = "riskOfSeriousHarm";

/// The rule that every missing fact is asked for under, where no other names it.
const MISSING: &str = "The outcome hangs on this fact: give it.";

/// Facts of the person that are asked for, by the names of their fields, each with the most values that it has here.
const ASKED: [(&str, usize); 4] = [
    ("age", 2),
    ("supervision", Supervision::ALL.len()),
    ("mappaCategory", MappaCategory::ALL.len()),
    (RISK, RiskOfSeriousHarm::ALL.len()),
];

/// Facts on which something can hang: those of the person and, as one, those of the place.
const HINGES: usize = ASKED.len() + 1;

/// One way in which the absent facts can be, with what follows.
struct Completion {
    /// Which value each fact has, as an index among its values; the last is whether the area lies in Wales.
    values: [usize; HINGES],
    facts: Facts,
    /// The first row that applies.
    row: usize,
    /// What follows: what the row leads to, or a refusal where the values contradict a level that was given.
    to: Destination,
}

/// Decides a case.
pub fn decide(tables: &Tables, case: &Case) -> Decision {
    let mut decision = Decision {
        outcome: Outcome::Refused,
        manager: None,
        pending: None,
        area: None,
        decided_by: None,
        placed_by: None,
        also_holds: Vec::new(),
        considered: Vec::new(),
        warnings: Vec::new(),
        problems: refusals(tables, case),
        facts: None,
    };
    if !decision.problems.is_empty() {
        return decision;
    }
    let placed = placed(&tables.place, case);
    decision.placed_by = placed.as_ref().map(placing);
    decision.area = placed.as_ref().and_then(|placed| placed.area);
    let completions = completions(tables, case, &lands(case, placed.as_ref()));
    let hinges = hinges(&completions, |completion| completion.to);
    decision.considered = considered(tables, &completions, hinges, placed.as_ref());
    settle(tables, case, &completions, hinges, &mut decision);
    decision
}

fn placing(placed: &Placed<'_>) -> Finding {
    let verdict = if placed.missing.is_empty() { Verdict::Applies } else { Verdict::CannotTell };
    let missing = placed.missing.clone();
    Finding { rule: placed.row.rule.id, verdict, because: placed.row.because, missing }
}

/// Whether the area lies in Wales, as it can be. Before the reunion no rule asks.
fn lands(case: &Case, placed: Option<&Placed<'_>>) -> Vec<bool> {
    match placed {
        Some(placed) if placed.area.is_some() || case.on >= WALES_REUNION.value => placed.in_wales.clone(),
        _ => vec![false],
    }
}

fn refusals(tables: &Tables, case: &Case) -> Vec<Problem> {
    let problem =
        |row: &RefuseRow, field| Problem { code: row.code, field, rule: row.rule.id, message: row.message };
    let rows = tables.refuse.iter();
    rows.flat_map(|row| (row.faults)(case).into_iter().map(move |field| problem(row, field))).collect()
}

/// Values that a fact can have: the one given, or all.
fn values<T: Copy>(given: Option<T>, all: &[(T, &'static str)]) -> Vec<T> {
    given.map_or_else(|| all.iter().map(|(value, _)| *value).collect(), |value| vec![value])
}

fn completions(tables: &Tables, case: &Case, lands: &[bool]) -> Vec<Completion> {
    // On either side of 18 every rule says the same of every age.
    let ages = case.age.map_or_else(|| vec![ADULT_AGE.value - 1, ADULT_AGE.value], |age| vec![age]);
    let supervisions = values(case.supervision, Supervision::ALL);
    let derived = case.category.or((case.registered == Some(true)).then_some(MappaCategory::Category1));
    let categories = values(derived, MappaCategory::ALL);
    let risks = values(case.risk, RiskOfSeriousHarm::ALL);
    let of_each_risk = ages.len() * supervisions.len() * categories.len() * lands.len();
    let mut completions = Vec::with_capacity(of_each_risk * risks.len());
    for (a, age) in ages.iter().enumerate() {
        for (s, supervision) in supervisions.iter().enumerate() {
            for (c, category) in categories.iter().enumerate() {
                let is_given = case.supervision.is_some() && derived.is_some();
                if !is_given && !is_consistent(&tables.refuse, case, *supervision, None, *category) {
                    continue;
                }
                // A level without a category is not refused: it asks for the category.
                let contradicts_level =
                    !is_consistent(&tables.refuse, case, *supervision, case.level, *category);
                for (r, risk) in risks.iter().enumerate() {
                    for (w, in_wales) in lands.iter().enumerate() {
                        let facts = facts(case, *in_wales, *age, *supervision, *category, *risk);
                        let (row, to) = followed(tables, &facts, contradicts_level);
                        completions.push(Completion { values: [a, s, c, r, w], facts, row, to });
                    }
                }
            }
        }
    }
    completions
}

/// The first row that applies, and what follows.
fn followed(tables: &Tables, facts: &Facts, contradicts_level: bool) -> (usize, Destination) {
    // The last rows between them take every case that is left.
    let last = tables.manager.len() - 1;
    let row = tables.manager.iter().position(|row| (row.when)(facts)).unwrap_or(last);
    let to = match tables.manager[row].to {
        Destination::NotRecorded => Destination::NotRecorded,
        _ if contradicts_level => Destination::Refused,
        to => to,
    };
    (row, to)
}

fn facts(
    case: &Case,
    in_wales: bool,
    age: i32,
    supervision: Supervision,
    category: MappaCategory,
    risk: RiskOfSeriousHarm,
) -> Facts {
    let is_level_1_by_default = matches!(category, MappaCategory::Category1 | MappaCategory::Category2);
    Facts {
        day: case.calendar.structural_day(case.on),
        on: case.on,
        age,
        supervision,
        sentence_months: case.sentence_months,
        risk,
        category,
        level: case.level.or(is_level_1_by_default.then_some(MappaLevel::Level1)),
        rsr_hundredths: case.rsr_hundredths,
        escalation: case.escalation.unwrap_or(Escalation::None),
        nps_earlier: case.nps_earlier.unwrap_or(false),
        deportation: case.deportation.unwrap_or(false),
        terrorism: case.terrorism.unwrap_or(false),
        public_interest: case.public_interest.unwrap_or(false),
        most_serious: case.most_serious.unwrap_or(false),
        in_wales,
    }
}

/// Whether a property hangs on each fact: some two completions that differ in that fact alone differ in the property.
///
/// Linear in the completions: those that differ in one fact alone share a place once that fact is left out.
fn hinges<P: PartialEq + Copy>(
    completions: &[Completion],
    property: impl Fn(&Completion) -> P,
) -> [bool; HINGES] {
    let found: Vec<P> = completions.iter().map(property).collect();
    let size = |fact: usize| ASKED.get(fact).map_or(2, |(_, size)| *size);
    let places: usize = (0..HINGES).map(size).product();
    std::array::from_fn(|fact| {
        let mut first: Vec<Option<P>> = vec![None; places];
        completions.iter().zip(&found).any(|(completion, found)| {
            let others = (0..HINGES).filter(|of| *of != fact);
            let place = others.fold(0, |place, of| place * size(of) + completion.values[of]);
            first[place].replace(*found).is_some_and(|before| before != *found)
        })
    })
}

/// The names of facts on which something hangs.
fn names(hinges: [bool; HINGES], placed: Option<&Placed<'_>>) -> Vec<&'static str> {
    let asked = ASKED.iter().zip(hinges).filter(|(_, hangs)| *hangs).map(|((name, _), _)| *name);
    let of_place = placed.filter(|_| hinges[HINGES - 1]).map(|placed| placed.missing.as_slice());
    asked.chain(of_place.unwrap_or_default().iter().copied()).collect()
}

fn considered(
    tables: &Tables,
    completions: &[Completion],
    outcome: [bool; HINGES],
    placed: Option<&Placed<'_>>,
) -> Vec<Finding> {
    let mut findings = Vec::with_capacity(tables.manager.len() + 1);
    for row in &tables.manager {
        if row.rule.id == "R-20" {
            findings.push(risk_needed(outcome));
        }
        let holding = completions.iter().filter(|completion| (row.when)(&completion.facts)).count();
        let verdict = match holding {
            0 => Verdict::DoesNotApply,
            all if all == completions.len() => Verdict::Applies,
            _ => Verdict::CannotTell,
        };
        let missing = match verdict {
            Verdict::CannotTell => {
                names(hinges(completions, |completion| (row.when)(&completion.facts)), placed)
            }
            Verdict::Applies | Verdict::DoesNotApply => Vec::new(),
        };
        findings.push(Finding { rule: row.rule.id, verdict, because: row.because, missing });
    }
    findings
}

/// The rule that asks for the risk: open where the outcome hangs on it.
fn risk_needed(outcome: [bool; HINGES]) -> Finding {
    let is_needed = ASKED.iter().zip(outcome).any(|((name, _), hangs)| hangs && *name == RISK);
    Finding {
        rule: RISK_NEEDED.id,
        verdict: if is_needed { Verdict::CannotTell } else { Verdict::DoesNotApply },
        because: RISK_DECIDES,
        missing: if is_needed { vec![RISK] } else { Vec::new() },
    }
}

fn settle(
    tables: &Tables,
    case: &Case,
    completions: &[Completion],
    outcome: [bool; HINGES],
    decision: &mut Decision,
) {
    let Some(first) = completions.first() else {
        // No value of the absent facts fits those that were given.
        decision.problems.push(Problem {
            code: "FACT_MISSING",
            field: "mappaCategory",
            rule: "R-03",
            message: MISSING,
        });
        decision.outcome = Outcome::NeedsFacts;
        return;
    };
    let to = first.to;
    if completions.iter().any(|completion| completion.to != to) {
        ask(completions, outcome, decision);
        return;
    }
    let deciding = deciding_row(tables, completions, to);
    decision.decided_by = finding_of(decision, tables.manager[deciding].rule.id);
    match to {
        Destination::NotRecorded => decision.outcome = Outcome::NotRecorded,
        Destination::NotSupervised => decision.outcome = Outcome::NotSupervised,
        Destination::Unclear => {
            decision.outcome = Outcome::NeedsFacts;
            decision.problems.push(Problem {
                code: "CATEGORY_2_BASIS_UNCLEAR",
                field: "supervision",
                rule: "R-08",
                message: tables.manager[deciding].because,
            });
        }
        Destination::Refused => {
            decision.outcome = Outcome::Refused;
            decision.problems.push(Problem {
                code: "ROSH_CONTRADICTS_REVIEW",
                field: "escalation",
                rule: tables.manager[deciding].rule.id,
                message: tables.manager[deciding].because,
            });
        }
        Destination::Managed(role) => manage(tables, case, completions, role, deciding, decision),
    }
}

/// The first row known to hold that leads to the destination.
fn deciding_row(tables: &Tables, completions: &[Completion], to: Destination) -> usize {
    let holds = |row: &ManagerRow| completions.iter().all(|completion| (row.when)(&completion.facts));
    tables.manager.iter().position(|row| row.to == to && holds(row)).unwrap_or(completions[0].row)
}

fn finding_of(decision: &Decision, rule: &str) -> Option<Finding> {
    decision.considered.iter().find(|finding| finding.rule == rule).cloned()
}

/// Asks for every fact on which the manager hangs, and for no other.
fn ask(completions: &[Completion], outcome: [bool; HINGES], decision: &mut Decision) {
    decision.outcome = Outcome::NeedsFacts;
    // Where no row is open the category hangs on nothing but the level that was given.
    let by_level = || Finding {
        rule: "R-03",
        verdict: Verdict::CannotTell,
        because: "a level was given, and not whether the person is MAPPA-eligible",
        missing: vec!["mappaCategory"],
    };
    let open = decision.considered.iter().find(|finding| finding.verdict == Verdict::CannotTell);
    decision.decided_by = Some(open.cloned().unwrap_or_else(by_level));
    let rule = decision.decided_by.as_ref().map_or(RISK_NEEDED.id, |finding| finding.rule);
    for field in names(outcome, None) {
        let rule = if field == RISK { RISK_NEEDED.id } else { rule };
        decision.problems.push(Problem { code: "FACT_MISSING", field, rule, message: MISSING });
    }
    if let Some(Finding { missing, rule, .. }) = &decision.placed_by {
        let is_needed = completions.iter().any(|completion| needs_area(completion.to));
        for field in missing.iter().filter(|_| is_needed) {
            decision.problems.push(Problem { code: "FACT_MISSING", field, rule, message: MISSING });
        }
    }
}

/// Whether the body cannot be told without the area.
fn needs_area(to: Destination) -> bool {
    matches!(
        to,
        Destination::Managed(BodyRole::Trust | BodyRole::Division | BodyRole::Company | BodyRole::Police)
    )
}

fn manage(
    tables: &Tables,
    case: &Case,
    completions: &[Completion],
    role: BodyRole,
    deciding: usize,
    decision: &mut Decision,
) {
    let to = Destination::Managed(role);
    if decision.area.is_none() && needs_area(to) {
        decision.outcome = Outcome::NeedsFacts;
        if let Some(placed) = decision.placed_by.clone() {
            decision.decided_by = Some(placed.clone());
            for field in placed.missing {
                decision.problems.push(Problem {
                    code: "FACT_MISSING",
                    field,
                    rule: placed.rule,
                    message: MISSING,
                });
            }
        }
        return;
    }
    decision.outcome = Outcome::Managed;
    decision.manager = Some(Manager { role, area: decision.area });
    decision.facts = Some(completions[0].facts);
    let later = tables.manager.iter().skip(deciding + 1).filter(|row| row.to == to).map(|row| row.rule.id);
    decision.also_holds = later
        .filter_map(|id| decision.considered.iter().find(|finding| finding.rule == id))
        .filter(|finding| finding.verdict == Verdict::Applies)
        .cloned()
        .collect();
    decision.pending = pending(tables, case, role, decision.area);
    decision.warnings = warnings(case, &completions[0].facts, role);
}

fn pending(tables: &Tables, case: &Case, role: BodyRole, area: Option<Area>) -> Option<Pending> {
    // An escalation is settled before a transfer, and by the sending division.
    if case.escalation == Some(Escalation::Referred) && role == BodyRole::Company {
        let to = Manager { role: BodyRole::Division, area };
        return Some(Pending { to, rule: "R-29", kind: PendingKind::Escalation });
    }
    let transfer = case.transfer?;
    let is_open = transfer.state == Some(TransferState::Requested);
    transfer.to.area().filter(|to| is_open && Some(*to) != area)?;
    // Whoever would manage once the receiving area has accepted, by the same tables.
    let accepted = Transfer { state: Some(TransferState::Accepted), ..transfer };
    let to = decide(tables, &Case { transfer: Some(accepted), ..*case }).manager?;
    Some(Pending { to, rule: "R-34", kind: PendingKind::Transfer })
}
