//! How many requests are open at once, and how many bytes their bodies hold: beyond that a request is told to come
//! again, before it costs anything.

use super::refusal::{Refusal, later};
use actix_web::http::StatusCode;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Bytes that all bodies under way may hold together.
const MOST_BYTES: usize = 64 * 1024 * 1024;

const FULL: Refusal = later(
    StatusCode::SERVICE_UNAVAILABLE,
    "OVERLOADED",
    "The service has as many requests as it can take: try again in a second.",
    1,
);

/// The requests that are open.
#[derive(Debug)]
pub struct Admission {
    most: usize,
    open: AtomicUsize,
    bytes: AtomicUsize,
}

/// The place of an open request; given back when it is dropped.
#[derive(Debug)]
pub struct Slot<'a> {
    admission: &'a Admission,
    bytes: usize,
}

impl Admission {
    /// Room for so many requests.
    pub fn new(most: usize) -> Admission {
        Admission { most, open: AtomicUsize::new(0), bytes: AtomicUsize::new(0) }
    }

    /// Takes a place.
    ///
    /// # Errors
    ///
    /// Where there is none.
    pub fn enter(&self) -> Result<Slot<'_>, Refusal> {
        let before = self.open.fetch_add(1, Ordering::Relaxed);
        let slot = Slot { admission: self, bytes: 0 };
        if before >= self.most { Err(FULL) } else { Ok(slot) }
    }

    /// How many requests may be open.
    pub fn most(&self) -> usize {
        self.most
    }

    /// How many requests are open.
    pub fn open(&self) -> usize {
        self.open.load(Ordering::Relaxed)
    }
}

impl Slot<'_> {
    /// Counts bytes that the request holds.
    ///
    /// # Errors
    ///
    /// Where all requests together hold too many.
    pub fn hold(&mut self, bytes: usize) -> Result<(), Refusal> {
        let before = self.admission.bytes.fetch_add(bytes, Ordering::Relaxed);
        self.bytes += bytes;
        if before + bytes > MOST_BYTES { Err(FULL) } else { Ok(()) }
    }
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        self.admission.open.fetch_sub(1, Ordering::Relaxed);
        self.admission.bytes.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_free_again_once_its_request_has_ended() {
        let admission = Admission::new(2);
        let (one, two) = (admission.enter(), admission.enter());
        assert_eq!(admission.enter().err(), Some(FULL));
        drop(one);
        assert!(admission.enter().is_ok());
        drop(two);
        assert_eq!(admission.open(), 0);
    }

    #[test]
    fn bodies_together_hold_so_many_bytes_and_no_more() {
        let admission = Admission::new(10);
        let mut large = admission.enter().unwrap();
        assert_eq!(large.hold(MOST_BYTES), Ok(()));
        assert_eq!(admission.enter().unwrap().hold(1), Err(FULL));
        drop(large);
        assert_eq!(admission.enter().unwrap().hold(1), Ok(()));
    }
}
