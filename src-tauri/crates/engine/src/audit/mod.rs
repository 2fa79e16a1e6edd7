//! Explains figures line by line: reads the logs again and reports how every line was counted, and how ccusage would
//! have counted it.
//!
//! Read only and independent of the actor: it uses neither the store nor the ledger. It scans the logs twice, so that
//! memory grows with the scope of the question and not with the logs: the first scan finds the messages in scope, the
//! second collects their lines.

mod stream;

use std::io;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use chrono_tz::Tz;
use rustc_hash::FxHashSet;
use serde::Serialize;
use token_monitor_core::audit::{
    AuditCollector, AuditScope, Breakdown, Comparison, LineLocation, PeerCommand, RequestCounter, UsageObservation,
    UsageScanner, session_from_path,
};
use token_monitor_core::interner::{Interner, SessionId};
use token_monitor_core::ledger::MessageKey;
use token_monitor_core::time::calendar;
use token_monitor_core::transcript::{ParseStats, SkipReason};
use tracing::warn;

use crate::api::SkipCount;
use crate::ingest::dirs::{self, UserDirs};
use crate::ingest::discover::{FoundLog, LogDiscovery};
use crate::ingest::log_place::LogPlace;

/// The messages to explain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExplainScope {
    /// All messages.
    All,
    /// The messages of a day in a zone.
    Day(NaiveDate, Tz),
    /// The messages of a session, by its full id.
    Session(String),
}

/// The explanation of a figure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    /// The number of logs read.
    pub logs: u64,
    /// The number of logs that could not be read.
    pub unreadable_logs: u64,
    /// The number of lines in the logs, without blank ones.
    pub lines: u64,
    /// The records skipped in the logs, by reason.
    pub skipped: Vec<SkipCount>,
    /// The requests in scope without an answer in the logs.
    pub unanswered_requests: u64,
    /// The lines with usage in scope, by this program's rules.
    #[serde(flatten)]
    pub breakdown: Breakdown,
    /// The steps from this program's figure to that of a ccusage command, if requested.
    #[serde(rename = "against", skip_serializing_if = "Option::is_none")]
    pub comparison: Option<Comparison>,
}

/// Explains the usage in the logs of the given folders, optionally compared with a ccusage command. `dirs` determines
/// the folders that ccusage searches. Links out of the folders are followed if `follow_links` is set.
pub fn explain_logs(
    folders: &[PathBuf],
    dirs: &UserDirs,
    follow_links: bool,
    scope: &ExplainScope,
    against: Option<PeerCommand>,
) -> Explanation {
    let command = against.unwrap_or(PeerCommand::Daily);
    let mut scanner = LogScanner::open(folders, dirs, follow_links, command);
    let scope = scanner.resolve_scope(scope);
    let groups = (scope != AuditScope::All).then(|| scanner.groups_in_scope(scope));
    let mut collector = AuditCollector::new(scope, command);
    let mut requests = RequestCounter::new(scope);
    let stats = scanner.scan_logs(Some(&mut requests), |observation| {
        if groups.as_ref().is_none_or(|groups| groups.contains(&observation.group_key())) {
            collector.add(observation);
        }
    });
    let data = collector.finish();
    Explanation {
        logs: scanner.logs.len() as u64 - stats.unreadable,
        unreadable_logs: stats.unreadable,
        lines: stats.parse_stats.lines,
        skipped: skip_counts(&stats.parse_stats),
        unanswered_requests: requests.unanswered(),
        breakdown: data.breakdown(&scanner.sessions),
        comparison: against.map(|_| data.comparison(&scanner.sessions)),
    }
}

/// The logs in the order of their paths, and the scanner of their lines.
struct LogScanner {
    logs: Vec<AuditedLog>,
    line_scanner: UsageScanner,
    sessions: Interner<SessionId>,
}

/// The statistics of a scan.
#[derive(Default)]
struct ScanStats {
    parse_stats: ParseStats,
    unreadable: u64,
}

/// A log with the properties ccusage derives from its path.
struct AuditedLog {
    path: PathBuf,
    place: LogPlace,
    peer_session: String,
    peer_searches: bool,
}

impl LogScanner {
    fn open(folders: &[PathBuf], dirs: &UserDirs, follow_links: bool, command: PeerCommand) -> Self {
        // The engine reports the folders that cannot be read.
        let roots = dirs::search_folders(folders, dirs, &[], &mut Vec::new());
        let mut found = LogDiscovery::scan_roots(&roots, follow_links).logs;
        found.sort_by_cached_key(|log| log.path.to_string_lossy().into_owned());
        let peer_folders = ccusage_folders(dirs);
        let log = |found: FoundLog| AuditedLog {
            peer_session: ccusage_session(&found.path),
            peer_searches: is_below(&found.path, &peer_folders),
            place: found.place(),
            path: found.path,
        };
        let logs = found.into_iter().map(log).collect();
        Self { logs, line_scanner: UsageScanner::new(command), sessions: Interner::default() }
    }

    fn resolve_scope(&mut self, scope: &ExplainScope) -> AuditScope {
        let day_start = |date, zone| calendar::first_slot(date, zone).start();
        match scope {
            ExplainScope::All => AuditScope::All,
            ExplainScope::Day(date, zone) => {
                let next = date.succ_opt().unwrap_or(*date);
                AuditScope::Between(day_start(*date, *zone), day_start(next, *zone))
            }
            ExplainScope::Session(id) => AuditScope::Session(self.sessions.intern(id.as_bytes())),
        }
    }

    /// Returns the keys of the messages that may have a line in scope.
    fn groups_in_scope(&mut self, scope: AuditScope) -> FxHashSet<MessageKey> {
        let mut groups = FxHashSet::default();
        self.scan_logs(None, |observation| {
            if scope.may_include(&observation) {
                groups.insert(observation.group_key());
            }
        });
        groups
    }

    /// Scans all logs, counts their requests and emits each use of a model.
    fn scan_logs(
        &mut self,
        mut requests: Option<&mut RequestCounter>,
        mut emit: impl FnMut(UsageObservation),
    ) -> ScanStats {
        let Self { logs, line_scanner, sessions } = self;
        let mut stats = ScanStats::default();
        for (index, log) in (0..).zip(&*logs) {
            let result = stream::for_each_line(&log.path, |line| {
                let location = log.location(index, line.offset);
                if let Some(requests) = &mut requests {
                    requests.add_line(line.bytes, location.file_session, sessions);
                }
                let previous = || line.previous_timestamp();
                if line.finished {
                    line_scanner.update_stats(line.bytes, &location, &mut stats.parse_stats, previous);
                }
                line_scanner.scan_line(line.bytes, line.finished, &location, sessions, previous, &mut emit);
            });
            stats.finish_log(&log.path, result);
        }
        stats
    }
}

impl ScanStats {
    /// Adds the result of reading a log: the number of lines that were too long, or an error.
    fn finish_log(&mut self, path: &Path, result: io::Result<u64>) {
        match result {
            Ok(too_long) => {
                self.parse_stats.lines += too_long;
                self.parse_stats.skips[SkipReason::TooLong as usize] += too_long;
            }
            Err(error) => {
                warn!(path = %path.display(), %error, "A log could not be read.");
                self.unreadable += 1;
            }
        }
    }
}

fn skip_counts(stats: &ParseStats) -> Vec<SkipCount> {
    let counts = SkipReason::ALL.into_iter().map(|reason| SkipCount::new(reason, stats.skip_count(reason)));
    counts.filter(|skip| skip.count > 0).collect()
}

impl AuditedLog {
    fn location(&self, log_index: u32, offset: u64) -> LineLocation<'_> {
        LineLocation {
            file_session: &self.place.session,
            file: &self.place.name,
            log_index,
            peer_session: &self.peer_session,
            peer_searches: self.peer_searches,
            offset,
        }
    }
}

/// Returns the session ccusage derives from a path. ccusage follows links within the folder.
fn ccusage_session(path: &Path) -> String {
    let target = path.is_symlink().then(|| path.canonicalize().ok()).flatten();
    let parts: Vec<_> = target.as_deref().unwrap_or(path).iter().map(std::ffi::OsStr::to_string_lossy).collect();
    session_from_path(&parts.iter().map(|part| &**part).collect::<Vec<_>>())
}

/// Returns the folders ccusage searches: those of `CLAUDE_CONFIG_DIR`, else the two default ones.
fn ccusage_folders(dirs: &UserDirs) -> Vec<PathBuf> {
    let default_folders = || {
        let config = dirs.xdg_config.clone().or_else(|| Some(dirs.home.as_ref()?.join(".config")));
        let folders = [config.map(|config| config.join("claude")), dirs.home.as_ref().map(|home| home.join(".claude"))];
        folders.into_iter().flatten().collect()
    };
    let from_env = |names: &String| {
        let names = names.split(',').map(str::trim).filter(|name| !name.is_empty());
        names.map(|name| dirs.expand_home(name)).collect()
    };
    let folders: Vec<PathBuf> = dirs.claude_config_dir.as_ref().map_or_else(default_folders, from_env);
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

    use token_monitor_core::audit::CcusageRule;

    use super::*;

    /// Creates a folder with one log of one message.
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
    fn folders_that_ccusage_does_not_search_are_a_step() {
        let (searched, other) = (claude_folder("1"), claude_folder("2"));
        let folders = [searched.path().to_owned(), other.path().to_owned()];
        let dirs = UserDirs {
            claude_config_dir: Some(searched.path().join("projects").display().to_string()),
            ..UserDirs::default()
        };
        let explanation = explain_logs(&folders, &dirs, false, &ExplainScope::All, Some(PeerCommand::Daily));
        let comparison = explanation.comparison.expect("it was requested");
        let totals = (comparison.ours.total(), comparison.theirs.total());
        assert_eq!((explanation.breakdown.counted.messages, totals), (2, (12, 6)));
        let changing: Vec<_> = comparison.steps.iter().filter(|step| !step.tokens.is_zero()).collect();
        assert_eq!((changing.len(), changing[0].rule, changing[0].tokens.total()), (1, CcusageRule::Folder, -6));
    }

    #[test]
    fn ccusage_searches_the_default_folders_unless_the_environment_sets_others() {
        let home = tempfile::tempdir().expect("a folder");
        let usual = [home.path().join(".config/claude/projects"), home.path().join(".claude/projects")];
        usual.iter().for_each(|folder| fs::create_dir_all(folder).expect("a folder"));
        let dirs = UserDirs { home: Some(home.path().to_owned()), ..UserDirs::default() };
        let found = |dirs: &UserDirs| ccusage_folders(dirs).len();
        assert_eq!(found(&dirs), 2);
        assert_eq!(found(&UserDirs { claude_config_dir: Some("~/.claude, /nowhere".to_owned()), ..dirs }), 1);
    }
}
