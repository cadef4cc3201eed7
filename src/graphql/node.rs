//! Opaque ids: what an object is, its stable key, and the view it was seen in where that is not the default.

use super::context::{At, Context};
use super::scalar::parse_day;
use crate::directory::BodyId;
use crate::domain::calendar::{Calendar, DEFAULT_DIRECTORY_DATE, FIRST_DAY};
use crate::domain::organisation::BodyKind;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use juniper::ID;

/// Longest id or cursor taken.
pub const LONGEST: usize = 400;

/// What an id stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeKey {
    /// Name of the type.
    pub type_name: String,
    /// Stable key within the type.
    pub key: String,
    /// The view.
    pub at: At,
    /// Slug of the area through which the body was reached, where its period is that of the coverage.
    pub area: Option<String>,
}

/// Kinds of bodies that are nodes, with the names of their types.
const TYPES: [(BodyKind, &str); 10] = [
    (BodyKind::MappaArea, "MappaArea"),
    (BodyKind::PoliceForce, "PoliceForce"),
    (BodyKind::ProbationTrust, "ProbationTrust"),
    (BodyKind::NpsDivision, "NpsDivision"),
    (BodyKind::ContractPackageArea, "ContractPackageArea"),
    (BodyKind::Crc, "CommunityRehabilitationCompany"),
    (BodyKind::CrcOwner, "CompanyOwner"),
    (BodyKind::ProbationRegion, "ProbationRegion"),
    (BodyKind::NationalBody, "NationalBody"),
    (BodyKind::Agency, "Agency"),
];

/// The name of the type of a kind.
pub fn type_of(kind: BodyKind) -> &'static str {
    TYPES.iter().find(|(of, _)| *of == kind).map_or("", |(_, name)| *name)
}

/// The kind of a type's name.
pub fn kind_of(type_name: &str) -> Option<BodyKind> {
    TYPES.iter().find(|(_, name)| *name == type_name).map(|(kind, _)| *kind)
}

/// The id of a body.
pub fn body_id(context: &Context, at: At, id: BodyId, area: Option<BodyId>) -> ID {
    let identity = &context.directory().body(id).identity;
    let area = area.map(|area| context.directory().body(area).identity.slug.as_str());
    node_id(type_of(identity.kind), &identity.slug, at, area)
}

/// The id of a node: its type, its key within the type, its view, and the area through which it was reached.
pub fn node_id(type_name: &str, key: &str, at: At, area: Option<&str>) -> ID {
    let mut text = String::with_capacity(80);
    for part in [type_name, ":", key] {
        text.push_str(part);
    }
    if let Some(area) = area {
        text.push_str("|area=");
        text.push_str(area);
    }
    text.push_str(&view_text(at));
    ID::from(URL_SAFE_NO_PAD.encode(text))
}

/// The parts of a view that are not the default.
pub fn view_text(at: At) -> String {
    let mut text = String::new();
    // Left out only for a day that no setting and no clock can move.
    if at.on != DEFAULT_DIRECTORY_DATE {
        text.push_str(&format!("|on={}", at.on));
    }
    if at.calendar == Calendar::Operational {
        text.push_str("|calendar=OPERATIONAL");
    }
    if let Some(known) = at.known {
        text.push_str(&format!("|known={known}"));
    }
    text
}

/// Reads an id; none where it is not one of ours.
pub fn read_id(context: &Context, id: &str) -> Option<NodeKey> {
    if id.len() > LONGEST {
        return None;
    }
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(id).ok()?).ok()?;
    let mut parts = text.split('|');
    let (type_name, key) = parts.next()?.split_once(':')?;
    let mut node = NodeKey {
        type_name: type_name.to_owned(),
        key: key.to_owned(),
        at: At { on: DEFAULT_DIRECTORY_DATE, calendar: Calendar::default(), known: None },
        area: None,
    };
    for part in parts {
        match part.split_once('=')? {
            ("area", slug) => node.area = Some(slug.to_owned()),
            ("on", day) => node.at.on = parse_day(day)?,
            ("calendar", "OPERATIONAL") => node.at.calendar = Calendar::Operational,
            ("known", version) => {
                let version: i64 = version.parse().ok()?;
                (1..=context.directory().version()).contains(&version).then_some(())?;
                node.at.known = Some(version);
            }
            _ => return None,
        }
    }
    // What no look-up would have answered has no id either.
    let may_have_area =
        !["LocalAuthority", "Board", "Seat", "Person", "Change"].contains(&node.type_name.as_str());
    (node.at.on >= FIRST_DAY && (node.area.is_none() || may_have_area)).then_some(node)
}
