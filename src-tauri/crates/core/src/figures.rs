//! The public figures: what every surface shows and every `--json` prints.
//!
//! Plain data under its public field names, nothing else. No surface computes; whatever it shows stands here
//! ready. Times are UTC, tokens are counts, and what is not known is null rather than zero.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use serde::de::{Deserializer, Error, Visitor};
use serde::{Deserialize, Serialize};

/// The sums of some group of messages.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
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
    /// Read from the prompt cache.
    #[serde(deserialize_with = "wide")]
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub cache_read_tokens: u128,
    /// The four kinds together.
    #[serde(deserialize_with = "wide")]
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub total_tokens: u128,
    /// API-equivalent dollars, null while nothing is priced.
    pub total_cost: Option<f64>,
    /// Messages, each counted once.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub message_count: u64,
}

impl Totals {
    /// The sum of two.
    #[must_use]
    pub fn joined(self, other: &Self) -> Self {
        Self {
            input_tokens: self.input_tokens + other.input_tokens,
            output_tokens: self.output_tokens + other.output_tokens,
            cache_creation_tokens: self.cache_creation_tokens + other.cache_creation_tokens,
            cache_read_tokens: self.cache_read_tokens + other.cache_read_tokens,
            total_tokens: self.total_tokens + other.total_tokens,
            total_cost: None,
            message_count: self.message_count + other.message_count,
        }
    }
}

/// One Claude Code conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct SessionStats {
    /// The id Claude Code gave it.
    pub session_id: String,
    /// The name its user gave it, if any.
    pub session_name: Option<String>,
    /// What to call it on a surface: the user's name, else its title in the logs, else its project and start.
    pub display_name: String,
    /// The working folder it ran in, as its lines say.
    pub project_path: Option<String>,
    /// Its first message.
    pub start_time: DateTime<Utc>,
    /// Its last line with usage.
    pub last_activity: DateTime<Utc>,
    /// Its sums.
    #[serde(flatten)]
    pub totals: Totals,
    /// Every model that answered in it, by name.
    pub models_used: BTreeSet<String>,
    /// This session's share of the active block; null where it has none.
    pub current_block: Option<BillingBlock>,
    /// Tokens per minute now.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub burn_rate: u64,
    /// Whether it used tokens within the last few minutes.
    pub is_active: bool,
}

/// Where a block's edges come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum BlockSource {
    /// Derived from the messages alone.
    Estimate,
    /// The fixed grid of 0, 5, 10, 15 and 20 h UTC.
    Utc,
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
    /// API-equivalent dollars, null while nothing is priced.
    pub cost_usd: Option<f64>,
    /// Messages, each counted once.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub message_count: u64,
    /// Every model that answered in it, by name.
    pub models: BTreeSet<String>,
    /// Where its edges come from.
    pub source: BlockSource,
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

/// What a person added to a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct SessionMetadata {
    /// The session's id.
    pub uuid: String,
    /// The name given to it, unique among all sessions.
    pub name: String,
    /// The working folder it ran in.
    pub project_path: Option<String>,
    /// When it was first named.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// Free labels.
    pub tags: Vec<String>,
    /// Free text.
    pub description: Option<String>,
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
    /// Goes up whenever something that a list may show has changed, a session's name among it.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub revision: u64,
    /// How far the engine is.
    pub progress: Progress,
    /// Everything ever counted.
    pub totals: Totals,
    /// Today in the viewer's zone.
    pub today: DayStats,
    /// The block now lies in; null between blocks.
    pub current_block: Option<BillingBlock>,
    /// How many tokens a block may hold, where the user set it.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub block_limit: Option<u64>,
    /// Tokens per minute now.
    pub burn_rate: BurnRate,
    /// Sessions with messages, hidden ones left out.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub session_count: u64,
    /// The sessions last used, most recent first; a handful.
    pub recent_sessions: Vec<SessionStats>,
    /// The folders looked at.
    pub roots: Vec<RootStatus>,
    /// What a person should know.
    pub problems: Vec<Problem>,
}

/// One page of the session list, most recent first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct SessionPage {
    /// The rows asked for.
    pub sessions: Vec<SessionStats>,
    /// The sums over all sessions, not only these.
    pub totals: Totals,
    /// How many rows there are in all.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub count: u64,
}

/// Reads a sum. Serde itself cannot where fields are flattened.
fn wide<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u128, D::Error> {
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
        super::SessionMetadata::export_all(&config).expect("writes the metadata's types");
    }
}
