//! What can be asked of a running engine, and what it answers.
//!
//! The same words whether the asker sits in the same process or at the other end of the local socket.

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use token_monitor_core::figures::{
    BillingBlock, DayStats, ModelStats, Problem, SessionDetail, SessionMetadata, SessionPage, Snapshot, Totals,
};
use token_monitor_core::{Anchor, Backtest, Reason};

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
}

/// Which sessions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SessionQuery {
    /// How many of the most recent to pass over.
    pub offset: usize,
    /// How many at most.
    pub limit: usize,
    /// Only those whose name, id, project or models hold this.
    pub search: Option<String>,
    /// Sessions not used for longer than the settings keep them in the list, too.
    #[serde(default)]
    pub hidden_too: bool,
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
