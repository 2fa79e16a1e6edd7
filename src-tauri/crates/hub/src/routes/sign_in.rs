//! Signing in with the token of a device. The cookie names a session; scripts cannot read it.

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{HeaderName, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use chrono::Utc;
use token_monitor_web::{FORM_MEDIA_TYPE, SignInForm, is_form, respond_sign_in_form, respond_sign_in_style};

use crate::access::{BrowserSession, Credential, clear_cookie, set_cookie};
use crate::database::Database;
use crate::error::HubError;
use crate::problem::problem;
use crate::routes::body::read_form;

/// The text below the form.
const HINT: &str =
    "Use the token of one of your devices. An administrator gets one with <code>token-monitor-hub member add</code>.";

/// The header in which a proxy says how the browser has sent the request.
const X_FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// Shows the form.
pub(super) async fn get_sign_in() -> Response {
    respond_sign_in_form(StatusCode::OK, "", HINT)
}

/// Signs in a browser.
pub(super) async fn post_sign_in(
    State(database): State<Database>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, HubError> {
    if !is_form(&headers) {
        let detail = format!("The body must be {FORM_MEDIA_TYPE}.");
        return Ok(problem(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail));
    }
    let form: SignInForm = read_form(body).await?;
    match start_session(&database, &form.token).await {
        Ok(session) => {
            let is_secure = headers.get(X_FORWARDED_PROTO).is_some_and(|value| value == "https");
            Ok(redirect("/", set_cookie(&session, is_secure)))
        }
        Err(HubError::Unauthorized) => {
            Ok(respond_sign_in_form(StatusCode::UNAUTHORIZED, "The token is wrong, or was revoked.", HINT))
        }
        Err(error) => Err(error),
    }
}

async fn start_session(database: &Database, token: &str) -> Result<String, HubError> {
    let credential = Credential::from_token(token)?;
    credential.authenticate(database).await?;
    BrowserSession::start(database, &credential, Utc::now()).await
}

/// Signs out a browser.
pub(super) async fn post_sign_out(State(database): State<Database>, headers: HeaderMap) -> Result<Response, HubError> {
    if let Some(session) = BrowserSession::from_headers(&headers) {
        session.end(&database).await?;
    }
    Ok(redirect("/sign-in", clear_cookie()))
}

/// Returns the style of the form.
pub(super) async fn get_style() -> Response {
    respond_sign_in_style()
}

fn redirect(place: &'static str, cookie: String) -> Response {
    (StatusCode::SEE_OTHER, [(LOCATION, place.to_owned()), (SET_COOKIE, cookie)]).into_response()
}
