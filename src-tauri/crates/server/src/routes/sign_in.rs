//! Signing in: a link with a one-time code, or a form that takes the token. Both set a cookie that scripts cannot read.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION, SET_COOKIE, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use token_monitor_engine::clock;

use crate::access::credentials::CredentialChecker;
use crate::problem::ProblemDetails;
use crate::query::{Query, read_body};
use crate::server::ServerState;

/// The media type of a form.
const FORM: &str = "application/x-www-form-urlencoded";

/// The policy of the pages: a form and a style of this server, and no script.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const STYLE: &str = include_str!("../../assets/sign-in.css");
const FORM_PAGE: &str = include_str!("../../assets/sign-in.html");
const SIGNED_IN_PAGE: &str = include_str!("../../assets/signed-in.html");

/// The place of the message in the page with the form.
const MESSAGE_MARK: &str = "<!-- message -->";

/// The parameters of the link.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct SignInParams {
    code: Option<String>,
}

/// The fields of the form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignInForm {
    token: String,
}

/// Signs in by a code, or shows the form. The response to a code is a page that leads to the dashboard, because a browser
/// that comes from another program would not send the cookie after a redirect.
pub(crate) async fn get_sign_in(State(state): State<Arc<ServerState>>, Query(params): Query<SignInParams>) -> Response {
    let Some(code) = params.code else { return form_page(StatusCode::OK, "") };
    match state.codes.redeem(&code, clock::now()) {
        true => {
            let cookie = state.credentials.set_cookie();
            ([(SET_COOKIE, cookie), (CONTENT_SECURITY_POLICY, POLICY.to_owned()), html()], SIGNED_IN_PAGE)
                .into_response()
        }
        false => form_page(StatusCode::FORBIDDEN, "This link was used already, or has expired."),
    }
}

/// Signs in by the token.
pub(crate) async fn post_sign_in(
    State(state): State<Arc<ServerState>>,
    request: Request,
) -> Result<Response, ProblemDetails> {
    if !is_form(request.headers()) {
        return Err(ProblemDetails::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, format!("The body must be {FORM}.")));
    }
    let body = read_body(request.into_body()).await?;
    let form: SignInForm = serde_html_form::from_bytes(&body)
        .map_err(|_| ProblemDetails::bad_request("The form has one field, token."))?;
    Ok(match state.credentials.accepts_token(form.token.trim()) {
        true => redirect("/", state.credentials.set_cookie()),
        false => {
            ([(WWW_AUTHENTICATE, "Bearer")], form_page(StatusCode::UNAUTHORIZED, "The token is wrong.")).into_response()
        }
    })
}

/// Signs out this browser.
pub(crate) async fn post_sign_out() -> Response {
    redirect("/sign-in", CredentialChecker::clear_cookie())
}

/// Returns the style of the pages.
pub(crate) async fn get_style() -> Response {
    ([(CONTENT_TYPE, "text/css; charset=utf-8")], STYLE).into_response()
}

fn form_page(status: StatusCode, message: &str) -> Response {
    let message = if message.is_empty() { String::new() } else { format!("<p role=\"alert\">{message}</p>") };
    let page = FORM_PAGE.replace(MESSAGE_MARK, &message);
    (status, [(CONTENT_SECURITY_POLICY, POLICY.to_owned()), html()], page).into_response()
}

fn redirect(place: &'static str, cookie: String) -> Response {
    (StatusCode::SEE_OTHER, [(LOCATION, place.to_owned()), (SET_COOKIE, cookie)]).into_response()
}

fn html() -> (axum::http::HeaderName, String) {
    (CONTENT_TYPE, "text/html; charset=utf-8".to_owned())
}

fn is_form(headers: &HeaderMap) -> bool {
    let value = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(FORM)
}
