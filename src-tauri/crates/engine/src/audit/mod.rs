//! Reads the logs once more to say what became of every line, and what ccusage would have counted.
//!
//! Read only, and apart from the actor: it needs neither its store nor its ledger, and may run beside it. Two
//! passes, so that memory grows with what the question concerns and not with the logs: the first finds which
//! messages that are, the second keeps their lines.

mod stream;

use std::io;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use chrono_tz::Tz;
use rustc_hash::FxHashSet;
use serde::Serialize;
use token_monitor_core::audit::{Against, Ear, Gathering, Heard, Own, PeerCommand, Scope, Spot, peer_session};
use token_monitor_core::interner::{Interner, SessionId};
use token_monitor_core::ledger::Key;
use token_monitor_core::time::calendar;
use token_monitor_core::transcript::{Reason, Tally};

use crate::api::SkipCount;
use crate::ingest::dirs::{self, Homes};
use crate::ingest::discover::{FoundLog, Walk};

/// What is to be explained.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// All there is.
    All,
    /// A day as somebody's clocks have it.
    Day(NaiveDate, Tz),
    /// A session, by its whole id.
    Session(String),
}

/// What became of every line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Explained {
    /// Logs read.
    pub logs: u64,
    /// Logs that could not be read.
    pub unreadable_logs: u64,
    /// Lines in them, blank ones left out.
    pub lines: u64,
    /// What was skipped in them, by reason.
    pub skipped: Vec<SkipCount>,
    /// The lines with usage the question is about, by our rules.
    #[serde(flatten)]
    pub own: Own,
    /// The way from our figure to that of a command of ccusage's, where that is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub against: Option<Against>,
}

/// Explains what the logs in the named folders add up to. `homes` tells where ccusage looks.
pub fn explain(named: &[PathBuf], homes: &Homes, about: &About, against: Option<PeerCommand>) -> Explained {
    let command = against.unwrap_or(PeerCommand::Daily);
    let mut reading = Reading::over(named, homes, command);
    let scope = reading.scope(about);
    let concerned = (scope != Scope::All).then(|| reading.concerned(scope));
    let mut gathering = Gathering::new(scope, command);
    let pass = reading.pass(|heard| {
        if concerned.as_ref().is_none_or(|groups| groups.contains(&heard.group())) {
            gathering.add(heard);
        }
    });
    let gathered = gathering.finish();
    Explained {
        logs: reading.logs.len() as u64 - pass.unreadable,
        unreadable_logs: pass.unreadable,
        lines: pass.tally.lines,
        skipped: skipped(&pass.tally),
        own: gathered.own(&reading.sessions),
        against: against.map(|_| gathered.against(&reading.sessions)),
    }
}

/// The logs, in the order of their paths.
struct Reading {
    logs: Vec<Log>,
    ear: Ear,
    sessions: Interner<SessionId>,
}

/// What a pass over the logs met beside usage.
#[derive(Default)]
struct Pass {
    tally: Tally,
    unreadable: u64,
}

/// A log, and what ccusage makes of its place.
struct Log {
    found: FoundLog,
    peer_session: String,
    peer_searches: bool,
}

impl Reading {
    fn over(named: &[PathBuf], homes: &Homes, command: PeerCommand) -> Self {
        let mut found = Walk::over(&dirs::all(named, homes, &[])).logs;
        found.sort_by_cached_key(|log| log.path.to_string_lossy().into_owned());
        let peers = peer_folders(homes);
        let log = |found: FoundLog| Log {
            peer_session: peer_session_of(&found.path),
            peer_searches: is_below(&found.path, &peers),
            found,
        };
        Self { logs: found.into_iter().map(log).collect(), ear: Ear::new(command), sessions: Interner::default() }
    }

    fn scope(&mut self, about: &About) -> Scope {
        match about {
            About::All => Scope::All,
            About::Day(date, zone) => {
                let next = date.succ_opt().unwrap_or(*date);
                Scope::Between(calendar::first_slot(*date, *zone).start(), calendar::first_slot(next, *zone).start())
            }
            About::Session(id) => Scope::Session(self.sessions.id(id.as_bytes())),
        }
    }

    /// The groups of messages with a line in scope.
    fn concerned(&mut self, scope: Scope) -> FxHashSet<Key> {
        let mut groups = FxHashSet::default();
        self.pass(|heard| {
            if scope.concerns(&heard) {
                groups.insert(heard.group());
            }
        });
        groups
    }

    /// Hears every line of every log.
    fn pass(&mut self, mut say: impl FnMut(Heard)) -> Pass {
        let Self { logs, ear, sessions } = self;
        let mut pass = Pass::default();
        for (number, log) in (0..).zip(&*logs) {
            let done = stream::each_line(&log.found.path, |line| {
                let spot = log.spot(number, line.offset);
                if line.finished {
                    ear.tally(line.bytes, &spot, &mut pass.tally, || line.earlier());
                }
                ear.hear(line.bytes, line.finished, &spot, sessions, || line.earlier(), &mut say);
            });
            pass.end_of(&log.found.path, done);
        }
        pass
    }
}

impl Pass {
    fn end_of(&mut self, path: &Path, done: io::Result<u64>) {
        match done {
            Ok(too_long) => {
                self.tally.lines += too_long;
                self.tally.skips[Reason::TooLong as usize] += too_long;
            }
            Err(error) => {
                tracing::warn!(path = %path.display(), %error, "A log could not be read.");
                self.unreadable += 1;
            }
        }
    }
}

fn skipped(tally: &Tally) -> Vec<SkipCount> {
    let count = |reason: Reason| SkipCount { reason, words: reason.words().to_owned(), count: tally.skipped(reason) };
    Reason::ALL.into_iter().map(count).filter(|skip| skip.count > 0).collect()
}

impl Log {
    fn spot(&self, number: u32, offset: u64) -> Spot<'_> {
        Spot {
            home: &self.found.session,
            file: &self.found.name,
            log: number,
            peer_session: &self.peer_session,
            peer_searches: self.peer_searches,
            offset,
        }
    }
}

/// The session ccusage makes of a path; a link within the folder it meets where that leads.
fn peer_session_of(path: &Path) -> String {
    let target = path.is_symlink().then(|| path.canonicalize().ok()).flatten();
    let parts: Vec<_> = target.as_deref().unwrap_or(path).iter().map(std::ffi::OsStr::to_string_lossy).collect();
    peer_session(&parts.iter().map(|part| &**part).collect::<Vec<_>>())
}

/// The folders ccusage searches: those the environment names, else the two usual ones.
fn peer_folders(homes: &Homes) -> Vec<PathBuf> {
    let usual = || {
        let config = homes.xdg_config.clone().or_else(|| Some(homes.home.as_ref()?.join(".config")));
        let folders =
            [config.map(|config| config.join("claude")), homes.home.as_ref().map(|home| home.join(".claude"))];
        folders.into_iter().flatten().collect()
    };
    let named = |dirs: &String| {
        let dirs = dirs.split(',').map(str::trim).filter(|dir| !dir.is_empty());
        dirs.map(|dir| homes.expand(dir)).collect()
    };
    let folders: Vec<PathBuf> = homes.claude_config_dir.as_ref().map_or_else(usual, named);
    let projects = folders.into_iter().map(|folder| match folder.ends_with("projects") && folder.is_dir() {
        true => folder,
        false => folder.join("projects"),
    });
    projects.filter_map(|folder| folder.canonicalize().ok()).collect()
}

fn is_below(path: &Path, folders: &[PathBuf]) -> bool {
    path.canonicalize().is_ok_and(|path| folders.iter().any(|folder| path.starts_with(folder)))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use token_monitor_core::audit::Rule;

    use super::*;

    /// A folder with one log of one message.
    fn claude_folder(id: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        let project = folder.path().join("projects/p");
        fs::create_dir_all(&project).expect("a folder");
        let usage = r#""usage":{"input_tokens":1,"output_tokens":5}"#;
        let line = format!(
            r#"{{"type":"assistant","timestamp":"2026-05-01T10:00:00.000Z","message":{{"id":"msg_{id}",{usage}}}}}"#
        );
        fs::write(project.join("s.jsonl"), line + "\n").expect("it is written");
        folder
    }

    #[test]
    fn folders_ccusage_does_not_search_are_a_step() {
        let (its, other) = (claude_folder("1"), claude_folder("2"));
        let named = [its.path().to_owned(), other.path().to_owned()];
        let homes =
            Homes { claude_config_dir: Some(its.path().join("projects").display().to_string()), ..Homes::default() };
        let explained = explain(&named, &homes, &About::All, Some(PeerCommand::Daily));
        let against = explained.against.expect("it was asked for");
        assert_eq!((explained.own.counted.messages, against.ours.total(), against.theirs.total()), (2, 12, 6));
        let changing: Vec<_> = against.steps.iter().filter(|step| !step.tokens.is_zero()).collect();
        assert_eq!((changing.len(), changing[0].rule, changing[0].tokens.total()), (1, Rule::Folder, -6));
    }

    #[test]
    fn ccusage_searches_the_usual_folders_unless_told_otherwise() {
        let home = tempfile::tempdir().expect("a folder");
        let usual = [home.path().join(".config/claude/projects"), home.path().join(".claude/projects")];
        usual.iter().for_each(|folder| fs::create_dir_all(folder).expect("a folder"));
        let homes = Homes { home: Some(home.path().to_owned()), ..Homes::default() };
        let found = |homes: &Homes| peer_folders(homes).len();
        assert_eq!(found(&homes), 2);
        assert_eq!(found(&Homes { claude_config_dir: Some("~/.claude, /nowhere".to_owned()), ..homes }), 1);
    }
}
