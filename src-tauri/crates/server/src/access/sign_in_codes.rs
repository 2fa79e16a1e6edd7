//! One-time codes, with which a browser signs in by a link.
//!
//! A code is signed with the token, so that a program with the token can make one without asking the server. A foreign program
//! that listens at the server's address gets neither the token nor anything that the server accepts twice.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use ring::hmac;

use crate::access::token::{Token, TokenError, random_text, to_hex};

/// The time for which a code is valid: enough to open a browser.
pub(crate) const CODE_TTL: TimeDelta = TimeDelta::minutes(5);

/// The number of random bytes of a code.
const NONCE_BYTES: usize = 12;

/// The message that is signed begins with this, so that no other signature is a code.
const MESSAGE_PREFIX: &str = "token-monitor sign-in 1 ";

/// Makes a code.
pub(crate) fn create_code(token: &Token, now: DateTime<Utc>) -> Result<String, TokenError> {
    let content = format!("{:x}-{}", now.timestamp_millis(), random_text(NONCE_BYTES)?);
    let signature = hmac::sign(&signing_key(token), message(&content).as_bytes());
    Ok(format!("{content}-{}", to_hex(signature.as_ref())))
}

/// The codes that a server accepts: those made since its start that were not used.
pub(crate) struct SignInCodes {
    key: hmac::Key,
    start: DateTime<Utc>,
    /// The used codes with the time at which they were made. Only those that are still valid are kept.
    used: Mutex<BTreeMap<String, DateTime<Utc>>>,
}

impl std::fmt::Debug for SignInCodes {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("SignInCodes").field("start", &self.start).finish_non_exhaustive()
    }
}

impl SignInCodes {
    /// Creates the codes of a server that starts now.
    pub(crate) fn new(token: &Token, now: DateTime<Utc>) -> Self {
        // Codes have the resolution of milliseconds.
        let start = DateTime::from_timestamp_millis(now.timestamp_millis()).unwrap_or(now);
        Self { key: signing_key(token), start, used: Mutex::default() }
    }

    /// Uses up a code. Returns false if it is not valid, was used, has expired or is older than the server.
    pub(crate) fn redeem(&self, code: &str, now: DateTime<Utc>) -> bool {
        let Some(created) = self.verify(code) else { return false };
        let is_valid = |created: DateTime<Utc>| created >= self.start && created <= now && now - created < CODE_TTL;
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        used.retain(|_, created| now - *created < CODE_TTL);
        is_valid(created) && used.insert(code.to_owned(), created).is_none()
    }

    /// Returns the time at which a code was made, or `None` if its signature is wrong.
    fn verify(&self, code: &str) -> Option<DateTime<Utc>> {
        let (content, signature) = code.rsplit_once('-')?;
        hmac::verify(&self.key, message(content).as_bytes(), &from_hex(signature)?).ok()?;
        let (millis, _) = content.split_once('-')?;
        DateTime::from_timestamp_millis(i64::from_str_radix(millis, 16).ok()?)
    }
}

fn signing_key(token: &Token) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, token.as_bytes())
}

fn message(content: &str) -> String {
    format!("{MESSAGE_PREFIX}{content}")
}

/// Returns the bytes of text in lower-case hexadecimal, the only form that is accepted: otherwise a used code could be
/// written differently.
fn from_hex(text: &str) -> Option<Vec<u8>> {
    let is_lower = text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    let digits = text.as_bytes().chunks_exact(2);
    let is_even = digits.remainder().is_empty();
    let parse = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    (is_lower && is_even).then(|| digits.map(parse).collect()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(text: &str) -> Token {
        Token::parse(text).expect("it is a token")
    }

    fn start() -> DateTime<Utc> {
        DateTime::from_timestamp_micros(1_780_000_000_123_456).expect("it is a time")
    }

    fn create(at: DateTime<Utc>) -> String {
        create_code(&token("0123456789abcdef"), at).expect("it is made")
    }

    fn codes() -> SignInCodes {
        SignInCodes::new(&token("0123456789abcdef"), start())
    }

    #[test]
    fn a_code_is_valid_once_and_for_minutes() {
        let (codes, now) = (codes(), start());
        let [first, second, third] = [create(now), create(now), create(now)];
        assert!(codes.redeem(&first, now));
        assert!(!codes.redeem(&first, now), "it was used");
        assert!(codes.redeem(&second, now + CODE_TTL - TimeDelta::milliseconds(2)));
        assert!(!codes.redeem(&third, now + CODE_TTL), "it has expired");
    }

    #[test]
    fn only_codes_since_the_start_are_valid() {
        let (codes, now) = (codes(), start());
        assert!(
            !codes.redeem(&create(now - TimeDelta::milliseconds(1)), now),
            "an earlier server may have accepted it"
        );
        assert!(!codes.redeem(&create(now + TimeDelta::seconds(1)), now), "it is of the future");
    }

    #[test]
    fn changed_codes_and_those_of_another_token_are_refused() {
        let (codes, now) = (codes(), start());
        let code = create(now);
        let other = create_code(&token("fedcba9876543210"), now).expect("it is made");
        let (content, signature) = code.rsplit_once('-').expect("it has a signature");
        let changed = [
            String::new(),
            "-".to_owned(),
            code[1..].to_owned(),
            code[..code.len() - 1].to_owned(),
            format!("{content}0-{signature}"),
            format!("{content}-{}", signature.to_uppercase()),
            format!("{code}00"),
            other,
        ];
        for text in changed {
            assert!(!codes.redeem(&text, now), "{text}");
        }
        assert!(codes.redeem(&code, now), "it is still valid");
    }

    #[test]
    fn used_codes_are_forgotten_when_they_expire() {
        let (codes, now) = (codes(), start());
        for second in 0..600 {
            let now = now + TimeDelta::seconds(second);
            assert!(codes.redeem(&create(now), now));
        }
        assert_eq!(codes.used.lock().expect("the lock").len(), 300);
    }
}
