//! What can be asked of a running engine, and what it answers.
//!
//! The same words whether the asker sits in the same process or at the other end of the local socket.

use chrono::NaiveDate;
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use token_monitor_core::blocks::Anchor;
use token_monitor_core::rates::Backtest;
use token_monitor_core::report::model::{
    AlertFate, AlertRow, AlertRule, AlertStatus, BillingBlock, BlockHistory, DayStats, History, HistoryBy, ModelStats,
    Pause, Problem, SessionChanges, SessionDetail, SessionMetadata, SessionPage, SessionSort, SettingsPage, Snapshot,
    Totals,
};
use token_monitor_core::transcript::Reason;

/// A question or a wish.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Ask {
    /// Read everything written so far, and answer when that is counted.
    CatchUp,
    /// What surfaces show now.
    Snapshot,
    /// A page of the sessions.
    Sessions(SessionQuery),
    /// All blocks and gaps.
    Blocks {
        /// How to place them; the settings' way where none is given.
        anchor: Option<Anchor>,
    },
    /// All days with messages.
    Days {
        /// Whose days; the viewer's where none is given.
        zone: Option<Tz>,
    },
    /// All models.
    Models,
    /// One session in detail.
    Session {
        /// The session's id, its name, or the only id that starts so.
        session: String,
    },
    /// How good the forecast was on past blocks.
    Backtest,
    /// Give a session a name of its own.
    Rename {
        /// The session's id, its name, or the only id that starts so.
        session: String,
        /// The new name.
        name: String,
    },
    /// How the engine fares.
    Health,
    /// A page of the blocks and gaps, the latest first, and what is remarkable about all of them.
    BlockHistory {
        /// How many of the latest to pass over.
        offset: usize,
        /// How many at most.
        limit: usize,
    },
    /// The days of a range, divided.
    History {
        /// The first day; the first with messages where none is given.
        from: Option<NaiveDate>,
        /// The last day; today where none is given.
        to: Option<NaiveDate>,
        /// What they are divided by.
        by: HistoryBy,
    },
    /// Change what a person added to a session.
    Describe {
        /// The session's id, its name, or the only id that starts so.
        session: String,
        /// What to change.
        changes: SessionChanges,
    },
    /// The settings and where their values come from.
    Settings,
    /// Save a setting; without a value it goes back to what the other layers say.
    Change {
        /// Its key.
        key: String,
        /// Its new value.
        value: Option<serde_json::Value>,
    },
    /// Past alerts, the latest first.
    Alerts {
        /// How many at most.
        limit: usize,
    },
    /// Somebody has seen the alerts that the system did not take.
    SeeAlerts,
    /// Show an alert as this rule would.
    TestAlert {
        /// The rule.
        rule: AlertRule,
    },
    /// Keep alerts back for a while, or not any longer.
    PauseAlerts {
        /// For how long.
        pause: Pause,
    },
    /// What became of an alert that was handed out.
    AlertFate {
        /// Its number.
        id: u64,
        /// What became of it.
        fate: AlertFate,
        /// Why the system takes none, in a sentence, where it does not.
        unavailable: Option<String>,
    },
    /// All that helps to find a fault, as JSON, without names, titles or paths of the user.
    Diagnostics,
}

/// Which sessions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SessionQuery {
    /// How many of the most recent to pass over.
    pub offset: usize,
    /// How many at most.
    pub limit: usize,
    /// Only those that mention each word of this in their name, id, project, branch, worktree, labels, description or
    /// models. Who searches finds all of them, hidden or not.
    pub search: Option<String>,
    /// Sessions that are hidden, or not used for longer than the settings keep them in the list, too.
    #[serde(default)]
    pub hidden_too: bool,
    /// In which order.
    #[serde(default)]
    pub sort: SessionSort,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "answer", content = "with", rename_all = "camelCase")]
pub enum Answer {
    /// It is done.
    Done,
    /// What surfaces show now.
    Snapshot(Box<Snapshot>),
    /// A page of the sessions.
    Sessions(SessionPage),
    /// All blocks and gaps, and the sums over them.
    Blocks(Vec<BillingBlock>, Totals),
    /// All days, and the sums over them.
    Days(Vec<DayStats>, Totals),
    /// All models, and the sums over them.
    Models(Vec<ModelStats>, Totals),
    /// One session in detail.
    Session(Box<SessionDetail>),
    /// How good the forecast was.
    Backtest(Backtest),
    /// The session as it is named now.
    Renamed(SessionMetadata),
    /// How the engine fares.
    Health(Box<Health>),
    /// A page of the blocks.
    BlockHistory(Box<BlockHistory>),
    /// The days of a range.
    History(Box<History>),
    /// The session as it is described now.
    Described(SessionMetadata),
    /// The settings.
    Settings(Box<SettingsPage>),
    /// Past alerts.
    Alerts(Vec<AlertRow>),
    /// What holds of alerts now.
    AlertStatus(AlertStatus),
    /// All that helps to find a fault.
    Diagnostics(serde_json::Value),
}

/// How the engine fares, for people who wonder about a number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Health {
    /// The process that answers.
    pub process: u32,
    /// Its version.
    pub version: String,
    /// The folders looked at.
    pub roots: Vec<RootHealth>,
    /// Logs there are now.
    pub logs: u64,
    /// Bytes read of them.
    pub bytes: u64,
    /// Lines read of them.
    pub lines: u64,
    /// Records with usage among them, repetitions included.
    pub entries: u64,
    /// What was skipped in them, by reason.
    pub skipped: Vec<SkipCount>,
    /// What was passed over while looking for logs, by reason.
    pub passed_over: Vec<PassedOver>,
    /// Messages ever counted.
    pub messages: u64,
    /// Where they are kept.
    pub store: String,
    /// The size of that file in bytes.
    pub store_bytes: u64,
    /// Whether changes are heard of at once or looked for.
    pub watching: bool,
    /// What people should know.
    pub problems: Vec<Problem>,
    /// Settings that were not understood.
    pub settings_problems: Vec<String>,
}

/// A folder and what was found in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RootHealth {
    /// The folder.
    pub path: String,
    /// Whether it is there.
    pub found: bool,
    /// Logs in it.
    pub logs: u64,
}

/// How often something was skipped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SkipCount {
    /// Why.
    pub reason: Reason,
    /// In words.
    pub words: String,
    /// How often.
    pub count: u64,
}

/// Files and folders that are no logs, though they are named so, or cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PassedOver {
    /// Why, in words.
    pub reason: String,
    /// How many.
    pub count: u64,
    /// One of them.
    pub example: String,
}

/// Why something was not done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "camelCase")]
#[error("{message}")]
pub struct Refusal {
    /// What a surface branches on.
    pub code: RefusalCode,
    /// A sentence for people.
    pub message: String,
    /// What they can do.
    pub hint: Option<String>,
}

/// What a surface branches on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum RefusalCode {
    /// Another session has the name.
    NameTaken,
    /// Nobody could read the name.
    NameInvalid,
    /// There is no such session, or more than one.
    NotFound,
    /// Nobody answers.
    Offline,
    /// The value is none that it can have.
    BadValue,
    /// The store cannot be used just now.
    Busy,
    /// A fault of ours.
    Internal,
}

impl Refusal {
    /// A refusal without a hint.
    pub fn new(code: RefusalCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), hint: None }
    }

    /// The same with something to do about it.
    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }
}
