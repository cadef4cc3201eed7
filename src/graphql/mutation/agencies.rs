//! Inputs about agencies under the duty to co-operate.

use super::given::given;
use crate::directory::change::{AmendAgency, EndAgency, RegisterAgency};
use crate::domain::board;
use crate::graphql::scalar::LocalDate;
use crate::graphql::types::board::words::AgencyKind;
use std::sync::Arc;

fn kinds(given: &[AgencyKind]) -> Vec<board::AgencyKind> {
    given.iter().filter_map(|kind| kind.in_domain()).collect()
}

given! {
    /// Which agency is to be registered.
    RegisterAgencyInput {
        /// Its slug: small letters, digits and single hyphens.
        slug: String,
        /// Its name.
        name: String,
        /// England, Wales, or England and Wales.
        country: String,
        /// As what it has the duty to co-operate: at least one.
        kinds: Vec<AgencyKind>,
        /// Slugs of the MAPPA areas that it serves: at least one.
        areas: Vec<String>,
        /// First day of all that.
        from: LocalDate,
        /// Last day; it is open where absent.
        last_day: Option<LocalDate>,
    }
    |input| Ok(Arc::new(RegisterAgency {
        slug: input.slug,
        name: input.name,
        country: input.country,
        kinds: kinds(&input.kinds),
        areas: input.areas,
        from: input.from.0,
        last_day: input.last_day.map(|day| day.0),
    }))
}

given! {
    /// What of an agency is another from a day on. What is absent stays as it is.
    AmendAgencyInput {
        /// Its slug.
        agency: String,
        /// Another name.
        name: Option<String>,
        /// As what else it has the duty to co-operate.
        add_kinds: Option<Vec<AgencyKind>>,
        /// As what it has the duty no longer.
        end_kinds: Option<Vec<AgencyKind>>,
        /// Slugs of MAPPA areas that it serves as well.
        add_areas: Option<Vec<String>>,
        /// Slugs of MAPPA areas that it serves no longer.
        end_areas: Option<Vec<String>>,
        /// The first day of what is new. What ends has its last day before.
        from: LocalDate,
    }
    |input| Ok(Arc::new(AmendAgency {
        agency: input.agency,
        name: input.name,
        add_kinds: kinds(&input.add_kinds.unwrap_or_default()),
        end_kinds: kinds(&input.end_kinds.unwrap_or_default()),
        add_areas: input.add_areas.unwrap_or_default(),
        end_areas: input.end_areas.unwrap_or_default(),
        from: input.from.0,
    }))
}

given! {
    /// Which agency ends.
    EndAgencyInput {
        /// Its slug.
        agency: String,
        /// Its last day.
        last_day: LocalDate,
    }
    |input| Ok(Arc::new(EndAgency { agency: input.agency, last_day: input.last_day.0 }))
}
