//! Figures of the past: days, blocks and the comparison of today.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::report::model::{BillingBlock, Totals, deserialize_u128};

/// Tokens and their cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Amount {
    /// Tokens of all four kinds.
    #[serde(deserialize_with = "deserialize_u128")]
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub tokens: u128,
    /// API-equivalent dollars; null if no price is known for any of the tokens.
    pub cost: Option<f64>,
}

/// The days with which today is compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct TodayComparison {
    /// Usage of the whole of yesterday.
    pub yesterday: Amount,
    /// Usage of yesterday up to the current time of day.
    pub yesterday_by_now: Amount,
    /// The median of the days with messages in the 28 days before today; null with fewer than three.
    pub usual: Option<Amount>,
}

/// The dimension by which days are divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub enum HistoryBy {
    /// The model.
    Model,
    /// The working folder of the session.
    Project,
    /// The last Git branch of the session.
    Branch,
    /// The tags of the session. Sessions with the same tags form a part, so that no usage is counted twice.
    Tag,
    /// The pull request for which the usage is counted, see [`PullRequestStats`](crate::report::model::PullRequestStats).
    PullRequest,
}

/// The days of a range, each divided into parts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct History {
    /// The first day of the range, or the first day with messages.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub from: NaiveDate,
    /// The last day of the range.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub to: NaiveDate,
    /// The parts with messages in the range, largest first; the last part may combine all others.
    pub parts: Vec<HistoryPart>,
    /// Days with messages, oldest first.
    pub days: Vec<HistoryDay>,
    /// Usage of the whole range by hour of the day in the viewer's zone, the hour from midnight first.
    #[serde(default)]
    pub hours: Vec<Amount>,
    /// The totals of the range.
    pub totals: Totals,
}

/// A part of a history, such as a model or a project.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct HistoryPart {
    /// The name: the model, the folder, the branch, the tags joined by a comma, or the address of the pull request. Null
    /// for the combined others and for usage without a name, such as that of sessions without a tag.
    pub name: Option<String>,
    /// The number of names combined in this part; usage without a name counts as one.
    pub count: u32,
    /// Usage over the range.
    pub amount: Amount,
}

/// A day of a history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct HistoryDay {
    /// The calendar date in the viewer's zone.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub date: NaiveDate,
    /// Usage of the day.
    pub amount: Amount,
    /// Usage of the day by part, in the order of [`History::parts`].
    pub parts: Vec<Amount>,
}

/// A page of the block history and statistics over all blocks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct BlockHistory {
    /// Blocks and gaps of the page, latest first.
    pub blocks: Vec<BillingBlock>,
    /// The id of the largest completed block.
    pub largest: Option<String>,
    /// The tokens of the largest completed block.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub largest_tokens: Option<u64>,
    /// The 90th percentile of tokens in completed blocks.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub p90_tokens: Option<u64>,
    /// The token limit in effect, if there is one.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub limit_tokens: Option<u64>,
    /// The number of blocks and gaps on all pages.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub count: u64,
    /// The totals over all blocks.
    pub totals: Totals,
}

/// Usage of a session in one interval of its timeline.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct TimelinePoint {
    /// The start of the interval.
    pub start_time: DateTime<Utc>,
    /// Usage in the interval.
    pub amount: Amount,
}
