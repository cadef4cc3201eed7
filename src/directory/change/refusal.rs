//! Why a change is refused: a code from a closed list, the field, what would be right, and the rule.
//!
//! Messages name slugs, keys, days and numbers; never a person or a contact detail.

/// Codes of refusals, as clients see them in `userErrors`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RefusalCode {
    /// The caller has no right to it.
    Forbidden,
    /// No board has that slug.
    UnknownBoard,
    /// The board has no seat of that slug.
    UnknownSeat,
    /// No person has that key.
    UnknownPerson,
    /// The person was recorded twice, and is known by another key now.
    PersonMerged,
    /// The name of the person was erased: nothing new is recorded of them.
    PersonErased,
    /// No appointment that is known now has that number.
    UnknownAppointment,
    /// No organisation has that kind and slug.
    UnknownOrganisation,
    /// No post has that slug.
    UnknownPost,
    /// Nothing that is recorded now has that number or day.
    UnknownRecord,
    /// No API key has that prefix, or it was revoked.
    UnknownKey,
    /// Nobody would be left who may give keys and roles.
    LastAdministrator,
    /// The seat does not exist on some of the days.
    SeatClosed,
    /// Something of the same kind is recorded for some of the days.
    Overlap,
    /// The last day lies before the first.
    EndBeforeStart,
    /// A day lies before the directory begins, or further ahead than anything is planned.
    DateOutOfScope,
    /// A third lay adviser without an approval in force.
    LayAdviserCap,
    /// A lay adviser who would hold another seat.
    LayAdviserElsewhere,
    /// One person in two seats of one board.
    SecondSeatOnBoard,
    /// A community rehabilitation company in a statutory seat.
    CompanyInStatutorySeat,
    /// What is asked for stands already.
    NothingToChange,
    /// Something with that key or slug is there already.
    AlreadyThere,
    /// A value is not what its field takes.
    InvalidValue,
    /// Somebody changed it since: the version is not that of the last change.
    StaleVersion,
    /// The key was used for another request.
    IdempotencyKeyReused,
    /// The database refused what was found in order: a guard that names its rule.
    IntegrityRefused,
}

impl RefusalCode {
    /// Every code.
    pub const ALL: [(RefusalCode, &'static str); 26] = [
        (RefusalCode::Forbidden, "FORBIDDEN"),
        (RefusalCode::UnknownBoard, "UNKNOWN_BOARD"),
        (RefusalCode::UnknownSeat, "UNKNOWN_SEAT"),
        (RefusalCode::UnknownPerson, "UNKNOWN_PERSON"),
        (RefusalCode::PersonMerged, "PERSON_MERGED"),
        (RefusalCode::PersonErased, "PERSON_ERASED"),
        (RefusalCode::UnknownAppointment, "UNKNOWN_APPOINTMENT"),
        (RefusalCode::UnknownOrganisation, "UNKNOWN_ORGANISATION"),
        (RefusalCode::UnknownPost, "UNKNOWN_POST"),
        (RefusalCode::UnknownRecord, "UNKNOWN_RECORD"),
        (RefusalCode::UnknownKey, "UNKNOWN_KEY"),
        (RefusalCode::LastAdministrator, "LAST_ADMINISTRATOR"),
        (RefusalCode::SeatClosed, "SEAT_CLOSED"),
        (RefusalCode::Overlap, "OVERLAP"),
        (RefusalCode::EndBeforeStart, "END_BEFORE_START"),
        (RefusalCode::DateOutOfScope, "DATE_OUT_OF_SCOPE"),
        (RefusalCode::LayAdviserCap, "LAY_ADVISER_CAP"),
        (RefusalCode::LayAdviserElsewhere, "LAY_ADVISER_ELSEWHERE"),
        (RefusalCode::SecondSeatOnBoard, "SECOND_SEAT_ON_BOARD"),
        (RefusalCode::CompanyInStatutorySeat, "COMPANY_IN_STATUTORY_SEAT"),
        (RefusalCode::NothingToChange, "NOTHING_TO_CHANGE"),
        (RefusalCode::AlreadyThere, "ALREADY_THERE"),
        (RefusalCode::InvalidValue, "INVALID_VALUE"),
        (RefusalCode::StaleVersion, "STALE_VERSION"),
        (RefusalCode::IdempotencyKeyReused, "IDEMPOTENCY_KEY_REUSED"),
        (RefusalCode::IntegrityRefused, "INTEGRITY_REFUSED"),
    ];

    /// The code as clients see it.
    pub fn code(self) -> &'static str {
        RefusalCode::ALL.iter().find(|(code, _)| *code == self).map_or("", |(_, text)| *text)
    }
}

/// One reason why a change is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What is wrong.
    pub code: RefusalCode,
    /// The field of the input.
    pub field: &'static str,
    /// What is wrong and what would be right, in words.
    pub message: String,
    /// Id of the board rule that refuses; none where it is none of them.
    pub rule: Option<&'static str>,
    /// The line of a file whose cell it is about, with the column as the field; none where it is about no cell.
    pub line: Option<usize>,
}

/// All reasons why a change is refused; never empty.
pub type Refused = Vec<Refusal>;

impl Refusal {
    /// A refusal that rests on no rule of the board table.
    pub fn new(code: RefusalCode, field: &'static str, message: impl Into<String>) -> Refusal {
        Refusal { code, field, message: message.into(), rule: None, line: None }
    }

    /// The same by a rule.
    pub fn by(self, rule: &'static str) -> Refusal {
        Refusal { rule: Some(rule), ..self }
    }

    /// The same of a cell of a file.
    pub fn at(self, line: usize, column: &'static str) -> Refusal {
        Refusal { line: Some(line), field: column, ..self }
    }
}

/// Three that were found, or every reason why one was not.
///
/// # Errors
///
/// Where one was not.
pub fn all<A, B, C>(
    one: Result<A, Refusal>,
    two: Result<B, Refusal>,
    three: Result<C, Refusal>,
) -> Result<(A, B, C), Refused> {
    match (one, two, three) {
        (Ok(one), Ok(two), Ok(three)) => Ok((one, two, three)),
        (one, two, three) => Err([one.err(), two.err(), three.err()].into_iter().flatten().collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_text_of_its_own() {
        for (nth, (code, text)) in RefusalCode::ALL.iter().enumerate() {
            assert_eq!(code.code(), *text);
            assert!(RefusalCode::ALL[..nth].iter().all(|(_, other)| other != text), "{text}");
        }
    }
}
