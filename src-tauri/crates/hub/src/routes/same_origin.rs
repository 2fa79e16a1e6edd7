//! Refuses changes that a page of another site asks for in the name of a browser that is signed in.

use axum::extract::Request;
use axum::http::header::{AUTHORIZATION, HOST, HeaderName, ORIGIN};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;

use crate::problem::problem;

/// The header in which a browser says where a request comes from.
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Refuses a change without a token, unless the browser says that a page of this server sends it. A token is not added to
/// requests by a browser, so a request with one is not checked.
pub(super) async fn refuse_other_origins(request: Request, next: Next) -> Response {
    let is_read = request.method() == Method::GET || request.method() == Method::HEAD;
    match is_read || request.headers().contains_key(AUTHORIZATION) || is_same_origin(request.headers()) {
        true => next.run(request).await,
        false => problem(StatusCode::FORBIDDEN, "Pages of other sites may not send requests."),
    }
}

fn is_same_origin(headers: &HeaderMap) -> bool {
    let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    match (text(&SEC_FETCH_SITE), text(&ORIGIN), text(&HOST)) {
        (Some(site), ..) => site == "same-origin",
        // Browsers without the header above send the origin.
        (None, Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, authority)| authority == host),
        (None, ..) => false,
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn check(pairs: &[(HeaderName, &'static str)]) -> bool {
        is_same_origin(&pairs.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value))).collect())
    }

    #[test]
    fn a_browser_says_where_a_request_comes_from() {
        assert!(check(&[(SEC_FETCH_SITE, "same-origin")]));
        assert!(check(&[(ORIGIN, "https://hub.example"), (HOST, "hub.example")]));
        assert!(!check(&[(SEC_FETCH_SITE, "same-site"), (ORIGIN, "https://hub.example"), (HOST, "hub.example")]));
        assert!(!check(&[(ORIGIN, "https://other.example"), (HOST, "hub.example")]));
        assert!(!check(&[(ORIGIN, "null"), (HOST, "hub.example")]));
        assert!(!check(&[(HOST, "hub.example")]));
    }
}
