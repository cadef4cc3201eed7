//! THE PLACE TABLE: which area counts. Read from the top; the first row that applies decides.

use super::rule::{Rule, Table};
use crate::domain::case::{Area, Case, Place, Residence, Transfer, TransferState};
use crate::domain::source::Basis;

/// What a row of the place table says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placing {
    /// This area counts.
    Area(Area),
    /// This fact must be known first.
    Needs(&'static str),
}

/// A row: what it says of a case; none where it does not apply.
#[derive(Clone, Copy)]
pub struct PlaceRow {
    /// The rule.
    pub rule: Rule,
    /// What it says.
    pub says: &'static (dyn Fn(&Case) -> Option<Placing> + Sync),
    /// Why, in a sentence.
    pub because: &'static str,
}

const fn rule(id: &'static str, title: &'static str, source: &'static str, basis: Basis) -> Rule {
    Rule { id, table: Table::Place, title, source, basis, from: None, until: None }
}

fn known(place: Option<Place>) -> Option<Area> {
    place.and_then(Place::area)
}

fn home(case: &Case) -> Option<Area> {
    match case.residence? {
        Residence::At(place) | Residence::UsuallyFoundIn(place) => place.area(),
        Residence::NoFixedAbode => known(case.sentenced_in),
    }
}

/// The table, in order.
pub const PLACE: &[PlaceRow] = &[
    PlaceRow {
        rule: rule(
            "R-35",
            "An accepted transfer moves the case, its area and its board to the receiving area",
            "P3; the level stands until the receiving area reviews it (assumption)",
            Basis::Published,
        ),
        says: &|case: &Case| {
            let transfer = case.transfer?;
            let is_accepted = transfer.state == Some(TransferState::Accepted);
            transfer.to.area().filter(|_| is_accepted).map(Placing::Area)
        },
        because: "the receiving area accepted the transfer",
    },
    PlaceRow {
        rule: rule(
            "R-34",
            "While a transfer is only requested the sending area keeps the case, its area and its board",
            "P3",
            Basis::Unconfirmed,
        ),
        says: &|case: &Case| {
            let transfer = case.transfer?;
            if let Some(from) = known(transfer.from) {
                return Some(Placing::Area(from));
            }
            // A residence that is already the new address does not tell who sends.
            let sender = home(case).filter(|area| transfer.to.area() != Some(*area));
            Some(sender.map_or(Placing::Needs("transfer.from"), Placing::Area))
        },
        because: "the transfer is requested and not accepted, so the sending area keeps the case",
    },
    PlaceRow {
        rule: rule(
            "R-32",
            "The area of residence counts, wherever the sentence was passed",
            "P15 ch. 17",
            Basis::Unconfirmed,
        ),
        says: &|case: &Case| match case.residence {
            Some(Residence::At(place)) => place.area().map(Placing::Area),
            _ => None,
        },
        because: "the person lives there",
    },
    PlaceRow {
        rule: rule(
            "R-33",
            "With no fixed abode: where the person is usually found, else the sentencing court's area",
            "own reading",
            Basis::Assumption,
        ),
        says: &|case: &Case| match case.residence {
            Some(Residence::UsuallyFoundIn(place)) => place.area().map(Placing::Area),
            Some(Residence::NoFixedAbode) => {
                Some(known(case.sentenced_in).map_or(Placing::Needs("sentencedIn"), Placing::Area))
            }
            _ => None,
        },
        because: "the person has no fixed abode",
    },
    PlaceRow {
        rule: rule(
            "R-36",
            "Without a residence no area counts",
            "founding document; P8; P23",
            Basis::FoundingDocument,
        ),
        says: &|case: &Case| case.residence.is_none().then_some(Placing::Needs("residence")),
        because: "the residence is not given",
    },
];

/// What the table says of a case.
pub struct Placed<'r> {
    /// The row that decides.
    pub row: &'r PlaceRow,
    /// The area that counts; none where facts are missing.
    pub area: Option<Area>,
    /// Every fact of place on which the area hangs.
    pub missing: Vec<&'static str>,
    /// Whether the area lies in Wales, as it can be.
    pub in_wales: Vec<bool>,
}

/// What the table says of a case; none only where a place could not be looked up.
///
/// A transfer of which nobody says how far it has come is placed both ways, so that all that is missing is asked for
/// at once, and its state only where the area hangs on it.
pub fn placed<'r>(rows: &'r [PlaceRow], case: &Case) -> Option<Placed<'r>> {
    match case.transfer {
        Some(transfer @ Transfer { state: None, .. }) => {
            let with = |state| Case { transfer: Some(Transfer { state: Some(state), ..transfer }), ..*case };
            let accepted = placed_as_given(rows, &with(TransferState::Accepted))?;
            let requested = placed_as_given(rows, &with(TransferState::Requested))?;
            Some(either(accepted, requested))
        }
        _ => placed_as_given(rows, case),
    }
}

fn placed_as_given<'r>(rows: &'r [PlaceRow], case: &Case) -> Option<Placed<'r>> {
    let (row, says) = rows.iter().find_map(|row| (row.says)(case).map(|says| (row, says)))?;
    Some(match says {
        Placing::Area(area) => {
            Placed { row, area: Some(area), missing: Vec::new(), in_wales: vec![area.in_wales] }
        }
        Placing::Needs(field) => {
            Placed { row, area: None, missing: vec![field], in_wales: vec![false, true] }
        }
    })
}

/// Where a transfer may have been accepted or not.
fn either<'r>(accepted: Placed<'r>, requested: Placed<'r>) -> Placed<'r> {
    if accepted.area.is_some() && accepted.area == requested.area {
        return requested;
    }
    let mut missing = vec!["transfer.state"];
    missing.extend(accepted.missing.iter().chain(&requested.missing));
    let mut in_wales = [accepted.in_wales, requested.in_wales].concat();
    in_wales.sort_unstable();
    in_wales.dedup();
    missing.dedup();
    Placed { row: accepted.row, area: None, missing, in_wales }
}
