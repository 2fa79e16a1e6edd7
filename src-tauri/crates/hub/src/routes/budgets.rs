//! `GET /api/v1/budgets`: the budgets of the organization with the cost of the month, without the addresses of their
//! webhooks. `GET /api/v1/budgets/reached`: the thresholds that were reached in this month, for devices.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use chrono::Utc;
use serde_json::json;

use crate::access::authenticate;
use crate::budgets::{Budgets, first_of_month};
use crate::database::Database;
use crate::error::HubError;
use crate::routes::respond_json;

pub(super) async fn get_budgets(State(database): State<Database>, headers: HeaderMap) -> Result<Response, HubError> {
    let organization = authenticate(&headers, &database).await?.organization;
    let today = Utc::now().date_naive();
    Ok(respond_json(&json!({ "budgets": Budgets::new(&database, organization).list_with_costs(today).await? })))
}

pub(super) async fn get_reached_budgets(
    State(database): State<Database>,
    headers: HeaderMap,
) -> Result<Response, HubError> {
    let organization = authenticate(&headers, &database).await?.organization;
    let month = first_of_month(Utc::now().date_naive());
    Ok(respond_json(&Budgets::new(&database, organization).list_reached(month).await?))
}
