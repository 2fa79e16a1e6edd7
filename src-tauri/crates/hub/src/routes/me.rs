//! `GET /api/v1/me`: the member who sent the request.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Serialize;

use crate::access::authenticate;
use crate::database::Database;
use crate::error::HubError;
use crate::members::load_organization_name;
use crate::routes::respond_json;

/// The member, and what the member may do.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct CallerBody<'a> {
    organization: &'a str,
    member: &'a str,
    is_admin: bool,
    version: &'static str,
}

pub(super) async fn get_me(State(database): State<Database>, headers: HeaderMap) -> Result<Response, HubError> {
    let caller = authenticate(&headers, &database).await?;
    Ok(respond_json(&CallerBody {
        organization: &load_organization_name(&database, caller.organization).await?,
        member: &caller.member,
        is_admin: caller.is_admin,
        version: env!("CARGO_PKG_VERSION"),
    }))
}
