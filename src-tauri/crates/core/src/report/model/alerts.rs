//! Alerts as surfaces show them: their rule, text and delivery status.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::report::model::Route;

/// The rule that produced an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub enum AlertRule {
    /// The block crossed a threshold of its limit.
    Block,
    /// A block or a week will probably run out before it resets.
    Forecast,
    /// The burn rate has been high for some minutes.
    BurnRate,
    /// A weekly window crossed a threshold of its limit.
    Week,
    /// A window that was over a threshold resets soon or has just reset.
    Reset,
    /// Claude Code reported that a limit was reached.
    #[serde(rename = "limitHit")]
    LimitReached,
    /// A daily, weekly or monthly budget is nearly or fully used.
    Budget,
    /// A session costs more than the configured amount.
    SessionCost,
    /// A session has waited for the user for a minute.
    AgentWaiting,
    /// Claude Code will soon delete logs that have not been read.
    #[serde(rename = "cleaning")]
    LogRetention,
    /// A summary of the alerts that quiet hours held back.
    Summary,
}

impl AlertRule {
    /// Every rule, in the order of the settings page.
    pub const ALL: [Self; 11] = [
        Self::Block,
        Self::Forecast,
        Self::BurnRate,
        Self::Week,
        Self::Reset,
        Self::LimitReached,
        Self::Budget,
        Self::SessionCost,
        Self::AgentWaiting,
        Self::LogRetention,
        Self::Summary,
    ];
}

/// The result of delivering an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub enum DeliveryStatus {
    /// Sent to the notification service without an answer yet. Counts as failed after a minute.
    Sent,
    /// Shown by the notification service.
    Shown,
    /// Held back by quiet hours.
    #[serde(rename = "quiet")]
    QuietHours,
    /// Suppressed because alerts were paused.
    Paused,
    /// Suppressed because the session is muted.
    Muted,
    /// Suppressed by the rate limit.
    #[serde(rename = "limited")]
    RateLimited,
    /// Refused by the notification service; the tray shows a badge instead.
    Failed,
}

/// A past alert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct AlertRow {
    /// The alert's number: unique in a store and ascending.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub id: u64,
    /// The time of the alert.
    pub at: DateTime<Utc>,
    /// The rule that produced the alert.
    pub rule: AlertRule,
    /// The title of the notification.
    pub title: String,
    /// The body of the notification: one line of figures.
    pub body: String,
    /// The reason, such as `82% of the block, threshold 75%`, and the alerts merged into this one.
    pub cause: String,
    /// The page that a click opens.
    pub route: Route,
    /// The result of the delivery.
    pub fate: DeliveryStatus,
    /// True if the user sent it as a test.
    pub is_test: bool,
}

/// The state of alerts as surfaces show it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct AlertStatus {
    /// The end of the pause; null if alerts are not paused.
    pub paused_until: Option<DateTime<Utc>>,
    /// The number of alerts that were not shown and have not been looked at.
    pub unseen: u32,
    /// The reason why the last alert was not shown, as a sentence; null if it was shown.
    pub unavailable: Option<String>,
}

/// The length of a pause of alerts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub enum Pause {
    /// Ends a pause.
    Off,
    /// 15 minutes.
    FifteenMinutes,
    /// 30 minutes.
    ThirtyMinutes,
    /// 60 minutes.
    Hour,
    /// Until the current block resets.
    UntilReset,
    /// Until midnight in the viewer's zone.
    UntilTomorrow,
}
