//! Persons on boards, and their names as far as whoever asks may see them.

use crate::domain::board::PersonKey;
use crate::graphql::context::{At, Context};
use crate::graphql::node::node_id;
use crate::graphql::query::NodeValue;
use crate::graphql::scalar::Scalar;
use crate::graphql::shown::Name;
use crate::graphql::types::common::ViewAsked;
use juniper::{GraphQLEnum, GraphQLObject, ID, graphql_object};

/// A person on a board, on a day.
#[derive(Clone, Copy, Debug)]
pub struct Person {
    /// The view.
    pub at: At,
    /// The person.
    pub key: PersonKey,
}

/// Whether a name is shown, and why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, GraphQLEnum)]
#[graphql(scalar = Scalar)]
pub enum NameState {
    /// It is shown.
    Shown,
    /// Whoever asks may not see it; or it cannot be recorded now who sees it, as `extensions.namesHidden` then says.
    Hidden,
    /// It was erased, as the law asks; what the person did stands without it.
    Erased,
    /// No name was recorded.
    NotRecorded,
}

/// A person's name, or why it is not shown. Whoever is shown a name is recorded.
#[derive(Clone, Debug, GraphQLObject)]
#[graphql(scalar = Scalar, context = Context)]
pub struct PersonName {
    /// The name; null where it is not shown.
    pub name: Option<String>,
    /// Whether it is shown.
    pub state: NameState,
}

impl Person {
    /// The person, where the view knows them.
    pub fn find(context: &Context, at: At, key: &str) -> Option<Person> {
        let key = context.directory().person_by_key(key)?;
        let known = at.known.unwrap_or_else(|| context.directory().version());
        let person = context.directory().person(key)?;
        person.recorded.contains(known).then_some(Person { at, key })
    }
}

/// A person on a board, on a day.
#[graphql_object(scalar = Scalar, context = Context, impl = [NodeValue])]
impl Person {
    /// Opaque id; carries the view where that is not the default.
    fn id(&self, context: &Context) -> ID {
        node_id("Person", self.key(context), self.at, None)
    }

    /// The view that this object belongs to.
    fn view(&self, context: &Context) -> ViewAsked {
        ViewAsked::of(context, self.at)
    }

    /// Stable key: random, and saying nothing of who it is.
    fn key<'c>(&self, context: &'c Context) -> &'c str {
        context.directory().person(self.key).map_or("", |person| &person.key)
    }

    /// The name as far as whoever asks may see it. It has no history: what stands now is shown for every day.
    fn name(&self, context: &Context) -> PersonName {
        let (name, state) = match context.name_of(self.key) {
            Name::Shown(name) => (Some(name.to_owned()), NameState::Shown),
            Name::Hidden => (None, NameState::Hidden),
            Name::Erased => (None, NameState::Erased),
            Name::NotRecorded => (None, NameState::NotRecorded),
        };
        PersonName { name, state }
    }
}
