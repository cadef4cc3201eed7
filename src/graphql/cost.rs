//! How much a document asks for, from its lists, before anything of it is executed.
//!
//! The schema has cycles (an area has a division, which has areas), so that a short document could ask for
//! millions of fields. Depth and token limits do not see that; this does. A document is priced once; what is
//! left for each request are the lists whose sizes its variables say.

use super::scalar::Scalar;
use juniper::{InputValue, Selection, Variables};
use std::collections::HashMap;

/// Items of a page where none is asked for.
const DEFAULT_PAGE: u64 = 50;

/// About how many items the plain lists of the schema have in the directory as it is; what is not named here is
/// no list. A page's own fields take the size that was asked for.
const SIZES: [(&str, u64); 64] = [
    ("considered", 26),
    ("alternatives", 100),
    ("warnings", 6),
    ("alsoHolds", 4),
    ("problems", 3),
    ("interventions", 2),
    ("eventsSincePrevious", 4),
    ("routingRules", 70),
    ("mappaAreas", 42),
    ("localAuthorities", 48),
    ("policeForces", 2),
    ("inCharge", 3),
    ("predecessors", 40),
    ("successors", 12),
    ("contractPackageAreas", 7),
    ("companies", 21),
    ("owners", 3),
    ("posts", 10),
    ("codes", 3),
    ("names", 8),
    ("shortNames", 3),
    ("aliases", 5),
    ("statements", 5),
    ("sources", 9),
    ("candidates", 4),
    ("checks", 16),
    ("boardRules", 60),
    ("findings", 72),
    ("subjects", 3),
    ("seats", 9),
    ("deputies", 2),
    ("deputyChairs", 2),
    ("layAdvisers", 2),
    ("representation", 30),
    ("kindCoverage", 10),
    ("agencies", 4),
    ("vacancies", 2),
    ("expiring", 3),
    ("history", 20),
    ("memoranda", 2),
    ("businessPlans", 2),
    ("approvals", 2),
    ("annualReports", 3),
    ("reviews", 3),
    ("meetings", 8),
    ("attendance", 8),
    ("terms", 2),
    ("duties", 2),
    ("boards", 2),
    ("rows", 50),
    ("timeline", 60),
    ("areas", 42),
    ("mailboxes", 2),
    ("confirmations", 10),
    ("declarations", 4),
    ("bodies", 2),
    ("persons", 2),
    ("keys", 2),
    ("grants", 2),
    ("facts", 4),
    ("changedFindings", 60),
    ("userErrors", 3),
    ("diff", 500),
    ("cellErrors", 100),
];

/// Fields that are worked out each time they are asked for, and how many usual fields that takes as long as.
///
/// Of boards as measured on the example set: to read a board on a day takes as long as 50 usual fields, with the board
/// table 150, and `rows` and a filter of `boards` do that for all 42. A timeline does it for the days on which something
/// begins or ends, and takes about as long as 140,000. It is priced so that one request has room for one, beside rows.
const WORKED_OUT: [(&str, u64); 18] = [
    ("alternatives", 200),
    ("areAgenciesComplete", 50),
    ("chair", 50),
    ("chairState", 50),
    ("deputyChairs", 50),
    ("expiring", 50),
    ("findings", 150),
    ("findingsWithheld", 150),
    ("history", 50),
    ("kindCoverage", 50),
    ("layAdvisers", 50),
    ("meetings", 50),
    ("meetingsRecordedFrom", 50),
    ("representation", 50),
    ("rows", 5_000),
    ("seats", 50),
    ("timeline", 30_000),
    ("vacancies", 50),
];

/// Root fields that are worked out where an argument is given, with the argument.
const WORKED_OUT_FOR: [(&str, &str, u64); 1] = [("boards", "filter", 6_000)];

/// About how many items the lists have that tell of the schema: types lead to types, and so go round in circles as well.
const SIZES_OF_THE_SCHEMA: [(&str, u64); 8] = [
    ("types", 110),
    ("fields", 8),
    ("args", 1),
    ("inputFields", 1),
    ("enumValues", 2),
    ("interfaces", 2),
    ("possibleTypes", 9),
    ("directives", 5),
];

/// Root fields that lead to the schema.
const OF_THE_SCHEMA: [&str; 2] = ["__schema", "__type"];

/// Root fields that answer with a page, and about how many items their lists have in all.
const PAGES: [(&str, u64); 13] = [
    ("mappaAreas", 42),
    ("probationTrusts", 35),
    ("npsDivisions", 7),
    ("contractPackageAreas", 21),
    ("communityRehabilitationCompanies", 21),
    ("localAuthorities", 380),
    ("policeForces", 43),
    ("probationRegions", 12),
    ("nationalBodies", 10),
    ("boards", 42),
    ("agencies", 50),
    ("people", 100),
    ("changes", 1_000),
];

/// Root fields that answer for each item of a list that is given, with the argument that gives it. An import gives its list as
/// one text.
const BATCHES: [(&str, &str); 5] = [
    ("locateMany", "places"),
    ("routeMany", "cases"),
    ("compareRouting", "dates"),
    ("nodes", "ids"),
    ("importBoardMembers", "input"),
];

/// Root fields about all boards: what they find takes as long as a batch look-up, and so may cost as much.
const OVER_BOARDS: [&str; 2] = ["boards", "governanceReport"];

/// Whether a root field asks about all boards.
pub fn is_over_boards(root_field: &str) -> bool {
    OVER_BOARDS.contains(&root_field)
}

/// Whether a root field is a batch look-up, which has limits of its own.
pub fn is_batch(root_field: &str) -> bool {
    BATCHES.iter().any(|(name, _)| *name == root_field)
}

/// Where a selection stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Root,
    Directory,
    Schema,
}

/// A number that a request says: its value, or a variable's.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Said {
    /// This many.
    Value(u64),
    /// As the variable says, else this default.
    Variable(String, Option<u64>),
}

/// How many items a list has.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Size {
    /// As the schema's lists have.
    Of(u64),
    /// As many as a list of the request.
    Given(Said),
    /// As many as a page was asked for, from its start or its end, of a list of so many.
    Page(Option<Said>, Option<Said>, u64),
}

impl Size {
    fn count(&self, variables: &Variables<Scalar>) -> u64 {
        match self {
            Size::Of(size) => *size,
            Size::Given(said) => said.read(variables, length).unwrap_or(1),
            Size::Page(first, last, all) => {
                let asked = |said: &Option<Said>| said.as_ref().and_then(|said| said.read(variables, number));
                asked(first).or_else(|| asked(last)).unwrap_or(DEFAULT_PAGE).min(*all)
            }
        }
    }

    /// The size, where no variable has a say in it.
    fn fixed(&self) -> Option<u64> {
        let is_variable = |said: &Said| matches!(said, Said::Variable(..));
        let has_variable = match self {
            Size::Of(_) => false,
            Size::Given(said) => is_variable(said),
            Size::Page(first, last, _) => first.iter().chain(last).any(is_variable),
        };
        (!has_variable).then(|| self.count(&Variables::new()))
    }
}

impl Said {
    fn read(
        &self,
        variables: &Variables<Scalar>,
        read: fn(&InputValue<Scalar>) -> Option<u64>,
    ) -> Option<u64> {
        match self {
            Said::Value(value) => Some(*value),
            Said::Variable(name, default) => match variables.get(name) {
                Some(value) => read(value),
                None => *default,
            },
        }
    }
}

/// How many items a list has; one for a single value, which GraphQL takes for a list.
fn length(value: &InputValue<Scalar>) -> Option<u64> {
    Some(match value {
        InputValue::List(items) => items.len() as u64,
        _ => 1,
    })
}

fn number(value: &InputValue<Scalar>) -> Option<u64> {
    match value {
        InputValue::Scalar(Scalar::Int(number)) => u64::try_from(*number).ok(),
        _ => None,
    }
}

/// The price of a selection set that is answered once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Price {
    /// Fields, as often as lists of known size repeat them.
    own: u64,
    /// What is repeated as often as the variables say.
    lists: Vec<(Size, Price)>,
    /// What is asked for of one type of object only: of those, the dearest counts.
    of_types: Vec<(String, Price)>,
}

impl Price {
    /// How many fields an answer to these variables would have.
    pub fn with(&self, variables: &Variables<Scalar>) -> u64 {
        let dearest = self.of_types.iter().map(|(_, price)| price.with(variables)).max().unwrap_or(0);
        let lists = self.lists.iter();
        lists.fold(self.own.saturating_add(dearest), |total, (size, price)| {
            total.saturating_add(size.count(variables).saturating_mul(price.with(variables)))
        })
    }

    /// The price, where no variable has a say in it.
    fn fixed(&self) -> Option<u64> {
        let is_fixed =
            self.lists.is_empty() && self.of_types.iter().all(|(_, price)| price.fixed().is_some());
        is_fixed.then(|| self.with(&Variables::new()))
    }

    fn add(&mut self, size: &Size, inner: Price) {
        match (size.fixed(), inner.fixed()) {
            (_, Some(0)) => {}
            (Some(size), Some(each)) => self.own = self.own.saturating_add(size.saturating_mul(each)),
            _ => self.lists.push((size.clone(), inner)),
        }
    }

    fn add_of_type(&mut self, name: &str, inner: Price) {
        match self.of_types.iter_mut().find(|(known, _)| known == name) {
            Some((_, price)) => price.merge(inner),
            None => self.of_types.push((name.to_owned(), inner)),
        }
    }

    fn merge(&mut self, other: Price) {
        self.own = self.own.saturating_add(other.own);
        self.lists.extend(other.lists);
        for (name, price) in other.of_types {
            self.add_of_type(&name, price);
        }
    }
}

/// Fragments of a document by name: the type that each is of, and what it selects.
pub type Fragments<'d> = HashMap<&'d str, (&'d str, &'d [Selection<'d, Scalar>])>;

/// What pricing needs to know of a document. Its fragments have no cycles: it was validated.
pub struct Pricing<'d> {
    /// The fragments.
    pub fragments: &'d Fragments<'d>,
    /// Whether a type is one of objects, and no interface.
    pub is_of_objects: &'d dyn Fn(&str) -> bool,
    /// Defaults of the operation's variables.
    pub defaults: HashMap<&'d str, &'d InputValue<Scalar>>,
}

impl<'d> Pricing<'d> {
    /// Prices the selections of an operation.
    pub fn of(&self, selections: &'d [Selection<'d, Scalar>]) -> Price {
        self.selections(selections, None, Place::Root)
    }

    fn selections(
        &self,
        selections: &'d [Selection<'d, Scalar>],
        page: Option<&Size>,
        place: Place,
    ) -> Price {
        let mut price = Price::default();
        for selection in selections {
            match selection {
                Selection::Field(field) => {
                    let field = &field.item;
                    let worked_out = WORKED_OUT.iter().find(|(name, _)| *name == field.name.item);
                    let more = worked_out.map_or(0, |(_, more)| *more);
                    let inner = field.selection_set.as_deref().unwrap_or_default();
                    let argument = |name: &str| {
                        let items = field.arguments.as_ref()?.item.items.iter();
                        items.into_iter().find(|(key, _)| key.item == name).map(|(_, value)| &value.item)
                    };
                    let is_worked_out = |(name, given, _): &&(&str, &str, u64)| {
                        place == Place::Root && *name == field.name.item && argument(given).is_some()
                    };
                    let for_argument =
                        WORKED_OUT_FOR.iter().find(is_worked_out).map_or(0, |(_, _, more)| *more);
                    price.own = price.own.saturating_add(1 + more + for_argument);
                    let (size, page) = self.sizes(field.name.item, &argument, page, place);
                    let place = match place {
                        Place::Root if OF_THE_SCHEMA.contains(&field.name.item) => Place::Schema,
                        Place::Root => Place::Directory,
                        below => below,
                    };
                    price.add(&size, self.selections(inner, page.as_ref(), place));
                }
                Selection::FragmentSpread(spread) => {
                    let (of, inner) = self.fragments.get(spread.item.name.item).copied().unwrap_or_default();
                    self.add_fragment(&mut price, Some(of), self.selections(inner, page, place));
                }
                Selection::InlineFragment(inline) => {
                    let of = inline.item.type_condition.as_ref().map(|of| of.item);
                    self.add_fragment(
                        &mut price,
                        of,
                        self.selections(&inline.item.selection_set, page, place),
                    );
                }
            }
        }
        price
    }

    fn add_fragment(&self, price: &mut Price, of: Option<&str>, inner: Price) {
        match of.filter(|of| (self.is_of_objects)(of)) {
            Some(of) => price.add_of_type(of, inner),
            None => price.merge(inner),
        }
    }

    /// How often a field is answered, and how many items its page has where it is a connection.
    fn sizes<'a>(
        &self,
        name: &str,
        argument: &dyn Fn(&str) -> Option<&'a InputValue<Scalar>>,
        page: Option<&Size>,
        place: Place,
    ) -> (Size, Option<Size>) {
        let is_root = place == Place::Root;
        if let (Some(page), "nodes" | "edges") = (page, name) {
            return (page.clone(), None);
        }
        if let Some((_, list)) = BATCHES.iter().find(|(batch, _)| is_root && *batch == name) {
            return (Size::Given(self.said(argument(list), length).unwrap_or(Said::Value(1))), None);
        }
        if let Some((_, all)) = PAGES.iter().find(|(list, _)| is_root && *list == name) {
            let asked = |name| self.said(argument(name), number);
            return (Size::Of(1), Some(Size::Page(asked("first"), asked("last"), *all)));
        }
        let sizes: &[(&str, u64)] = if place == Place::Schema { &SIZES_OF_THE_SCHEMA } else { &SIZES };
        (Size::Of(sizes.iter().find(|(list, _)| *list == name).map_or(1, |(_, size)| *size)), None)
    }

    fn said(
        &self,
        value: Option<&InputValue<Scalar>>,
        read: fn(&InputValue<Scalar>) -> Option<u64>,
    ) -> Option<Said> {
        match value? {
            InputValue::Variable(name) => {
                let default = self.defaults.get(name.as_str()).and_then(|value| read(value));
                Some(Said::Variable(name.clone(), default))
            }
            value => read(value).map(Said::Value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::SCHEMA;
    use super::super::document::{Document, Source};
    use super::super::limits::Limits;
    use super::*;

    fn cost_with(query: &str, variables: &Variables<Scalar>) -> u64 {
        let source = Source { query: query.to_owned(), operation_name: None };
        let document = Document::prepare(source, &SCHEMA, &Limits::KEPT);
        document.unwrap_or_else(|_| panic!("{query} is refused")).about.price.with(variables)
    }

    fn cost(query: &str) -> u64 {
        cost_with(query, &Variables::new())
    }

    #[test]
    fn a_page_counts_as_many_items_as_were_asked_for() {
        assert_eq!(cost("{ mappaAreas(first: 7) { nodes { slug } totalCount } }"), 1 + 1 + 7 + 1);
        assert_eq!(cost("{ policeForces { edges { node { slug } } } }"), 1 + 1 + 43 + 43);
        assert_eq!(cost("{ localAuthorities { edges { node { code } } } }"), 1 + 1 + 50 + 50);
    }

    #[test]
    fn a_short_document_that_goes_round_in_circles_is_too_much() {
        let round = "npsDivision { mappaAreas { npsDivision { mappaAreas { npsDivision { slug } } } } }";
        let query = format!("{{ mappaAreas {{ nodes {{ {round} }} }} }}");
        assert!(cost(&query) > 42 * 42 * 42, "{}", cost(&query));
    }

    #[test]
    fn a_variable_counts_with_its_default_and_null_as_nothing() {
        let page = "localAuthorities(first: $first, last: $last) { nodes { code } }";
        assert_eq!(cost(&format!("query($first: Int = 100, $last: Int) {{ {page} }}")), 1 + 1 + 100);
        let variables = Variables::from([("first".to_owned(), InputValue::Null)]);
        let query = format!("query($first: Int, $last: Int = 7) {{ {page} }}");
        assert_eq!(cost_with(&query, &variables), 1 + 1 + 7);
        let places = "query($places: [PlaceInput!]! = [{ name: \"Kent\" }, { name: \"Essex\" }]) \
            { locateMany(places: $places) { index } }";
        assert_eq!(cost(places), 1 + 2);
    }

    #[test]
    fn the_schema_has_lists_that_go_round_in_circles_too() {
        assert_eq!(
            cost("{ __type(name: \"Node\") { possibleTypes { interfaces { name } } } }"),
            1 + 1 + 9 + 18
        );
        assert_eq!(cost("{ __schema { types { name } } directory { version } }"), 1 + 1 + 110 + 1 + 1);
    }

    #[test]
    fn what_is_worked_out_each_time_costs_more_than_what_it_tells() {
        assert_eq!(
            cost("query($case: CaseInput!) { route(case: $case) { alternatives { outcome } } }"),
            1 + 1 + 200 + 100
        );
        assert_eq!(cost("{ board(area: \"kent\") { findings { verdict } } }"), 1 + 1 + 150 + 72);
        let boards = |arguments: &str| cost(&format!("{{ boards({arguments}) {{ nodes {{ slug }} }} }}"));
        assert_eq!((boards("first: 9"), boards("first: 9, filter: {}")), (1 + 1 + 9, 1 + 1 + 9 + 6_000));
    }

    #[test]
    fn what_every_board_is_found_to_be_fits_into_one_request_and_two_timelines_do_not() {
        let limit = Limits::KEPT.batch_cost;
        let boards = cost("{ boards(first: 42) { nodes { slug findings { rule { id } verdict } } } }");
        assert_eq!(boards, 1 + 1 + 42 * (1 + 1 + 150 + 72 * 3));
        let report =
            "rows { rule { id } met areas(verdict: NOT_MET) { slug } } timeline { on rule { id } notMet }";
        let one = cost(&format!("{{ governanceReport {{ {report} }} }}"));
        assert!(boards < limit && one < limit, "{boards} {one}");
        assert!(
            cost("{ a: governanceReport { timeline { on } } b: governanceReport { timeline { on } } }")
                > limit
        );
    }

    #[test]
    fn every_list_of_objects_has_a_size() {
        let definition = crate::graphql::schema_definition();
        let of = |line: &str, sign: &str| {
            line.split(sign).nth(1).and_then(|rest| rest.split(['!', ']']).next().map(str::to_owned))
        };
        let types: Vec<String> = definition
            .lines()
            .filter_map(|line| line.strip_prefix("type ").or(line.strip_prefix("interface ")))
            .filter_map(|line| line.split(' ').next().map(str::to_owned))
            .collect();
        let mut lists = 0;
        for line in definition.lines().filter(|line| line.starts_with("  ") && !line.contains('"')) {
            let Some(item) = of(line, ": [") else { continue };
            let name = line.trim().split([':', '(']).next().unwrap();
            if types.contains(&item) && !["nodes", "edges"].contains(&name) {
                lists += 1;
                assert!(SIZES.iter().any(|(list, size)| *list == name && *size > 1), "{line}");
            }
        }
        assert!(lists > 50, "{lists}");
    }

    #[test]
    fn fragments_count_wherever_they_are_spread() {
        let query = "{ a: mappaArea(slug: \"kent\") { ...F } b: mappaArea(slug: \"kent\") { ...F } } fragment F on MappaArea { slug name }";
        assert_eq!(cost(query), 6);
    }

    #[test]
    fn of_fragments_of_different_objects_the_dearest_counts() {
        let query = "query($id: ID!) { node(id: $id) { id ... on MappaArea { slug name } ... on PoliceForce { slug } ... on Organisation { name } } }";
        assert_eq!(cost(query), 1 + 1 + 2 + 1);
    }
}
