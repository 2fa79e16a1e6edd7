//! Figures of sessions, and of what ran in them.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::report::model::{BillingBlock, ModelStats, TimelinePoint, Totals, wide};

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
    /// Where that comes from.
    pub name_source: NameSource,
    /// The working folder it ran in, as its lines say.
    pub project_path: Option<String>,
    /// The branch it worked on last.
    pub branch: Option<String>,
    /// The worktree it ran in, where it was one of Claude Code's own.
    pub worktree: Option<String>,
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
    /// What Claude Code's own counter says beyond the logs; null where it says nothing or no more.
    pub not_in_logs: Option<NotInLogs>,
    /// Free labels its user gave it.
    pub tags: Vec<String>,
    /// Whether it stays on top of the list.
    pub is_pinned: bool,
    /// Whether it is left out of the list.
    pub is_hidden: bool,
    /// Whether no alert is to be about it.
    pub is_muted: bool,
}

/// Where a session's display name comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum NameSource {
    /// The user named it here.
    User,
    /// The user named it in Claude Code.
    CustomTitle,
    /// Claude Code named it while it ran.
    AiTitle,
    /// Claude Code named it in a summary.
    Summary,
    /// The beginning of the first thing that was asked.
    FirstPrompt,
    /// Its project and when it began.
    Project,
}

/// What Claude Code's own counter says of a session beyond its logs. It is in no other figure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct NotInLogs {
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
    /// API-equivalent dollars by Claude Code's own reckoning, beyond those of the counted messages.
    pub cost: f64,
    /// Whether Claude Code knew no price for one of the models.
    pub cost_is_lower_bound: bool,
}

impl NotInLogs {
    /// The four kinds of token together.
    pub fn total(&self) -> u128 {
        self.input_tokens + self.output_tokens + self.cache_creation_tokens + self.cache_read_tokens
    }
}

/// One run of a subagent. Its session's sums hold it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct RunStats {
    /// The id Claude Code gave it.
    pub run_id: String,
    /// The workflow it was part of, if any.
    pub workflow: Option<String>,
    /// What sort of agent it was, such as `Explore`.
    pub kind: Option<String>,
    /// Its first message.
    pub start_time: DateTime<Utc>,
    /// Its last line with usage.
    pub last_activity: DateTime<Utc>,
    /// Its sums.
    #[serde(flatten)]
    pub totals: Totals,
}

/// One session in detail.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct SessionDetail {
    /// Its row.
    pub session: SessionStats,
    /// What each model answered.
    pub models: Vec<ModelStats>,
    /// The runs of its subagents, in order of their start.
    pub runs: Vec<RunStats>,
    /// What it used when, in order; spans without use are left out.
    pub timeline: Vec<TimelinePoint>,
    /// What its user wrote about it.
    pub description: Option<String>,
}

/// What a person added to a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct SessionMetadata {
    /// The session's id.
    pub uuid: String,
    /// The name given to it, unique among all sessions; null where it has none of its own.
    pub name: Option<String>,
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
    /// Whether it stays on top of the list.
    #[serde(default)]
    pub is_pinned: bool,
    /// Whether it is left out of the list.
    #[serde(default)]
    pub is_hidden: bool,
    /// Whether no alert is to be about it.
    #[serde(default)]
    pub is_muted: bool,
}

/// What to change about a session; what is null stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", default)]
pub struct SessionChanges {
    /// The new name; an empty one takes the name away.
    pub name: Option<String>,
    /// The new labels.
    pub tags: Option<Vec<String>>,
    /// The new text; an empty one takes it away.
    pub description: Option<String>,
    /// Whether it stays on top of the list.
    pub is_pinned: Option<bool>,
    /// Whether it is left out of the list.
    pub is_hidden: Option<bool>,
    /// Whether no alert is to be about it.
    pub is_muted: Option<bool>,
}

/// The order of the session list. Pinned sessions come first, then active ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum SessionSort {
    /// Used last first.
    #[default]
    Recent,
    /// Most tokens first.
    Tokens,
    /// Most expensive first.
    Cost,
    /// By name.
    Name,
}

/// One page of the session list.
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
