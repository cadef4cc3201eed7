//! Public posts and those holders whom a published source names.

use super::body::BodyAt;
use super::common::{Citation, Period};
use super::organisations::OrganisationValue;
use crate::directory::PostId;
use crate::graphql::context::{At, Context};
use crate::graphql::scalar::Scalar;
use juniper::{GraphQLObject, graphql_object};

/// A public post, on a day.
#[derive(Clone, Copy, Debug)]
pub struct Post {
    /// The view.
    pub at: At,
    /// The post.
    pub id: PostId,
}

/// A holder of a public post whom a published source names.
#[derive(Clone, Debug, GraphQLObject)]
#[graphql(scalar = Scalar, context = Context)]
pub struct PostHolder {
    /// Name as the source gives it.
    pub name: String,
    /// Days for which a source speaks of the holder.
    pub period: Period,
    /// The source that names the holder.
    pub citation: Citation,
}

/// A public post, on a day. It exists without a holder.
#[graphql_object(scalar = Scalar, context = Context)]
impl Post {
    /// Stable key.
    fn slug<'c>(&self, context: &'c Context) -> &'c str {
        &context.directory().post(self.id).slug
    }

    /// Title on the day; null where none is recorded.
    fn title<'c>(&self, context: &'c Context) -> Option<&'c str> {
        context.view(self.at).post(self.id).map(|held| held.value.title.as_str())
    }

    /// The organisation that it belongs to.
    fn organisation(&self, context: &Context) -> Option<OrganisationValue> {
        let body = context.view(self.at).post(self.id)?.value.body;
        OrganisationValue::of(context, BodyAt::new(self.at, body))
    }

    /// Days on which the post exists.
    fn period(&self, context: &Context) -> Option<Period> {
        context.view(self.at).post(self.id).map(|held| held.period.into())
    }

    /// The holder on the day; null where no source speaks of that day, which is not a vacancy.
    fn holder(&self, context: &Context) -> Option<PostHolder> {
        let view = context.view(self.at);
        view.holder(self.id).map(|held| PostHolder {
            name: held.value.clone(),
            period: held.period.into(),
            citation: Citation::of(view, held.citation),
        })
    }

    /// The post that it reports to; null where no source says.
    fn reports_to(&self, context: &Context) -> Option<Post> {
        let id = context.view(self.at).post(self.id)?.value.reports_to?;
        Some(Post { at: self.at, id })
    }
}
