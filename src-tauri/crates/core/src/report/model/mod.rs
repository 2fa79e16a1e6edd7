//! The public data model: the figures that every surface shows and every `--json` prints.
//!
//! Plain data under its public field names. Surfaces do not compute figures; they only format them. Times are UTC, and an
//! unknown figure is null, not zero.

mod agent;
mod alerts;
mod background;
mod display;
mod grouped;
mod history;
mod problem;
mod session;
mod shortcut;
mod window;

use chrono::{DateTime, NaiveDate, Utc};
use serde::de::{Deserializer, Error, Visitor};
use serde::{Deserialize, Serialize};

pub use agent::{AgentState, AgentStatus, CacheMiss, CacheMissCause, ContextUse, PromptCache, SessionAgent};
pub use alerts::{AlertRow, AlertRule, AlertStatus, DeliveryStatus, Pause};
pub use background::{BackgroundCommand, BackgroundSettings};
pub use display::{
    DisplaySettings, IconContent, ParseRouteError, Route, SettingKind, SettingOrigin, SettingRow, SettingsPage, Theme,
    TrayFigure, WeekStart,
};
pub use grouped::{
    ExactTotals, GroupValue, Grouping, Report, ReportFilter, ReportPart, ReportQuery, ReportRow, ReportSort,
    SortDirection,
};
pub use history::{Amount, BlockHistory, History, HistoryBy, HistoryDay, HistoryPart, TimelinePoint, TodayComparison};
pub use problem::{Problem, ProblemCode, ReportCompleteness};
pub use session::{
    NameSource, PullRequestStats, RunStats, SessionChanges, SessionDetail, SessionMetadata, SessionPage, SessionSort,
    SessionStats, UnloggedUsage,
};
pub use shortcut::{Modifiers, ParseShortcutError, Shortcut, ShortcutKey};
pub use window::{
    BillingBlock, BurnLevel, BurnRate, LimitBasis, LimitUse, ProjectedRange, QuotaOrigin, QuotaStats, ReachedLimit,
    WeekStats, WindowKind,
};

pub use crate::blocks::BlockSource;

/// The provenance of a figure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Provenance {
    /// Reported by Claude Code.
    Official,
    /// Summed from the logs.
    #[default]
    Measured,
    /// Estimated from measured figures.
    Estimated,
}

/// The meaning of costs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum CostBasis {
    /// The list price of the same calls on the API. A subscription is not billed this way.
    #[default]
    #[serde(rename = "API-equivalent")]
    ApiEquivalent,
}

/// A cost by kind of token, in API-equivalent dollars. The parts add up to the cost.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct CostByKind {
    /// The cost of uncached input.
    pub input: f64,
    /// The cost of output.
    pub output: f64,
    /// The cost of cache writes.
    pub cache_creation: f64,
    /// The cost of cache reads.
    pub cache_read: f64,
    /// The cost that belongs to no kind of token: web searches, and costs named in the logs.
    pub other: f64,
}

/// The totals of a group of messages.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Totals {
    /// Uncached input tokens.
    #[serde(deserialize_with = "deserialize_u128")]
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub input_tokens: u128,
    /// Output tokens, including thinking.
    #[serde(deserialize_with = "deserialize_u128")]
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub output_tokens: u128,
    /// Tokens written to the prompt cache.
    #[serde(deserialize_with = "deserialize_u128")]
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub cache_creation_tokens: u128,
    /// The part of the cache writes that is cached for one hour.
    #[serde(deserialize_with = "deserialize_u128")]
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub cache_creation_1h_tokens: u128,
    /// Tokens read from the prompt cache.
    #[serde(deserialize_with = "deserialize_u128")]
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub cache_read_tokens: u128,
    /// Tokens of all four kinds.
    #[serde(deserialize_with = "deserialize_u128")]
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub total_tokens: u128,
    /// API-equivalent dollars; null if no price is known for any of the tokens.
    pub total_cost: Option<f64>,
    /// The same cost by kind of token; null if there is no cost.
    #[serde(default)]
    pub cost_by_kind: Option<CostByKind>,
    /// The meaning of the cost.
    pub cost_basis: CostBasis,
    /// Tokens without a known price; the cost does not include them.
    #[serde(deserialize_with = "deserialize_u128")]
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub unpriced_tokens: u128,
    /// Messages, each counted once.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub message_count: u64,
    /// The messages whose output Claude Code did not log completely: their output is a lower bound.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub under_logged_messages: u64,
    /// The provenance of the tokens.
    pub label: Provenance,
}

/// Usage of a day in the viewer's zone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct DayStats {
    /// The calendar date.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub date: NaiveDate,
    /// The totals.
    #[serde(flatten)]
    pub totals: Totals,
}

/// Usage of a model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ModelStats {
    /// The model's name as logged.
    pub model: String,
    /// The totals.
    #[serde(flatten)]
    pub totals: Totals,
}

/// The progress of reading the logs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "state", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Progress {
    /// Logs are still being read, so figures still grow.
    Importing {
        /// The number of logs read.
        #[cfg_attr(feature = "ts", ts(type = "number"))]
        files_done: u64,
        /// The number of logs to read.
        #[cfg_attr(feature = "ts", ts(type = "number"))]
        files: u64,
        /// The number of bytes read.
        #[cfg_attr(feature = "ts", ts(type = "number"))]
        bytes_done: u64,
        /// The number of bytes to read.
        #[cfg_attr(feature = "ts", ts(type = "number"))]
        bytes: u64,
    },
    /// The logs are read up to their end.
    Live,
}

/// A folder that is searched for logs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct RootStatus {
    /// The path of the folder.
    pub path: String,
    /// True if the folder exists.
    pub found: bool,
    /// The number of logs in the folder.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub logs: u64,
}

/// A newer version of the program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct AvailableUpdate {
    /// The version, such as `1.2.3`.
    pub version: String,
    /// The address of the page from which it can be downloaded.
    pub url: String,
}

/// The figures that surfaces show at one instant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Snapshot {
    /// The instant.
    pub at: DateTime<Utc>,
    /// The viewer's zone, by its IANA name.
    pub zone: String,
    /// True if all figures are sample data; omitted otherwise.
    #[serde(default, skip_serializing_if = "is_false")]
    #[cfg_attr(feature = "ts", ts(optional, as = "Option<bool>"))]
    pub is_demo: bool,
    /// A number that grows with every change of the data or of a setting.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub revision: u64,
    /// The progress of reading the logs.
    pub progress: Progress,
    /// The totals of all time.
    pub totals: Totals,
    /// Usage of today in the viewer's zone.
    pub today: DayStats,
    /// The days with which today is compared.
    pub compared: TodayComparison,
    /// The current block; null between blocks.
    pub current_block: Option<BillingBlock>,
    /// The used share of the block's token limit; null without a block or a limit.
    pub block_use: Option<LimitUse>,
    /// The used share of the block's cost limit; null without a block or a limit.
    pub block_cost_use: Option<LimitUse>,
    /// The projected tokens at the end of the block; null without enough activity.
    pub projected_tokens: Option<ProjectedRange>,
    /// The official quota windows, the five-hour window first.
    pub quota: Vec<QuotaStats>,
    /// The limits that are reached and whose reset time is unknown.
    #[serde(default)]
    pub reached_limits: Vec<ReachedLimit>,
    /// Usage of the week.
    pub week: WeekStats,
    /// The current burn rate.
    pub burn_rate: BurnRate,
    /// Tokens in each of the last 60 minutes, oldest first.
    #[cfg_attr(feature = "ts", ts(type = "Array<number>"))]
    pub last_hour: Vec<u64>,
    /// The number of sessions with messages, including hidden ones and those not used for long.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub session_count: u64,
    /// The most recently used sessions, at most three.
    pub recent_sessions: Vec<SessionStats>,
    /// The running sessions: those that wait for the user first, then busy and idle ones. Hidden sessions are left out.
    #[serde(default)]
    pub agents: Vec<SessionAgent>,
    /// The folders searched for logs.
    pub roots: Vec<RootStatus>,
    /// True if some of `problems` keep usage out of the figures; omitted otherwise.
    #[serde(default, skip_serializing_if = "is_false")]
    #[cfg_attr(feature = "ts", ts(optional, as = "Option<bool>"))]
    pub incomplete: bool,
    /// Problems that the user should know about.
    pub problems: Vec<Problem>,
    /// The newer version, if checks for updates are on and there is one; omitted otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "ts", ts(optional))]
    pub update: Option<AvailableUpdate>,
    /// The state of alerts.
    pub alerts: AlertStatus,
    /// The display settings.
    pub display: DisplaySettings,
    /// The commands that run in the background while the app is in the tray.
    #[serde(default)]
    pub background: BackgroundSettings,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
pub(crate) fn is_false(value: &bool) -> bool {
    !value
}

/// Deserializes a sum of tokens. Serde cannot deserialize a `u128` inside a flattened field.
pub(crate) fn deserialize_u128<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u128, D::Error> {
    struct WholeNumber;

    impl Visitor<'_> for WholeNumber {
        type Value = u128;

        fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            out.write_str("a whole number")
        }

        fn visit_u64<E: Error>(self, value: u64) -> Result<u128, E> {
            Ok(u128::from(value))
        }

        fn visit_f64<E: Error>(self, value: f64) -> Result<u128, E> {
            Ok(value as u128)
        }
    }

    deserializer.deserialize_any(WholeNumber)
}

#[cfg(all(test, feature = "ts"))]
mod bindings {
    use ts_rs::{Config, TS};

    /// Writes the TypeScript types to the folder from which the UI imports them.
    #[test]
    fn exports_the_types_of_the_ui() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../ui/src/bindings");
        let config = Config::default().with_out_dir(folder);
        super::Snapshot::export_all(&config).expect("writes the snapshot's types");
        super::SessionPage::export_all(&config).expect("writes the session list's types");
        super::SessionDetail::export_all(&config).expect("writes the session's types");
        super::SessionMetadata::export_all(&config).expect("writes the metadata's types");
        super::SessionChanges::export_all(&config).expect("writes the types of changes to it");
        super::SessionSort::export_all(&config).expect("writes the orders of the list");
        super::History::export_all(&config).expect("writes the history's types");
        super::HistoryBy::export_all(&config).expect("writes what days are divided by");
        super::BlockHistory::export_all(&config).expect("writes the blocks' types");
        super::SettingsPage::export_all(&config).expect("writes the settings' types");
        super::AlertRow::export_all(&config).expect("writes the alerts' types");
        super::Pause::export_all(&config).expect("writes the pauses");
    }
}
