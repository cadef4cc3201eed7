//! Who asks, and what they may see and do: roles, grants, and the questions that are asked of a caller.
//!
//! Deny by default: a right exists only where a line here says so. How a caller is recognised is left to
//! `directory::access`, and where a right is asked for to whoever answers.

use std::collections::BTreeSet;

/// What a caller may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Reads names of board members and lay advisers.
    Reader,
    /// Looks after the boards of named areas.
    BoardAdministrator,
    /// Looks after everything: boards, organisations, agencies, roles and keys.
    NationalAdministrator,
    /// Reads who changed what and why, and who saw which names.
    Auditor,
}

impl Role {
    /// Every role with the code that tables, the schema and the command line use.
    pub const ALL: [(Role, &'static str); 4] = [
        (Role::Reader, "READER"),
        (Role::BoardAdministrator, "BOARD_ADMINISTRATOR"),
        (Role::NationalAdministrator, "NATIONAL_ADMINISTRATOR"),
        (Role::Auditor, "AUDITOR"),
    ];

    /// The role of a code; none for any other text.
    pub fn from_code(code: &str) -> Option<Role> {
        Role::ALL.iter().find(|(_, known)| *known == code).map(|(role, _)| *role)
    }

    /// The code that tables, the schema and the command line use.
    pub fn code(self) -> &'static str {
        Role::ALL.iter().find(|(role, _)| *role == self).map_or("", |(_, code)| *code)
    }
}

/// A role as it is granted.
///
/// Guarantees: it names an area exactly where the role is one of named areas.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Grant {
    role: Role,
    area: Option<String>,
}

impl Grant {
    /// A role, with the slug of an area where it is one of named areas.
    ///
    /// None where an area is missing, or is named for a role that has none.
    pub fn new(role: Role, area: Option<String>) -> Option<Grant> {
        ((role == Role::BoardAdministrator) == area.is_some()).then_some(Grant { role, area })
    }

    /// The role.
    pub fn role(&self) -> Role {
        self.role
    }

    /// Slug of the area; none where the role is not one of named areas.
    pub fn area(&self) -> Option<&str> {
        self.area.as_deref()
    }
}

/// Who asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Caller {
    actor: Option<String>,
    roles: BTreeSet<Role>,
    areas: BTreeSet<String>,
}

impl Caller {
    /// Anyone: who has not said who they are.
    pub fn anyone() -> Caller {
        Caller::default()
    }

    /// An identity of the service, never a personal name, with what it was granted.
    pub fn new(actor: &str, grants: &[Grant]) -> Caller {
        Caller {
            actor: Some(actor.to_owned()),
            roles: grants.iter().map(|grant| grant.role).collect(),
            areas: grants.iter().filter_map(|grant| grant.area.clone()).collect(),
        }
    }

    /// Whoever has the command line, and so the database: may do everything, and is recorded as such.
    pub fn command_line() -> Caller {
        let roles = BTreeSet::from([Role::NationalAdministrator, Role::Auditor]);
        Caller { actor: Some("command-line".to_owned()), roles, areas: BTreeSet::new() }
    }

    /// The identity under which changes and reads are recorded; none for anyone.
    pub fn actor(&self) -> Option<&str> {
        self.actor.as_deref()
    }

    /// Roles that were granted.
    pub fn roles(&self) -> impl Iterator<Item = Role> {
        self.roles.iter().copied()
    }

    /// Whether exactly this was granted.
    pub fn has(&self, grant: &Grant) -> bool {
        match grant.area() {
            Some(area) => self.areas.contains(area),
            None => self.roles.contains(&grant.role()),
        }
    }

    /// Slugs of the areas whose boards the caller looks after by name.
    pub fn areas(&self) -> impl Iterator<Item = &str> {
        self.areas.iter().map(String::as_str)
    }

    /// Whether names of the members and lay advisers of an area's board may be shown.
    ///
    /// A board administrator sees those of the areas that are named; who needs all is granted `READER` beside it.
    pub fn may_see_names(&self, area: &str) -> bool {
        self.roles.contains(&Role::Reader) || self.looks_after(area)
    }

    /// Whether findings about single persons of an area's board may be shown.
    pub fn may_see_person_findings(&self, area: &str) -> bool {
        self.looks_after(area)
    }

    /// Whether an area's board may be changed.
    pub fn may_change(&self, area: &str) -> bool {
        self.looks_after(area)
    }

    /// Whether organisations, agencies, roles and keys may be changed.
    pub fn may_administer(&self) -> bool {
        self.roles.contains(&Role::NationalAdministrator)
    }

    /// Whether actors and reasons of changes, and the access log, may be shown.
    ///
    /// Of a national administrator as well only where that was granted: who acts does not watch over it.
    pub fn may_audit(&self) -> bool {
        self.roles.contains(&Role::Auditor)
    }

    fn looks_after(&self, area: &str) -> bool {
        self.may_administer() || self.areas.contains(area)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller(grants: &[(Role, Option<&str>)]) -> Caller {
        let grants: Vec<Grant> = grants
            .iter()
            .map(|(role, area)| Grant::new(*role, area.map(str::to_owned)).expect("a grant"))
            .collect();
        Caller::new("key:test", &grants)
    }

    /// What a caller may do: names, findings and changes in Kent and in Essex, everything, the logs.
    type Rights = [bool; 8];

    fn rights(caller: &Caller) -> Rights {
        [
            caller.may_see_names("kent"),
            caller.may_see_names("essex"),
            caller.may_see_person_findings("kent"),
            caller.may_see_person_findings("essex"),
            caller.may_change("kent"),
            caller.may_change("essex"),
            caller.may_administer(),
            caller.may_audit(),
        ]
    }

    fn either(one: Rights, other: Rights) -> Rights {
        std::array::from_fn(|nth| one[nth] || other[nth])
    }

    const N: bool = false;
    const Y: bool = true;

    /// Every grant, and what the table of roles gives it.
    const MATRIX: [(Role, Option<&str>, Rights); 6] = [
        //                                             names  findings changes all logs
        (Role::Reader, None, [Y, Y, N, N, N, N, N, N]),
        (Role::BoardAdministrator, Some("kent"), [Y, N, Y, N, Y, N, N, N]),
        (Role::BoardAdministrator, Some("essex"), [N, Y, N, Y, N, Y, N, N]),
        (Role::BoardAdministrator, Some("sussex"), [N, N, N, N, N, N, N, N]),
        (Role::NationalAdministrator, None, [Y, Y, Y, Y, Y, Y, Y, N]),
        (Role::Auditor, None, [N, N, N, N, N, N, N, Y]),
    ];

    #[test]
    fn anyone_may_do_nothing_that_has_to_be_granted() {
        assert_eq!(rights(&Caller::anyone()), [N; 8]);
        // Nor does being recognised give a right.
        assert_eq!(rights(&caller(&[])), [N; 8]);
        assert_eq!(Caller::anyone().actor(), None);
    }

    #[test]
    fn each_role_gives_what_the_table_of_roles_says_and_nothing_else() {
        for (role, area, due) in MATRIX {
            assert_eq!(rights(&caller(&[(role, area)])), due, "{role:?} {area:?}");
        }
    }

    #[test]
    fn every_set_of_grants_gives_what_its_grants_give_and_no_more() {
        for set in 0..1_u32 << MATRIX.len() {
            let chosen = || MATRIX.iter().enumerate().filter(|(nth, _)| set & (1 << nth) != 0);
            let grants: Vec<_> = chosen().map(|(_, (role, area, _))| (*role, *area)).collect();
            let due = chosen().fold([N; 8], |sum, (_, (_, _, rights))| either(sum, *rights));
            assert_eq!(rights(&caller(&grants)), due, "{grants:?}");
        }
    }

    #[test]
    fn an_area_is_the_whole_slug_and_nothing_like_it() {
        let kent = caller(&[(Role::BoardAdministrator, Some("kent"))]);
        for other in ["", "ken", "kent ", "Kent", "kent-and-medway"] {
            assert!(!kent.may_change(other) && !kent.may_see_names(other), "{other:?}");
        }
    }

    #[test]
    fn a_grant_names_an_area_exactly_where_the_role_has_some() {
        for (role, _) in Role::ALL {
            let of_areas = role == Role::BoardAdministrator;
            assert_eq!(Grant::new(role, Some("kent".to_owned())).is_some(), of_areas, "{role:?}");
            assert_eq!(Grant::new(role, None).is_some(), !of_areas, "{role:?}");
        }
    }

    #[test]
    fn codes_of_roles_are_those_of_the_design_and_are_read_back() {
        for (role, code) in Role::ALL {
            assert_eq!((Role::from_code(code), role.code()), (Some(role), code));
        }
        for unknown in ["", "reader", "ADMIN", "READER "] {
            assert_eq!(Role::from_code(unknown), None, "{unknown:?}");
        }
    }
}
