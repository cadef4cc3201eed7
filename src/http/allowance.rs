//! What a caller may ask for in all: tokens of cost, which fill up again within a minute.
//!
//! Who pays, a peer or the holder of a key, is found by `caller`.

use super::caller::Payer;
use super::refusal::{Refusal, later};
use actix_web::http::StatusCode;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::num::NonZeroU32;

/// What a refused request costs beyond its first token: it was read and parsed all the same.
pub const REFUSED: u64 = 100;

/// The allowances of all callers.
pub struct Allowance {
    limiter: DefaultKeyedRateLimiter<Payer>,
    clock: DefaultClock,
    /// Tokens in a minute, and at most at once.
    pub per_minute: u32,
}

impl Allowance {
    /// So many tokens a minute for each caller; one at least.
    pub fn new(per_minute: u32) -> Allowance {
        let per_minute = NonZeroU32::new(per_minute).unwrap_or(NonZeroU32::MIN);
        let limiter = RateLimiter::keyed(Quota::per_minute(per_minute));
        Allowance { limiter, clock: DefaultClock::default(), per_minute: per_minute.get() }
    }

    /// Charges a caller.
    ///
    /// # Errors
    ///
    /// Where the caller has not that many tokens now.
    pub fn charge(&self, payer: Payer, cost: u64) -> Result<(), Refusal> {
        // What is more than a whole minute's is a whole minute's: the limits of a request are kept elsewhere.
        let tokens = u32::try_from(cost).unwrap_or(u32::MAX).min(self.per_minute);
        let Some(tokens) = NonZeroU32::new(tokens) else { return Ok(()) };
        match self.limiter.check_key_n(&payer, tokens) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(until)) => {
                let wait = until.wait_time_from(self.clock.now()).as_secs() + 1;
                Err(limited(wait))
            }
            Err(_) => Err(limited(60)),
        }
    }

    /// Forgets callers whose allowance is full again.
    pub fn forget_the_idle(&self) {
        self.limiter.retain_recent();
        self.limiter.shrink_to_fit();
    }
}

fn limited(seconds: u64) -> Refusal {
    let message = "You have asked for more than your allowance of cost: try again later, or ask for less.";
    later(StatusCode::TOO_MANY_REQUESTS, "RATE_LIMITED", message, seconds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::api_key::Prefix;

    fn peer(address: &str) -> Payer {
        Payer::of(Some(address.parse().unwrap()))
    }

    fn key(prefix: &str) -> Payer {
        Payer::Key(Prefix::read(prefix).unwrap())
    }

    #[test]
    fn one_caller_spends_nothing_of_another() {
        let allowance = Allowance::new(100);
        assert_eq!(allowance.charge(peer("192.0.2.1:1"), 100), Ok(()));
        let refused = allowance.charge(peer("192.0.2.1:2"), 50).unwrap_err();
        assert_eq!((refused.status, refused.code), (StatusCode::TOO_MANY_REQUESTS, "RATE_LIMITED"));
        // Fifty tokens are half a minute's.
        assert!((29..=31).contains(&refused.retry_after.unwrap()), "{refused:?}");
        assert_eq!(allowance.charge(peer("192.0.2.2:1"), 100), Ok(()));
        assert_eq!(allowance.charge(key("aaaaaaaa"), 100), Ok(()));
        assert!(allowance.charge(key("aaaaaaaa"), 1).is_err());
        assert_eq!(allowance.charge(key("bbbbbbbb"), 100), Ok(()));
    }

    #[test]
    fn a_network_of_ipv6_is_one_caller_and_a_mapped_address_is_the_other_kind() {
        let allowance = Allowance::new(10);
        assert!(allowance.charge(peer("[2001:db8::1]:1"), 10).is_ok());
        assert!(allowance.charge(peer("[2001:db8::ffff:1]:1"), 1).is_err());
        assert!(allowance.charge(peer("[2001:db8:0:1::1]:1"), 1).is_ok());
        assert!(allowance.charge(peer("192.0.2.1:1"), 10).is_ok());
        assert!(allowance.charge(peer("[::ffff:192.0.2.1]:1"), 1).is_err());
    }

    #[test]
    fn what_costs_more_than_a_minute_takes_the_whole_of_one() {
        let allowance = Allowance::new(10);
        assert!(allowance.charge(peer("192.0.2.1:1"), 1_000).is_ok());
        assert!(allowance.charge(peer("192.0.2.1:1"), 1).is_err());
    }
}
