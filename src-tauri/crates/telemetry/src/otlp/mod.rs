//! Sends the figures to an OpenTelemetry collector, under the names of Claude Code's own telemetry.
//!
//! The destination comes from the variables `OTEL_EXPORTER_OTLP_*`. A [`PushState`] keeps the counters over restarts and
//! makes exports, and an [`OtlpSender`] sends each of them over HTTP as protobuf. Nothing waits here: the caller decides
//! when to send, and how to wait before it sends again.

mod config;
mod message;
mod retry;
mod sender;
mod state;

pub use config::{Compression, OtlpConfig, OtlpConfigError, Temporality};
pub use message::{MetricPoint, PointValue};
pub use retry::RetryPolicy;
pub use sender::{OtlpSender, SendError, SendReport};
pub use state::{MetricsExport, PushState, PushStateError};
