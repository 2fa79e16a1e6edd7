//! Figures of alerts: what was said, why, and what became of it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::report::model::Route;

/// What an alert is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum AlertRule {
    /// The block passed a share of its limit.
    Block,
    /// A block or a week will probably run out before it resets.
    Forecast,
    /// The burn rate has been high for some minutes.
    BurnRate,
    /// A weekly window passed a share of its limit.
    Week,
    /// A window that was over a threshold resets soon, or has.
    Reset,
    /// A limit was reached, as Claude Code said.
    LimitHit,
    /// A day's, week's or month's budget is nearly used up, or is.
    Budget,
    /// A session costs more than it should.
    SessionCost,
    /// Claude Code will delete logs that cannot be read.
    Cleaning,
    /// What quiet hours kept back.
    Summary,
}

impl AlertRule {
    /// Every rule, in the order in which people meet them.
    pub const ALL: [Self; 10] = [
        Self::Block,
        Self::Forecast,
        Self::BurnRate,
        Self::Week,
        Self::Reset,
        Self::LimitHit,
        Self::Budget,
        Self::SessionCost,
        Self::Cleaning,
        Self::Summary,
    ];
}

/// What became of an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum AlertFate {
    /// Handed to the system, which has not answered yet. After a minute it counts as failed.
    Sent,
    /// The system took it.
    Shown,
    /// Quiet hours kept it back.
    Quiet,
    /// Alerts were paused.
    Paused,
    /// Its session is muted.
    Muted,
    /// Too many came in a short time.
    Limited,
    /// The system did not take it; the tray shows a badge instead.
    Failed,
}

/// An alert of the past.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct AlertRow {
    /// Its number, unique in a store and growing.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub id: u64,
    /// When it came.
    pub at: DateTime<Utc>,
    /// What it is about.
    pub rule: AlertRule,
    /// What it said first.
    pub title: String,
    /// What it said beneath: one line of figures.
    pub body: String,
    /// What caused it, such as `82 % of the block, threshold 75 %`, and what is not said by itself because of it.
    pub cause: String,
    /// The page it opens.
    pub route: Route,
    /// What became of it.
    pub fate: AlertFate,
    /// Whether somebody only wanted to see one.
    pub is_test: bool,
}

/// What surfaces show of alerts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct AlertStatus {
    /// Until when alerts are paused; null when they are not.
    pub paused_until: Option<DateTime<Utc>>,
    /// Alerts that the system did not take and nobody has looked at since.
    pub unseen: u32,
    /// Why the system did not take the last one, in a sentence; null where it did.
    pub unavailable: Option<String>,
}

/// For how long alerts are paused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum Pause {
    /// Not any longer.
    Off,
    /// A quarter of an hour.
    FifteenMinutes,
    /// Half an hour.
    ThirtyMinutes,
    /// An hour.
    Hour,
    /// Until the block resets.
    UntilReset,
    /// Until the day ends where the viewer is.
    UntilTomorrow,
}
