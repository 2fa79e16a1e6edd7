//! The health report for `token-monitor doctor`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use token_monitor_core::transcript::SkipReason;

use crate::actor::queries::view::EngineView;
use crate::api::{Health, IgnoredPath, RootHealth, SkipCount};
use crate::ingest::claude_homes;

/// Returns the health report.
pub(crate) fn health(view: &EngineView<'_>) -> Health {
    let store = &view.storage.ledger_store;
    let (bytes, stats) = store.read_progress();
    let path = store.store.path();
    let (discovery, quota_files) = (&view.scanner.discovery, &view.scanner.quota_files);
    let roots = discovery.roots.iter();
    let reasons = SkipReason::ALL.into_iter().filter(|reason| stats.skip_count(*reason) > 0);
    Health {
        process: std::process::id(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        roots: roots
            .map(|(path, found, logs)| RootHealth { path: path.display().to_string(), found: *found, logs: *logs })
            .collect(),
        unsearched_homes: unsearched_homes(view),
        logs: discovery.logs.len() as u64,
        bytes,
        lines: stats.lines,
        entries: stats.entries,
        skipped: reasons.map(|reason| SkipCount::new(reason, stats.skip_count(reason))).collect(),
        ignored_paths: [discovery.ignored_paths(), failed_logs(view), quota_files.problems()].concat(),
        messages: store.message_count(),
        store: path.display().to_string(),
        store_bytes: std::fs::metadata(path).map_or(0, |file| file.len()),
        watching: view.scanner.watcher.as_ref().is_some_and(|watcher| watcher.covers_all),
        problems: view.problems(),
        settings_problems: view.live.settings.problems.clone(),
    }
}

/// Returns the home folders beside the default one whose logs are not searched.
fn unsearched_homes(view: &EngineView<'_>) -> Vec<String> {
    let is_searched = |home: &PathBuf| view.scanner.discovery.roots.iter().any(|(root, ..)| root.starts_with(home));
    let homes = claude_homes::find_sibling_homes(&view.live.sources.dirs).into_iter();
    homes.filter(|home| !is_searched(home)).map(|home| home.display().to_string()).collect()
}

/// Returns the logs that were found but could not be read, by reason.
fn failed_logs(view: &EngineView<'_>) -> Vec<IgnoredPath> {
    let mut rows: BTreeMap<&str, (u64, &Path)> = BTreeMap::new();
    for (path, (_, reason)) in &view.scanner.failed_logs {
        rows.entry(reason).or_insert((0, path)).0 += 1;
    }
    rows.into_iter().map(|(reason, (count, example))| IgnoredPath::new(reason, count, example)).collect()
}
