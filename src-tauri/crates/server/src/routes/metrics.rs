//! `/metrics`: the figures for Prometheus, from the source that the program passes to the server.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use token_monitor_engine::ApiError;
use token_monitor_ipc::EngineClient;

use crate::problem::ProblemDetails;
use crate::server::ServerState;

/// Metrics as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetricsText {
    /// The media type of the text.
    pub content_type: String,
    /// The text.
    pub body: String,
}

/// The result of [`MetricsSource::collect`], when it is there.
pub type MetricsFuture<'a> = Pin<Box<dyn Future<Output = Result<MetricsText, ApiError>> + Send + 'a>>;

/// Makes metrics of the figures of an engine.
pub trait MetricsSource: fmt::Debug + Send + Sync {
    /// Returns the metrics in a form that `accept`, the header of the request, asks for.
    fn collect<'a>(&'a self, engine: &'a EngineClient, accept: &'a str) -> MetricsFuture<'a>;
}

/// Returns the metrics.
pub(crate) async fn get_metrics(
    State(state): State<Arc<ServerState>>,
    headers: HeaderMap,
) -> Result<Response, ProblemDetails> {
    let Some(source) = state.options.metrics.clone() else { return Err(ProblemDetails::not_found()) };
    let engine = state.backend.engine().await?;
    let accept = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let MetricsText { content_type, body } = source.collect(engine.client(), accept).await?;
    Ok(([(CONTENT_TYPE, content_type)], body).into_response())
}
