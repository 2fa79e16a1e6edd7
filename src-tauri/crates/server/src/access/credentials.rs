//! The credentials of a request: the token, or the cookie of a browser that signed in.

use std::fmt;

use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, COOKIE};
use ring::hmac;
use subtle::ConstantTimeEq;

use crate::access::token::{Token, to_hex};

/// The name of the cookie.
const COOKIE_NAME: &str = "token_monitor_session";

/// The message from which the cookie is made with the token as the key.
const COOKIE_MESSAGE: &[u8] = b"token-monitor cookie 1";

/// The time for which a browser keeps the cookie, in seconds: 30 days.
const COOKIE_SECONDS: u32 = 30 * 24 * 60 * 60;

/// The way in which a request proved who sent it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Credentials {
    /// By the token.
    Token,
    /// By the cookie, which a browser adds to requests that its user may not know of.
    Cookie,
}

/// Checks the credentials of requests.
#[derive(Clone)]
pub(crate) struct CredentialChecker {
    token: Token,
    cookie: String,
}

/// Hides the token and the cookie, so that no log contains them.
impl fmt::Debug for CredentialChecker {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("CredentialChecker(…)")
    }
}

impl CredentialChecker {
    pub(crate) fn new(token: Token) -> Self {
        let key = hmac::Key::new(hmac::HMAC_SHA256, token.as_bytes());
        let cookie = to_hex(hmac::sign(&key, COOKIE_MESSAGE).as_ref());
        Self { token, cookie }
    }

    /// Returns the credentials of a request, or `None` if it has none that are valid. Wrong credentials of one kind are not
    /// made good by those of the other.
    pub(crate) fn check(&self, headers: &HeaderMap) -> Option<Credentials> {
        let mut authorizations = headers.get_all(AUTHORIZATION).iter();
        match (authorizations.next(), authorizations.next()) {
            (None, _) => self.has_cookie(headers).then_some(Credentials::Cookie),
            (Some(value), None) => {
                let token = value.to_str().ok().and_then(bearer_token)?;
                self.accepts_token(token).then_some(Credentials::Token)
            }
            (Some(_), Some(_)) => None,
        }
    }

    /// Returns true for the token.
    pub(crate) fn accepts_token(&self, text: &str) -> bool {
        self.token.matches(text)
    }

    /// Returns the header `Set-Cookie` for a browser that signed in.
    pub(crate) fn set_cookie(&self) -> String {
        format!("{COOKIE_NAME}={}; Path=/; HttpOnly; SameSite=Strict; Max-Age={COOKIE_SECONDS}", self.cookie)
    }

    /// Returns the header `Set-Cookie` that signs a browser out.
    pub(crate) fn clear_cookie() -> String {
        format!("{COOKIE_NAME}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0")
    }

    fn has_cookie(&self, headers: &HeaderMap) -> bool {
        let texts = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut pairs = texts.flat_map(|text| text.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.any(|(name, value)| name == COOKIE_NAME && bool::from(value.as_bytes().ct_eq(self.cookie.as_bytes())))
    }
}

/// Returns the token in the value of the header `Authorization`.
fn bearer_token(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("Bearer").then(|| token.trim_start_matches(' '))
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};
    use rstest::rstest;

    use super::*;

    const TOKEN: &str = "correct-horse-battery";

    fn checker() -> CredentialChecker {
        CredentialChecker::new(Token::parse(TOKEN).expect("it is valid"))
    }

    fn headers(pairs: &[(HeaderName, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.clone(), HeaderValue::from_str(value).expect("it can be sent")))
            .collect()
    }

    #[rstest]
    #[case("Bearer correct-horse-battery", true)]
    #[case("bearer correct-horse-battery", true)]
    #[case("Bearer  correct-horse-battery", true)]
    #[case("Bearer correct-horse-batterx", false)]
    #[case("Bearer correct-horse-battery ", false)]
    #[case("Bearer correct-horse", false)]
    #[case("Bearer ", false)]
    #[case("Bearer", false)]
    #[case("Basic correct-horse-battery", false)]
    #[case("correct-horse-battery", false)]
    fn only_the_whole_token_is_accepted(#[case] value: &str, #[case] is_valid: bool) {
        let expected = is_valid.then_some(Credentials::Token);
        assert_eq!(checker().check(&headers(&[(AUTHORIZATION, value)])), expected);
    }

    #[test]
    fn the_cookie_is_accepted_among_others_and_does_not_contain_the_token() {
        let set = checker().set_cookie();
        assert!(!set.contains(TOKEN) && set.contains("HttpOnly; SameSite=Strict"));
        let pair = set.split(';').next().expect("it begins with the cookie");
        assert_eq!(checker().check(&headers(&[(COOKIE, &format!("a=b; {pair}; c=d"))])), Some(Credentials::Cookie));
        assert_eq!(checker().check(&headers(&[(COOKIE, &pair[..pair.len() - 1])])), None);
        let other = CredentialChecker::new(Token::parse("another-horse-battery").expect("it is valid"));
        assert_eq!(other.check(&headers(&[(COOKIE, pair)])), None, "another token has another cookie");
        let both = headers(&[(COOKIE, pair), (AUTHORIZATION, "Bearer wrong")]);
        assert_eq!(checker().check(&both), None, "a wrong token is not made good by the cookie");
    }
}
