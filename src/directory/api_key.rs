//! An API key as text: `pd_`, eight characters that name it, 43 that are secret, and a checksum.
//!
//! The checksum tells a mistyped or cut key from a wrong one before anything is looked up, and lets scanners find keys that
//! were left lying about. Where the random characters come from is left to `actions`, who a key stands for to `access`.

use sha2::{Digest, Sha256};
use std::fmt;

const MARK: &str = "pd_";
const PREFIX_LENGTH: usize = 8;
/// Each of 62 characters is worth 5.954 bits: 43 are the first number of them that is worth 256.
const SECRET_LENGTH: usize = 43;
const CHECKSUM_LENGTH: usize = 6;
const LENGTH: usize = MARK.len() + PREFIX_LENGTH + 1 + SECRET_LENGTH + 1 + CHECKSUM_LENGTH;

/// Digits, small letters, great letters; prefixes have no great ones, so that they can be read out.
const CHARACTERS: &[u8; 62] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const OF_PREFIXES: usize = 36;

/// SHA-256 of a key, by which it is known.
pub type KeyDigest = [u8; 32];

/// The part of a key that names it and is no secret.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Prefix([u8; PREFIX_LENGTH]);

impl Prefix {
    /// Reads a prefix; none where the text is not one.
    pub fn read(text: &str) -> Option<Prefix> {
        let bytes: [u8; PREFIX_LENGTH] = text.as_bytes().try_into().ok()?;
        let is_sound = bytes.iter().all(|byte| CHARACTERS[..OF_PREFIXES].contains(byte));
        is_sound.then_some(Prefix(bytes))
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A whole key, whose secret is not printed by accident.
///
/// Guarantees: it has the form of a key, and its checksum is right.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey(String);

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{MARK}{}_\u{2026}", self.prefix())
    }
}

impl ApiKey {
    /// Draws a key; `random` fills bytes with as many random ones.
    ///
    /// # Errors
    ///
    /// Where there are no random bytes to be had.
    pub fn draw<E>(mut random: impl FnMut(&mut [u8]) -> Result<(), E>) -> Result<ApiKey, E> {
        let mut text = MARK.to_owned();
        draw(&mut text, &CHARACTERS[..OF_PREFIXES], PREFIX_LENGTH, &mut random)?;
        text.push('_');
        draw(&mut text, CHARACTERS, SECRET_LENGTH, &mut random)?;
        let checksum = checksum(&text);
        text.push('_');
        text.push_str(&checksum);
        Ok(ApiKey(text))
    }

    /// Reads a key; none where the text has not the form of one, or its checksum is wrong.
    pub fn read(text: &str) -> Option<ApiKey> {
        if text.len() != LENGTH || !text.is_ascii() {
            return None;
        }
        let (body, sum) = text.split_at(LENGTH - CHECKSUM_LENGTH - 1);
        let (prefix, secret) = body.strip_prefix(MARK)?.split_once('_')?;
        let is_secret =
            secret.len() == SECRET_LENGTH && secret.bytes().all(|byte| CHARACTERS.contains(&byte));
        let is_sound =
            Prefix::read(prefix).is_some() && is_secret && sum.strip_prefix('_')? == checksum(body);
        is_sound.then(|| ApiKey(text.to_owned()))
    }

    /// The part that names it.
    pub fn prefix(&self) -> Prefix {
        let mut bytes = [b'0'; PREFIX_LENGTH];
        bytes.copy_from_slice(&self.0.as_bytes()[MARK.len()..MARK.len() + PREFIX_LENGTH]);
        Prefix(bytes)
    }

    /// SHA-256 of the whole, by which it is known.
    pub fn digest(&self) -> KeyDigest {
        Sha256::digest(&self.0).into()
    }

    /// A secret that follows from the key and is recorded nowhere: with it, digests are made that tell nobody else anything.
    pub fn seal(&self) -> KeyDigest {
        let mut digest = Sha256::new();
        digest.update(b"seal:");
        digest.update(&self.0);
        digest.finalize().into()
    }

    /// The whole key, to be shown once to whom it is issued.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// Appends so many of these characters, each as likely as any other.
fn draw<E>(
    text: &mut String,
    characters: &[u8],
    count: usize,
    random: &mut impl FnMut(&mut [u8]) -> Result<(), E>,
) -> Result<(), E> {
    let end = text.len() + count;
    let mut bytes = [0; 64];
    while text.len() < end {
        random(&mut bytes)?;
        // Six bits each; those that name no character are passed over, which keeps the others equally likely.
        let drawn = bytes.iter().filter_map(|byte| characters.get(usize::from(byte & 63)));
        text.extend(drawn.take(end - text.len()).map(|byte| char::from(*byte)));
    }
    Ok(())
}

/// CRC-32 of a text in six characters. It finds mistakes, and is no secret.
fn checksum(text: &str) -> String {
    let mut rest = crc32fast::hash(text.as_bytes()) as usize;
    let digits = (0..CHECKSUM_LENGTH).map(|_| {
        let digit = CHARACTERS[rest % CHARACTERS.len()];
        rest /= CHARACTERS.len();
        char::from(digit)
    });
    digits.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::convert::Infallible;

    /// A key of numbers that are drawn one after another from a seed.
    fn key(seed: u64) -> ApiKey {
        let mut state = seed;
        let random = |bytes: &mut [u8]| {
            for byte in bytes {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                *byte = (state >> 33) as u8;
            }
            Ok::<(), Infallible>(())
        };
        ApiKey::draw(random).unwrap_or_else(|never| match never {})
    }

    #[test]
    fn a_key_has_the_form_that_scanners_look_for() {
        let text = key(1).expose().to_owned();
        let parts: Vec<&str> = text.split('_').collect();
        assert_eq!(text.len(), 62);
        assert_eq!(parts.iter().map(|part| part.len()).collect::<Vec<_>>(), [2, 8, 43, 6]);
        assert_eq!((parts[0], parts[1]), ("pd", key(1).prefix().as_str()));
        // 43 characters of 62 are 256 bits, 42 are not.
        assert!(62_f64.log2() * 43.0 >= 256.0 && 62_f64.log2() * 42.0 < 256.0);
    }

    #[test]
    fn every_character_is_as_likely_as_any_other() {
        let mut counts = [0_u32; 62];
        for seed in 0..2_000 {
            for byte in key(seed).expose().split('_').nth(2).unwrap_or_default().bytes() {
                counts[CHARACTERS.iter().position(|known| *known == byte).expect("a character")] += 1;
            }
        }
        // 86,000 characters, 1,387 of each: five times the usual spread of 37 is 186.
        assert!(counts.iter().all(|count| (1_200..1_575).contains(count)), "{counts:?}");
    }

    #[test]
    fn nothing_of_the_secret_is_printed_by_accident() {
        let key = key(7);
        let printed = format!("{key:?}");
        assert_eq!(printed, format!("pd_{}_\u{2026}", key.prefix()));
        assert!(!printed.contains(&key.expose()[12..16]));
    }

    #[test]
    fn without_random_bytes_there_is_no_key() {
        assert_eq!(ApiKey::draw(|_| Err("none")), Err("none"));
    }

    // CRC-32 of `123456789` is 0xcbf43926 by every description of it; in base 62, least first.
    #[test]
    fn the_checksum_is_crc_32_in_base_62() {
        let mut sum = 0_u64;
        for (place, digit) in checksum("123456789").bytes().enumerate() {
            let value = CHARACTERS.iter().position(|known| *known == digit).expect("a digit") as u64;
            sum += value * 62_u64.pow(place as u32);
        }
        assert_eq!(sum, 0xcbf4_3926);
    }

    #[test]
    fn a_prefix_is_eight_digits_and_small_letters() {
        assert_eq!(Prefix::read("0az9bcde").map(|prefix| prefix.to_string()).as_deref(), Some("0az9bcde"));
        for wrong in ["", "0az9bcd", "0az9bcdef", "0az9bcdE", "0az9 cde", "0az9bcd\u{e9}", "0az9bcd_"] {
            assert_eq!(Prefix::read(wrong), None, "{wrong:?}");
        }
    }

    proptest! {
        #[test]
        fn a_key_is_read_back_and_keys_differ(seed in any::<u64>()) {
            let key = key(seed);
            prop_assert_eq!(ApiKey::read(key.expose()), Some(key.clone()));
            prop_assert_ne!(key.digest(), super::tests::key(seed.wrapping_add(1)).digest());
        }

        // CRC-32 finds every change of up to 32 neighbouring bits, and so of one character or two that change places.
        #[test]
        fn a_mistyped_or_cut_key_is_no_key(seed in any::<u64>(), place in 0_usize..62, other in 0_usize..62) {
            let text = key(seed).expose().to_owned();
            let mut typed = text.clone().into_bytes();
            typed[place] = CHARACTERS[other];
            let typed = String::from_utf8(typed).expect("ASCII");
            prop_assert_eq!(ApiKey::read(&typed).is_some(), typed == text);
            let mut swapped = text.clone().into_bytes();
            swapped.swap(place, (place + 1) % 62);
            let swapped = String::from_utf8(swapped).expect("ASCII");
            prop_assert_eq!(ApiKey::read(&swapped).is_some(), swapped == text);
            prop_assert_eq!(ApiKey::read(&text[..place]), None);
            let more = format!("{text}{}", char::from(CHARACTERS[other]));
            prop_assert_eq!(ApiKey::read(&more), None);
        }

        #[test]
        fn no_text_breaks_reading(text in "\\PC{0,80}", key_like in "pd_[0-9a-zA-Z_]{59}") {
            prop_assert_eq!(ApiKey::read(&text), None);
            prop_assert_eq!(ApiKey::read(&key_like), None);
        }
    }
}
