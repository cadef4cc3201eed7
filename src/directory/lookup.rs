//! From a place as people give it to the bodies that cover it.
//!
//! Postcodes are not held here. A place outside England and Wales is told apart from an unknown one.

use super::names::fold;
use super::view::View;
use super::{AuthorityId, BodyId};
use crate::domain::area::{is_foreign_code, is_foreign_name};
use crate::domain::calendar::FIRST_DAY;
use crate::domain::organisation::{BodyKind, NameUsage};

/// Longest text of a place, in characters.
pub const LONGEST_TEXT: usize = 200;

/// Most candidates that an ambiguous place lists.
pub const MOST_CANDIDATES: usize = 50;

/// A place as it is asked for: exactly one way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Slug or name of a MAPPA area.
    MappaArea(String),
    /// ONS code or name of a local authority.
    LocalAuthority(String),
    /// Slug or name of a police force.
    PoliceForce(String),
    /// A bare name: tried as area, alias, authority and force, then as any other body.
    Name(String),
    /// A code of any scheme that is held.
    Code {
        /// Whose code it is.
        scheme: String,
        /// The code.
        value: String,
    },
}

/// How near a place was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// The authority or force is known, and with it the area.
    Exact,
    /// Only the area is known.
    Area,
}

/// Where a place lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located {
    /// The MAPPA area.
    pub area: BodyId,
    /// The local authority, where the place is one.
    pub authority: Option<AuthorityId>,
    /// The force or, where only the area is known, every force of it.
    pub forces: Vec<BodyId>,
    /// How near.
    pub precision: Precision,
}

/// One of several meanings of a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The area that it would lie in.
    pub area: BodyId,
    /// The authority that it could be.
    pub authority: Option<AuthorityId>,
}

/// Why a place was not found, with the field at fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlaceFault {
    /// Nothing of that name or code is held.
    Unknown {
        /// Field of the place.
        field: &'static str,
    },
    /// It could be any of these.
    Ambiguous {
        /// Field of the place.
        field: &'static str,
        /// What it could be; at most [`MOST_CANDIDATES`].
        candidates: Vec<Candidate>,
    },
    /// It lies outside England and Wales.
    OutOfScope {
        /// Field of the place.
        field: &'static str,
    },
    /// No code of that scheme is held.
    UnknownScheme {
        /// The schemes that are.
        held: Vec<String>,
    },
    /// Empty, too long, or with control characters.
    BadText {
        /// Field of the place.
        field: &'static str,
    },
    /// The day lies before the directory begins.
    DayOutOfScope,
}

impl Place {
    fn texts(&self) -> Vec<(&'static str, &str)> {
        match self {
            Place::MappaArea(text) => vec![("mappaArea", text)],
            Place::LocalAuthority(text) => vec![("localAuthority", text)],
            Place::PoliceForce(text) => vec![("policeForce", text)],
            Place::Name(text) => vec![("name", text)],
            Place::Code { scheme, value } => vec![("code.scheme", scheme), ("code.value", value)],
        }
    }
}

/// Whether a text can be a name, slug or code: not empty, bounded, without control characters.
pub fn is_sound_text(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().count() <= LONGEST_TEXT && !text.chars().any(char::is_control)
}

impl View<'_> {
    /// Finds where a place lies on the day.
    ///
    /// # Errors
    ///
    /// Why it was not found; an ambiguous place comes with its candidates.
    pub fn locate(&self, place: &Place) -> Result<Located, PlaceFault> {
        if let Some((field, _)) = place.texts().into_iter().find(|(_, text)| !is_sound_text(text)) {
            return Err(PlaceFault::BadText { field });
        }
        if self.moment.on < FIRST_DAY {
            return Err(PlaceFault::DayOutOfScope);
        }
        match place {
            Place::MappaArea(text) => self.one_area(self.named(BodyKind::MappaArea, text), "mappaArea", text),
            Place::PoliceForce(text) => {
                self.one_area(self.named(BodyKind::PoliceForce, text), "policeForce", text)
            }
            Place::LocalAuthority(text) => self.locate_authority(text),
            Place::Name(text) => self.locate_name(text),
            Place::Code { scheme, value } => self.locate_code(scheme, value),
        }
    }

    fn named(&self, kind: BodyKind, text: &str) -> Vec<BodyId> {
        if let Some(id) = self.by_slug(kind, &text.trim().to_lowercase()) {
            return vec![id];
        }
        self.bodies_named(text, |candidate| candidate == kind)
    }

    fn bodies_named(&self, text: &str, wanted: impl Fn(BodyKind) -> bool) -> Vec<BodyId> {
        let folded = fold(text);
        let of_kind = self.directory.by_name(&folded).iter().copied().filter(|id| {
            wanted(self.body(*id).identity.kind)
                && self.known(&self.body(*id).names).any(|held| fold(&held.value.name) == folded)
        });
        of_kind.collect()
    }

    /// One answer from bodies that all cover the same one area; otherwise unknown or ambiguous.
    fn one_area(&self, bodies: Vec<BodyId>, field: &'static str, text: &str) -> Result<Located, PlaceFault> {
        let mut areas: Vec<BodyId> = bodies.iter().flat_map(|id| self.areas(*id)).collect();
        areas.sort();
        areas.dedup();
        match areas.as_slice() {
            [] if is_foreign_name(&fold(text)) => Err(PlaceFault::OutOfScope { field }),
            [] => Err(PlaceFault::Unknown { field }),
            [area] => {
                let forces: Vec<BodyId> = bodies
                    .iter()
                    .copied()
                    .filter(|id| self.body(*id).identity.kind == BodyKind::PoliceForce)
                    .collect();
                Ok(match forces.as_slice() {
                    [] => self.in_area(*area),
                    _ => Located { area: *area, authority: None, forces, precision: Precision::Exact },
                })
            }
            _ => Err(PlaceFault::Ambiguous {
                field,
                candidates: candidates(areas.into_iter().map(|area| Candidate { area, authority: None })),
            }),
        }
    }

    fn in_area(&self, area: BodyId) -> Located {
        Located { area, authority: None, forces: self.forces(area), precision: Precision::Area }
    }

    fn in_authority(&self, id: AuthorityId) -> Option<Located> {
        let authority = self.authorities()?.authority(id);
        let forces =
            self.force_of(authority).map_or_else(|| self.forces(authority.area), |force| vec![force]);
        Some(Located { area: authority.area, authority: Some(id), forces, precision: Precision::Exact })
    }

    /// Authorities of a folded name: those in force on the day, or all where none is.
    fn authorities_named(&self, text: &str) -> Vec<AuthorityId> {
        let Some(set) = self.authorities() else { return Vec::new() };
        let all = set.by_name(&fold(text));
        let mut found: Vec<AuthorityId> =
            all.iter().copied().filter(|id| set.authority(*id).row.in_force(self.moment.on)).collect();
        if found.is_empty() {
            found = all.to_vec();
        }
        found
    }

    fn one_authority(
        &self,
        found: &[AuthorityId],
        field: &'static str,
        text: &str,
    ) -> Result<Located, PlaceFault> {
        match found {
            [] if is_foreign_name(&fold(text)) => Err(PlaceFault::OutOfScope { field }),
            [] => Err(PlaceFault::Unknown { field }),
            [one] => self.in_authority(*one).ok_or(PlaceFault::Unknown { field }),
            _ => Err(PlaceFault::Ambiguous {
                field,
                candidates: candidates(found.iter().filter_map(|id| {
                    self.in_authority(*id).map(|at| Candidate { area: at.area, authority: Some(*id) })
                })),
            }),
        }
    }

    fn locate_authority(&self, text: &str) -> Result<Located, PlaceFault> {
        let field = "localAuthority";
        let by_code = self.authorities().and_then(|set| set.by_code(text.trim()));
        match by_code {
            Some(id) => self.one_authority(&[id], field, text),
            None if is_foreign_code(text.trim()) => Err(PlaceFault::OutOfScope { field }),
            None => self.one_authority(&self.authorities_named(text), field, text),
        }
    }

    fn locate_name(&self, text: &str) -> Result<Located, PlaceFault> {
        let field = "name";
        let areas = self.bodies_named(text, |kind| kind == BodyKind::MappaArea);
        // A plain name is tried before any alias, so that no alias can take an area's name away.
        let plain: Vec<BodyId> = areas
            .iter()
            .copied()
            .filter(|id| self.name(*id, NameUsage::Name).map(fold) == Some(fold(text)))
            .collect();
        if !plain.is_empty() {
            return self.one_area(plain, field, text);
        }
        if !areas.is_empty() {
            return self.one_area(areas, field, text);
        }
        let authorities = self.authorities_named(text);
        if !authorities.is_empty() {
            return self.one_authority(&authorities, field, text);
        }
        let forces = self.bodies_named(text, |kind| kind == BodyKind::PoliceForce);
        if !forces.is_empty() {
            return self.one_area(forces, field, text);
        }
        // Owners are no places, and agencies are recorded for some of the areas that they serve only.
        let is_of_places = |kind| !matches!(kind, BodyKind::CrcOwner | BodyKind::Agency);
        self.one_area(self.bodies_named(text, is_of_places), field, text)
    }

    fn locate_code(&self, scheme: &str, value: &str) -> Result<Located, PlaceFault> {
        let field = "code.value";
        let (scheme, value) = (scheme.trim(), value.trim());
        let is_ons = scheme.eq_ignore_ascii_case("ONS");
        if is_ons {
            if let Some(id) = self.authorities().and_then(|set| set.by_code(value)) {
                return self.one_authority(&[id], field, value);
            }
            if is_foreign_code(value) {
                return Err(PlaceFault::OutOfScope { field });
            }
        } else if !self.directory.schemes().iter().any(|held| held.eq_ignore_ascii_case(scheme)) {
            let mut held = self.directory.schemes().to_vec();
            if !held.iter().any(|scheme| scheme == "ONS") {
                held.push("ONS".to_owned());
            }
            return Err(PlaceFault::UnknownScheme { held });
        }
        let codes = self.directory.by_code(scheme, value).iter().copied();
        let bodies: Vec<BodyId> =
            codes.filter(|id| self.body(*id).identity.kind != BodyKind::Agency).collect();
        let has_code = |id: &BodyId, in_force: bool| {
            self.known(&self.body(*id).codes).any(|held| {
                held.value.scheme.eq_ignore_ascii_case(scheme)
                    && held.value.code.eq_ignore_ascii_case(value)
                    && (held.in_force || !in_force)
            })
        };
        // A code passed on to a successor means the body that has it on the day.
        let mut found: Vec<BodyId> = bodies.iter().copied().filter(|id| has_code(id, true)).collect();
        if found.is_empty() {
            found = bodies.iter().copied().filter(|id| has_code(id, false)).collect();
        }
        self.one_area(found, field, value)
    }
}

fn candidates(found: impl Iterator<Item = Candidate>) -> Vec<Candidate> {
    found.take(MOST_CANDIDATES).collect()
}
