//! What every organisation and area of the schema has in common: identity, names, codes, period, succession.

use super::common::{Citation, CodeOfScheme, DatedName, Period, Statement, StatementUse};
use super::organisations::OrganisationValue;
use crate::directory::BodyId;
use crate::directory::records::Row;
use crate::directory::view::Held;
use crate::domain::calendar::in_window;
use crate::graphql::context::{At, Context};
use crate::graphql::node::body_id;
use juniper::ID;

/// A body in a view; where it was reached through an area, its period is that of the coverage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BodyAt {
    /// The view.
    pub at: At,
    /// The body.
    pub id: BodyId,
    /// The area through which it was reached.
    pub area: Option<BodyId>,
}

/// The period of a body, as it applies to where it was reached.
pub struct Standing<'d> {
    /// Its days.
    pub period: Option<Period>,
    /// Whether the day is one of them; none where that is not recorded.
    pub in_force: Option<bool>,
    /// Where that comes from.
    pub citation: Option<&'d crate::domain::source::Citation>,
}

impl BodyAt {
    /// A body on its own.
    pub fn new(at: At, id: BodyId) -> BodyAt {
        BodyAt { at, id, area: None }
    }

    /// Its opaque id.
    pub fn node_id(&self, context: &Context) -> ID {
        body_id(context, self.at, self.id, self.area)
    }

    /// Its period: of the coverage of the area through which it was reached, else its own.
    pub fn standing<'c>(&self, context: &'c Context) -> Standing<'c> {
        let view = context.view(self.at);
        let is_recorded = view.is_recorded(self.id);
        fn of<'d, T>(held: Option<Held<'d, T>>, is_recorded: bool) -> Standing<'d> {
            Standing {
                period: held.as_ref().map(|held| held.period.into()),
                in_force: is_recorded.then(|| held.as_ref().is_some_and(|held| held.in_force)),
                citation: held.as_ref().map(|held| held.citation),
            }
        }
        let Some(area) = self.area else { return of(view.period(self.id), is_recorded) };
        // A company covers an area through the contract package area that it works in.
        let covering = view.package_of(self.id).unwrap_or(self.id);
        of(view.nearest(&view.body(area).coverage, |link| link.body == covering), is_recorded)
    }

    /// Whether it is in force on the day on one calendar and not on the other; none outside the window.
    pub fn other_calendar_differs(&self, context: &Context) -> Option<bool> {
        let other = BodyAt { at: At { calendar: self.at.calendar.other(), ..self.at }, ..*self };
        in_window(self.at.on).then(|| self.standing(context).in_force != other.standing(context).in_force)
    }

    /// Its codes, in the order of their schemes.
    pub fn codes(&self, context: &Context) -> Vec<CodeOfScheme> {
        let view = context.view(self.at);
        let code = |held: Held<'_, crate::directory::records::Code>| CodeOfScheme {
            scheme: held.value.scheme.clone(),
            value: held.value.code.clone(),
            period: held.period.into(),
            in_force: held.in_force,
        };
        view.known(&view.body(self.id).codes).map(code).collect()
    }

    /// Every name that was known, with its days.
    pub fn all_names(&self, context: &Context) -> Vec<DatedName> {
        let view = context.view(self.at);
        let name = |held: Held<'_, crate::directory::records::Name>| DatedName {
            name: held.value.name.clone(),
            usage: held.value.usage.into(),
            period: held.period.into(),
            in_force: held.in_force,
            citation: Citation::of(view, held.citation),
        };
        view.known(&view.body(self.id).names).map(name).collect()
    }

    /// What sources state where they disagree.
    pub fn statements(&self, context: &Context) -> Vec<Statement> {
        let view = context.view(self.at);
        let statement = |held: Held<'_, crate::directory::records::Statement>| Statement {
            field: held.value.field.clone(),
            value: held.value.value.clone(),
            used: match held.value.used.as_str() {
                "yes" => StatementUse::Used,
                "published calendar" => StatementUse::UsedOnPublishedCalendar,
                "operational calendar" => StatementUse::UsedOnOperationalCalendar,
                _ => StatementUse::NotUsed,
            },
            citation: Citation::of(view, held.citation),
        };
        view.known(&view.body(self.id).statements).map(statement).collect()
    }

    /// Where its period comes from.
    pub fn citation(&self, context: &Context) -> Option<Citation> {
        let citation = self.standing(context).citation?;
        Some(Citation::of(context.view(self.at), citation))
    }

    /// The whole chain of bodies before or after it, nearest first; each once.
    pub fn chain(
        &self,
        context: &Context,
        next: fn(&crate::directory::Body) -> &[Row<BodyId>],
    ) -> Vec<OrganisationValue> {
        let view = context.view(self.at);
        let mut found: Vec<BodyId> = Vec::new();
        let mut open = vec![self.id];
        while !open.is_empty() {
            let steps: Vec<BodyId> =
                open.iter().flat_map(|id| view.known(next(view.body(*id))).map(|held| *held.value)).collect();
            open.clear();
            for id in steps {
                if id != self.id && !found.contains(&id) {
                    found.push(id);
                    open.push(id);
                }
            }
        }
        found.into_iter().filter_map(|id| OrganisationValue::of(context, BodyAt::new(self.at, id))).collect()
    }
}

/// Declares an object type for a kind of body with the fields that all have, and its own after them.
macro_rules! body_object {
    (
        $(#[doc = $doc:literal])+
        $name:ident implements [$($interface:ident),*] { $($own:tt)* }
    ) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug)]
        pub struct $name(pub $crate::graphql::types::body::BodyAt);

        $(#[doc = $doc])+
        #[juniper::graphql_object(
            scalar = $crate::graphql::scalar::Scalar,
            context = $crate::graphql::context::Context,
            impl = [$($interface),*]
        )]
        impl $name {
            /// Opaque id; carries the view where that is not the default.
            pub fn id(&self, context: &Context) -> juniper::ID {
                self.0.node_id(context)
            }

            /// The day, calendar and state of knowledge that this is the answer for.
            pub fn view(&self, context: &Context) -> $crate::graphql::types::common::ViewAsked {
                $crate::graphql::types::common::ViewAsked::of(context, self.0.at)
            }

            /// Stable key.
            pub fn slug<'c>(&self, context: &'c Context) -> &'c str {
                &context.directory().body(self.0.id).identity.slug
            }

            /// Plain name on the day.
            pub fn name<'c>(&self, context: &'c Context) -> &'c str {
                context.view(self.0.at).plain_name(self.0.id)
            }

            /// Legal or full name on the day; the plain name where it has no other.
            pub fn official_name<'c>(&self, context: &'c Context) -> &'c str {
                let view = context.view(self.0.at);
                view.name(self.0.id, NameUsage::OfficialName).unwrap_or_else(|| view.plain_name(self.0.id))
            }

            /// Name in Welsh; null where no source gives one.
            pub fn welsh_name<'c>(&self, context: &'c Context) -> Option<&'c str> {
                context.view(self.0.at).name(self.0.id, NameUsage::WelshName)
            }

            /// Abbreviations in use. At most 50.
            pub fn short_names<'c>(&self, context: &'c Context) -> Vec<&'c str> {
                context.view(self.0.at).names(self.0.id, NameUsage::ShortName)
            }

            /// Other spellings and old labels by which it is found. At most 50.
            pub fn aliases<'c>(&self, context: &'c Context) -> Vec<&'c str> {
                context.view(self.0.at).names(self.0.id, NameUsage::Alias)
            }

            /// Every name ever recorded, with its days and sources. At most 200.
            pub fn names(&self, context: &Context) -> Vec<DatedName> {
                self.0.all_names(context)
            }

            /// Codes by scheme. At most 50.
            pub fn codes(&self, context: &Context) -> Vec<CodeOfScheme> {
                self.0.codes(context)
            }

            /// Days on which it exists or, reached through an area, on which it covers that area.
            pub fn period(&self, context: &Context) -> Option<Period> {
                self.0.standing(context).period
            }

            /// Whether the day asked about lies in the period; null where that is not recorded, as of trusts before
            /// 1 April 2010.
            pub fn in_force(&self, context: &Context) -> Option<bool> {
                self.0.standing(context).in_force
            }

            /// England, Wales, or England and Wales.
            pub fn country<'c>(&self, context: &'c Context) -> &'c str {
                &context.directory().body(self.0.id).identity.country
            }

            /// Where the period comes from.
            pub fn citation(&self, context: &Context) -> Option<Citation> {
                self.0.citation(context)
            }

            /// What sources state where they disagree, side by side. At most 50.
            pub fn statements(&self, context: &Context) -> Vec<Statement> {
                self.0.statements(context)
            }

            $($own)*
        }
    };
}

pub(crate) use body_object;
