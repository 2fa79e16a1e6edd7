//! One-time codes, with which a browser signs in by a link.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use subtle::ConstantTimeEq;

use crate::access::token::{TokenError, random_text};

/// The time for which a code is valid: enough to open a browser.
pub(crate) const CODE_TTL: Duration = Duration::from_secs(5 * 60);

/// The number of random bytes of a code.
const CODE_BYTES: usize = 24;

/// The largest number of codes that are valid at a time. A further one replaces the oldest.
const MAX_CODES: usize = 8;

/// The codes that are valid.
#[derive(Debug, Default)]
pub(crate) struct SignInCodes(Mutex<Vec<SignInCode>>);

struct SignInCode {
    text: String,
    expires: Instant,
}

impl std::fmt::Debug for SignInCode {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("SignInCode(…)")
    }
}

impl SignInCodes {
    /// Makes a code.
    pub(crate) fn create(&self, now: Instant) -> Result<String, TokenError> {
        let text = random_text(CODE_BYTES)?;
        let mut codes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        codes.retain(|code| code.expires > now);
        if codes.len() >= MAX_CODES {
            codes.remove(0);
        }
        codes.push(SignInCode { text: text.clone(), expires: now + CODE_TTL });
        Ok(text)
    }

    /// Uses up a code. Returns false if it is unknown, was used or has expired.
    pub(crate) fn redeem(&self, text: &str, now: Instant) -> bool {
        let mut codes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        codes.retain(|code| code.expires > now);
        let count = codes.len();
        codes.retain(|code| !bool::from(code.text.as_bytes().ct_eq(text.as_bytes())));
        codes.len() < count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_valid_once_and_for_minutes() {
        let (codes, now) = (SignInCodes::default(), Instant::now());
        let [first, second] = [codes.create(now), codes.create(now)].map(|code| code.expect("it is made"));
        assert!(!codes.redeem("", now) && !codes.redeem(&first[1..], now), "other text is no code");
        assert!(codes.redeem(&first, now));
        assert!(!codes.redeem(&first, now), "it was used");
        assert!(!codes.redeem(&second, now + CODE_TTL), "it has expired");
    }

    #[test]
    fn the_number_of_codes_is_limited() {
        let (codes, now) = (SignInCodes::default(), Instant::now());
        let made: Vec<String> = (0..=MAX_CODES).map(|_| codes.create(now).expect("it is made")).collect();
        assert!(!codes.redeem(&made[0], now), "the oldest was replaced");
        assert!(made[1..].iter().all(|code| codes.redeem(code, now)));
    }
}
