//! Whole answers that one worker keeps: of look-ups that anyone may ask for, never of a case, and only while the snapshot
//! they were made from is in force.
//!
//! An answer is kept once it is asked for a second time, so that a caller who never asks alike twice fills nothing. Of a
//! request no byte stays, only a hash under keys of this worker's own: whatever a caller puts beside the question is
//! not kept with the answer. Which answers may be kept at all is left to `graphql`.

use crate::directory::live::Loaded;
use crate::graphql::Kept;
use actix_web::web::Bytes;
use chrono::NaiveDate;
use std::hash::{BuildHasher, RandomState};
use std::rc::Rc;
use std::sync::{Arc, Weak};

/// Most answers that a worker keeps.
const MOST: usize = 100_000;
/// About how many bytes an answer takes beside its body.
const BESIDE_BODY: usize = 240;
/// Requests that are remembered as asked once.
const REMEMBERED: usize = 16_384;

/// An answer with what is told of it.
#[derive(Debug)]
pub struct KeptAnswer {
    /// Its body.
    pub body: Bytes,
    /// What its tag is made of, where it can be asked for again by one.
    pub digest: Option<String>,
    /// What it cost.
    pub cost: u64,
    /// Name of the operation, where the document is a trusted one.
    pub label: Option<String>,
    /// SHA-256 of the document.
    pub hash: Option<String>,
}

/// The answers that one worker keeps.
pub struct Answers {
    kept: Kept<Rc<KeptAnswer>>,
    asked_once: Vec<u64>,
    keys: [RandomState; 2],
    made_from: (Weak<Loaded>, Option<NaiveDate>),
}

impl Answers {
    /// Room for answers of so many bytes; none are kept without any.
    pub fn new(most_bytes: usize) -> Answers {
        Answers {
            kept: Kept::new(most_bytes, MOST),
            asked_once: vec![0; REMEMBERED],
            keys: [RandomState::new(), RandomState::new()],
            made_from: (Weak::new(), None),
        }
    }

    /// The answer to a request, by the bytes of its body or address.
    pub fn get(&mut self, request: &[u8], loaded: &Arc<Loaded>, date: NaiveDate) -> Option<Rc<KeptAnswer>> {
        let (of, on) = &self.made_from;
        if *on != Some(date) || !std::ptr::eq(of.as_ptr(), Arc::as_ptr(loaded)) {
            self.kept.clear();
            self.made_from = (Arc::downgrade(loaded), Some(date));
        }
        self.kept.get(&self.name(request).concat())
    }

    /// What a request is known by: 128 bits that nobody can foresee, so that nobody can make two that share them.
    fn name(&self, request: &[u8]) -> [[u8; 8]; 2] {
        self.keys.each_ref().map(|key| key.hash_one(request).to_ne_bytes())
    }

    /// Keeps the answer to a request, if it was asked before.
    pub fn offer(&mut self, request: &[u8], answer: impl FnOnce() -> KeptAnswer) {
        let name = self.name(request);
        let hash = u64::from_ne_bytes(name[0]);
        let place = hash as usize % REMEMBERED;
        if std::mem::replace(&mut self.asked_once[place], hash) == hash {
            let answer = answer();
            let bytes = answer.body.len() + BESIDE_BODY;
            self.kept.insert(&name.concat(), Rc::new(answer), bytes);
        }
    }
}
