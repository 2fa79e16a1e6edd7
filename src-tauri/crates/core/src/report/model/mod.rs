//! The public figures: what every surface shows and every `--json` prints.
//!
//! Plain data under its public field names, nothing else. No surface computes; whatever it shows stands here
//! ready. Times are UTC, tokens are counts, and what is not known is null rather than zero.

mod alerts;
mod display;
mod history;
mod session;
mod window;

use chrono::{DateTime, NaiveDate, Utc};
use serde::de::{Deserializer, Error, Visitor};
use serde::{Deserialize, Serialize};

pub use alerts::{AlertFate, AlertRow, AlertRule, AlertStatus, Pause};
pub use display::{
    Display, NoSuchPage, Origin, Route, SettingKind, SettingRow, SettingsPage, Theme, TrayFigure, WeekStart,
};
pub use history::{Amount, BlockHistory, Compared, History, HistoryBy, HistoryDay, HistoryPart, TimelinePoint};
pub use session::{
    NameSource, NotInLogs, RunStats, SessionChanges, SessionDetail, SessionMetadata, SessionPage, SessionSort,
    SessionStats,
};
pub use window::{
    BillingBlock, BlockSource, BurnLevel, BurnRate, LimitBasis, LimitUse, QuotaOrigin, QuotaStats, Range, WeekStats,
    WindowKind,
};

use crate::tokens::Sum;

/// Where a figure comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum Label {
    /// Claude Code's own figure of its quota.
    Official,
    /// Summed from the logs.
    #[default]
    Measured,
    /// Worked out from what was measured.
    Estimated,
}

impl Label {
    /// In one word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Official => "official",
            Self::Measured => "measured",
            Self::Estimated => "estimated",
        }
    }
}

/// What costs mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum CostBasis {
    /// What the same calls would have cost on the API at list prices. A subscription is not billed by it.
    #[default]
    #[serde(rename = "API-equivalent")]
    ApiEquivalent,
}

/// The sums of some group of messages.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Totals {
    /// Uncached input.
    #[serde(deserialize_with = "wide")]
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub input_tokens: u128,
    /// Output, thinking included.
    #[serde(deserialize_with = "wide")]
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub output_tokens: u128,
    /// Written to the prompt cache.
    #[serde(deserialize_with = "wide")]
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub cache_creation_tokens: u128,
    /// The part of it written for an hour.
    #[serde(deserialize_with = "wide")]
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub cache_creation_1h_tokens: u128,
    /// Read from the prompt cache.
    #[serde(deserialize_with = "wide")]
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub cache_read_tokens: u128,
    /// The four kinds together.
    #[serde(deserialize_with = "wide")]
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub total_tokens: u128,
    /// API-equivalent dollars; null where no price is known for any of it.
    pub total_cost: Option<f64>,
    /// What that cost means.
    pub cost_basis: CostBasis,
    /// Tokens no price is known for: they are not in the cost.
    #[serde(deserialize_with = "wide")]
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub unpriced_tokens: u128,
    /// Messages, each counted once.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub message_count: u64,
    /// Those of them whose output Claude Code never logged whole: their output is a lower bound.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub under_logged_messages: u64,
    /// Where the tokens come from.
    pub label: Label,
}

/// Those of no messages: nothing, which costs nothing.
impl Default for Totals {
    fn default() -> Self {
        Sum::default().totals()
    }
}

/// One day in the viewer's zone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct DayStats {
    /// The civil date, never re-zoned.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub date: NaiveDate,
    /// Its sums.
    #[serde(flatten)]
    pub totals: Totals,
}

/// All that one model answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct ModelStats {
    /// The model's name as logged.
    pub model: String,
    /// Its sums.
    #[serde(flatten)]
    pub totals: Totals,
}

/// How far the engine is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "state", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Progress {
    /// Reading logs it has not read yet; the figures are still growing.
    Importing {
        /// Logs read.
        #[cfg_attr(feature = "ts", ts(type = "number"))]
        files_done: u64,
        /// Logs to read.
        #[cfg_attr(feature = "ts", ts(type = "number"))]
        files: u64,
        /// Bytes read.
        #[cfg_attr(feature = "ts", ts(type = "number"))]
        bytes_done: u64,
        /// Bytes to read.
        #[cfg_attr(feature = "ts", ts(type = "number"))]
        bytes: u64,
    },
    /// Everything written so far is counted.
    Live,
}

/// A folder that may hold logs, and what was found in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct RootStatus {
    /// The folder that is searched.
    pub path: String,
    /// Whether it is there.
    pub found: bool,
    /// Logs in it now.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub logs: u64,
}

/// Something a person should know, with one thing to do about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// What is wrong, in a sentence.
    pub message: String,
    /// What to do about it.
    pub hint: String,
}

/// All that a surface shows at one instant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Snapshot {
    /// The instant.
    pub at: DateTime<Utc>,
    /// The viewer's zone, by its IANA name.
    pub zone: String,
    /// Goes up whenever something that a list may show has changed, a session's name among it, or a setting.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub revision: u64,
    /// How far the engine is.
    pub progress: Progress,
    /// Everything ever counted.
    pub totals: Totals,
    /// Today in the viewer's zone.
    pub today: DayStats,
    /// What today is compared with.
    pub compared: Compared,
    /// The block now lies in; null between blocks.
    pub current_block: Option<BillingBlock>,
    /// How much of what a block may hold is used; null without a block or a limit.
    pub block_use: Option<LimitUse>,
    /// The same by cost, where a limit on cost holds.
    pub block_cost_use: Option<LimitUse>,
    /// The tokens the block will hold at its end at this pace; null without enough activity.
    pub projected_tokens: Option<Range>,
    /// The vendor's own figures, the five-hour window first.
    pub quota: Vec<QuotaStats>,
    /// The week that counts.
    pub week: WeekStats,
    /// Tokens per minute now.
    pub burn_rate: BurnRate,
    /// Tokens of each of the last sixty minutes, the oldest first.
    #[cfg_attr(feature = "ts", ts(type = "Array<number>"))]
    pub last_hour: Vec<u64>,
    /// Sessions with messages, hidden ones left out.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub session_count: u64,
    /// The sessions last used, most recent first; a handful.
    pub recent_sessions: Vec<SessionStats>,
    /// The folders looked at.
    pub roots: Vec<RootStatus>,
    /// What a person should know.
    pub problems: Vec<Problem>,
    /// What holds of alerts.
    pub alerts: AlertStatus,
    /// How it is to be shown.
    pub display: Display,
}

/// Reads a sum. Serde itself cannot where fields are flattened.
pub(crate) fn wide<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u128, D::Error> {
    struct Wide;

    impl Visitor<'_> for Wide {
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

    deserializer.deserialize_any(Wide)
}

#[cfg(all(test, feature = "ts"))]
mod bindings {
    use ts_rs::{Config, TS};

    /// Writes the types a surface sees to where the UI imports them from.
    #[test]
    fn the_ui_sees_the_same_types() {
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
