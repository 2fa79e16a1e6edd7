//! The events that the parser emits for the lines of a log, and the context it needs to parse a line.

use crate::ledger::message_key::MessageKey;
use crate::ledger::prompts::CacheTtl;
use crate::ledger::pull_request::PullRequestLink;
use crate::ledger::reported_totals::ReportedTotals;
use crate::money::Usd;
use crate::pricing::terms::BillingTerms;
use crate::quota::Reading;
use crate::time::timestamp::Timestamp;
use crate::tokens::Usage;
use crate::transcript::limit_message::LimitNotice;
use crate::transcript::title::Title;

/// A use of a model, as reported by one record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageEntry<'a> {
    /// The message it belongs to.
    pub key: MessageKey,
    /// The second key of the message, if its id is only unique within its session.
    pub copy_key: Option<MessageKey>,
    /// The tokens used so far.
    pub usage: Usage,
    /// The billing terms.
    pub terms: BillingTerms,
    /// The cost named in the record.
    pub reported_cost: Option<Usd>,
    /// True if the output is known to be incomplete.
    pub under_logged: bool,
    /// The model, or `unknown` if the record names none.
    pub model: &'a str,
    /// The session that made the call, if the record names it, or else the session of the record or of the file.
    pub session: &'a str,
    /// The session whose log contains the record, if the record was copied there from the session that made the call.
    pub copied_into: Option<&'a str>,
    /// The subagent run of the file, or else that named in the record.
    pub run: Option<&'a str>,
    /// The working directory, if the record names it.
    pub cwd: Option<&'a str>,
    /// The Git branch, if the record names it.
    pub branch: Option<&'a str>,
    /// True if the record belongs to a subagent or side question.
    pub side: bool,
    /// The time of the record.
    pub when: Timestamp,
    /// The prompt cache of the call, if it is one of the main conversation.
    pub main_call: Option<MainCall>,
}

/// A call of the main conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MainCall {
    /// The lifetime requested for the cached prompt; `None` in earlier versions.
    pub requested_ttl: Option<CacheTtl>,
}

/// A title for the session that contains a message. The session is not known yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrphanTitle<'a> {
    /// The `uuid` of the message.
    pub message_uuid: &'a str,
    /// The title.
    pub text: &'a str,
    /// The position of the record in its log.
    pub offset: u64,
}

/// An event emitted for a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogEvent<'a> {
    /// A use of a model.
    Usage(UsageEntry<'a>),
    /// A title of a session.
    Title(Title<'a>),
    /// A title of a session that is not known yet.
    OrphanTitle(OrphanTitle<'a>),
    /// The totals that Claude Code reported for a session, with the session id.
    ReportedTotals(&'a str, ReportedTotals),
    /// A notice that Claude Code logged in place of an answer. It may be a limit message.
    Notice(LimitNotice<'a>),
    /// The folder that a session moved to.
    Folder(FolderMove<'a>),
    /// The end of a quota window, named in the response to a failed request.
    WindowEnd(Reading),
    /// A pull request that a session linked, with the session id.
    PullRequest(&'a str, PullRequestLink),
    /// A compaction of a session's context, with the session id.
    Compaction(&'a str, Timestamp),
}

/// The move of a session to another folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FolderMove<'a> {
    /// The session.
    pub session: &'a str,
    /// The new folder.
    pub folder: &'a str,
    /// The time, just after that of the line before.
    pub when: Timestamp,
}

/// The properties of a line that it does not contain itself.
#[derive(Clone, Copy, Debug)]
pub struct LineContext<'a> {
    /// The session of the file.
    pub file_session: &'a str,
    /// The subagent run of the file, if the file belongs to one.
    pub run: Option<&'a str>,
    /// A name of the file that a copied or moved file keeps.
    pub file: &'a str,
    /// The position of the line's first byte.
    pub offset: u64,
    /// True if the first prompt in the file has not been found yet.
    pub needs_first_prompt: bool,
}
