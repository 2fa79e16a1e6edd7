//! Signing in: a link with a one-time code, or a form that takes the token. Both set a cookie that scripts cannot read.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION, SET_COOKIE, WWW_AUTHENTICATE};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use token_monitor_engine::clock;
use token_monitor_web::{
    FORM_MEDIA_TYPE, SIGN_IN_POLICY, SignInForm, is_form, respond_sign_in_form, respond_sign_in_style,
};

use crate::access::credentials::CredentialChecker;
use crate::problem::ProblemDetails;
use crate::query::{Query, read_body};
use crate::server::ServerState;

const SIGNED_IN_PAGE: &str = include_str!("../../assets/signed-in.html");

/// The text below the form.
const HINT: &str = "<code>token-monitor serve --open</code> opens a browser that is signed in. It prints the path of the token as well.";

/// The parameters of the link.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct SignInParams {
    code: Option<String>,
}

/// Signs in by a code, or shows the form. The response to a code is a page that leads to the dashboard, because a browser
/// that comes from another program would not send the cookie after a redirect.
pub(crate) async fn get_sign_in(State(state): State<Arc<ServerState>>, Query(params): Query<SignInParams>) -> Response {
    let Some(code) = params.code else { return form_page(StatusCode::OK, "") };
    match state.codes.redeem(&code, clock::now()) {
        true => {
            let cookie = state.credentials.set_cookie();
            let html = (CONTENT_TYPE, "text/html; charset=utf-8".to_owned());
            ([(SET_COOKIE, cookie), (CONTENT_SECURITY_POLICY, SIGN_IN_POLICY.to_owned()), html], SIGNED_IN_PAGE)
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
        return Err(ProblemDetails::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            format!("The body must be {FORM_MEDIA_TYPE}."),
        ));
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
    respond_sign_in_style()
}

fn form_page(status: StatusCode, message: &str) -> Response {
    respond_sign_in_form(status, message, HINT)
}

fn redirect(place: &'static str, cookie: String) -> Response {
    (StatusCode::SEE_OTHER, [(LOCATION, place.to_owned()), (SET_COOKIE, cookie)]).into_response()
}
