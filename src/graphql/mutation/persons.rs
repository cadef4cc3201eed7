//! Inputs about persons. What stands in them is never told in a message or in the log.

use super::given::given;
use crate::actions::make_change::drawn_key;
use crate::directory::change::{AddPerson, AmendPerson, ErasePerson, MergePeople, Refusal, RefusalCode};
use crate::directory::person::PersonName;
use crate::domain::organisation::BodyKind;
use crate::graphql::scalar::{LocalDate, Scalar};
use juniper::GraphQLInputObject;
use serde::Serialize;
use std::sync::Arc;

/// An organisation by its kind and slug.
#[derive(Clone, Debug, GraphQLInputObject, Serialize)]
#[graphql(scalar = Scalar)]
pub struct OrganisationInput {
    /// What it is: POLICE_FORCE, PROBATION_TRUST, NPS_DIVISION, CRC, NATIONAL_BODY, AGENCY and so on.
    pub kind: String,
    /// Its slug.
    pub slug: String,
}

impl OrganisationInput {
    /// Its kind and slug.
    ///
    /// # Errors
    ///
    /// Where there is no such kind.
    pub fn key(self, field: &'static str) -> Result<(BodyKind, String), Refusal> {
        let unknown = || {
            let kinds: Vec<&str> = BodyKind::ALL.iter().map(|(_, code)| *code).collect();
            let message = format!("No organisation is of that kind: give one of {}.", kinds.join(", "));
            Refusal::new(RefusalCode::UnknownOrganisation, field, message)
        };
        BodyKind::from_code(&self.kind).map(|kind| (kind, self.slug)).ok_or_else(unknown)
    }
}

given! {
    /// Who is to be recorded.
    AddPersonInput {
        /// The name, as it is to be shown to those who may see it.
        name: String,
        /// The organisation that the person comes from; not recorded where absent.
        comes_from: Option<OrganisationInput>,
        /// First day on which the person belongs to it; today where absent.
        from: Option<LocalDate>,
        /// Day on which it is to be looked at whether the name is still needed; in three years where absent.
        review_on: Option<LocalDate>,
    }
    |input| {
        let comes_from = input.comes_from.map(|body| body.key("comesFrom")).transpose();
        let comes_from = comes_from.map_err(|refusal| vec![refusal])?;
        let key = drawn_key().ok_or_else(|| {
            vec![Refusal::new(RefusalCode::InvalidValue, "input", "The system has no random bytes: try again.")]
        })?;
        Ok(Arc::new(AddPerson {
            key,
            name: PersonName::new(input.name),
            comes_from,
            from: input.from.map(|day| day.0),
            review_on: input.review_on.map(|day| day.0),
        }))
    }
}

given! {
    /// What of a person is to be recorded otherwise. What is absent stays as it is.
    AmendPersonInput {
        /// Key of the person.
        person: String,
        /// The name, as it is to be shown to those who may see it.
        name: Option<String>,
        /// The organisation that the person comes from. What is recorded of another ends the day before.
        comes_from: Option<OrganisationInput>,
        /// First day on which the person belongs to it; today where absent.
        from: Option<LocalDate>,
        /// Day on which it is to be looked at whether the name is still needed.
        review_on: Option<LocalDate>,
    }
    |input| {
        let comes_from = input.comes_from.map(|body| body.key("comesFrom")).transpose();
        Ok(Arc::new(AmendPerson {
            person: input.person,
            name: input.name.map(PersonName::new),
            comes_from: comes_from.map_err(|refusal| vec![refusal])?,
            from: input.from.map(|day| day.0),
            review_on: input.review_on.map(|day| day.0),
        }))
    }
}

given! {
    /// Which two records are of one person.
    MergePeopleInput {
        /// Key of the record that is read as the other from now on.
        person: String,
        /// Key of the other.
        into: String,
    }
    |input| Ok(Arc::new(MergePeople { person: input.person, into: input.into }))
}

given! {
    /// Whose name is to be erased.
    ErasePersonInput {
        /// Key of the person.
        person: String,
    }
    |input| Ok(Arc::new(ErasePerson { person: input.person }))
}
