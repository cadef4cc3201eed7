//! What a caller may ask for in all: tokens of cost, which fill up again within a minute.
//!
//! A caller is the address of its peer, an IPv6 one by its network.

use super::refusal::{Refusal, later};
use actix_web::http::StatusCode;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::num::NonZeroU32;

/// What a refused request costs beyond its first token: it was read and parsed all the same.
pub const REFUSED: u64 = 100;

/// The allowances of all callers.
pub struct Allowance {
    limiter: DefaultKeyedRateLimiter<IpAddr>,
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
    pub fn charge(&self, peer: Option<SocketAddr>, cost: u64) -> Result<(), Refusal> {
        // What is more than a whole minute's is a whole minute's: the limits of a request are kept elsewhere.
        let tokens = u32::try_from(cost).unwrap_or(u32::MAX).min(self.per_minute);
        let Some(tokens) = NonZeroU32::new(tokens) else { return Ok(()) };
        match self.limiter.check_key_n(&caller(peer), tokens) {
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

/// Whom an address stands for.
fn caller(peer: Option<SocketAddr>) -> IpAddr {
    match peer.map(|peer| peer.ip()) {
        None => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        Some(IpAddr::V4(address)) => IpAddr::V4(address),
        Some(IpAddr::V6(address)) => match address.to_ipv4_mapped() {
            Some(address) => IpAddr::V4(address),
            // A subscriber has a whole network of 64 bits.
            None => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX))),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peer(address: &str) -> Option<SocketAddr> {
        Some(address.parse().unwrap())
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
