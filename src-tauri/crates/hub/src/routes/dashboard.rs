//! The files of the dashboard, which are part of the program.

use axum::extract::State;
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use token_monitor_web::StaticFiles;

use crate::access::authenticate;
use crate::database::Database;
use crate::error::HubError;
use crate::problem::problem;

include!(concat!(env!("OUT_DIR"), "/web_files.rs"));

const DASHBOARD: StaticFiles = StaticFiles::new(FILES, "team.html");

/// Returns the page, or leads a browser that is not signed in to do so.
pub(super) async fn get_page(State(database): State<Database>, headers: HeaderMap) -> Result<Response, HubError> {
    match authenticate(&headers, &database).await {
        Ok(_) => Ok(DASHBOARD.respond_page()),
        Err(HubError::Unauthorized) => Ok((StatusCode::SEE_OTHER, [(LOCATION, "/sign-in")]).into_response()),
        Err(error) => Err(error),
    }
}

/// Returns another file of the dashboard.
pub(super) async fn get_asset(uri: Uri) -> Response {
    let nothing = || problem(StatusCode::NOT_FOUND, "There is nothing at this address.");
    DASHBOARD.respond_asset(uri.path()).unwrap_or_else(nothing)
}
