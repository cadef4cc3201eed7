//! Codes of what is recorded of a board beside its seats: offices, documents, confirmations, who declares, mailboxes.
//!
//! What rules make of them is left to `rules`.

/// An office of a board.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Office {
    /// The chair.
    Chair,
    /// A deputy of the chair.
    DeputyChair,
}

impl Office {
    /// Every office with the code that files and tables use.
    pub const ALL: [(Office, &'static str); 2] =
        [(Office::Chair, "CHAIR"), (Office::DeputyChair, "DEPUTY_CHAIR")];
}

/// A document of a board that holds for a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DocumentKind {
    /// The memorandum between the Responsible Authority and the agencies.
    Memorandum,
    /// A business plan.
    BusinessPlan,
    /// The minister's approval of more than two lay advisers.
    MinisterialApproval,
}

impl DocumentKind {
    /// Every kind with the code that files and tables use.
    pub const ALL: [(DocumentKind, &'static str); 3] = [
        (DocumentKind::Memorandum, "MEMORANDUM"),
        (DocumentKind::BusinessPlan, "BUSINESS_PLAN"),
        (DocumentKind::MinisterialApproval, "MINISTERIAL_APPROVAL"),
    ];
}

/// What somebody confirmed to be recorded rightly and wholly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confirmed {
    /// The board with all its seats.
    Board,
    /// One seat.
    Seat,
    /// That every agency under the duty to co-operate is recorded.
    Agencies,
}

impl Confirmed {
    /// Every subject with the code that files and tables use.
    pub const ALL: [(Confirmed, &'static str); 3] =
        [(Confirmed::Board, "BOARD"), (Confirmed::Seat, "SEAT"), (Confirmed::Agencies, "AGENCIES")];
}

/// The office that declared something of a person; never a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DeclaredBy {
    /// The chair of the board.
    Chair,
    /// MAPPA co-ordination.
    Coordinator,
    /// The Responsible Authority of the area.
    ResponsibleAuthority,
    /// The body that the person comes from.
    OwnBody,
    /// An administrator of the board.
    Administrator,
}

impl DeclaredBy {
    /// Every office with the code that files and tables use.
    pub const ALL: [(DeclaredBy, &'static str); 5] = [
        (DeclaredBy::Chair, "CHAIR"),
        (DeclaredBy::Coordinator, "COORDINATOR"),
        (DeclaredBy::ResponsibleAuthority, "RESPONSIBLE_AUTHORITY"),
        (DeclaredBy::OwnBody, "OWN_BODY"),
        (DeclaredBy::Administrator, "ADMINISTRATOR"),
    ];
}

/// What a mailbox of a body is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MailboxPurpose {
    /// Referrals and everything else of the arrangements.
    Mappa,
    /// The single point of contact under the duty to co-operate.
    DutyToCooperate,
    /// Everything.
    General,
}

impl MailboxPurpose {
    /// Every purpose with the code that files and tables use.
    pub const ALL: [(MailboxPurpose, &'static str); 3] = [
        (MailboxPurpose::Mappa, "MAPPA"),
        (MailboxPurpose::DutyToCooperate, "DUTY_TO_COOPERATE"),
        (MailboxPurpose::General, "GENERAL"),
    ];
}

/// What a code stands for in a list of codes; none for any other text.
pub fn of_code<T: Copy>(all: &[(T, &'static str)], code: &str) -> Option<T> {
    all.iter().find(|(_, known)| *known == code).map(|(value, _)| *value)
}
