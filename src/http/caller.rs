//! Who sends a request: anyone, or whoever holds an API key that is taken.
//!
//! A right key is taken however many wrong ones came before it: who knows a prefix must not be able to lock its holder
//! out, nor one client behind a proxy all others. Of 2^256 secrets guessing finds none at any speed; the throttle bounds what
//! it costs and tells a client that is set up wrong to stop.

use super::Service;
use super::refusal::{Refusal, later, refused};
use crate::clock::today_in_london;
use crate::directory::access::{Keys, NotTaken, Recognised};
use crate::directory::api_key::{ApiKey, Prefix};
use crate::domain::access::Caller;
use actix_web::HttpRequest;
use actix_web::http::{StatusCode, header};
use chrono::NaiveDate;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

static ANYONE: LazyLock<Arc<Caller>> = LazyLock::new(|| Arc::new(Caller::anyone()));

/// Who asks, and at whose cost.
#[derive(Clone)]
pub struct Asker {
    /// What they may see.
    pub caller: Arc<Caller>,
    /// Whose allowance pays.
    pub payer: Payer,
    /// What digests of what they send are keyed with: known to the holder of the key alone; empty for anyone.
    pub seal: Vec<u8>,
}

/// Whose allowance a request is charged to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Payer {
    /// Whoever asks from an address; in IPv6 from a network.
    Peer(IpAddr),
    /// The holder of a key, from wherever.
    Key(Prefix),
}

impl Payer {
    /// Whom an address stands for.
    pub fn of(peer: Option<SocketAddr>) -> Payer {
        Payer::Peer(network_of(peer))
    }
}

impl Asker {
    /// Whether the request names no key.
    pub fn is_anyone(&self) -> bool {
        matches!(self.payer, Payer::Peer(_))
    }

    /// Reads who asks from the header `Authorization`.
    ///
    /// # Errors
    ///
    /// Where there is such a header, and no key in it that is taken.
    pub fn of(http: &HttpRequest, service: &Service) -> Result<Asker, Refusal> {
        if !http.headers().contains_key(header::AUTHORIZATION) {
            return Ok(Asker {
                caller: Arc::clone(&ANYONE),
                payer: Payer::of(http.peer_addr()),
                seal: Vec::new(),
            });
        }
        let today = today_in_london(service.clock.now());
        Asker::with_key(http, &service.live.keys(), today, &service.attempts)
    }

    fn with_key(
        http: &HttpRequest,
        keys: &Keys,
        today: NaiveDate,
        attempts: &Attempts,
    ) -> Result<Asker, Refusal> {
        let mut values = http.headers().get_all(header::AUTHORIZATION);
        let value = values.next().and_then(|value| value.to_str().ok());
        // Which of two were meant nobody can tell.
        let is_one = values.next().is_none();
        let Some(key) = value.filter(|_| is_one).and_then(token).and_then(ApiKey::read) else {
            return Err(attempts.failed(http.peer_addr(), None, MALFORMED));
        };
        match keys.recognise(&key, today) {
            Ok(Recognised { prefix, caller }) => {
                Ok(Asker { caller, payer: Payer::Key(prefix), seal: key.seal().to_vec() })
            }
            // Whoever holds the whole key guesses nothing.
            Err(NotTaken::Expired) => Err(unauthenticated(EXPIRED)),
            Err(NotTaken::Unknown) => Err(attempts.failed(http.peer_addr(), Some(key.prefix()), UNKNOWN)),
        }
    }
}

/// What follows `Bearer`, the name of the scheme in letters of any size.
fn token(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim_matches(' '))
}

// What is told of a key follows from its text alone, or from holding the whole of it: nothing helps to find one. A revoked
// key may be in a thief's hands, who need not know that it was one.
const MALFORMED: &str =
    "Authorization has no whole API key: send Bearer and the key as it was shown, or no such header.";
const UNKNOWN: &str = "The API key is not taken: it is not known here, or it was revoked.";
const EXPIRED: &str = "The API key has expired: ask for another.";

fn unauthenticated(message: &'static str) -> Refusal {
    refused(StatusCode::UNAUTHORIZED, "UNAUTHENTICATED", message)
}

/// How often a key may be wrong, for each peer and for each prefix.
pub struct Attempts {
    by_peer: DefaultKeyedRateLimiter<IpAddr>,
    by_prefix: DefaultKeyedRateLimiter<Prefix>,
    clock: DefaultClock,
}

/// Wrong keys that are answered as such before the sender is told to wait.
const MOST_ATTEMPTS: NonZeroU32 = NonZeroU32::new(20).expect("more than none");
/// Time after which another one is.
const ANOTHER_AFTER: Duration = Duration::from_secs(15);

impl Default for Attempts {
    /// Twenty at once, and then one every fifteen seconds.
    fn default() -> Attempts {
        let quota = Quota::with_period(ANOTHER_AFTER)
            .unwrap_or_else(|| Quota::per_minute(MOST_ATTEMPTS))
            .allow_burst(MOST_ATTEMPTS);
        Attempts {
            by_peer: RateLimiter::keyed(quota),
            by_prefix: RateLimiter::keyed(quota),
            clock: DefaultClock::default(),
        }
    }
}

impl Attempts {
    /// Counts a key that is not taken, and says what its sender is told.
    fn failed(&self, peer: Option<SocketAddr>, prefix: Option<Prefix>, message: &'static str) -> Refusal {
        // A peer that has failed too often is not counted for prefixes any more: made-up ones would fill memory.
        let counted = self
            .by_peer
            .check_key(&network_of(peer))
            .and_then(|()| prefix.map_or(Ok(()), |prefix| self.by_prefix.check_key(&prefix)));
        match counted {
            Ok(()) => unauthenticated(message),
            Err(until) => {
                let wait = until.wait_time_from(self.clock.now()).as_secs() + 1;
                let message = "Too many API keys were wrong: try again later, with the right one.";
                later(StatusCode::TOO_MANY_REQUESTS, "RATE_LIMITED", message, wait)
            }
        }
    }

    /// Forgets who has not failed of late.
    pub fn forget_the_idle(&self) {
        self.by_peer.retain_recent();
        self.by_peer.shrink_to_fit();
        self.by_prefix.retain_recent();
        self.by_prefix.shrink_to_fit();
    }
}

/// Whom an address stands for: itself, or in IPv6 its network.
fn network_of(peer: Option<SocketAddr>) -> IpAddr {
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
    use actix_web::test::TestRequest;

    fn peer(address: &str) -> Option<SocketAddr> {
        Some(address.parse().unwrap())
    }

    fn ask(headers: &[&str], attempts: &Attempts) -> Result<Asker, Refusal> {
        let request = TestRequest::default().peer_addr("192.0.2.1:1".parse().unwrap());
        let request = headers
            .iter()
            .fold(request, |request, value| request.append_header((header::AUTHORIZATION, *value)));
        let today = "2026-05-01".parse().unwrap();
        Asker::with_key(&request.to_http_request(), &Keys::default(), today, attempts)
    }

    #[test]
    fn who_sends_no_whole_key_is_told_so_and_nothing_is_looked_up() {
        let attempts = Attempts::default();
        for headers in [
            &[""][..],
            &["Bearer"],
            &["Bearer "],
            &["Basic YTpi"],
            &["Bearer pd_x"],
            &["pd_aaaaaaaa_0_0"],
            &["Bearer a", "Bearer b"],
        ] {
            let refusal = ask(headers, &attempts).err().expect("a refusal");
            let told = (refusal.status, refusal.code, refusal.message);
            assert_eq!(told, (StatusCode::UNAUTHORIZED, "UNAUTHENTICATED", MALFORMED), "{headers:?}");
        }
    }

    #[test]
    fn the_twenty_first_wrong_key_of_a_peer_or_of_a_prefix_is_told_to_wait() {
        let attempts = Attempts::default();
        let prefix = Prefix::read("aaaaaaaa");
        for _ in 0..20 {
            assert_eq!(attempts.failed(peer("192.0.2.1:1"), None, UNKNOWN).status, StatusCode::UNAUTHORIZED);
            assert_eq!(
                attempts.failed(peer("192.0.2.2:1"), prefix, UNKNOWN).status,
                StatusCode::UNAUTHORIZED
            );
        }
        for (address, prefix) in
            [("192.0.2.1:1", None), ("192.0.2.1:2", Prefix::read("bbbbbbbb")), ("192.0.2.3:1", prefix)]
        {
            let refusal = attempts.failed(peer(address), prefix, UNKNOWN);
            assert_eq!((refusal.status, refusal.code), (StatusCode::TOO_MANY_REQUESTS, "RATE_LIMITED"));
            assert!(refusal.retry_after.is_some_and(|wait| (1..=16).contains(&wait)), "{refusal:?}");
        }
        let other = attempts.failed(peer("192.0.2.3:1"), Prefix::read("bbbbbbbb"), UNKNOWN);
        assert_eq!(other.status, StatusCode::UNAUTHORIZED);
    }

    #[test]
    fn prefixes_that_a_throttled_peer_makes_up_are_not_remembered() {
        let attempts = Attempts::default();
        for n in 0..1_000 {
            attempts.failed(peer("192.0.2.1:1"), Prefix::read(&format!("{n:08}")), UNKNOWN);
        }
        assert_eq!((attempts.by_peer.len(), attempts.by_prefix.len()), (1, 20));
    }

    #[test]
    fn a_network_of_ipv6_is_one_peer_and_a_mapped_address_is_the_other_kind() {
        assert_eq!(Payer::of(peer("[2001:db8::1]:1")), Payer::of(peer("[2001:db8::ffff:1]:1")));
        assert_ne!(Payer::of(peer("[2001:db8::1]:1")), Payer::of(peer("[2001:db8:0:1::1]:1")));
        assert_eq!(Payer::of(peer("[::ffff:192.0.2.1]:1")), Payer::of(peer("192.0.2.1:9")));
    }
}
