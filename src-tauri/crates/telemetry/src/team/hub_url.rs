//! The address of a hub.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;
use ureq::http::Uri;

/// The address of a hub, without a slash at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HubUrl(String);

/// The error for text that is not the address of a hub.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ParseHubUrlError {
    /// The text is no web address, or has credentials, a query or a fragment.
    #[error("use an address such as https://hub.example/")]
    Invalid,
    /// The connection would not be encrypted.
    #[error("use https:// for another computer, because the token is sent")]
    Unencrypted,
}

impl HubUrl {
    /// Returns the address of a path, which begins with a slash.
    pub(super) fn join(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }
}

impl fmt::Display for HubUrl {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

impl FromStr for HubUrl {
    type Err = ParseHubUrlError;

    fn from_str(text: &str) -> Result<Self, ParseHubUrlError> {
        let uri: Uri = text.parse().map_err(|_| ParseHubUrlError::Invalid)?;
        let authority = uri.authority().ok_or(ParseHubUrlError::Invalid)?;
        if authority.as_str().contains('@') || text.contains(['?', '#']) {
            return Err(ParseHubUrlError::Invalid);
        }
        match uri.scheme_str() {
            Some("https") => Ok(Self(text.trim_end_matches('/').to_owned())),
            Some("http") if is_loopback(authority.host()) => Ok(Self(text.trim_end_matches('/').to_owned())),
            Some("http") => Err(ParseHubUrlError::Unencrypted),
            _ => Err(ParseHubUrlError::Invalid),
        }
    }
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || address.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("https://hub.example/", "https://hub.example/x")]
    #[case("https://hub.example:8443/team/", "https://hub.example:8443/team/x")]
    #[case("http://127.0.0.1:7400", "http://127.0.0.1:7400/x")]
    #[case("http://[::1]:7400", "http://[::1]:7400/x")]
    #[case("http://localhost:7400/", "http://localhost:7400/x")]
    fn paths_are_appended(#[case] text: &str, #[case] joined: &str) {
        assert_eq!(text.parse::<HubUrl>().expect("it is an address").join("/x"), joined);
    }

    #[rstest]
    #[case("http://hub.example/", ParseHubUrlError::Unencrypted)]
    #[case("http://127.0.0.1.hub.example/", ParseHubUrlError::Unencrypted)]
    #[case("hub.example", ParseHubUrlError::Invalid)]
    #[case("ftp://hub.example", ParseHubUrlError::Invalid)]
    #[case("https://user:secret@hub.example", ParseHubUrlError::Invalid)]
    #[case("https://hub.example/?key=1", ParseHubUrlError::Invalid)]
    #[case("", ParseHubUrlError::Invalid)]
    fn other_text_is_refused(#[case] text: &str, #[case] error: ParseHubUrlError) {
        assert_eq!(text.parse::<HubUrl>(), Err(error));
    }
}
