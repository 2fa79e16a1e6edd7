//! What was found in a part of a log, on its way to the ledger.
//!
//! Its names are its own: many logs are read at once, and only the ledger hands out the ids that last.

use std::path::PathBuf;

use token_monitor_core::{
    Cursor, Entry, LogId, ModelId, Moment, Names, ProjectId, Said, Seen, SessionId, Sighting, Title,
};

use crate::walk::FoundLog;

/// What was found in a part of a log, and the cursor that accounts for it.
#[derive(Debug)]
pub(crate) struct Harvest {
    /// The log.
    pub(crate) path: PathBuf,
    /// Its session.
    home: String,
    /// How far it is read once this is counted.
    pub(crate) cursor: Cursor,
    /// How many bytes that is further than before.
    pub(crate) read: u64,
    names: Names,
    sightings: Vec<(Sighting, Option<ProjectId>)>,
    titles: Vec<OwnedTitle>,
}

#[derive(Debug)]
struct OwnedTitle {
    session: String,
    text: String,
    chosen: bool,
    when: Option<Moment>,
    offset: u64,
}

impl Harvest {
    pub(crate) fn new(log: &FoundLog, cursor: Cursor) -> Self {
        Self {
            path: log.path.clone(),
            home: log.session.clone(),
            cursor,
            read: 0,
            names: Names::default(),
            sightings: Vec::new(),
            titles: Vec::new(),
        }
    }

    /// Takes in what a line said.
    pub(crate) fn hear(&mut self, said: &Said<'_>) {
        match said {
            Said::Entry(entry) => self.entry(entry),
            Said::Title(title) => self.titles.push(OwnedTitle {
                session: title.session.to_owned(),
                text: title.text.to_owned(),
                chosen: title.chosen,
                when: title.when,
                offset: title.offset,
            }),
        }
    }

    fn entry(&mut self, entry: &Entry<'_>) {
        let seen = Seen {
            when: entry.when,
            away: entry.session != self.home,
            log: LogId(0),
            session: self.names.sessions.id(entry.session.as_bytes()),
        };
        let model = self.names.models.id(entry.model.as_bytes());
        let project = entry.cwd.map(|cwd| self.names.projects.id(cwd.as_bytes()));
        self.sightings.push((Sighting { key: entry.key, usage: entry.usage, model, side: entry.side, seen }, project));
    }

    /// The sightings under lasting ids.
    pub(crate) fn sightings(&self, log: LogId, names: &mut Names) -> Vec<(Sighting, Option<ProjectId>)> {
        let sessions: Vec<SessionId> = self.names.sessions.since(0).map(|(_, name)| names.sessions.id(name)).collect();
        let models: Vec<ModelId> = self.names.models.since(0).map(|(_, name)| names.models.id(name)).collect();
        let projects: Vec<ProjectId> = self.names.projects.since(0).map(|(_, name)| names.projects.id(name)).collect();
        let lasting = |(sighting, project): &(Sighting, Option<ProjectId>)| {
            let seen = Seen { log, session: sessions[sighting.seen.session.0 as usize], ..sighting.seen };
            let sighting = Sighting { model: models[sighting.model.0 as usize], seen, ..*sighting };
            (sighting, project.map(|project| projects[project.0 as usize]))
        };
        self.sightings.iter().map(lasting).collect()
    }

    /// The titles.
    pub(crate) fn titles(&self) -> impl Iterator<Item = Title<'_>> {
        self.titles.iter().map(|title| Title {
            session: &title.session,
            text: &title.text,
            chosen: title.chosen,
            when: title.when,
            offset: title.offset,
        })
    }

    /// Whether anything was found.
    pub(crate) fn is_empty(&self) -> bool {
        self.sightings.is_empty() && self.titles.is_empty()
    }
}
