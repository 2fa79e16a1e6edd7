//! The description of the API, for programs and as a page.

use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use crate::entity_tag::JSON;
use crate::openapi::OPENAPI_JSON;

/// The policy of the page: a script and a style of this server, which reads the description.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'none'";

const PAGE: &str = include_str!("../../assets/docs.html");
const SCRIPT: &str = include_str!("../../assets/docs.js");
const STYLE: &str = include_str!("../../assets/docs.css");

/// Returns the description as OpenAPI.
pub(crate) async fn get_openapi() -> Response {
    ([(CONTENT_TYPE, JSON)], OPENAPI_JSON.as_str()).into_response()
}

/// Returns the page.
pub(crate) async fn get_docs() -> Response {
    ([(CONTENT_SECURITY_POLICY, POLICY), (CONTENT_TYPE, "text/html; charset=utf-8")], PAGE).into_response()
}

/// Returns the script of the page.
pub(crate) async fn get_docs_script() -> Response {
    ([(CONTENT_TYPE, "text/javascript; charset=utf-8")], SCRIPT).into_response()
}

/// Returns the style of the page.
pub(crate) async fn get_docs_style() -> Response {
    ([(CONTENT_TYPE, "text/css; charset=utf-8")], STYLE).into_response()
}
