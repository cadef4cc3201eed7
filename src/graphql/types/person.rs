//! Persons on boards, and their names as far as whoever asks may see them.

use crate::directory::change::person_touched_by;
use crate::domain::board::PersonKey;
use crate::graphql::context::{At, Context};
use crate::graphql::node::node_id;
use crate::graphql::query::NodeValue;
use crate::graphql::scalar::Scalar;
use crate::graphql::shown::Name;
use crate::graphql::types::board::Board;
use crate::graphql::types::board::history::{RecordedRow, Rows};
use crate::graphql::types::board::seat::{Seat, organisation};
use crate::graphql::types::common::ViewAsked;
use crate::graphql::types::directory::int;
use crate::graphql::types::organisations::OrganisationValue;
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
    /// Whoever asks may not see it, and is not told whether there is one; or that it was shown cannot be recorded now,
    /// and `extensions.namesHidden` of the answer says so.
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

    /// Version of the last change that touched the person, as known in the view: give it as `expectedVersion` of a mutation.
    fn version(&self, context: &Context) -> i32 {
        let known = context.view(self.at).moment.known;
        let touched = person_touched_by(context.directory(), self.key, known);
        int(usize::try_from(touched).unwrap_or_default())
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

    /// The organisation that the person comes from on the day; null where that is not recorded.
    fn comes_from(&self, context: &Context) -> Option<OrganisationValue> {
        let body = context.view(self.at).comes_from(self.key);
        organisation(context, self.at, body.as_ref())
    }

    /// Seats that the person holds on the day. At most 50.
    fn seats(&self, context: &Context) -> Vec<Seat> {
        let ids = context.view(self.at).seats_held_by(self.key);
        ids.into_iter().filter_map(|id| Seat::find(context, self.at, id)).collect()
    }

    /// Boards that the person ever had to do with: in a seat, as a deputy, in an office or by a declaration. At most 50.
    fn boards(&self, context: &Context) -> Vec<Board> {
        let boards = context.directory().person(self.key).map_or(&[][..], |person| &person.boards).iter();
        boards
            .filter_map(|id| Board::of_area(context, self.at, context.directory().board(*id).area))
            .collect()
    }

    /// Every row ever recorded of where the person comes from and of the seats held, corrections among them, by its first
    /// day. At most 200.
    fn history(&self, context: &Context) -> Vec<RecordedRow> {
        Rows::of_person(context, self.at, self.key).listed()
    }

    /// Whether something of the person is of the example set, and so made up.
    fn is_example(&self, context: &Context) -> bool {
        Rows::of_person(context, self.at, self.key).have_examples()
    }
}
