//! What mutations of organisations and of API keys answer.

use super::payload::{FindingChange, Payload, boards, changed_findings, payload};
use crate::actions::make_change::Made;
use crate::directory::api_key::ApiKey;
use crate::domain::organisation::BodyKind;
use crate::graphql::context::Context;
use crate::graphql::types::area::MappaArea;
use crate::graphql::types::board::Board;
use crate::graphql::types::body::BodyAt;
use crate::graphql::types::organisations::{Agency, OrganisationValue};
use crate::graphql::types::post::Post;

/// What came of a change of an organisation or an area.
pub struct OrganisationChange(pub Made);

/// What came of a change of API keys.
pub struct KeyChange {
    /// What came of it.
    pub made: Made,
    /// The key, where one was to be issued.
    pub secret: Option<ApiKey>,
}

impl From<Made> for KeyChange {
    fn from(made: Made) -> KeyChange {
        KeyChange { made, secret: None }
    }
}

impl Payload for OrganisationChange {
    fn made(&self) -> &Made {
        &self.0
    }
}

impl Payload for KeyChange {
    fn made(&self) -> &Made {
        &self.made
    }
}

impl OrganisationChange {
    /// The first body that was changed, on the day on which the change takes effect.
    fn body(&self, context: &Context) -> Option<(BodyKind, BodyAt)> {
        let (done, at) = (self.done()?, self.at(context)?);
        let (kind, slug) = done.summary.bodies.first()?.split_once('/')?;
        let kind = BodyKind::from_code(kind)?;
        Some((kind, BodyAt::new(at, context.directory().by_slug(kind, slug)?)))
    }
}

payload! {
    /// What came of a change of an organisation or an area.
    OrganisationChange as "OrganisationChangePayload" {
        /// The organisation as it stands with the change, on the day on which that takes effect; null where nothing was changed, or
        /// an area was.
        fn organisation(&self, context: &Context) -> Option<OrganisationValue> {
            OrganisationValue::of(context, self.body(context)?.1)
        }

        /// The agency, where it was one that was changed, likewise.
        fn agency(&self, context: &Context) -> Option<Agency> {
            let (kind, body) = self.body(context)?;
            (kind == BodyKind::Agency).then_some(Agency(body))
        }

        /// The area, where it was one that was changed, likewise.
        fn mappa_area(&self, context: &Context) -> Option<MappaArea> {
            let (kind, body) = self.body(context)?;
            (kind == BodyKind::MappaArea).then_some(MappaArea(body))
        }

        /// The post whose holder was recorded, likewise.
        fn post(&self, context: &Context) -> Option<Post> {
            let (done, at) = (self.done()?, self.at(context)?);
            let id = context.directory().post_by_slug(done.summary.posts.first()?)?;
            Some(Post { at, id })
        }

        /// Boards on which something changes with it. At most 50.
        fn boards(&self, context: &Context) -> Vec<Board> {
            boards(self, context)
        }

        /// Rules that say something else with the change than without it, over all days that it touches: for each the first day
        /// of the difference. Findings about persons are shown to the administrators of the board only. At most 200.
        fn changed_findings(&self, context: &Context) -> Vec<FindingChange> {
            changed_findings(self, context)
        }
    }
}

payload! {
    /// What came of a change of API keys.
    KeyChange as "KeyChangePayload" {
        /// The eight characters that name the key; null where nothing was changed.
        fn key(&self) -> Option<&str> {
            self.done()?.summary.keys.first().map(String::as_str)
        }

        /// The whole key that was issued, this once: null in a repeated answer, in a dry run, and where no key was issued.
        fn secret(&self) -> Option<&str> {
            let done = self.done().filter(|done| !done.is_dry && !done.is_repeated)?;
            let secret = self.secret.as_ref()?;
            let is_it = done.summary.keys.iter().any(|key| key == secret.prefix().as_str());
            is_it.then(|| secret.expose())
        }
    }
}
