//! The root of every mutation: each field reads its input as an order, has it carried out, and shows what came of it.
//!
//! One root field a request; one transaction a field. What an order means is left to `directory::change`, the steps of a
//! write to `actions::make_change`.

mod given;
mod import;
mod members;
mod payload;
mod persons;

use super::context::Context;
use super::error::{Mistake, mistake};
use super::scalar::Scalar;
use crate::actions::make_change::{Asked, Fault, Made, content_digest};
use crate::directory::change::{Order, Refusal, RefusalCode};
use given::{Given, Manner};
use import::{ImportBoardMembersInput, ImportChange};
use juniper::{FieldError, FieldResult, graphql_object};
use members::{
    AppointMemberInput, CorrectAppointmentInput, EndAppointmentInput, RenewAppointmentInput,
    WithdrawAppointmentInput,
};
use payload::{BoardChange, PersonChange};
use persons::AddPersonInput;
use std::sync::Arc;

/// Longest reason that is recorded, in characters, and longest key of a repeat.
const LONGEST_REASON: usize = 2000;
const LONGEST_KEY: usize = 200;

/// The root of every mutation.
pub struct Mutation;

type Changed<T> = FieldResult<T, Scalar>;

/// Changes of the directory, one a request. Each takes one input with, beside its own fields, `reason`, why it is made;
/// `expectedVersion`, the version of the last change that touched the board or body, so that nothing is changed unseen;
/// `dryRun`, to see the same payload with nothing written; and `idempotencyKey`, under which a request may be repeated and
/// gets its first answer. What stands in the way of a change is in `userErrors`, and then nothing is written. No payload names
/// a person.
#[graphql_object(scalar = Scalar, context = Context)]
impl Mutation {
    /// Records a person who is not known yet. Whoever looks after a board may do it.
    async fn add_person(
        context: &Context,
        #[graphql(desc = "Who.")] input: AddPersonInput,
    ) -> Changed<PersonChange> {
        make(context, input).await.map(PersonChange)
    }

    /// Appoints a person to a seat of a board for a term.
    async fn appoint_member(
        context: &Context,
        #[graphql(desc = "Whom, to which seat, for how long.")] input: AppointMemberInput,
    ) -> Changed<BoardChange> {
        make(context, input).await.map(BoardChange)
    }

    /// Records that a term is followed by another of the same person in the same seat: a record of its own.
    async fn renew_appointment(
        context: &Context,
        #[graphql(desc = "Which, for how long.")] input: RenewAppointmentInput,
    ) -> Changed<BoardChange> {
        make(context, input).await.map(BoardChange)
    }

    /// Records that a term ends, or is to end. It is never refused for what the board lacks then.
    async fn end_appointment(
        context: &Context,
        #[graphql(desc = "Which, when, why.")] input: EndAppointmentInput,
    ) -> Changed<BoardChange> {
        make(context, input).await.map(BoardChange)
    }

    /// Puts right what was recorded of a term. The wrong record stays visible to whoever asks what was known then.
    async fn correct_appointment(
        context: &Context,
        #[graphql(desc = "Which, and what is right.")] input: CorrectAppointmentInput,
    ) -> Changed<BoardChange> {
        make(context, input).await.map(BoardChange)
    }

    /// Withdraws an appointment that was never made. The wrong record stays visible to whoever asks what was known then.
    async fn withdraw_appointment(
        context: &Context,
        #[graphql(desc = "Which.")] input: WithdrawAppointmentInput,
    ) -> Changed<BoardChange> {
        make(context, input).await.map(BoardChange)
    }

    /// Brings in many terms at once, from CSV: new ones, and what is put right of those that are recorded. All of it is written or
    /// nothing, and `dryRun` shows what would be. Whoever may change every board of the file may do it.
    async fn import_board_members(
        context: &Context,
        #[graphql(desc = "The file.")] input: ImportBoardMembersInput,
    ) -> Changed<ImportChange> {
        let rows = input.rows();
        make(context, input).await.map(|made| ImportChange::new(made, rows))
    }
}

/// Has an order carried out.
///
/// # Errors
///
/// Where the database is away, the outcome is not known, or something broke.
async fn make(context: &Context, input: impl Given) -> FieldResult<Made, Scalar> {
    // Only the gate of mutations gives a context that can write.
    let Some(writing) = context.writes() else { return Err(unavailable()) };
    let version = context.directory().version();
    let manner = input.manner();
    let content = input.content();
    let (asked, order) = match (asked(&manner), input.order()) {
        (Ok(asked), Ok(order)) => (asked, order),
        (asked, order) => {
            let refusals = [asked.err(), order.err()].into_iter().flatten().flatten().collect();
            return Ok(Made::Refused { refusals, version });
        }
    };
    let digest = content_digest(&writing.seal, &format!("{}\n{content}", order.action()));
    let (reason, expected_version, is_dry, key) = asked;
    // A dry run leaves no trace, so there is nothing to repeat.
    let idempotency = key.filter(|_| !is_dry).map(|key| (key, digest));
    let asked = Asked { by: writing.by.clone(), reason, expected_version, is_dry, idempotency };
    let made = writing.writer.make(order, asked).await.map_err(fault)?;
    if let Made::Done(done) = &made {
        // There is one root field, so nobody has set it before.
        let _ = writing.after.set(Arc::clone(&done.loaded));
    }
    Ok(made)
}

type Ways = (Option<String>, Option<i64>, bool, Option<String>);

/// How a change is asked for, checked.
fn asked(manner: &Manner) -> Result<Ways, Vec<Refusal>> {
    let mut refusals = Vec::new();
    let mut checked = |value: &Option<String>, field, most| {
        let value = value.as_ref()?;
        let is_sound =
            !value.trim().is_empty() && value.chars().count() <= most && !value.chars().any(char::is_control);
        if !is_sound {
            let message = format!("{field} must have 1 to {most} characters and no control character.");
            refusals.push(Refusal::new(RefusalCode::InvalidValue, field, message));
        }
        Some(value.clone())
    };
    let reason = checked(&manner.reason, "reason", LONGEST_REASON);
    let key = checked(&manner.idempotency_key, "idempotencyKey", LONGEST_KEY);
    let expected = manner.expected_version.map(i64::from);
    let is_dry = manner.dry_run.unwrap_or(false);
    if refusals.is_empty() { Ok((reason, expected, is_dry, key)) } else { Err(refusals) }
}

fn unavailable() -> FieldError<Scalar> {
    let message = "The database is away or busy: nothing was changed.";
    mistake(Mistake::Unavailable, "input", message, "send the same request again in a moment")
}

fn fault(fault: Fault) -> FieldError<Scalar> {
    match fault {
        Fault::Unavailable => unavailable(),
        Fault::OutcomeUnknown => {
            let message =
                "The connection to the database was lost at the last step: the change may be made, or not.";
            let remedy = "send the same request again with the same idempotencyKey; without one, look whether it was made";
            mistake(Mistake::OutcomeUnknown, "input", message, remedy)
        }
        Fault::Broken => {
            let message = "The change could not be made: nothing was changed.";
            mistake(Mistake::Broken, "input", message, "tell the keepers of the service the request id")
        }
    }
}

/// Anything that is asked to be changed.
type Ordered = Result<Arc<dyn Order>, Vec<Refusal>>;
