//! What was found in a part of a log, on its way to the ledger.
//!
//! Its names are its own: many logs are read at once, and only the ledger hands out the ids that last.

use std::path::PathBuf;

use token_monitor_core::interner::{BranchId, LogId, ModelId, Names, ProjectId, RunId, SessionId};
use token_monitor_core::ledger::{Counter, Scene, Seen, Sighting, Told};
use token_monitor_core::time::Timestamp;
use token_monitor_core::transcript::{Cursor, Entry, Said, Title, TitleKind};

use crate::ingest::discover::FoundLog;

/// What was found in a part of a log, and the cursor that accounts for it.
#[derive(Debug)]
pub(crate) struct Harvest {
    /// The log.
    pub(crate) path: PathBuf,
    /// Its session.
    pub(crate) home: String,
    /// How far it is read once this is counted.
    pub(crate) cursor: Cursor,
    /// How many bytes that is further than before.
    pub(crate) read: u64,
    /// What sort of agent wrote it, where that was looked up.
    pub(crate) kind: Option<String>,
    /// What Claude Code's own counter says, by session.
    pub(crate) counters: Vec<(String, Counter)>,
    /// What Claude Code said instead of an answer.
    pub(crate) notices: Vec<(Timestamp, String)>,
    /// Titles for sessions still to be found.
    pub(crate) summaries: Vec<LeafTitle>,
    names: Names,
    sightings: Vec<(Sighting, Scene)>,
    titles: Vec<OwnedTitle>,
}

/// A title for the session that a message belongs to, wherever that is logged.
#[derive(Clone, Debug)]
pub(crate) struct LeafTitle {
    /// The `uuid` of the message.
    pub(crate) leaf: String,
    /// The title.
    pub(crate) text: String,
    /// Where it stands.
    pub(crate) offset: u64,
}

#[derive(Debug)]
struct OwnedTitle {
    session: String,
    text: String,
    kind: TitleKind,
    when: Option<Timestamp>,
    offset: u64,
}

impl Harvest {
    pub(crate) fn new(log: &FoundLog, cursor: Cursor) -> Self {
        Self {
            path: log.path.clone(),
            home: log.session.clone(),
            cursor,
            read: 0,
            kind: None,
            counters: Vec::new(),
            notices: Vec::new(),
            summaries: Vec::new(),
            names: Names::default(),
            sightings: Vec::new(),
            titles: Vec::new(),
        }
    }

    /// Takes in what a line said.
    pub(crate) fn hear(&mut self, said: &Said<'_>) {
        match said {
            Said::Entry(entry) => self.entry(entry),
            Said::Title(title) => self.title(title),
            Said::Summary(summary) => self.summaries.push(LeafTitle {
                leaf: summary.leaf.to_owned(),
                text: summary.text.to_owned(),
                offset: summary.offset,
            }),
            Said::Counter(session, counter) => self.counters.push(((*session).to_owned(), *counter)),
            Said::Notice(when, text) => self.notices.push((*when, (*text).to_owned())),
        }
    }

    fn entry(&mut self, entry: &Entry<'_>) {
        let names = &mut self.names;
        let seen = Seen {
            when: entry.when,
            away: entry.session != self.home,
            log: LogId(0),
            session: names.sessions.id(entry.session.as_bytes()),
            run: entry.run.map(|run| names.runs.id(run.as_bytes())),
        };
        let told = Told {
            usage: entry.usage,
            model: names.models.id(entry.model.as_bytes()),
            terms: entry.terms,
            reported: entry.reported,
            under_logged: entry.under_logged,
        };
        let scene = Scene {
            project: entry.cwd.map(|cwd| names.projects.id(cwd.as_bytes())),
            branch: entry.branch.map(|branch| names.branches.id(branch.as_bytes())),
        };
        self.sightings.push((Sighting { key: entry.key, told, side: entry.side, seen }, scene));
    }

    fn title(&mut self, title: &Title<'_>) {
        self.cursor.prompted |= title.kind == TitleKind::Prompt;
        self.titles.push(OwnedTitle {
            session: title.session.to_owned(),
            text: title.text.to_owned(),
            kind: title.kind,
            when: title.when,
            offset: title.offset,
        });
    }

    /// The sightings under lasting ids.
    pub(crate) fn sightings(&self, log: LogId, names: &mut Names) -> Vec<(Sighting, Scene)> {
        let Names { sessions, models, projects, branches, runs, .. } = &self.names;
        let sessions: Vec<SessionId> = sessions.since(0).map(|(_, name)| names.sessions.id(name)).collect();
        let models: Vec<ModelId> = models.since(0).map(|(_, name)| names.models.id(name)).collect();
        let projects: Vec<ProjectId> = projects.since(0).map(|(_, name)| names.projects.id(name)).collect();
        let branches: Vec<BranchId> = branches.since(0).map(|(_, name)| names.branches.id(name)).collect();
        let runs: Vec<RunId> = runs.since(0).map(|(_, name)| names.runs.id(name)).collect();
        let lasting = |(sighting, scene): &(Sighting, Scene)| {
            let seen = Seen {
                log,
                session: sessions[sighting.seen.session.0 as usize],
                run: sighting.seen.run.map(|run| runs[run.0 as usize]),
                ..sighting.seen
            };
            let told = Told { model: models[sighting.told.model.0 as usize], ..sighting.told };
            let scene = Scene {
                project: scene.project.map(|project| projects[project.0 as usize]),
                branch: scene.branch.map(|branch| branches[branch.0 as usize]),
            };
            (Sighting { told, seen, ..*sighting }, scene)
        };
        self.sightings.iter().map(lasting).collect()
    }

    /// The titles.
    pub(crate) fn titles(&self) -> impl Iterator<Item = Title<'_>> {
        self.titles.iter().map(|title| Title {
            session: &title.session,
            text: &title.text,
            kind: title.kind,
            when: title.when,
            offset: title.offset,
        })
    }

    /// Whether anything was found.
    pub(crate) fn is_empty(&self) -> bool {
        self.sightings.is_empty()
            && self.titles.is_empty()
            && self.counters.is_empty()
            && self.notices.is_empty()
            && self.summaries.is_empty()
    }
}
