//! Reads the body of a request, within limits of size and time.

use std::io::Read;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_ENCODING;
use flate2::read::GzDecoder;
use http_body_util::{BodyExt, Limited};
use serde::de::DeserializeOwned;
use tokio::time::timeout;

use crate::error::HubError;

/// The largest body as it is sent, in bytes.
const MAX_SENT_BYTES: usize = 2 << 20;

/// The largest body once it is decompressed, in bytes. A thousand rows with the longest texts have less.
const MAX_BYTES: u64 = 16 << 20;

/// The time in which the body must have arrived.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Reads a value from a body that is JSON, as it is or as gzip.
pub(super) async fn read_json<T: DeserializeOwned>(headers: &HeaderMap, body: Body) -> Result<T, HubError> {
    let sent = collect(body).await?;
    let json = match headers.get(CONTENT_ENCODING).map(axum::http::HeaderValue::as_bytes) {
        None | Some(b"identity") => sent.to_vec(),
        Some(b"gzip") => decompress(&sent)?,
        Some(_) => return Err(HubError::BadRequest("the body must be JSON, as it is or as gzip".to_owned())),
    };
    serde_json::from_slice(&json).map_err(|error| HubError::BadRequest(format!("the body is not valid: {error}")))
}

/// Reads the fields of a form.
pub(super) async fn read_form<T: DeserializeOwned>(body: Body) -> Result<T, HubError> {
    serde_html_form::from_bytes(&collect(body).await?)
        .map_err(|_| HubError::BadRequest("the fields of the form are not valid".to_owned()))
}

async fn collect(body: Body) -> Result<Bytes, HubError> {
    let bad_request = |message: &str| HubError::BadRequest(message.to_owned());
    let collected = timeout(TIMEOUT, Limited::new(body, MAX_SENT_BYTES).collect());
    let collected = collected.await.map_err(|_| bad_request("the body did not arrive in time"))?;
    Ok(collected.map_err(|_| bad_request("the body is too large or broke off"))?.to_bytes())
}

fn decompress(sent: &[u8]) -> Result<Vec<u8>, HubError> {
    let mut json = Vec::new();
    let mut decoder = GzDecoder::new(sent).take(MAX_BYTES + 1);
    decoder.read_to_end(&mut json).map_err(|_| HubError::BadRequest("the body is no gzip".to_owned()))?;
    match json.len() as u64 > MAX_BYTES {
        true => Err(HubError::BadRequest("the body is too large".to_owned())),
        false => Ok(json),
    }
}
