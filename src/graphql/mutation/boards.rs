//! Inputs about the make-up of a board: its chair, deputies, seats, vacancies, confirmations.

use super::given::{given, meant};
use super::persons::OrganisationInput;
use crate::directory::change::{
    AddSeat, AttestBoard, CloseSeat, RecordDeputy, RecordVacancy, Refusal, RefusalCode, ReplaceChair,
};
use crate::graphql::scalar::LocalDate;
use crate::graphql::types::board::words::{ConfirmedSubject, SeatBasis};
use std::sync::Arc;

given! {
    /// Who chairs a board from a day on, or that nobody does. Whoever chaired it until then ends as chair on the day before;
    /// a deputy of the chair who becomes chair ends as deputy on the day before.
    ReplaceChairInput {
        /// Slug of the board: that of its MAPPA area.
        board: String,
        /// Key of the person; null only where `nobody` is true.
        person: Option<String>,
        /// Whether it is known that nobody chairs the board; false where absent.
        nobody: Option<bool>,
        /// First day. Where somebody is recorded as chair from the same day, that is put right.
        from: LocalDate,
        /// Last day; open where absent.
        last_day: Option<LocalDate>,
    }
    |input| {
        // A person who was left out by mistake must not read as "nobody".
        if input.person.is_some() == input.nobody.unwrap_or(false) {
            let message = "Give the key of a person, or nobody: true where it is known that nobody chairs the board.";
            return Err(vec![Refusal::new(RefusalCode::InvalidValue, "person", message)]);
        }
        Ok(Arc::new(ReplaceChair {
            board: input.board,
            person: input.person,
            from: input.from.0,
            last_day: input.last_day.map(|day| day.0),
        }))
    }
}

given! {
    /// Who deputises from a day on, for the chair of a board or for the holder of one of its seats. What was recorded of the
    /// same person gives way from that day on.
    RecordDeputyInput {
        /// Slug of the board: that of its MAPPA area.
        board: String,
        /// Slug of the seat; a deputy of the chair where absent.
        seat: Option<String>,
        /// Key of the person.
        person: String,
        /// First day.
        from: LocalDate,
        /// Last day; open where absent.
        last_day: Option<LocalDate>,
        /// Whether a comparable standing and the power to commit the organisation were declared; not recorded where
        /// absent. For deputies of a holder only.
        may_commit: Option<bool>,
    }
    |input| Ok(Arc::new(RecordDeputy {
        board: input.board,
        seat: input.seat,
        person: input.person,
        from: input.from.0,
        last_day: input.last_day.map(|day| day.0),
        may_commit: input.may_commit,
    }))
}

given! {
    /// Which seat a board gets.
    AddSeatInput {
        /// Slug of the board: that of its MAPPA area.
        board: String,
        /// Slug of the seat, which no seat of the board has had: lower-case letters and digits, with single hyphens between.
        seat: String,
        /// Why it exists.
        basis: SeatBasis,
        /// What it is called, up to 200 characters.
        title: String,
        /// The organisation that it belongs to; not recorded where absent. A lay adviser comes from none.
        body: Option<OrganisationInput>,
        /// First day.
        from: LocalDate,
        /// Last day; open where absent.
        last_day: Option<LocalDate>,
    }
    |input| {
        let body = input.body.map(|body| body.key("body")).transpose().map_err(|refusal| vec![refusal])?;
        Ok(Arc::new(AddSeat {
            board: input.board,
            seat: input.seat,
            basis: meant(input.basis.in_domain(), "basis")?,
            title: input.title,
            body,
            from: input.from.0,
            last_day: input.last_day.map(|day| day.0),
        }))
    }
}

given! {
    /// Which seat ends, and when. Vacancies and deputies that are recorded beyond that day end with it.
    CloseSeatInput {
        /// Slug of the board: that of its MAPPA area.
        board: String,
        /// Slug of the seat.
        seat: String,
        /// Its last day.
        last_day: LocalDate,
        /// Whether terms that run beyond that day end with the seat, and terms that would begin after it fall; refused where
        /// there are such terms and this is absent or false.
        end_appointments: Option<bool>,
    }
    |input| Ok(Arc::new(CloseSeat {
        board: input.board,
        seat: input.seat,
        last_day: input.last_day.0,
        ends_terms: input.end_appointments.unwrap_or(false),
    }))
}

given! {
    /// Which seat is vacant, and when. A seat of which nothing is recorded is not vacant.
    RecordVacancyInput {
        /// Slug of the board: that of its MAPPA area.
        board: String,
        /// Slug of the seat.
        seat: String,
        /// First day.
        from: LocalDate,
        /// Last day; open where absent.
        last_day: Option<LocalDate>,
    }
    |input| Ok(Arc::new(RecordVacancy {
        board: input.board,
        seat: input.seat,
        from: input.from.0,
        last_day: input.last_day.map(|day| day.0),
    }))
}

given! {
    /// What is confirmed to be recorded rightly and wholly. It is confirmed by whoever sends the request.
    AttestBoardInput {
        /// Slug of the board: that of its MAPPA area.
        board: String,
        /// What is confirmed.
        subject: ConfirmedSubject,
        /// Slug of the seat, where one is confirmed.
        seat: Option<String>,
        /// The day; today where absent.
        confirmed_on: Option<LocalDate>,
    }
    |input| Ok(Arc::new(AttestBoard {
        board: input.board,
        subject: meant(input.subject.in_domain(), "subject")?,
        seat: input.seat,
        confirmed_on: input.confirmed_on.map(|day| day.0),
    }))
}
