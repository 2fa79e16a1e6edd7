//! The commands that the app runs in the background.

use serde::{Deserialize, Serialize};

/// A command that the app runs beside itself while it is in the tray.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum BackgroundCommand {
    /// `token-monitor serve`: the web dashboard.
    Serve,
    /// `token-monitor push --otlp`: metrics for an OpenTelemetry collector.
    PushOtlp,
}

/// The background commands that the settings turn on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct BackgroundSettings {
    /// True if the web dashboard is served.
    pub serve: bool,
    /// The address of the collector that gets the metrics; null if none does.
    pub otlp_endpoint: Option<String>,
}
