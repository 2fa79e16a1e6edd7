//! A parsed part of a log on its way to the ledger.
//!
//! A chunk has its own name tables, because many logs are read in parallel and only the ledger assigns permanent ids.

use std::path::{Path, PathBuf};

use token_monitor_core::interner::{BranchId, InternTables, LogId, ModelId, ProjectId, RunId, SessionId};
use token_monitor_core::ledger::{
    CacheTtl, MessageObservation, Occurrence, Prompt, PullRequestLink, ReportedTotals, SessionContext, UsageReport,
};
use token_monitor_core::quota::Reading;
use token_monitor_core::time::Timestamp;
use token_monitor_core::transcript::{
    Cursor, FolderMove, LimitNotice, LogEvent, MainCall, OrphanTitle, Rejection, StoredTitle, Title, TitleKind,
    UsageEntry,
};

/// The longest `uuid` of a message that is looked for, in bytes. Those of Claude Code have 36.
const MAX_UUID_BYTES: usize = 128;

/// A parsed part of a log, and the cursor after it.
#[derive(Debug)]
pub(crate) struct ParsedChunk {
    /// The path of the log.
    pub(crate) path: PathBuf,
    /// The session of the log.
    pub(crate) file_session: String,
    /// The cursor to store once the chunk is counted.
    pub(crate) cursor: Cursor,
    /// The number of bytes read since the previous cursor.
    pub(crate) bytes_read: u64,
    /// The type of the agent that wrote the log, if it was looked up.
    pub(crate) agent_type: Option<String>,
    /// The totals Claude Code reported, by session.
    pub(crate) reported_totals: Vec<(String, ReportedTotals)>,
    /// The notices of Claude Code, which may be limit messages.
    pub(crate) notices: Vec<OwnedNotice>,
    /// The folders that sessions moved to: session, folder and time.
    pub(crate) folders: Vec<(String, String, Timestamp)>,
    /// The pull requests that sessions linked.
    pub(crate) pull_requests: Vec<(String, PullRequestLink)>,
    /// The compactions of sessions.
    pub(crate) compactions: Vec<(String, Timestamp)>,
    /// The ends of quota windows.
    pub(crate) window_ends: Vec<Reading>,
    /// The titles whose sessions are unknown.
    pub(crate) pending_titles: Vec<PendingTitle>,
    names: InternTables,
    observations: Vec<(MessageObservation, SessionContext)>,
    titles: Vec<OwnedTitle>,
}

/// A title of the session that contains a given message, in any log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PendingTitle {
    /// The `uuid` of the message.
    pub(crate) message_uuid: String,
    /// The title.
    pub(crate) text: String,
    /// The offset of the title in its log.
    pub(crate) offset: u64,
}

/// A notice of Claude Code.
#[derive(Clone, Debug)]
pub(crate) struct OwnedNotice {
    when: Timestamp,
    text: String,
    rejection: Option<Rejection>,
}

impl OwnedNotice {
    /// Returns the notice as it was parsed.
    pub(crate) fn as_notice(&self) -> LimitNotice<'_> {
        LimitNotice { when: self.when, text: &self.text, rejection: self.rejection.clone() }
    }
}

#[derive(Debug)]
struct OwnedTitle {
    session: String,
    text: String,
    kind: TitleKind,
    when: Option<Timestamp>,
    offset: u64,
}

impl ParsedChunk {
    /// Creates an empty chunk that starts at a cursor.
    pub(crate) fn new(path: &Path, session: &str, cursor: Cursor) -> Self {
        Self {
            path: path.to_owned(),
            file_session: session.to_owned(),
            cursor,
            bytes_read: 0,
            agent_type: None,
            reported_totals: Vec::new(),
            notices: Vec::new(),
            folders: Vec::new(),
            pull_requests: Vec::new(),
            compactions: Vec::new(),
            window_ends: Vec::new(),
            pending_titles: Vec::new(),
            names: InternTables::default(),
            observations: Vec::new(),
            titles: Vec::new(),
        }
    }

    /// Adds a title that is named by a message. Its text is kept as it is stored for a session.
    fn push_orphan_title(&mut self, title: &OrphanTitle<'_>) {
        if title.message_uuid.len() > MAX_UUID_BYTES {
            return;
        }
        let logged =
            Title { session: "", text: title.text, kind: TitleKind::Summary, when: None, offset: title.offset };
        self.pending_titles.push(PendingTitle {
            message_uuid: title.message_uuid.to_owned(),
            text: StoredTitle::new(&logged).text,
            offset: title.offset,
        });
    }

    /// Adds an event of a line.
    pub(crate) fn push(&mut self, event: &LogEvent<'_>) {
        match event {
            LogEvent::Usage(entry) => self.push_entry(entry),
            LogEvent::Title(title) => self.push_title(title),
            LogEvent::OrphanTitle(title) => self.push_orphan_title(title),
            LogEvent::ReportedTotals(session, totals) => self.reported_totals.push(((*session).to_owned(), *totals)),
            LogEvent::Folder(FolderMove { session, folder, when }) => {
                self.folders.push(((*session).to_owned(), (*folder).to_owned(), *when));
            }
            LogEvent::PullRequest(session, link) => self.pull_requests.push(((*session).to_owned(), link.clone())),
            LogEvent::Compaction(session, when) => self.compactions.push(((*session).to_owned(), *when)),
            LogEvent::WindowEnd(reading) => self.window_ends.push(reading.clone()),
            LogEvent::Notice(notice) => self.notices.push(OwnedNotice {
                when: notice.when,
                text: notice.text.to_owned(),
                rejection: notice.rejection.clone(),
            }),
        }
    }

    fn push_entry(&mut self, entry: &UsageEntry<'_>) {
        let names = &mut self.names;
        let occurrence = Occurrence {
            when: entry.when,
            has_old_session: false,
            foreign_session: entry.session != self.file_session,
            log: LogId(0),
            session: names.sessions.intern(entry.session.as_bytes()),
            run: entry.run.map(|run| names.runs.intern(run.as_bytes())),
        };
        let report = UsageReport {
            usage: entry.usage,
            model: names.models.intern(entry.model.as_bytes()),
            terms: entry.terms,
            reported_cost: entry.reported_cost,
            under_logged: entry.under_logged,
        };
        let context = SessionContext {
            project: entry.cwd.map(|cwd| names.projects.intern(cwd.as_bytes())),
            branch: entry.branch.map(|branch| names.branches.intern(branch.as_bytes())),
            copied_into: entry.copied_into.map(|session| names.sessions.intern(session.as_bytes())),
            prompt: entry.main_call.map(|call| prompt_of_entry(entry, report.model, call)),
        };
        let UsageEntry { key, copy_key, side, .. } = *entry;
        let observation = MessageObservation { key, copy_key, report, side, occurrence };
        self.observations.push((observation, context));
    }

    fn push_title(&mut self, title: &Title<'_>) {
        self.cursor.prompt_found |= title.kind == TitleKind::Prompt;
        self.titles.push(OwnedTitle {
            session: title.session.to_owned(),
            text: title.text.to_owned(),
            kind: title.kind,
            when: title.when,
            offset: title.offset,
        });
    }

    /// Returns the message observations with ids of the given tables, which gain missing names.
    pub(crate) fn observations(
        &self,
        log: LogId,
        names: &mut InternTables,
    ) -> Vec<(MessageObservation, SessionContext)> {
        let InternTables { sessions, models, projects, branches, runs, .. } = &self.names;
        let sessions: Vec<SessionId> = sessions.added_since(0).map(|(_, name)| names.sessions.intern(name)).collect();
        let models: Vec<ModelId> = models.added_since(0).map(|(_, name)| names.models.intern(name)).collect();
        let projects: Vec<ProjectId> = projects.added_since(0).map(|(_, name)| names.projects.intern(name)).collect();
        let branches: Vec<BranchId> = branches.added_since(0).map(|(_, name)| names.branches.intern(name)).collect();
        let runs: Vec<RunId> = runs.added_since(0).map(|(_, name)| names.runs.intern(name)).collect();
        let translate = |(observation, context): &(MessageObservation, SessionContext)| {
            let MessageObservation { report, occurrence, .. } = *observation;
            let occurrence = Occurrence {
                log,
                session: sessions[occurrence.session.0 as usize],
                run: occurrence.run.map(|run| runs[run.0 as usize]),
                ..occurrence
            };
            let report = UsageReport { model: models[report.model.0 as usize], ..report };
            let context = SessionContext {
                project: context.project.map(|project| projects[project.0 as usize]),
                branch: context.branch.map(|branch| branches[branch.0 as usize]),
                copied_into: context.copied_into.map(|session| sessions[session.0 as usize]),
                prompt: context.prompt.map(|prompt| Prompt { model: models[prompt.model.0 as usize], ..prompt }),
            };
            (MessageObservation { report, occurrence, ..*observation }, context)
        };
        self.observations.iter().map(translate).collect()
    }

    /// Returns the titles of known sessions.
    pub(crate) fn titles(&self) -> impl Iterator<Item = Title<'_>> {
        self.titles.iter().map(|title| Title {
            session: &title.session,
            text: &title.text,
            kind: title.kind,
            when: title.when,
            offset: title.offset,
        })
    }

    /// Returns true if the chunk has no events.
    pub(crate) fn is_empty(&self) -> bool {
        self.observations.is_empty()
            && self.titles.is_empty()
            && self.reported_totals.is_empty()
            && self.notices.is_empty()
            && self.folders.is_empty()
            && self.pull_requests.is_empty()
            && self.compactions.is_empty()
            && self.window_ends.is_empty()
            && self.pending_titles.is_empty()
    }
}

/// Returns the prompt of a call of the main conversation.
fn prompt_of_entry(entry: &UsageEntry<'_>, model: ModelId, call: MainCall) -> Prompt {
    let usage = entry.usage;
    Prompt {
        when: entry.when,
        first_line: entry.when,
        model,
        input: usage.input,
        cache_read: usage.cache_read,
        cache_write: usage.cache_write,
        ttl: call.requested_ttl.or_else(|| CacheTtl::from_usage(usage)),
        message: Some(entry.key),
    }
}
