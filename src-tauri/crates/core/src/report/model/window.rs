//! Figures of blocks and of the vendor's windows: how much is used, how fast, and where it will go.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::report::model::{Label, Totals, wide};

/// Where a block's edges come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum BlockSource {
    /// Claude Code named the time of its reset.
    Official,
    /// A message that a limit was reached named it.
    #[serde(rename = "limitMessage")]
    LimitMessage,
    /// Derived from the messages alone.
    Estimate,
    /// The fixed grid of 0, 5, 10, 15 and 20 h UTC.
    Utc,
}

impl BlockSource {
    /// Where figures about such a block's edges come from.
    pub fn label(self) -> Label {
        match self {
            Self::Official | Self::LimitMessage => Label::Official,
            Self::Estimate | Self::Utc => Label::Estimated,
        }
    }

    /// In a few words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Official => "official",
            Self::LimitMessage => "by a limit message",
            Self::Estimate => "estimated",
            Self::Utc => "fixed UTC grid",
        }
    }
}

/// Five hours of billing, or the idle time between two of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct BillingBlock {
    /// Its start as an RFC 3339 time; a gap's is preceded by `gap-`.
    pub id: String,
    /// When it opened.
    pub start_time: DateTime<Utc>,
    /// When it closes.
    pub end_time: DateTime<Utc>,
    /// Whether now lies within it.
    pub is_active: bool,
    /// Whether it is idle time rather than a block.
    pub is_gap: bool,
    /// All four kinds of token together.
    #[serde(deserialize_with = "wide")]
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub tokens_used: u128,
    /// API-equivalent dollars; null where no price is known for any of it.
    pub cost_usd: Option<f64>,
    /// Tokens no price is known for: they are not in the cost.
    #[serde(deserialize_with = "wide")]
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub unpriced_tokens: u128,
    /// Messages, each counted once.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub message_count: u64,
    /// Every model that answered in it, by name.
    pub models: BTreeSet<String>,
    /// The most tokens used in one minute of it; null for a gap, and where nobody has looked.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub peak_tokens_per_minute: Option<u64>,
    /// Where its edges come from.
    pub source: BlockSource,
    /// The same in one word.
    pub label: Label,
}

/// What a share is a share of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum LimitBasis {
    /// The vendor's limit; only the share is known, not the limit.
    Official,
    /// A number the user set.
    Number,
    /// The largest completed block.
    Max,
    /// What nine of ten completed blocks stayed under.
    P90,
}

/// From where to where a figure will probably go.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Range {
    /// If use slows down as it does now.
    pub low: f64,
    /// If use goes on as it did on average.
    pub high: f64,
}

/// How much of what a window may hold is used.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct LimitUse {
    /// The share used, in percent; over 100 where it is exceeded.
    pub used_percent: f64,
    /// What it is a share of.
    pub basis: LimitBasis,
    /// That limit in tokens or in dollars; null where the vendor does not say.
    pub limit: Option<f64>,
    /// The share at the window's end at this pace, in percent; null without enough activity.
    pub projected_percent: Option<Range>,
    /// When the limit would be reached at this pace, if before the window's end.
    pub runs_out_at: Option<DateTime<Utc>>,
    /// The part of the share that rose while nothing was used here, in percent.
    pub elsewhere_percent: Option<f64>,
    /// Where the share comes from.
    pub label: Label,
}

/// A quota period of the vendor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum WindowKind {
    /// Five hours.
    FiveHour,
    /// A week, all models.
    Weekly,
    /// A week, one family of models.
    WeeklyScoped,
    /// What is paid for beyond the plan.
    ExtraUsage,
}

/// Who told of a quota.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum QuotaOrigin {
    /// Claude Code's status line.
    StatusLine,
    /// What Claude Code cached when it last asked.
    CachedUsage,
    /// Claude Desktop's own history.
    DesktopHistory,
    /// A message that a limit was reached.
    LimitMessage,
}

/// The vendor's own figure of one window.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct QuotaStats {
    /// Which window.
    pub window: WindowKind,
    /// The family of models it is about, where it is not about all.
    pub scope: Option<String>,
    /// The share used, and where it will go.
    #[serde(flatten)]
    pub share: LimitUse,
    /// When it starts anew.
    pub resets_at: Option<DateTime<Utc>>,
    /// When this was so.
    pub read_at: DateTime<Utc>,
    /// How long ago that was, in whole minutes.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub age_minutes: u64,
    /// Who told it.
    pub origin: QuotaOrigin,
    /// Whether it is too old to be taken for the present.
    pub is_stale: bool,
    /// Whether this is the window that will stop work first.
    pub is_binding: bool,
}

/// The week that counts: the vendor's where it is known, else the last seven days.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct WeekStats {
    /// When it began.
    pub start_time: DateTime<Utc>,
    /// When the vendor's week ends; null where that is not known.
    pub end_time: Option<DateTime<Utc>>,
    /// Its sums.
    #[serde(flatten)]
    pub totals: Totals,
}

/// How hot the burn rate is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum BurnLevel {
    /// Under 2,000 input and output tokens a minute.
    Normal,
    /// Under 5,000.
    Moderate,
    /// 5,000 and more.
    High,
}

/// Tokens per minute now.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct BurnRate {
    /// All four kinds of token.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub tokens_per_minute: u64,
    /// Input and output alone: what the level is judged by.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub fresh_tokens_per_minute: u64,
    /// How hot that is.
    pub level: BurnLevel,
    /// API-equivalent dollars an hour, weighted as the tokens are; null where nothing recent has a price.
    pub cost_per_hour: Option<f64>,
    /// Where it comes from.
    pub label: Label,
}
