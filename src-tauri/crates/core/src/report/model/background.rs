//! The commands that the app runs in the background.

use serde::{Deserialize, Serialize};

use crate::team::SharingLevel;

/// A command that the app runs beside itself while it is in the tray.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum BackgroundCommand {
    /// `token-monitor serve`: the web dashboard.
    Serve,
    /// `token-monitor push --otlp`: metrics for an OpenTelemetry collector.
    PushOtlp,
    /// `token-monitor push --to`: usage for the hub of a team.
    PushHub,
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
    /// The hub of a team that gets the usage; null if none does.
    #[serde(default)]
    pub hub: Option<HubSettings>,
}

/// A hub, and what it gets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct HubSettings {
    /// The address.
    pub url: String,
    /// The level of detail, from 0 to 3.
    #[cfg_attr(feature = "ts", ts(as = "u8"))]
    #[cfg_attr(feature = "openapi", schema(value_type = u8))]
    pub level: SharingLevel,
    /// True if the official limits are shared as well.
    #[serde(default)]
    pub limits: bool,
}
