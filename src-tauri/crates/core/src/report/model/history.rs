//! Figures of the past: days, blocks, and what today is compared with.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::report::model::{BillingBlock, Totals, wide};

/// Tokens and what they cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Amount {
    /// All four kinds together.
    #[serde(deserialize_with = "wide")]
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub tokens: u128,
    /// API-equivalent dollars; null where no price is known for any of it.
    pub cost: Option<f64>,
}

/// What today is compared with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Compared {
    /// The whole of yesterday.
    pub yesterday: Amount,
    /// Yesterday up to this time of the day.
    pub yesterday_by_now: Amount,
    /// The median of the days with messages among the last 28 before today; null with fewer than three.
    pub usual: Option<Amount>,
}

/// What days are divided by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum HistoryBy {
    /// The model that answered.
    Model,
    /// The working folder of the session.
    Project,
}

/// Days of a range, each divided.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct History {
    /// The first day asked for, or the first with messages.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub from: NaiveDate,
    /// The last day asked for.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub to: NaiveDate,
    /// Models or projects with messages in the range, the largest first; the last may stand for all others.
    pub parts: Vec<HistoryPart>,
    /// Days with messages, in order.
    pub days: Vec<HistoryDay>,
    /// The sums of the range.
    pub totals: Totals,
}

/// A model or a project.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct HistoryPart {
    /// The model's name or the folder; null for all others, and for sessions without a folder.
    pub name: Option<String>,
    /// How many models or projects it stands for.
    pub count: u32,
    /// Its sum over the range.
    pub amount: Amount,
}

/// One day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct HistoryDay {
    /// The civil date, never re-zoned.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub date: NaiveDate,
    /// Its sum.
    pub amount: Amount,
    /// The same for each of [`History::parts`], in that order.
    pub parts: Vec<Amount>,
}

/// All blocks, and what is remarkable about them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct BlockHistory {
    /// Blocks and gaps, the latest first.
    pub blocks: Vec<BillingBlock>,
    /// The id of the completed block with the most tokens.
    pub largest: Option<String>,
    /// The tokens of that block.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub largest_tokens: Option<u64>,
    /// The tokens nine of ten completed blocks stayed under.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub p90_tokens: Option<u64>,
    /// The limit in tokens that holds, where one does.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub limit_tokens: Option<u64>,
    /// How many blocks and gaps there are in all.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub count: u64,
    /// The sums over all of them.
    pub totals: Totals,
}

/// What a session used in five minutes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct TimelinePoint {
    /// When they began.
    pub start_time: DateTime<Utc>,
    /// What was used in them.
    pub amount: Amount,
}
