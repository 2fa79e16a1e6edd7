//! The checks of every request, before anything else happens: framing, name, origin, credentials.
//!
//! Everything that is not listed as public requires credentials, also paths where there is nothing.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{Request, State};
use axum::http::header::{CONNECTION, CONTENT_LENGTH, HOST, HeaderName, LOCATION, ORIGIN, TRANSFER_ENCODING};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use token_monitor_web::add_security_headers;
use tracing::info;

use crate::access::credentials::Credentials;
use crate::problem::ProblemDetails;
use crate::routes::static_files;
use crate::server::ServerState;

/// The size of the largest body of a request, in bytes.
pub(crate) const MAX_BODY_BYTES: u64 = 64 << 10;

/// The header in which a browser says where a request comes from.
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Checks a request, passes it on, and adds the headers that every response has.
pub(crate) async fn guard_request(State(state): State<Arc<ServerState>>, request: Request, next: Next) -> Response {
    let start = Instant::now();
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let mut response = match check_request(&state, &request) {
        Ok(()) => next.run(request).await,
        Err(refusal) => refusal.into_response(),
    };
    add_security_headers(response.headers_mut());
    // Never the query: it may have a sign-in code.
    info!(%method, %path, status = response.status().as_u16(), millis = start.elapsed().as_millis(), "Request.");
    response
}

/// The refusal of a request.
enum RefusedRequest {
    /// A problem, after which the connection is closed: the rest of the request may not be what it seems.
    Problem(ProblemDetails),
    /// The page is asked for by a browser that is not signed in.
    SignInFirst,
}

impl From<ProblemDetails> for RefusedRequest {
    fn from(problem: ProblemDetails) -> Self {
        Self::Problem(problem)
    }
}

impl IntoResponse for RefusedRequest {
    fn into_response(self) -> Response {
        match self {
            Self::Problem(problem) => ([(CONNECTION, "close")], problem).into_response(),
            Self::SignInFirst => (StatusCode::SEE_OTHER, [(LOCATION, "/sign-in")]).into_response(),
        }
    }
}

fn check_request(state: &ServerState, request: &Request) -> Result<(), RefusedRequest> {
    check_framing(request)?;
    check_host(state, request)?;
    check_origin(state, request.headers())?;
    check_credentials(state, request)
}

/// Refuses a request whose body has no length in advance, or one that is too large. A body in chunks is not needed for what
/// clients send, and servers that disagree on its end can be tricked. What is invalid in itself was refused before.
fn check_framing(request: &Request) -> Result<(), ProblemDetails> {
    let headers = request.headers();
    if headers.contains_key(TRANSFER_ENCODING) {
        return Err(ProblemDetails::new(StatusCode::LENGTH_REQUIRED, "A body needs a Content-Length."));
    }
    let length = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    match length.unwrap_or_default() > MAX_BODY_BYTES {
        true => Err(ProblemDetails::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            format!("The body is longer than {MAX_BODY_BYTES} bytes."),
        )),
        false => Ok(()),
    }
}

/// Refuses a request to another name, which a foreign site can make resolve to this computer.
fn check_host(state: &ServerState, request: &Request) -> Result<(), ProblemDetails> {
    if request.uri().authority().is_some() {
        return Err(ProblemDetails::bad_request("This server is no proxy."));
    }
    let mut hosts = request.headers().get_all(HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else {
        return Err(ProblemDetails::bad_request("A request has exactly one Host."));
    };
    match host.to_str().is_ok_and(|host| state.hosts.contains_host(host)) {
        true => Ok(()),
        false => Err(ProblemDetails::new(StatusCode::MISDIRECTED_REQUEST, "This server has another name.")),
    }
}

/// Refuses a request of a page of another site.
fn check_origin(state: &ServerState, headers: &HeaderMap) -> Result<(), ProblemDetails> {
    let is_own = |value: &HeaderValue| value.to_str().is_ok_and(|origin| state.hosts.contains_origin(origin));
    let is_from_here = |value: &HeaderValue| value == "same-origin" || value == "none";
    match headers.get_all(ORIGIN).iter().all(is_own) && headers.get_all(SEC_FETCH_SITE).iter().all(is_from_here) {
        true => Ok(()),
        false => Err(ProblemDetails::new(StatusCode::FORBIDDEN, "Pages of other sites may not send requests.")),
    }
}

fn check_credentials(state: &ServerState, request: &Request) -> Result<(), RefusedRequest> {
    if is_public(state, request.uri().path()) {
        return Ok(());
    }
    match state.credentials.check(request.headers()) {
        Some(Credentials::Token) => Ok(()),
        Some(Credentials::Cookie) => Ok(check_cookie_request(request)?),
        None if request.uri().path() == "/" => Err(RefusedRequest::SignInFirst),
        None => Err(ProblemDetails::new(StatusCode::UNAUTHORIZED, "The token is missing or wrong.").into()),
    }
}

/// Refuses a change that a browser sends without telling where from.
fn check_cookie_request(request: &Request) -> Result<(), ProblemDetails> {
    let headers = request.headers();
    let tells_source = headers.contains_key(ORIGIN) || headers.contains_key(SEC_FETCH_SITE);
    match request.method() == Method::GET || request.method() == Method::HEAD || tells_source {
        true => Ok(()),
        false => {
            Err(ProblemDetails::new(StatusCode::FORBIDDEN, "The browser does not tell which page sent the request."))
        }
    }
}

/// Returns true for a path that needs no credentials: signing in, the files of the page, which have no figures, and what
/// the settings open.
fn is_public(state: &ServerState, path: &str) -> bool {
    match path {
        "/sign-in" | "/sign-in.css" | "/sign-out" => true,
        "/health" => state.options.public_health,
        "/metrics" => state.options.public_metrics,
        path => static_files::is_asset(path),
    }
}
