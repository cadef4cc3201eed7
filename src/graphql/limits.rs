//! How much one request may be: one set of numbers, which the gate keeps and publishes.
//!
//! What a caller may ask for in all is kept by `http`, in tokens of the same cost.

use serde::Serialize;

/// Limits of a request and of its answer.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Limits {
    /// Bytes of a body.
    pub body_bytes: usize,
    /// Bytes of a body whose document has a batch look-up.
    pub batch_body_bytes: usize,
    /// Bytes of the query string of a GET.
    pub query_string_bytes: usize,
    /// Seconds for a head, and again for a body.
    pub seconds_to_arrive: u64,
    /// Tokens of a document.
    pub document_tokens: usize,
    /// Levels of a document.
    pub document_depth: usize,
    /// Levels of a document that asks for the schema only.
    pub introspection_depth: usize,
    /// Fields of a document, fragments spread out.
    pub document_fields: usize,
    /// Fields of the root that an operation selects.
    pub root_fields: usize,
    /// Aliases of a document.
    pub aliases: usize,
    /// Fragments that a document defines.
    pub fragments: usize,
    /// Directives at one place.
    pub directives_at_one_place: usize,
    /// Directives of a document.
    pub directives: usize,
    /// Bytes of the variables; a batch look-up may fill its body.
    pub variables_bytes: usize,
    /// Levels of the variables.
    pub variables_depth: usize,
    /// Items of a list in the variables.
    pub variables_items: usize,
    /// Places or cases of a batch look-up.
    pub batch_items: usize,
    /// Ids of a look-up of nodes.
    pub node_items: usize,
    /// Days of a comparison.
    pub compare_days: usize,
    /// Characters of a text.
    pub text_characters: usize,
    /// Items of a page.
    pub page_items: usize,
    /// Fields of an answer, counted with the sizes of lists before anything is executed.
    pub cost: u64,
    /// The same for a document with a batch look-up, or one that asks about all boards.
    pub batch_cost: u64,
    /// The same for a document that asks for the schema only.
    pub introspection_cost: u64,
    /// Errors in an answer.
    pub errors: usize,
    /// Characters of an error's message.
    pub error_characters: usize,
    /// Bytes of an answer.
    pub answer_bytes: usize,
    /// Bytes of an answer to a batch look-up.
    pub batch_answer_bytes: usize,
    /// Seconds for which a request may wait for a change.
    pub wait_seconds: u64,
    /// Milliseconds from which an answer counts as a failure of its document.
    pub milliseconds: u64,
}

impl Limits {
    /// The limits that are kept.
    pub const KEPT: Limits = Limits {
        body_bytes: 64 * 1024,
        batch_body_bytes: 512 * 1024,
        query_string_bytes: 16 * 1024,
        seconds_to_arrive: 5,
        document_tokens: 2_000,
        document_depth: 12,
        introspection_depth: 20,
        document_fields: 300,
        root_fields: 10,
        aliases: 15,
        fragments: 20,
        directives_at_one_place: 5,
        directives: 20,
        variables_bytes: 32 * 1024,
        variables_depth: 6,
        variables_items: 200,
        batch_items: super::query::LARGEST_BATCH,
        node_items: super::query::MOST_IDS,
        compare_days: super::query::MOST_DAYS,
        text_characters: crate::directory::lookup::LONGEST_TEXT,
        page_items: super::connection::LARGEST_PAGE,
        cost: 5_000,
        batch_cost: 50_000,
        introspection_cost: 150_000,
        errors: super::error::MOST_ERRORS,
        error_characters: super::error::LONGEST_MESSAGE,
        answer_bytes: 2 * 1024 * 1024,
        batch_answer_bytes: 8 * 1024 * 1024,
        wait_seconds: super::wait::LONGEST_WAIT,
        milliseconds: 2_000,
    };

    /// No limits to speak of, so that a test can show what they guard against.
    pub const NONE: Limits = Limits {
        document_tokens: 15_000,
        document_depth: 64,
        introspection_depth: 64,
        document_fields: 15_000,
        root_fields: usize::MAX,
        aliases: usize::MAX,
        fragments: usize::MAX,
        directives_at_one_place: usize::MAX,
        directives: usize::MAX,
        variables_depth: 100,
        variables_items: usize::MAX,
        cost: u64::MAX,
        batch_cost: u64::MAX,
        introspection_cost: u64::MAX,
        answer_bytes: usize::MAX,
        batch_answer_bytes: usize::MAX,
        body_bytes: 4 * 1024 * 1024,
        batch_body_bytes: 4 * 1024 * 1024,
        variables_bytes: 4 * 1024 * 1024,
        ..Limits::KEPT
    };

    /// The most bytes of an answer.
    pub fn answer_of(&self, is_batch: bool) -> usize {
        if is_batch { self.batch_answer_bytes } else { self.answer_bytes }
    }
}
