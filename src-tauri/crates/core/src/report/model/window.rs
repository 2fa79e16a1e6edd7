//! Figures of blocks and of official quota windows: usage, rate and forecast.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::blocks::BlockSource;
use crate::report::model::{Provenance, Totals, deserialize_u128};

/// A five-hour block, or the gap between two blocks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct BillingBlock {
    /// The start as an RFC 3339 time, preceded by `gap-` for a gap and followed by the account if there are several.
    pub id: String,
    /// The start of the block.
    pub start_time: DateTime<Utc>,
    /// The end of the block.
    pub end_time: DateTime<Utc>,
    /// True if the current time is within the block.
    pub is_active: bool,
    /// True for a gap between blocks.
    pub is_gap: bool,
    /// Tokens of all four kinds.
    #[serde(deserialize_with = "deserialize_u128")]
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub tokens_used: u128,
    /// API-equivalent dollars; null if no price is known for any of the tokens.
    pub cost_usd: Option<f64>,
    /// Tokens without a known price; the cost does not include them.
    #[serde(deserialize_with = "deserialize_u128")]
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub unpriced_tokens: u128,
    /// Messages, each counted once.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub message_count: u64,
    /// The names of the models used.
    pub models: BTreeSet<String>,
    /// The most tokens used in one minute; null for a gap.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub peak_tokens_per_minute: Option<u64>,
    /// The tokens used since the start of the block by the end of each quarter of an hour, up to now; empty for a gap.
    #[serde(default)]
    #[cfg_attr(feature = "ts", ts(type = "Array<number>"))]
    pub curve: Vec<u64>,
    /// The source of the edges.
    pub source: BlockSource,
    /// The provenance of the edges.
    pub label: Provenance,
    /// The folder of the account; null if only one account is in use.
    #[serde(default)]
    pub account: Option<String>,
}

/// The amount that a share refers to: a limit, or past blocks as a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum LimitBasis {
    /// The official limit, of which only the used share is known.
    Official,
    /// A number set by the user.
    Number,
    /// The largest completed block. A comparison, not a limit.
    Max,
    /// The 90th percentile of completed blocks, the usual maximum. A comparison, not a limit.
    P90,
}

impl LimitBasis {
    /// Returns true for a limit, which Anthropic or the user set. Past blocks are only a comparison, also if the user chose
    /// them in the settings.
    pub fn is_limit(self) -> bool {
        match self {
            Self::Official | Self::Number => true,
            Self::Max | Self::P90 => false,
        }
    }
}

/// The projected range of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ProjectedRange {
    /// The low end: usage slows down to the current rate.
    pub low: f64,
    /// The high end: usage continues at the average rate.
    pub high: f64,
}

/// The used share of a window's limit, or the share of past blocks that a block has reached.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct LimitUse {
    /// The share in percent; above 100 if the amount is exceeded.
    pub used_percent: f64,
    /// The amount that the share refers to.
    pub basis: LimitBasis,
    /// The amount in tokens or dollars; null for an official limit.
    pub limit: Option<f64>,
    /// The projected share at the end of the window, in percent; null without enough activity and while nothing runs.
    pub projected_percent: Option<ProjectedRange>,
    /// The projected time at which the limit is reached; null if that is after the end of the window, while nothing runs,
    /// and without a limit.
    pub runs_out_at: Option<DateTime<Utc>>,
    /// The part of the share used on other machines, in percent.
    pub elsewhere_percent: Option<f64>,
    /// The provenance of the share.
    pub label: Provenance,
}

/// A kind of official quota window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub enum WindowKind {
    /// Five hours.
    FiveHour,
    /// A week, for all models.
    Weekly,
    /// A week, for one family of models.
    WeeklyScoped,
    /// Usage paid for beyond the plan.
    ExtraUsage,
    /// A limit on spending. The used share may exceed 100%.
    SpendLimit,
    /// The usage that an organization grants. It is only reported as reached.
    Organization,
    /// A quota of another product, which cannot stop Claude Code.
    Product,
    /// A window of unknown meaning.
    Other,
}

impl WindowKind {
    /// Returns true for a window of the plan for Claude Code.
    pub fn is_plan(self) -> bool {
        match self {
            Self::FiveHour | Self::Weekly | Self::WeeklyScoped => true,
            Self::ExtraUsage | Self::SpendLimit | Self::Organization | Self::Product | Self::Other => false,
        }
    }
}

/// A limit that Claude Code reported as reached without a reset time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ReachedLimit {
    /// The kind of window.
    pub window: WindowKind,
    /// The family of models; null for all models.
    pub scope: Option<String>,
    /// The time of the report.
    pub reached_at: DateTime<Utc>,
}

/// The source of a quota reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub enum QuotaOrigin {
    /// Claude Code's status line.
    StatusLine,
    /// The usage data that Claude Code cached.
    CachedUsage,
    /// The usage history of Claude Desktop.
    DesktopHistory,
    /// A limit message in the logs.
    LimitMessage,
}

/// The official figure of a quota window.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct QuotaStats {
    /// The kind of window.
    pub window: WindowKind,
    /// The family of models, the product or the name of an unknown window; null for the others.
    pub scope: Option<String>,
    /// The used share and its projection.
    #[serde(flatten)]
    pub share: LimitUse,
    /// The reset time, if known.
    pub resets_at: Option<DateTime<Utc>>,
    /// The time of the reading.
    pub read_at: DateTime<Utc>,
    /// The age of the reading in whole minutes.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub age_minutes: u64,
    /// The source of the reading.
    pub origin: QuotaOrigin,
    /// True if the reading is too old to be current.
    pub is_stale: bool,
    /// True for the window that runs out first or, if none is forecast to run out before its reset, for the fullest.
    pub is_binding: bool,
    /// The folder of the account; null if only one account is in use.
    pub account: Option<String>,
}

/// Usage of the official week if its end is known, otherwise of the last seven days.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct WeekStats {
    /// The start of the week.
    pub start_time: DateTime<Utc>,
    /// The end of the official week; null if unknown.
    pub end_time: Option<DateTime<Utc>>,
    /// The totals of the week.
    #[serde(flatten)]
    pub totals: Totals,
}

/// The level of the burn rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum BurnLevel {
    /// Less than 2,000 input and output tokens per minute.
    Normal,
    /// Less than 5,000.
    Moderate,
    /// 5,000 or more.
    High,
}

/// The current burn rate.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct BurnRate {
    /// Tokens of all four kinds per minute.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub tokens_per_minute: u64,
    /// Input and output tokens per minute, which decide the level.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub fresh_tokens_per_minute: u64,
    /// The level; normal while nothing runs.
    pub level: BurnLevel,
    /// API-equivalent dollars per hour; null if no recent tokens have a price.
    pub cost_per_hour: Option<f64>,
    /// True if a part of the recent tokens has no price: the cost is then a lower bound.
    #[serde(default)]
    pub cost_is_lower_bound: bool,
    /// The provenance of the rate.
    pub label: Provenance,
}
