//! What is wrong with some boards of the example set, so that every kind of finding can be seen.
//!
//! A third lay adviser without the minister's approval is not among them: the database refuses one.

/// Something that a board lacks or does wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// A lay adviser resigned, and the seat is vacant.
    LayAdviserVacant,
    /// Nobody declared that the checks of a lay adviser were completed.
    EligibilityNotDeclared,
    /// A third lay adviser, whom the minister approved: no trouble, but out of the ordinary.
    ThirdLayAdviserApproved,
    /// Nobody recorded who chairs.
    ChairNotRecorded,
    /// It is recorded that nobody chairs, and that the last meeting was not chaired.
    NoChair,
    /// Memorandum and business plan have run out.
    Lapsed,
    /// It is recorded that the report was not published.
    ReportNotPublished,
    /// The lay advisers were not consulted on the review.
    LayAdvisersNotConsulted,
    /// A term ran out, and nobody recorded what followed.
    TermRanOut,
    /// A lay adviser in the third term running.
    ThirdTerm,
    /// The seat of an agency is recorded as vacant.
    AgencySeatVacant,
    /// An agency under the duty has no seat.
    AgencyWithoutSeat,
    /// Too few meetings in the year.
    TooFewMeetings,
    /// The prison service missed two meetings running.
    AbsentTwice,
    /// A deputy without the power to commit the body, and a seat without a deputy.
    DeputyWithoutPower,
    /// The chair comes from outside the Responsible Authority.
    ChairOutsideAuthority,
    /// A lay adviser is declared not to be independent.
    NotIndependent,
    /// The seat of the prison service is vacant.
    PrisonVacant,
    /// Nothing is recorded of the board but what the seed says.
    NothingRecorded,
}

/// Which boards have which troubles; every other is sound.
const TROUBLES: &[(&str, &[Trouble])] = &[
    ("bedfordshire", &[Trouble::LayAdviserVacant, Trouble::EligibilityNotDeclared]),
    ("cambridgeshire", &[Trouble::ThirdLayAdviserApproved]),
    ("cheshire", &[Trouble::ChairNotRecorded]),
    ("cleveland", &[Trouble::NoChair]),
    ("cumbria", &[Trouble::Lapsed]),
    ("derbyshire", &[Trouble::ReportNotPublished, Trouble::LayAdvisersNotConsulted]),
    ("devon-and-cornwall", &[Trouble::TermRanOut, Trouble::ThirdTerm]),
    ("dorset", &[Trouble::AgencySeatVacant, Trouble::AgencyWithoutSeat]),
    ("dyfed-powys", &[Trouble::TooFewMeetings]),
    ("essex", &[Trouble::AbsentTwice, Trouble::DeputyWithoutPower]),
    ("greater-manchester", &[Trouble::ChairOutsideAuthority, Trouble::NotIndependent]),
    ("kent", &[Trouble::PrisonVacant]),
    ("lincolnshire", &[Trouble::NothingRecorded]),
];

/// Whether a board has a trouble.
pub(super) fn has(area: &str, trouble: Trouble) -> bool {
    TROUBLES.iter().any(|(of, troubles)| *of == area && troubles.contains(&trouble))
}
