//! Kinds of organisations and areas, and the uses of their names.

use super::source::Basis;

/// What a body is. Area, division, trust, company and owner are different kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BodyKind {
    /// One of the 42 areas of the multi-agency public protection arrangements.
    MappaArea,
    /// A territorial police force.
    PoliceForce,
    /// A probation trust of before the restructure.
    ProbationTrust,
    /// A division of the National Probation Service.
    NpsDivision,
    /// The place in which one community rehabilitation company works.
    ContractPackageArea,
    /// A community rehabilitation company.
    Crc,
    /// An owner of community rehabilitation companies.
    CrcOwner,
    /// A region of the unified Probation Service.
    ProbationRegion,
    /// A body that serves the whole country or both.
    NationalBody,
    /// A body under the duty to co-operate.
    Agency,
}

impl BodyKind {
    /// Every kind with the code that files and tables use.
    pub const ALL: [(BodyKind, &'static str); 10] = [
        (BodyKind::MappaArea, "MAPPA_AREA"),
        (BodyKind::PoliceForce, "POLICE_FORCE"),
        (BodyKind::ProbationTrust, "PROBATION_TRUST"),
        (BodyKind::NpsDivision, "NPS_DIVISION"),
        (BodyKind::ContractPackageArea, "CONTRACT_PACKAGE_AREA"),
        (BodyKind::Crc, "CRC"),
        (BodyKind::CrcOwner, "CRC_OWNER"),
        (BodyKind::ProbationRegion, "PROBATION_REGION"),
        (BodyKind::NationalBody, "NATIONAL_BODY"),
        (BodyKind::Agency, "AGENCY"),
    ];

    /// The kind of a code; none for any other text.
    pub fn from_code(code: &str) -> Option<BodyKind> {
        BodyKind::ALL.iter().find(|(_, known)| *known == code).map(|(kind, _)| *kind)
    }

    /// The code that files and tables use.
    pub fn code(self) -> &'static str {
        BodyKind::ALL.iter().find(|(kind, _)| *kind == self).map_or("", |(_, code)| *code)
    }
}

/// How a name is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NameUsage {
    /// The plain name shown.
    Name,
    /// The legal or full name.
    OfficialName,
    /// The name in Welsh.
    WelshName,
    /// An abbreviation in use.
    ShortName,
    /// Another spelling or an old label.
    Alias,
}

impl NameUsage {
    /// Every usage with the code that files and tables use.
    pub const ALL: [(NameUsage, &'static str); 5] = [
        (NameUsage::Name, "NAME"),
        (NameUsage::OfficialName, "OFFICIAL_NAME"),
        (NameUsage::WelshName, "WELSH_NAME"),
        (NameUsage::ShortName, "SHORT_NAME"),
        (NameUsage::Alias, "ALIAS"),
    ];

    /// The usage of a code; none for any other text.
    pub fn from_code(code: &str) -> Option<NameUsage> {
        NameUsage::ALL.iter().find(|(_, known)| *known == code).map(|(usage, _)| *usage)
    }

    /// The code that files and tables use.
    pub fn code(self) -> &'static str {
        NameUsage::ALL.iter().find(|(usage, _)| *usage == self).map_or("", |(_, code)| *code)
    }
}

/// A number that the directory must come to, with what it rests on.
#[derive(Clone, Copy, Debug)]
pub struct ExpectedCount {
    /// What is counted.
    pub kind: BodyKind,
    /// How many there must be.
    pub count: usize,
    /// Why.
    pub source: &'static str,
    /// Standing of that source.
    pub basis: Basis,
}

/// Longest slug, in characters.
pub const LONGEST_SLUG: usize = 100;

/// Whether a text is a slug: lower-case letters and digits, in words joined by single hyphens, as an id and an address can
/// carry it.
pub fn is_slug(text: &str) -> bool {
    let is_word = |word: &str| {
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    text.len() <= LONGEST_SLUG && text.split('-').all(is_word)
}

/// How many bodies of each kind the restructure had.
pub const EXPECTED_COUNTS: [ExpectedCount; 5] = [
    ExpectedCount {
        kind: BodyKind::MappaArea,
        count: 42,
        source: "FOUNDING",
        basis: Basis::FoundingDocument,
    },
    ExpectedCount { kind: BodyKind::ProbationTrust, count: 35, source: "S01", basis: Basis::Statute },
    ExpectedCount {
        kind: BodyKind::ContractPackageArea,
        count: 21,
        source: "FOUNDING;S02;S04",
        basis: Basis::FoundingDocument,
    },
    ExpectedCount {
        kind: BodyKind::NpsDivision,
        count: 7,
        source: "FOUNDING;S04",
        basis: Basis::FoundingDocument,
    },
    ExpectedCount { kind: BodyKind::PoliceForce, count: 43, source: "S05;S27", basis: Basis::Published },
];

/// How many local authorities England and Wales had on 31 March 2014 (sources S05, S07, S08).
pub const EXPECTED_AUTHORITIES: usize = 348;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_is_words_of_small_letters_and_digits() {
        for slug in ["kent", "lay-adviser-3", "a", "2", &"x".repeat(LONGEST_SLUG)] {
            assert!(is_slug(slug), "{slug}");
        }
        let none = ["", "-", "kent-", "-kent", "a--b", "Kent", "kent\0", "d\u{e9}p\u{f4}t", "a b", "a_b"];
        for text in none.into_iter().chain([&*"x".repeat(LONGEST_SLUG + 1)]) {
            assert!(!is_slug(text), "{text:?}");
        }
    }
}
