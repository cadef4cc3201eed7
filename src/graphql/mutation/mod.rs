//! The root of every mutation: each field reads its input as an order, has it carried out, and shows what came of it.
//!
//! One root field a request; one transaction a field. What an order means is left to `directory::change`, the steps of a
//! write to `actions::make_change`.

mod agencies;
mod boards;
mod bodies;
mod given;
mod import;
mod keys;
mod members;
mod outcomes;
mod payload;
mod persons;
mod records;

use super::context::Context;
use super::error::{Mistake, mistake};
use super::scalar::Scalar;
use crate::actions::make_change::{Asked, Fault, Made, content_digest};
use crate::directory::change::{Order, Refusal, RefusalCode};
use agencies::{AmendAgencyInput, EndAgencyInput, RegisterAgencyInput};
use boards::{
    AddSeatInput, AttestBoardInput, CloseSeatInput, RecordDeputyInput, RecordVacancyInput, ReplaceChairInput,
};
use bodies::{AmendOrganisationInput, RecordOwnershipInput, SetFunctionalContactInput, SetPostHolderInput};
use given::{Given, Manner};
use import::{ImportBoardMembersInput, ImportChange};
use juniper::{FieldError, FieldResult, graphql_object};
use keys::{GrantRoleInput, IssueApiKeyInput, Issuing, RevokeApiKeyInput, RevokeRoleInput};
use members::{
    AppointMemberInput, CorrectAppointmentInput, EndAppointmentInput, RenewAppointmentInput,
    WithdrawAppointmentInput,
};
use outcomes::{KeyChange, OrganisationChange};
use payload::{BoardChange, PersonChange};
use persons::{AddPersonInput, AmendPersonInput, ErasePersonInput, MergePeopleInput};
use records::{
    RecordAnnualReportInput, RecordApprovalInput, RecordDeclarationInput, RecordMeetingInput,
    RecordMemorandumInput, RecordReviewInput,
};
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
/// a person, save holders of public posts whom a published source names.
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

    /// Records who chairs a board from a day on, or that nobody does, and ends the term of whoever chaired it until then, in
    /// one change. Where the person comes from is found by rules and never refused.
    async fn replace_chair(
        context: &Context,
        #[graphql(desc = "Who, from when.")] input: ReplaceChairInput,
    ) -> Changed<BoardChange> {
        make(context, input).await.map(BoardChange)
    }

    /// Records who deputises for the chair of a board, or for the holder of one of its seats.
    async fn record_deputy(
        context: &Context,
        #[graphql(desc = "Who, for whom, from when.")] input: RecordDeputyInput,
    ) -> Changed<BoardChange> {
        make(context, input).await.map(BoardChange)
    }

    /// Adds a seat to a board. It exists without a holder.
    async fn add_seat(
        context: &Context,
        #[graphql(desc = "Which.")] input: AddSeatInput,
    ) -> Changed<BoardChange> {
        make(context, input).await.map(BoardChange)
    }

    /// Records that a seat ends, or is to end. It is never refused for what the board lacks then, only for terms that run
    /// beyond it.
    async fn close_seat(
        context: &Context,
        #[graphql(desc = "Which, when.")] input: CloseSeatInput,
    ) -> Changed<BoardChange> {
        make(context, input).await.map(BoardChange)
    }

    /// Records that a seat is vacant.
    async fn record_vacancy(
        context: &Context,
        #[graphql(desc = "Which seat, from when.")] input: RecordVacancyInput,
    ) -> Changed<BoardChange> {
        make(context, input).await.map(BoardChange)
    }

    /// Confirms that what is recorded of a board, of one of its seats or of the agencies of its area is right and whole.
    async fn attest_board(
        context: &Context,
        #[graphql(desc = "What.")] input: AttestBoardInput,
    ) -> Changed<BoardChange> {
        make(context, input).await.map(BoardChange)
    }

    /// Records a meeting of a board with attendance.
    async fn record_meeting(
        context: &Context,
        #[graphql(desc = "When, and who was there.")] input: RecordMeetingInput,
    ) -> Changed<BoardChange> {
        make(context, input).await.map(BoardChange)
    }

    /// Records a review of the arrangements of an area.
    async fn record_review(
        context: &Context,
        #[graphql(desc = "When.")] input: RecordReviewInput,
    ) -> Changed<BoardChange> {
        make(context, input).await.map(BoardChange)
    }

    /// Records a memorandum between the Responsible Authority and the agencies, or a business plan.
    async fn record_memorandum(
        context: &Context,
        #[graphql(desc = "Which, from when.")] input: RecordMemorandumInput,
    ) -> Changed<BoardChange> {
        make(context, input).await.map(BoardChange)
    }

    /// Records that the minister approved more than two lay advisers. It is refused where days would be cut on which more than two
    /// sit.
    async fn record_approval(
        context: &Context,
        #[graphql(desc = "From when.")] input: RecordApprovalInput,
    ) -> Changed<BoardChange> {
        make(context, input).await.map(BoardChange)
    }

    /// Records that an annual report was published, or is known not to have been.
    async fn record_annual_report(
        context: &Context,
        #[graphql(desc = "Of which year, and when.")] input: RecordAnnualReportInput,
    ) -> Changed<BoardChange> {
        make(context, input).await.map(BoardChange)
    }

    /// Records what an office declares of a person for a board. It is shown to the administrators of the board only, as findings.
    async fn record_declaration(
        context: &Context,
        #[graphql(desc = "What, of whom.")] input: RecordDeclarationInput,
    ) -> Changed<BoardChange> {
        make(context, input).await.map(BoardChange)
    }

    /// Records something of a person otherwise. It takes whoever may change every board that the person has to do with.
    async fn amend_person(
        context: &Context,
        #[graphql(desc = "Who, and what is right.")] input: AmendPersonInput,
    ) -> Changed<PersonChange> {
        make(context, input).await.map(PersonChange)
    }

    /// Records that two records are of one person. Both keys stay, and each leads to the one. It takes whoever may change every
    /// board that either has to do with.
    async fn merge_people(
        context: &Context,
        #[graphql(desc = "Which two.")] input: MergePeopleInput,
    ) -> Changed<PersonChange> {
        make(context, input).await.map(PersonChange)
    }

    /// Erases the name of a person, in every record of them. What they did stands without it. It cannot be undone.
    async fn erase_person(
        context: &Context,
        #[graphql(desc = "Whose.")] input: ErasePersonInput,
    ) -> Changed<PersonChange> {
        make(context, input).await.map(PersonChange)
    }

    /// Registers an agency under the duty to co-operate, with its duties and areas.
    async fn register_agency(
        context: &Context,
        #[graphql(desc = "Which.")] input: RegisterAgencyInput,
    ) -> Changed<OrganisationChange> {
        make(context, input).await.map(OrganisationChange)
    }

    /// Records another name, other duties or other areas of an agency from a day on.
    async fn amend_agency(
        context: &Context,
        #[graphql(desc = "Which, and what is another.")] input: AmendAgencyInput,
    ) -> Changed<OrganisationChange> {
        make(context, input).await.map(OrganisationChange)
    }

    /// Records that an agency ends, with its duties, areas and mailboxes. Seats of it stay: boards end them.
    async fn end_agency(
        context: &Context,
        #[graphql(desc = "Which, when.")] input: EndAgencyInput,
    ) -> Changed<OrganisationChange> {
        make(context, input).await.map(OrganisationChange)
    }

    /// Records another name of an organisation or an area from a day on. The old one ends the day before.
    async fn amend_organisation(
        context: &Context,
        #[graphql(desc = "Which, and what it is called.")] input: AmendOrganisationInput,
    ) -> Changed<OrganisationChange> {
        make(context, input).await.map(OrganisationChange)
    }

    /// Records the role mailbox of an organisation or an area for a purpose. Those of an area are kept by the administrators of
    /// its board as well.
    async fn set_functional_contact(
        context: &Context,
        #[graphql(desc = "Of which, what for.")] input: SetFunctionalContactInput,
    ) -> Changed<OrganisationChange> {
        make(context, input).await.map(OrganisationChange)
    }

    /// Records who holds a public post, as a published source names them.
    async fn set_post_holder(
        context: &Context,
        #[graphql(desc = "Which, who, by which source.")] input: SetPostHolderInput,
    ) -> Changed<OrganisationChange> {
        make(context, input).await.map(OrganisationChange)
    }

    /// Records who owns a community rehabilitation company.
    async fn record_ownership(
        context: &Context,
        #[graphql(desc = "Of which, who, for how long.")] input: RecordOwnershipInput,
    ) -> Changed<OrganisationChange> {
        make(context, input).await.map(OrganisationChange)
    }

    /// Issues an API key. Its secret stands in this answer, and never in any other.
    async fn issue_api_key(
        context: &Context,
        #[graphql(desc = "What for, with which roles.")] input: IssueApiKeyInput,
    ) -> Changed<KeyChange> {
        let Ok(issuing) = Issuing::draw(input) else { return Err(fault(Fault::Broken)) };
        let secret = issuing.key.clone();
        make(context, issuing).await.map(|made| KeyChange { made, secret: Some(secret) })
    }

    /// Revokes an API key, for good.
    async fn revoke_api_key(
        context: &Context,
        #[graphql(desc = "Which.")] input: RevokeApiKeyInput,
    ) -> Changed<KeyChange> {
        make(context, input).await.map(KeyChange::from)
    }

    /// Grants an API key a role.
    async fn grant_role(
        context: &Context,
        #[graphql(desc = "Which key, which role.")] input: GrantRoleInput,
    ) -> Changed<KeyChange> {
        make(context, input).await.map(KeyChange::from)
    }

    /// Takes a role back from an API key.
    async fn revoke_role(
        context: &Context,
        #[graphql(desc = "Which key, which role.")] input: RevokeRoleInput,
    ) -> Changed<KeyChange> {
        make(context, input).await.map(KeyChange::from)
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
