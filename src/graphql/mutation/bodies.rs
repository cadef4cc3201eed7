//! Inputs about organisations and areas: names, mailboxes, posts, owners.

use super::given::{given, meant};
use super::persons::OrganisationInput;
use crate::directory::change::{
    AmendOrganisation, MailboxAddress, RecordOwnership, SetFunctionalContact, SetPostHolder,
};
use crate::directory::person::PersonName;
use crate::domain::organisation::NameUsage;
use crate::graphql::scalar::LocalDate;
use crate::graphql::types::board::words::MailboxPurpose;
use crate::graphql::types::common::Usage;
use std::sync::Arc;

given! {
    /// Which organisation or area bears another name.
    AmendOrganisationInput {
        /// Which.
        organisation: OrganisationInput,
        /// The name.
        name: Option<String>,
        /// How it is used; NAME where absent. Of SHORT_NAME and ALIAS there may be several, and none ends by another.
        usage: Option<Usage>,
        /// The first day.
        from: LocalDate,
    }
    |input| Ok(Arc::new(AmendOrganisation {
        body: input.organisation.key("organisation").map_err(|refusal| vec![refusal])?,
        name: input.name,
        usage: input.usage.map_or(NameUsage::Name, Usage::in_domain),
        from: input.from.0,
    }))
}

given! {
    /// Which mailbox an organisation or an area has.
    SetFunctionalContactInput {
        /// Whose.
        organisation: OrganisationInput,
        /// What it is for.
        purpose: MailboxPurpose,
        /// Its address, in small letters: that of a role and never of a person. There is none from the day on where absent.
        address: Option<String>,
        /// The first day.
        from: LocalDate,
    }
    |input| Ok(Arc::new(SetFunctionalContact {
        body: input.organisation.key("organisation").map_err(|refusal| vec![refusal])?,
        purpose: meant(input.purpose.in_domain(), "purpose")?,
        address: input.address.map(MailboxAddress::new),
        from: input.from.0,
    }))
}

given! {
    /// Who holds a public post.
    SetPostHolderInput {
        /// Slug of the post.
        post: String,
        /// The holder, as the source names them. No source speaks of a holder from the day on where absent.
        holder: Option<String>,
        /// Key of the published source; a holder needs one.
        source: Option<String>,
        /// The first day.
        from: LocalDate,
        /// The last day for which the source speaks of the holder; open where absent.
        last_day: Option<LocalDate>,
    }
    |input| Ok(Arc::new(SetPostHolder {
        post: input.post,
        holder: input.holder.map(PersonName::new),
        source: input.source,
        from: input.from.0,
        last_day: input.last_day.map(|day| day.0),
    }))
}

given! {
    /// Who owns a company.
    RecordOwnershipInput {
        /// Slug of the company: that of its contract package area.
        crc: String,
        /// Slug of the owner.
        owner: String,
        /// Partners of the owner in this contract.
        partners: Option<String>,
        /// The first day.
        from: LocalDate,
        /// The last day; it is open where absent.
        last_day: Option<LocalDate>,
    }
    |input| Ok(Arc::new(RecordOwnership {
        crc: input.crc,
        owner: input.owner,
        partners: input.partners,
        from: input.from.0,
        last_day: input.last_day.map(|day| day.0),
    }))
}
