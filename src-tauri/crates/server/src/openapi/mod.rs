//! The description of the API as OpenAPI 3.1, generated from the types and committed as `docs/openapi.json`.

pub(crate) mod parameters;
pub(crate) mod rows;

use std::sync::LazyLock;

use token_monitor_core::blocks::BlockPlacement;
use token_monitor_core::report::model::{Grouping, ReportSort, SortDirection, WeekStart};
use token_monitor_export::{Billing, ExportFormat};
use token_monitor_web::PROBLEM_JSON;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Content, OpenApi as Document, Ref, RefOr, Response};
use utoipa::{Modify, OpenApi};

use crate::live::{events, socket};
use crate::openapi::parameters::{Day, TimeZone};
use crate::problem::ProblemDetails;
use crate::routes::{alerts, export, health, reports, sessions, status};

/// The description as text, made once.
pub(crate) static OPENAPI_JSON: LazyLock<String> =
    LazyLock::new(|| ApiDescription::openapi().to_pretty_json().unwrap_or_default() + "\n");

/// Returns the description of the API as OpenAPI.
pub fn openapi_json() -> &'static str {
    &OPENAPI_JSON
}

/// The description of the API.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Token Monitor",
        description = "How many tokens Claude Code uses on this computer. Bodies are what the command prints with `--json`."
    ),
    paths(
        status::get_status,
        status::get_quota,
        reports::get_sessions,
        sessions::get_session,
        sessions::patch_session,
        reports::get_blocks,
        reports::get_days,
        reports::get_weeks,
        reports::get_months,
        reports::get_models,
        reports::get_projects,
        alerts::get_alerts,
        export::get_export,
        health::get_health,
        health::get_liveness,
        events::get_events,
        socket::get_live,
    ),
    // The types of answers are found by themselves, those of parameters are not.
    components(schemas(
        ProblemDetails,
        Day,
        TimeZone,
        BlockPlacement,
        Billing,
        ExportFormat,
        Grouping,
        ReportSort,
        SortDirection,
        WeekStart
    )),
    tags(
        (name = "figures", description = "The figures of this moment"),
        (name = "reports", description = "Past usage"),
        (name = "live", description = "Figures as they change"),
        (name = "server", description = "The server itself"),
    ),
    security(("token" = []), ("cookie" = [])),
    modifiers(&SecuritySchemes, &Problems)
)]
struct ApiDescription;

/// Adds the ways to prove who sends a request.
struct SecuritySchemes;

impl Modify for SecuritySchemes {
    fn modify(&self, document: &mut Document) {
        let components = document.components.get_or_insert_default();
        let token = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("The token")).build();
        let cookie = ApiKeyValue::with_description("token_monitor_session", "The cookie of a browser that signed in");
        components.add_security_scheme("token", SecurityScheme::Http(token));
        components.add_security_scheme("cookie", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    }
}

/// Adds the errors that all operations have.
struct Problems;

/// The errors of all operations.
const ALL_PROBLEMS: [(&str, &str); 5] = [
    ("400", "The request is not understood"),
    ("401", "The token is missing or wrong"),
    ("403", "The request came from a page of another site"),
    ("421", "The request is for another server"),
    ("503", "No engine is connected, or there are too many connections"),
];

/// The errors of operations on one session.
const SESSION_PROBLEMS: [(&str, &str); 1] = [("404", "No session matches, or several do")];

/// The errors of changes.
const CHANGE_PROBLEMS: [(&str, &str); 5] = [
    ("409", "Another session has the name"),
    ("411", "The body has no length in advance"),
    ("413", "The body is too long"),
    ("415", "The body is not JSON"),
    ("422", "A value is invalid"),
];

impl Modify for Problems {
    fn modify(&self, document: &mut Document) {
        for (path, item) in &mut document.paths.paths {
            let is_session = path.contains("{id}");
            for (operation, is_change) in [(&mut item.get, false), (&mut item.patch, true)] {
                let Some(operation) = operation else { continue };
                let of_session = SESSION_PROBLEMS.into_iter().filter(|_| is_session);
                let of_change = CHANGE_PROBLEMS.into_iter().filter(|_| is_change);
                for (status, description) in ALL_PROBLEMS.into_iter().chain(of_session).chain(of_change) {
                    let response = || RefOr::T(problem_response(description));
                    operation.responses.responses.entry(status.to_owned()).or_insert_with(response);
                }
            }
        }
    }
}

fn problem_response(description: &str) -> Response {
    let mut response = Response::new(description);
    let content = Content::new(Some(Ref::from_schema_name("ProblemDetails")));
    response.content.insert(PROBLEM_JSON.to_owned(), RefOr::T(content));
    response
}
