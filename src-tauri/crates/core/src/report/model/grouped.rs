//! Grouped reports: usage of selected messages, by day, session, model and other properties.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::blocks::BlockPlacement;
use crate::report::grouped::DayBound;
use crate::report::model::{
    BillingBlock, HistoryBy, ReportCompleteness, SessionStats, Totals, WeekStart, deserialize_u128,
};

/// A property of messages by which a report groups them. The order is that of the columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Grouping {
    /// The calendar day.
    Day,
    /// The calendar week.
    Week,
    /// The calendar month.
    Month,
    /// The five-hour block.
    Block,
    /// The working folder of the session.
    Project,
    /// The session.
    Session,
    /// The last Git branch of the session.
    Branch,
    /// The tags of the session. A session with several tags counts once, under all of them together.
    Tag,
    /// The pull request of the session for which the usage is counted.
    #[serde(rename = "pr")]
    PullRequest,
    /// The type of the subagent that received the message.
    Agent,
    /// The model.
    Model,
}

impl From<HistoryBy> for Grouping {
    fn from(by: HistoryBy) -> Self {
        match by {
            HistoryBy::Model => Self::Model,
            HistoryBy::Project => Self::Project,
            HistoryBy::Branch => Self::Branch,
            HistoryBy::Tag => Self::Tag,
            HistoryBy::PullRequest => Self::PullRequest,
        }
    }
}

impl Grouping {
    /// All groupings, in the order of the columns.
    pub const ALL: [Self; 11] = [
        Self::Day,
        Self::Week,
        Self::Month,
        Self::Block,
        Self::Project,
        Self::Session,
        Self::Branch,
        Self::Tag,
        Self::PullRequest,
        Self::Agent,
        Self::Model,
    ];

    /// Returns true if the groups are intervals of time.
    pub fn is_time(self) -> bool {
        match self {
            Self::Day | Self::Week | Self::Month | Self::Block => true,
            Self::Project
            | Self::Session
            | Self::Branch
            | Self::Tag
            | Self::PullRequest
            | Self::Agent
            | Self::Model => false,
        }
    }
}

/// The messages of a report. Each list selects messages that match any of its texts; an empty list selects all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ReportFilter {
    /// The first day.
    pub since: Option<DayBound>,
    /// The last day.
    pub until: Option<DayBound>,
    /// Folders: a path or some consecutive parts of one. Folders within a folder match it too. An empty text matches
    /// sessions without a folder.
    pub projects: Vec<String>,
    /// Branches. An empty text matches sessions without a branch.
    pub branches: Vec<String>,
    /// Models: a part of the name.
    pub models: Vec<String>,
    /// Tags. An empty text matches sessions without tags.
    pub tags: Vec<String>,
    /// Words of which a session must contain all, as in the search of the session list.
    pub search: Option<String>,
}

/// The order of the rows of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum ReportSort {
    /// By the time of the group, or of its last use.
    Time,
    /// By name.
    Name,
    /// By all tokens.
    Tokens,
    /// By cost. Rows without a price come after all others.
    Cost,
    /// By uncached input tokens.
    Input,
    /// By output tokens.
    Output,
    /// By the number of messages.
    Messages,
}

/// The direction of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum SortDirection {
    /// The smallest or earliest first.
    Asc,
    /// The largest or latest first.
    Desc,
}

/// The question that a report answers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ReportQuery {
    /// The properties that distinguish rows.
    pub by: Vec<Grouping>,
    /// The messages.
    pub filter: ReportFilter,
    /// True to divide each row by model, or by project if the rows are models.
    pub breakdown: bool,
    /// The order. By default, intervals of time are in order, sessions are sorted as in the session list, models by name,
    /// and other rows by tokens.
    pub sort: Option<ReportSort>,
    /// The direction. By default ascending for names and intervals of time, otherwise descending.
    pub direction: Option<SortDirection>,
    /// The largest number of rows: the latest if the order is by time, otherwise the first.
    pub limit: Option<usize>,
    /// The id of a session after which the rows begin; only if rows are sessions. If it is not among them, there are none.
    pub after: Option<String>,
    /// The zone of days; the configured one by default.
    pub zone: Option<Tz>,
    /// The first day of a week; the configured one by default.
    pub week_start: Option<WeekStart>,
    /// The placement of blocks; the configured one by default.
    pub anchor: Option<BlockPlacement>,
}

/// The value of a grouping in one row.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum GroupValue {
    /// A calendar day.
    Day(NaiveDate),
    /// The first day of a week.
    Week(NaiveDate),
    /// The first day of a month.
    Month(NaiveDate),
    /// The start and end of a block, and its account if there are several.
    Block(DateTime<Utc>, DateTime<Utc>, Option<String>),
    /// A working folder; null if the logs name none.
    Project(Option<String>),
    /// The id and the name of a session.
    Session(String, String),
    /// A branch; null if the logs name none.
    Branch(Option<String>),
    /// Tags in their order.
    Tag(Vec<String>),
    /// The address of a pull request; null if the session linked none.
    PullRequest(Option<String>),
    /// The type of agent; null for the main conversation, an empty text for a subagent whose type is unknown.
    Agent(Option<String>),
    /// The name of a model.
    Model(String),
}

/// The sums of messages: the totals, and the cost without rounding.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ExactTotals {
    /// The totals.
    #[serde(flatten)]
    pub totals: Totals,
    /// The cost in billionths of a dollar; 0 if nothing has a price.
    #[serde(deserialize_with = "deserialize_u128")]
    pub cost_nanos: u128,
}

/// A row of a report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReportRow {
    /// The value of each grouping, in the order of [`Grouping`].
    pub values: Vec<GroupValue>,
    /// The sums of the selected messages.
    #[serde(flatten)]
    pub sums: ExactTotals,
    /// The session, with the sums of the selected messages; only if rows are sessions.
    pub session: Option<Box<SessionStats>>,
    /// The block or gap, with the sums of the selected messages; only if rows are blocks.
    pub block: Option<Box<BillingBlock>>,
    /// The parts, if they were asked for: the largest first.
    pub parts: Vec<ReportPart>,
}

/// A part of a row of a report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReportPart {
    /// The model or the project; null if the logs name none.
    pub name: Option<String>,
    /// The sums of the part.
    #[serde(flatten)]
    pub sums: ExactTotals,
}

/// A report: usage of selected messages in groups.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The zone of days, by its IANA name.
    pub zone: String,
    /// The first day; null without one.
    pub since: Option<NaiveDate>,
    /// The last day; null without one.
    pub until: Option<NaiveDate>,
    /// The rows.
    pub rows: Vec<ReportRow>,
    /// The number of rows without the limit.
    pub row_count: u64,
    /// The completeness of the figures.
    #[serde(default)]
    pub completeness: ReportCompleteness,
    /// The sums of the rows.
    #[serde(flatten)]
    pub sums: ExactTotals,
}
