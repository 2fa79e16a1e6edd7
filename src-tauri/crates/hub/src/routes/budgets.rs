//! `GET /api/v1/budgets`: the budgets of the organization, without the addresses of their webhooks.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::json;

use crate::access::authenticate;
use crate::budgets::Budgets;
use crate::database::Database;
use crate::error::HubError;
use crate::routes::respond_json;

pub(super) async fn get_budgets(State(database): State<Database>, headers: HeaderMap) -> Result<Response, HubError> {
    let organization = authenticate(&headers, &database).await?.organization;
    Ok(respond_json(&json!({ "budgets": Budgets::new(&database, organization).list().await? })))
}
