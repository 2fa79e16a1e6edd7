//! Agents at work: what a running session does, how much of its context is in use, and the state of its prompt cache.
//!
//! The state is Claude Code's own word, read from the files it keeps of running sessions. It is undocumented, so everything
//! that is not understood is left out.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::report::model::{NameSource, Provenance, Totals};

/// The activity of a running session. Waiting sorts first, because it needs the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum AgentState {
    /// Waiting for the user: for a permission, an answer or a dialog.
    Waiting,
    /// Working, or running a command in the background.
    Busy,
    /// Ready for the next prompt of the user.
    Idle,
}

/// The state of a running session. A session that does not run has none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct AgentStatus {
    /// The state.
    pub state: AgentState,
    /// The reason for waiting in Claude Code's words, such as `permission prompt`, sanitized; null if it does not wait.
    pub waiting_for: Option<String>,
    /// The name of the tool to be approved, such as `Bash`; null if it is unknown. The command itself is never kept.
    #[serde(default)]
    pub waiting_tool: Option<String>,
    /// The time since which it is in this state.
    pub since: DateTime<Utc>,
    /// True if it runs in the background, without a terminal of its own.
    #[serde(default)]
    pub is_background: bool,
}

/// The tokens in a session's context.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ContextUse {
    /// The prompt of the last message: input, cache reads and cache writes.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub tokens: u64,
    /// The size of the context window in tokens; null if Claude Code did not report it.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub window: Option<u64>,
    /// The used share of the window in percent; null if the window is unknown.
    pub percent: Option<f64>,
    /// The provenance: official from the status line, measured from the logs, estimated where a window of an earlier
    /// message is applied to later tokens.
    pub label: Provenance,
}

/// The state of a session's prompt cache. It is warm until `expires_at`: surfaces compare that with the snapshot's time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct PromptCache {
    /// The time at which the cached prompt expires unless it is used again.
    pub expires_at: DateTime<Utc>,
    /// The lifetime of the cached prompt in seconds: 300 or 3,600.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub ttl_seconds: u64,
    /// The share of the prompt tokens that were read from the cache, in percent; null if it is unknown.
    pub hit_percent: Option<f64>,
    /// The tokens that a prompt after the expiry would write to the cache again; null if they are unknown.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub cold_tokens: Option<u64>,
    /// The API-equivalent dollars of writing them; null if the price is unknown.
    pub cold_cost: Option<f64>,
    /// The last time the cached prompt could not be read; null if none is known.
    pub last_miss: Option<CacheMiss>,
    /// The provenance of the times and of the share: official from the status line, estimated from the logs.
    pub label: Provenance,
}

/// A prompt that was written to the cache again instead of being read from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct CacheMiss {
    /// The time, if known.
    pub at: Option<DateTime<Utc>>,
    /// The causes; empty if none is known.
    pub causes: Vec<CacheMissCause>,
    /// The tokens that were written again, if known.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub tokens: Option<u64>,
}

/// The cause of a cache miss, as Claude Code distinguishes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub enum CacheMissCause {
    /// The system prompt changed.
    SystemPromptChanged,
    /// The set of tools changed.
    ToolsChanged,
    /// Another model was selected.
    ModelChanged,
    /// Earlier messages were rewritten.
    MessagesRewritten,
    /// The cached prompt was not used in time.
    Expired,
    /// The server had dropped it before its time.
    ServerSide,
    /// Claude Code does not know the cause, or another version reported it.
    // The generator of the TypeScript types cannot parse this attribute.
    #[cfg_attr(not(feature = "ts"), serde(other))]
    Unknown,
}

/// A running session. Sessions that wait come first, then busy ones, then idle ones; within a state the one that changed
/// last comes first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct SessionAgent {
    /// The id assigned by Claude Code.
    pub session_id: String,
    /// The name to display, see [`SessionStats::display_name`](crate::report::model::SessionStats::display_name).
    pub display_name: String,
    /// The source of the display name.
    pub name_source: NameSource,
    /// The working folder.
    pub project_path: Option<String>,
    /// The last Git branch.
    #[serde(default)]
    pub branch: Option<String>,
    /// The names of the models used; empty before the first answer.
    #[serde(default)]
    pub models_used: BTreeSet<String>,
    /// The totals of the session; null before the first answer.
    #[serde(default)]
    pub totals: Option<Totals>,
    /// True if no alerts are sent about it.
    #[serde(default)]
    pub is_muted: bool,
    /// True if the session has messages and so is among the sessions; false before its first answer.
    pub has_messages: bool,
    /// The state.
    pub status: AgentStatus,
    /// The context in use; null before the first answer.
    pub context: Option<ContextUse>,
    /// The prompt cache; null before the first answer and where it is unknown.
    pub prompt_cache: Option<PromptCache>,
}
