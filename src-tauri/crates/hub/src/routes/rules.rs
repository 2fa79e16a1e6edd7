//! `/api/v1/rules`: the rules that assign usage to cost centers. Members read them; administrators change them.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use uuid::Uuid;

use crate::access::authenticate;
use crate::allocation::{AllocationRules, RuleSettings};
use crate::database::Database;
use crate::error::HubError;
use crate::routes::{body, respond_json};

pub(super) async fn get_rules(State(database): State<Database>, headers: HeaderMap) -> Result<Response, HubError> {
    let organization = authenticate(&headers, &database).await?.organization;
    let rules = AllocationRules::new(&database, organization).list().await?;
    Ok(respond_json(&json!({ "rules": rules })))
}

pub(super) async fn post_rule(
    State(database): State<Database>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, HubError> {
    let rules = rules_of_admin(&database, &headers).await?;
    let settings: RuleSettings = body::read_json(&headers, body).await?;
    let added = rules.add(settings).await?;
    Ok((StatusCode::CREATED, respond_json(&added)).into_response())
}

pub(super) async fn put_rule(
    State(database): State<Database>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, HubError> {
    let rules = rules_of_admin(&database, &headers).await?;
    let settings: RuleSettings = body::read_json(&headers, body).await?;
    Ok(respond_json(&rules.replace(parse_id(&id)?, settings).await?))
}

pub(super) async fn delete_rule(
    State(database): State<Database>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<StatusCode, HubError> {
    rules_of_admin(&database, &headers).await?.remove(parse_id(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn rules_of_admin(database: &Database, headers: &HeaderMap) -> Result<AllocationRules, HubError> {
    let organization = authenticate(headers, database).await?.organization_of_admin()?;
    Ok(AllocationRules::new(database, organization))
}

fn parse_id(text: &str) -> Result<Uuid, HubError> {
    text.parse().map_err(|_| HubError::NotFound { kind: "rule", name: text.to_owned() })
}
