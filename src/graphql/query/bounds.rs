//! What a question may name, and how much it may ask for: mistakes that the caller can put right.

use crate::directory::BodyId;
use crate::directory::lookup::is_sound_text;
use crate::domain::organisation::BodyKind;
use crate::graphql::context::{At, Context};
use crate::graphql::error::{Mistake, mistake};
use crate::graphql::scalar::Scalar;
use juniper::FieldResult;

/// What is found, or what is wrong with the question.
pub type Found<T> = FieldResult<T, Scalar>;

/// Checks that a filter's slug names a body of the kind.
///
/// # Errors
///
/// Where it does not.
pub fn known_slug(
    context: &Context,
    at: At,
    kind: BodyKind,
    field: &str,
    slug: &Option<String>,
) -> Found<Option<BodyId>> {
    let Some(slug) = slug else { return Ok(None) };
    let found = is_sound_text(slug).then(|| context.view(at).by_slug(kind, slug)).flatten();
    found.map(Some).ok_or_else(|| {
        let message = format!("{field} names nothing that the directory knows.");
        mistake(Mistake::BadUserInput, field, &message, "give a slug as the directory lists it")
    })
}

/// Checks that a text can be a key of the directory.
///
/// # Errors
///
/// Where it cannot.
pub fn sound(field: &str, text: &str) -> Found<()> {
    if is_sound_text(text) {
        return Ok(());
    }
    let remedy = "give 1 to 200 characters without control characters";
    Err(mistake(Mistake::BadUserInput, field, &format!("{field} cannot be a key of the directory."), remedy))
}

/// Checks that a list asks for no more than one request may.
///
/// # Errors
///
/// Where it asks for more.
pub fn at_most(field: &str, count: usize, most: usize) -> Found<()> {
    if count <= most {
        return Ok(());
    }
    let message = format!("{field} lists more than one request may ask for.");
    Err(mistake(Mistake::BadUserInput, field, &message, &format!("ask for at most {most} at a time")))
}
