//! `verify-audit`: whether the chain of changes holds, and the head that is to be kept elsewhere.
//!
//! Touches nothing: a database that lacks its schema is told so, and not prepared.

use super::database::Database;
use super::{Failure, print};
use crate::store::audit::{ChangeHash, KeptHead};
use chrono::SecondsFormat;

pub(super) const EXAMPLES: &str = "\
Examples:
  probation-directory verify-audit
  probation-directory verify-audit --since 17:9c56cc51b374c3ba189210d5b6d4bf57790d351c96c47c02190ecf1e430635ab

Without --since a chain cannot tell that its last changes were taken away with the head set back, nor that all of
it was written anew: keep the head where nobody who can write to the database can write, and give it the next time.";

/// What is verified.
#[derive(clap::Args)]
pub struct Arguments {
    /// A head that was kept: its version and hash must still be in the chain.
    #[arg(long, value_name = "VERSION:HASH", value_parser = kept)]
    since: Option<KeptHead>,
}

fn kept(text: &str) -> Result<KeptHead, String> {
    let read = || {
        let (version, hash) = text.split_once(':')?;
        let version = version.parse().ok().filter(|version| *version >= 0)?;
        Some(KeptHead { version, hash: hash_of(hash)? })
    };
    read().ok_or_else(|| "give a version, a colon and the 64 hexadecimal digits of its hash".to_owned())
}

fn hash_of(text: &str) -> Option<ChangeHash> {
    let is_hash = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let mut hash = ChangeHash::default();
    for (index, byte) in hash.iter_mut().enumerate().filter(|_| is_hash) {
        *byte = u8::from_str_radix(&text[2 * index..2 * index + 2], 16).ok()?;
    }
    is_hash.then_some(hash)
}

/// Verifies the chain; what breaks it is printed, and is a failure.
pub fn verify_audit(database: &Database<'_>, arguments: &Arguments) -> Result<(), Failure> {
    let connected = database.connect()?;
    let head = match connected.run(connected.store.verify_chain(arguments.since))? {
        Ok(head) => head,
        Err(broken) => {
            print(&format!("FAILED {broken}"))?;
            return Err(Failure::DoesNotHold);
        }
    };
    let mut text =
        format!("ok     {} changes, each as it was recorded and after the one before it\n", head.version);
    if let Some(kept) = arguments.since {
        text.push_str(&format!("ok     version {} is the one that was kept\n", kept.version));
    }
    let at = head.at.map_or_else(String::new, |at| at.to_rfc3339_opts(SecondsFormat::Micros, true));
    let hash: String = head.hash.iter().map(|byte| format!("{byte:02x}")).collect();
    text.push_str(&format!("head   {}:{hash} {at}", head.version));
    print(text.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_that_was_kept_is_read_whole_or_not_at_all() {
        let hash = "9c56cc51b374c3ba189210d5b6d4bf57790d351c96c47c02190ecf1e430635ab";
        let read = kept(&format!("17:{hash}")).expect("a head");
        assert_eq!((read.version, read.hash[0], read.hash[31]), (17, 0x9c, 0xab));
        let odd =
            ["", "17", ":", &format!("-1:{hash}"), &format!("x:{hash}"), &format!("17:{hash}0"), "17:zz"];
        for text in odd.into_iter().map(str::to_owned).chain([format!("17:{}é{}", &hash[..31], &hash[..31])])
        {
            assert!(kept(&text).is_err(), "{text}");
        }
    }
}
