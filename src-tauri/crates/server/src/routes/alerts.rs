//! `/api/v1/alerts`: past alerts.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use token_monitor_core::report::model::AlertRow;
use token_monitor_engine::{Request, Response as EngineResponse};
use utoipa::{IntoParams, ToSchema};

use crate::problem::ProblemDetails;
use crate::query::Query;
use crate::routes::respond_json;
use crate::server::ServerState;

/// The number of alerts without the parameter, as that of the command.
const DEFAULT_LIMIT: u32 = 50;

/// The parameters of `alerts`.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct AlertParams {
    /// The largest number of alerts; 50 by default.
    #[param(maximum = 4_294_967_295_u32)]
    limit: Option<u32>,
}

/// Past alerts.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AlertList {
    /// The alerts, the latest first.
    alerts: Vec<AlertRow>,
}

/// Returns past alerts.
#[utoipa::path(
    get,
    path = "/api/v1/alerts",
    tag = "figures",
    summary = "Past alerts, the latest first",
    params(AlertParams),
    responses((status = 200, description = "As `token-monitor alerts --json` prints them", body = AlertList))
)]
pub(crate) async fn get_alerts(
    State(state): State<Arc<ServerState>>,
    Query(params): Query<AlertParams>,
    headers: HeaderMap,
) -> Result<Response, ProblemDetails> {
    let limit = params.limit.unwrap_or(DEFAULT_LIMIT) as usize;
    match state.backend.engine().await?.request(Request::Alerts { limit }).await? {
        EngineResponse::Alerts(alerts) => respond_json(&headers, &AlertList { alerts }),
        _ => Err(ProblemDetails::unexpected_response()),
    }
}
