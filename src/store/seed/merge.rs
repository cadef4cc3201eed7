//! The three-way merge: what the last seed said, what the new one says, what administrators made of it.
//!
//! Pure. An edited fact wins, and the disagreement is listed.

use super::files::Row;
use super::relations::Relation;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap, HashSet};

/// A fact with its content, in the columns of its seed file.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    /// Number of the fact.
    pub fact: i64,
    /// Its content.
    pub content: Value,
}

/// What the last seed said, by key.
pub type Base = BTreeMap<String, Known>;

/// A fact on which the new seed and an administrator disagree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The seed file's relation.
    pub relation: &'static str,
    /// Key of the fact in it.
    pub key: String,
    /// What happened, in words.
    pub reason: &'static str,
}

/// A fact under its key and number.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Key in the seed file.
    pub key: String,
    /// Number of the fact.
    pub fact: i64,
    /// Content that the new seed gives.
    pub content: Value,
}

/// What is to be done for one relation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// New facts by key.
    pub insert: Vec<(String, Value)>,
    /// Facts to close and write anew under the same number.
    pub replace: Vec<Item>,
    /// Facts to close.
    pub close: Vec<(String, i64)>,
    /// Facts that stay as they are, while the common ancestor moves on.
    pub seed_only: Vec<Item>,
    /// Keys whose old ancestor is to be closed.
    pub seed_close: Vec<String>,
    /// Disagreements; the administrator's version stands.
    pub conflicts: Vec<Conflict>,
}

impl Plan {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        *self == Plan::default()
    }
}

/// Decides what is to be done for one relation.
pub fn plan(relation: &Relation, base: &Base, new: &[Row], known: &[Known]) -> Plan {
    let mut plan = Plan::default();
    let mine: HashMap<i64, &Value> = known.iter().map(|known| (known.fact, &known.content)).collect();
    let mut stated: BTreeMap<String, Value> = BTreeMap::new();
    for row in new {
        stated.insert(relation.key_of(row), row.content());
    }
    let conflict = |plan: &mut Plan, key: &str, reason| {
        plan.conflicts.push(Conflict { relation: relation.name, key: key.to_owned(), reason });
    };
    let moved = moved(relation, base, &stated);
    for (key, ancestor) in
        base.iter().filter(|(key, _)| !stated.contains_key(*key) && !moved.contains_key(*key))
    {
        plan.seed_close.push(key.clone());
        match mine.get(&ancestor.fact) {
            Some(content) if **content == ancestor.content => plan.close.push((key.clone(), ancestor.fact)),
            None => {}
            Some(_) => conflict(&mut plan, key, "the new seed drops a fact that was edited"),
        }
    }
    // What stays whatever the new seed says: a fact of somebody's own, or one that was edited.
    let of_seed = |fact: i64| {
        base.values().any(|ancestor| ancestor.fact == fact && mine.get(&fact) == Some(&&ancestor.content))
    };
    let staying = |content: &Value| {
        known.iter().find(|known| !of_seed(known.fact) && relation.excludes(&known.content, content))
    };
    for (old, ancestor) in base {
        let key = moved.get(old).unwrap_or(old);
        let Some(content) = stated.get(key).filter(|content| **content != ancestor.content) else { continue };
        plan.seed_close.push(old.clone());
        let item = Item { key: key.clone(), fact: ancestor.fact, content: content.clone() };
        match mine.get(&ancestor.fact) {
            Some(mine) if **mine == ancestor.content => match staying(content) {
                None => plan.replace.push(item),
                Some(_) => {
                    conflict(
                        &mut plan,
                        key,
                        "the new seed changes a fact into the place of one that was recorded",
                    );
                    plan.seed_only.push(item);
                }
            },
            Some(mine) if *mine == content => plan.seed_only.push(item),
            Some(_) => {
                conflict(&mut plan, key, "the new seed changes a fact that was edited");
                plan.seed_only.push(item);
            }
            None => {
                conflict(&mut plan, key, "the new seed changes a fact that was closed");
                plan.seed_only.push(item);
            }
        }
    }
    let leaving: Vec<i64> =
        plan.close.iter().map(|(_, fact)| *fact).chain(plan.replace.iter().map(|item| item.fact)).collect();
    let seeded: Vec<i64> = base.values().map(|known| known.fact).collect();
    let settled: HashSet<&String> = moved.values().collect();
    for (key, content) in stated.iter().filter(|(key, _)| !base.contains_key(*key) && !settled.contains(key))
    {
        let same = known.iter().find(|known| known.content == *content && !seeded.contains(&known.fact));
        let rival = known
            .iter()
            .find(|known| !leaving.contains(&known.fact) && relation.excludes(&known.content, content));
        match (same, rival) {
            (Some(same), _) => {
                plan.seed_only.push(Item { key: key.clone(), fact: same.fact, content: content.clone() });
            }
            (None, Some(rival)) => {
                conflict(&mut plan, key, "the new seed adds a fact where another was recorded");
                plan.seed_only.push(Item { key: key.clone(), fact: rival.fact, content: content.clone() });
            }
            (None, None) => plan.insert.push((key.clone(), content.clone())),
        }
    }
    plan
}

/// Old keys with the new ones under which the seed states the same facts.
///
/// A row that leaves while another comes that could not have been true beside it is one fact put right, though
/// what was wrong is part of its key.
fn moved(relation: &Relation, base: &Base, stated: &BTreeMap<String, Value>) -> BTreeMap<String, String> {
    let mut moved = BTreeMap::new();
    for (key, content) in stated.iter().filter(|(key, _)| !base.contains_key(*key)) {
        let left = base.iter().find(|(old, ancestor)| {
            !stated.contains_key(*old)
                && !moved.contains_key(*old)
                && relation.excludes(&ancestor.content, content)
        });
        if let Some((old, _)) = left {
            moved.insert(old.clone(), key.clone());
        }
    }
    moved
}

#[cfg(test)]
mod tests {
    use super::super::relations::RELATIONS;
    use super::*;
    use serde_json::json;

    fn names() -> &'static Relation {
        RELATIONS.iter().find(|relation| relation.name == "names").expect("the relation of names")
    }

    fn content(name: &str, from: &str) -> Value {
        json!({
            "kind": "MAPPA_AREA", "slug": "kent", "usage": "NAME", "name": name, "from": from,
            "last_day": null, "source": "S04", "basis": "PUBLISHED", "note": null,
        })
    }

    fn rows(contents: &[Value]) -> Vec<Row> {
        contents.iter().map(Row::of_content).collect()
    }

    fn key(content: &Value) -> String {
        names().key_of(&Row::of_content(content))
    }

    fn base(content: &Value) -> Base {
        Base::from([(key(content), Known { fact: 7, content: content.clone() })])
    }

    #[test]
    fn the_same_seed_again_does_nothing() {
        let kent = content("Kent", "2001-04-01");
        let known = [Known { fact: 7, content: kent.clone() }];
        assert!(plan(names(), &base(&kent), &rows(std::slice::from_ref(&kent)), &known).is_empty());
    }

    #[test]
    fn an_edited_fact_stands_while_the_seed_stays_as_it_was() {
        let kent = content("Kent", "2001-04-01");
        let known = [Known { fact: 7, content: content("Kent and Medway", "2001-04-01") }];
        assert!(plan(names(), &base(&kent), &rows(std::slice::from_ref(&kent)), &known).is_empty());
    }

    #[test]
    fn an_untouched_fact_follows_the_new_seed() {
        let (mut old, mut new) = (content("Kent", "2001-04-01"), content("Kent", "2001-04-01"));
        old["note"] = json!("old");
        new["note"] = json!("new");
        let known = [Known { fact: 7, content: old.clone() }];
        let plan = plan(names(), &base(&old), &rows(std::slice::from_ref(&new)), &known);
        assert_eq!(plan.replace, [Item { key: key(&new), fact: 7, content: new }]);
        assert!(plan.conflicts.is_empty());
    }

    #[test]
    fn an_edited_fact_wins_over_a_new_seed_and_is_listed_once() {
        let (mut old, mut new, mut mine) =
            (content("Kent", "2001-04-01"), content("Kent", "2001-04-01"), content("Kent", "2001-04-01"));
        old["note"] = json!("old");
        new["note"] = json!("new");
        mine["note"] = json!("mine");
        let known = [Known { fact: 7, content: mine }];
        let first = plan(names(), &base(&old), &rows(std::slice::from_ref(&new)), &known);
        assert_eq!(first.conflicts.len(), 1);
        assert!(first.replace.is_empty() && first.insert.is_empty() && first.close.is_empty());
        assert!(plan(names(), &base(&new), &rows(std::slice::from_ref(&new)), &known).is_empty());
    }

    #[test]
    fn a_fact_that_the_new_seed_drops_is_closed_unless_it_was_edited() {
        let kent = content("Kent", "2001-04-01");
        let untouched = [Known { fact: 7, content: kent.clone() }];
        assert_eq!(plan(names(), &base(&kent), &[], &untouched).close, [(key(&kent), 7)]);
        let edited = [Known { fact: 7, content: content("Kent and Medway", "2001-04-01") }];
        let plan = plan(names(), &base(&kent), &[], &edited);
        assert!(plan.close.is_empty());
        assert_eq!(plan.conflicts.len(), 1);
    }

    #[test]
    fn a_fact_whose_key_was_put_right_keeps_its_number_and_an_edit_of_it_is_listed_once() {
        let (old, new) = (content("Kent", "2001-04-01"), content("Kent and Medway", "2001-04-01"));
        let due = Item { key: key(&new), fact: 7, content: new.clone() };
        let with = |mine: &Value| {
            plan(
                names(),
                &base(&old),
                &rows(std::slice::from_ref(&new)),
                &[Known { fact: 7, content: mine.clone() }],
            )
        };
        assert_eq!(
            with(&old),
            Plan { replace: vec![due.clone()], seed_close: vec![key(&old)], ..Plan::default() }
        );
        assert_eq!(with(&new), Plan { seed_only: vec![due], seed_close: vec![key(&old)], ..Plan::default() });
        assert_eq!(with(&content("Medway", "2001-04-01")).conflicts.len(), 1);
    }

    #[test]
    fn a_changed_fact_gives_way_to_one_recorded_beside_it() {
        let (mut old, mut new) = (content("Kent", "2001-04-01"), content("Kent", "2001-04-01"));
        old["last_day"] = json!("2015-12-31");
        new["last_day"] = json!("2017-12-31");
        let own = content("Kent and Medway", "2016-01-01");
        let known = [Known { fact: 7, content: old.clone() }, Known { fact: 9, content: own }];
        let plan = plan(names(), &base(&old), &rows(std::slice::from_ref(&new)), &known);
        assert!(plan.replace.is_empty() && plan.insert.is_empty() && plan.close.is_empty());
        assert_eq!(plan.conflicts.len(), 1);
    }

    #[test]
    fn a_new_fact_gives_way_to_one_recorded_in_its_place() {
        let mine = [Known { fact: 9, content: content("Kent and Medway", "2010-04-01") }];
        let plan = plan(names(), &Base::new(), &rows(&[content("Kent", "2001-04-01")]), &mine);
        assert!(plan.insert.is_empty());
        assert_eq!(plan.conflicts.len(), 1);
    }
}
