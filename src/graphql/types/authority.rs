//! Local authorities, with the counties above them and the authorities that later took their places.

use super::area::MappaArea;
use super::body::BodyAt;
use super::common::{Citation, Period, ViewAsked};
use super::organisations::PoliceForce;
use crate::directory::{Authority, AuthorityId};
use crate::graphql::context::{At, Context};
use crate::graphql::node::node_id;
use crate::graphql::plan::Planned;
use crate::graphql::query::NodeValue;
use crate::graphql::scalar::{LocalDate, Scalar};
use juniper::{GraphQLObject, ID, graphql_object};

/// A local authority of 31 March 2014, or one that later took the place of some of them.
#[derive(Clone, Copy, Debug)]
pub struct LocalAuthority {
    /// The view.
    pub at: At,
    /// The authority.
    pub id: AuthorityId,
}

impl LocalAuthority {
    fn authority<'c>(&self, context: &'c Context) -> Option<&'c Authority> {
        context.view(self.at).authorities().map(|set| set.authority(self.id))
    }

    fn text<'c>(&self, context: &'c Context, of: impl Fn(&'c Authority) -> &'c str) -> &'c str {
        self.authority(context).map_or("", of)
    }
}

/// A county council area above a district.
#[derive(Clone, Debug, GraphQLObject)]
#[graphql(scalar = Scalar, context = Context)]
pub struct County {
    /// ONS code.
    pub code: String,
    /// Name.
    pub name: String,
}

/// A local authority of 31 March 2014, or one that later took the place of some of them, on a day.
#[graphql_object(scalar = Scalar, context = Context, impl = [NodeValue])]
impl LocalAuthority {
    /// Opaque id; carries the view where that is not the default.
    pub fn id(&self, context: &Context) -> ID {
        node_id("LocalAuthority", self.code(context), self.at, None)
    }

    /// The day, calendar and state of knowledge that this is the answer for.
    pub fn view(&self, context: &Context) -> ViewAsked {
        ViewAsked::of(context, self.at)
    }

    /// ONS code of nine characters.
    pub fn code<'c>(&self, context: &'c Context) -> &'c str {
        self.text(context, |a| &a.row.code)
    }

    /// Name in English.
    pub fn name<'c>(&self, context: &'c Context) -> &'c str {
        self.text(context, |a| &a.row.name)
    }

    /// Name in Welsh; null where no source gives one.
    pub fn welsh_name<'c>(&self, context: &'c Context) -> Option<&'c str> {
        self.authority(context).and_then(|a| a.row.welsh_name.as_deref())
    }

    /// Kind of authority, for example metropolitan district.
    pub fn kind<'c>(&self, context: &'c Context) -> &'c str {
        self.text(context, |a| &a.row.kind)
    }

    /// England or Wales.
    pub fn country<'c>(&self, context: &'c Context) -> &'c str {
        self.text(context, |a| &a.row.country)
    }

    /// The county above it; null where there is none.
    pub fn county(&self, context: &Context) -> Option<County> {
        let (code, name) = self.authority(context)?.row.upper_tier.clone()?;
        Some(County { code, name })
    }

    /// The MAPPA area that it lies in.
    pub fn mappa_area(&self, context: &Context) -> Option<Planned<MappaArea>> {
        self.authority(context).map(|a| Planned(MappaArea(BodyAt::new(self.at, a.area))))
    }

    /// The force that polices it.
    pub fn police_force(&self, context: &Context) -> Option<Planned<PoliceForce>> {
        let id = context.view(self.at).force_of(self.authority(context)?)?;
        Some(Planned(PoliceForce(BodyAt::new(self.at, id))))
    }

    /// Days on which it exists. The first day of an authority of 31 March 2014 is not recorded.
    pub fn period(&self, context: &Context) -> Option<Period> {
        self.authority(context).map(|a| Period {
            from: a.row.from.map(LocalDate),
            until: a.row.successor.as_ref().map(|next| LocalDate(next.from)),
            last_day: a.row.successor.as_ref().and_then(|next| next.from.pred_opt()).map(LocalDate),
        })
    }

    /// Whether it exists on the day asked about, as far as is recorded.
    pub fn in_force(&self, context: &Context) -> Option<bool> {
        self.authority(context).map(|a| a.row.in_force(self.at.on))
    }

    /// The authority that took its place; null where none did by the end of the records.
    pub fn successor(&self, context: &Context) -> Option<Planned<LocalAuthority>> {
        let code = &self.authority(context)?.row.successor.as_ref()?.code;
        let id = context.view(self.at).authorities()?.by_code(code)?;
        Some(Planned(LocalAuthority { at: self.at, id }))
    }

    /// Authorities that it took the place of, in the order of their codes. At most 20.
    pub fn predecessors(&self, context: &Context) -> Planned<Vec<LocalAuthority>> {
        let Some((set, authority)) = context.view(self.at).authorities().zip(self.authority(context)) else {
            return Planned(Vec::new());
        };
        let ids = authority.predecessors.iter().filter_map(|code| set.by_code(code));
        ids.map(|id| LocalAuthority { at: self.at, id }).collect()
    }

    /// Where it comes from.
    pub fn citation(&self, context: &Context) -> Option<Citation> {
        self.authority(context).map(|a| Citation::of(context.view(self.at), &a.row.citation))
    }
}
