//! The page with the form for signing in by a token.

use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

/// The media type of a form.
pub const FORM_MEDIA_TYPE: &str = "application/x-www-form-urlencoded";

/// The fields of the form.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignInForm {
    /// The token that was entered.
    pub token: String,
}

/// The policy of pages for signing in: a form and a style of this server, and no script.
pub const SIGN_IN_POLICY: &str =
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const STYLE: &str = include_str!("../assets/sign-in.css");
const PAGE: &str = include_str!("../assets/sign-in.html");

/// The places of the texts in the page.
const MESSAGE_MARK: &str = "<!-- message -->";
const HINT_MARK: &str = "<!-- hint -->";

/// Returns the page with a form that posts the field `token` to `/sign-in`. The texts are HTML; without a message, there is none.
pub fn respond_sign_in_form(status: StatusCode, message: &str, hint: &str) -> Response {
    let message = if message.is_empty() { String::new() } else { format!("<p role=\"alert\">{message}</p>") };
    let page = PAGE.replace(MESSAGE_MARK, &message).replace(HINT_MARK, hint);
    let headers = [(CONTENT_SECURITY_POLICY, SIGN_IN_POLICY), (CONTENT_TYPE, "text/html; charset=utf-8")];
    (status, headers, page).into_response()
}

/// Returns the style of the page, for `/sign-in.css`.
pub fn respond_sign_in_style() -> Response {
    ([(CONTENT_TYPE, "text/css; charset=utf-8")], STYLE).into_response()
}

/// Returns true if the body of a request is a form.
pub fn is_form(headers: &HeaderMap) -> bool {
    let value = headers.get(CONTENT_TYPE).map(HeaderValue::to_str).and_then(Result::ok).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(FORM_MEDIA_TYPE)
}
