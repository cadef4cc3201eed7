//! Inputs about terms in seats.

use super::given::given;
use crate::directory::change::{
    AppointMember, CorrectAppointment, EndAppointment, RenewAppointment, WithdrawAppointment,
};
use crate::graphql::scalar::LocalDate;
use crate::graphql::types::board::words::{AppointedBy, EndReason};
use std::sync::Arc;

given! {
    /// Whom to appoint, to which seat, for how long.
    AppointMemberInput {
        /// Slug of the board: that of its MAPPA area.
        board: String,
        /// Slug of the seat.
        seat: String,
        /// Key of the person.
        person: String,
        /// First day of the term.
        from: LocalDate,
        /// Last day of the term; the term is open where absent.
        last_day: Option<LocalDate>,
        /// Who makes the appointment; not recorded where absent.
        appointed_by: Option<AppointedBy>,
    }
    |input| Ok(Arc::new(AppointMember {
        board: input.board,
        seat: input.seat,
        person: input.person,
        from: input.from.0,
        last_day: input.last_day.map(|day| day.0),
        appointed_by: input.appointed_by.and_then(AppointedBy::in_domain),
    }))
}

given! {
    /// Which term is renewed, for how long. The new one begins on the day after it.
    RenewAppointmentInput {
        /// Number of the appointment, as its holder shows it.
        appointment: i32,
        /// Last day of the new term; it is open where absent.
        last_day: Option<LocalDate>,
        /// Who makes the appointment; not recorded where absent.
        appointed_by: Option<AppointedBy>,
    }
    |input| Ok(Arc::new(RenewAppointment {
        appointment: input.appointment.into(),
        last_day: input.last_day.map(|day| day.0),
        appointed_by: input.appointed_by.and_then(AppointedBy::in_domain),
    }))
}

given! {
    /// Which term ends, when and why.
    EndAppointmentInput {
        /// Number of the appointment, as its holder shows it.
        appointment: i32,
        /// Its last day.
        last_day: LocalDate,
        /// Why it ends; not recorded where absent.
        end_reason: Option<EndReason>,
    }
    |input| Ok(Arc::new(EndAppointment {
        appointment: input.appointment.into(),
        last_day: input.last_day.0,
        end_reason: input.end_reason.and_then(EndReason::in_domain),
    }))
}

given! {
    /// Which term was recorded wrongly, and what is right. What is absent stays as it is recorded.
    CorrectAppointmentInput {
        /// Number of the appointment, as its holder shows it.
        appointment: i32,
        /// Key of the person who holds the seat.
        person: Option<String>,
        /// First day of the term.
        from: Option<LocalDate>,
        /// Last day of the term.
        last_day: Option<LocalDate>,
        /// Whether the term has no last day after all; false where absent.
        open: Option<bool>,
        /// Who made the appointment.
        appointed_by: Option<AppointedBy>,
        /// Why it ended.
        end_reason: Option<EndReason>,
    }
    |input| Ok(Arc::new(CorrectAppointment {
        appointment: input.appointment.into(),
        person: input.person,
        from: input.from.map(|day| day.0),
        last_day: input.last_day.map(|day| day.0),
        is_open: input.open.unwrap_or(false),
        appointed_by: input.appointed_by.and_then(AppointedBy::in_domain),
        end_reason: input.end_reason.and_then(EndReason::in_domain),
    }))
}

given! {
    /// Which appointment was never made.
    WithdrawAppointmentInput {
        /// Number of the appointment, as its holder shows it.
        appointment: i32,
    }
    |input| Ok(Arc::new(WithdrawAppointment { appointment: input.appointment.into() }))
}
