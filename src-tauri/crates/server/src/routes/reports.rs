//! The reports: `sessions`, `blocks`, `days`, `weeks`, `months`, `models` and `projects`.
//!
//! Parameters have the names and meanings of the command's options.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::LINK;
use axum::http::{HeaderMap, HeaderValue, Uri};
use axum::response::Response;
use token_monitor_core::blocks::BlockPlacement;
use token_monitor_core::report::grouped::DayBound;
use token_monitor_core::report::model::{
    GroupValue, Grouping, Report, ReportFilter, ReportQuery, ReportSort, SortDirection, WeekStart,
};
use token_monitor_engine::{Request, Response as EngineResponse};
use token_monitor_export::ReportJson;

use crate::backend::ConnectedEngine;
use crate::entity_tag::{EntityTag, JSON};
use crate::openapi::rows::{BlockList, DayList, ModelList, MonthList, ProjectList, SessionList, WeekList};
use crate::problem::ProblemDetails;
use crate::query::Query;
use crate::routes::selection::selection_params;
use crate::routes::{json_line, respond_json};
use crate::server::ServerState;

/// Defines the parameters of a report: the selection, what all reports have, and some of its own.
macro_rules! report_params {
    ($(#[$doc:meta])* $name:ident { $($(#[$own_doc:meta])* $own:ident: $type:ty,)* }) => {
        selection_params! {
            $(#[$doc])*
            $name {
                /// True to divide each row by model; models by project.
                breakdown: bool,
                /// The order of the rows.
                sort: Option<ReportSort>,
                /// The direction of the order.
                order: Option<SortDirection>,
                /// The largest number of rows: the latest if they are ordered by time, otherwise the first.
                #[param(maximum = 4_294_967_295_u32)]
                limit: Option<u32>,
                $($(#[$own_doc])* $own: $type,)*
            }
        }

        impl $name {
            /// Returns the query for the engine with the parameters that all reports have.
            fn to_query(&self, by: Grouping) -> ReportQuery {
                ReportQuery {
                    by: vec![by],
                    filter: self.to_filter(),
                    breakdown: self.breakdown,
                    sort: self.sort,
                    direction: self.order,
                    limit: self.limit.map(|limit| limit as usize),
                    zone: self.timezone,
                    ..ReportQuery::default()
                }
            }
        }
    };
}

report_params! {
    /// The parameters of `days`, `months`, `models` and `projects`.
    ReportParams {}
}

report_params! {
    /// The parameters of `weeks`.
    WeekParams {
        /// The first day of a week; that of the settings by default.
        week_start: Option<WeekStart>,
    }
}

report_params! {
    /// The parameters of `blocks`.
    BlockParams {
        /// The placement of blocks; that of the settings by default.
        anchor: Option<BlockPlacement>,
    }
}

report_params! {
    /// The parameters of `sessions`.
    SessionParams {
        /// The cursor of the page: the id of the last session of the page before it.
        cursor: Option<String>,
    }
}

/// Returns all sessions, or a page of them.
#[utoipa::path(
    get,
    path = "/api/v1/sessions",
    tag = "reports",
    summary = "Sessions",
    description = "Pinned sessions first, then by last use, unless `sort` is given. With `limit`, the header `Link` has the \
                   address of the next page.",
    params(SessionParams),
    responses((status = 200, description = "As `token-monitor sessions --json` prints them", body = SessionList))
)]
pub(crate) async fn get_sessions(
    State(state): State<Arc<ServerState>>,
    Query(params): Query<SessionParams>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, ProblemDetails> {
    let query = ReportQuery { after: params.cursor.clone(), ..params.to_query(Grouping::Session) };
    let (response, report) = respond(&state, Grouping::Session, query, &headers).await?;
    Ok(with_next_page(response, &report, params.limit, &uri))
}

/// Returns blocks and the gaps between them.
#[utoipa::path(
    get,
    path = "/api/v1/blocks",
    tag = "reports",
    summary = "Blocks of five hours and the gaps between them",
    params(BlockParams),
    responses((status = 200, description = "As `token-monitor blocks --json` prints them", body = BlockList))
)]
pub(crate) async fn get_blocks(
    State(state): State<Arc<ServerState>>,
    Query(params): Query<BlockParams>,
    headers: HeaderMap,
) -> Result<Response, ProblemDetails> {
    let query = ReportQuery { anchor: params.anchor, ..params.to_query(Grouping::Block) };
    Ok(respond(&state, Grouping::Block, query, &headers).await?.0)
}

/// Returns weeks with messages.
#[utoipa::path(
    get,
    path = "/api/v1/weeks",
    tag = "reports",
    summary = "Weeks with messages",
    params(WeekParams),
    responses((status = 200, description = "As `token-monitor weeks --json` prints them", body = WeekList))
)]
pub(crate) async fn get_weeks(
    State(state): State<Arc<ServerState>>,
    Query(params): Query<WeekParams>,
    headers: HeaderMap,
) -> Result<Response, ProblemDetails> {
    let query = ReportQuery { week_start: params.week_start, ..params.to_query(Grouping::Week) };
    respond_timeless(&state, Grouping::Week, query, &headers).await
}

/// Defines a report without parameters of its own.
macro_rules! plain_report {
    ($name:ident, $path:literal, $summary:literal, $description:literal, $by:expr, $body:ident) => {
        #[doc = concat!("Returns ", $summary, ".")]
        #[utoipa::path(
                                                    get,
                                                    path = $path,
                                                    tag = "reports",
                                                    summary = $summary,
                                                    params(ReportParams),
                                                    responses((status = 200, description = $description, body = $body))
                                                )]
        pub(crate) async fn $name(
            State(state): State<Arc<ServerState>>,
            Query(params): Query<ReportParams>,
            headers: HeaderMap,
        ) -> Result<Response, ProblemDetails> {
            respond_timeless(&state, $by, params.to_query($by), &headers).await
        }
    };
}

plain_report!(
    get_days,
    "/api/v1/days",
    "Days with messages",
    "As `token-monitor days --json` prints them",
    Grouping::Day,
    DayList
);
plain_report!(
    get_months,
    "/api/v1/months",
    "Months with messages",
    "As `token-monitor months --json` prints them",
    Grouping::Month,
    MonthList
);
plain_report!(
    get_models,
    "/api/v1/models",
    "Models",
    "As `token-monitor models --json` prints them",
    Grouping::Model,
    ModelList
);
plain_report!(
    get_projects,
    "/api/v1/projects",
    "Projects: the working folders of sessions",
    "As `token-monitor projects --json` prints them",
    Grouping::Project,
    ProjectList
);

/// Requests a report whose rows change only with a new revision, unless its days are relative to today. A client that has
/// it already is told so without making it.
async fn respond_timeless(
    state: &ServerState,
    by: Grouping,
    query: ReportQuery,
    headers: &HeaderMap,
) -> Result<Response, ProblemDetails> {
    if has_relative_days(&query.filter) {
        return Ok(respond(state, by, query, headers).await?.0);
    }
    let engine = state.backend.engine().await?;
    let tag = EntityTag::of_revision(state, &engine, &format!("{query:?}"));
    if tag.is_known(headers) {
        return Ok(tag.not_modified());
    }
    let report = request_report(&engine, query).await?;
    Ok(tag.respond(headers, JSON, json_line(&ReportJson { report: &report, by })?))
}

/// Requests a report whose rows change with time as well.
async fn respond(
    state: &ServerState,
    by: Grouping,
    query: ReportQuery,
    headers: &HeaderMap,
) -> Result<(Response, Report), ProblemDetails> {
    let report = request_report(&state.backend.engine().await?, query).await?;
    Ok((respond_json(headers, &ReportJson { report: &report, by })?, report))
}

/// Returns a report of the engine.
pub(crate) async fn request_report(engine: &ConnectedEngine, query: ReportQuery) -> Result<Report, ProblemDetails> {
    match engine.request(Request::Report(Box::new(query))).await? {
        EngineResponse::Report(report) => Ok(*report),
        _ => Err(ProblemDetails::unexpected_response()),
    }
}

/// Returns true if the selected days depend on today.
pub(crate) fn has_relative_days(filter: &ReportFilter) -> bool {
    [filter.since, filter.until].into_iter().flatten().any(|bound| match bound {
        DayBound::LastDays(_) | DayBound::Weekday(_) => true,
        DayBound::Date(_) | DayBound::Month(_) => false,
    })
}

/// Adds the address of the next page, if there may be one.
fn with_next_page(mut response: Response, report: &Report, limit: Option<u32>, uri: &Uri) -> Response {
    let is_full = limit.is_some_and(|limit| limit as usize == report.rows.len());
    let has_more = is_full && report.row_count > report.rows.len() as u64;
    let last = report.rows.last().and_then(|row| row.values.first());
    if let (true, Some(GroupValue::Session(id, _))) = (has_more, last) {
        let link = format!("<{}>; rel=\"next\"", next_page(uri, id));
        response.headers_mut().extend(HeaderValue::from_str(&link).map(|link| (LINK, link)));
    }
    response
}

fn next_page(uri: &Uri, cursor: &str) -> String {
    let others =
        uri.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("cursor="));
    let query: Vec<String> = others.map(str::to_owned).chain([format!("cursor={}", percent_encode(cursor))]).collect();
    format!("/api/v1/sessions?{}", query.join("&"))
}

fn percent_encode(text: &str) -> String {
    let encode = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    text.bytes().map(encode).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_keeps_the_other_parameters() {
        let uri = "/api/v1/sessions?limit=2&cursor=a&sort=cost".parse().expect("an address");
        assert_eq!(next_page(&uri, "x y/é"), "/api/v1/sessions?limit=2&sort=cost&cursor=x%20y%2F%C3%A9");
    }
}
