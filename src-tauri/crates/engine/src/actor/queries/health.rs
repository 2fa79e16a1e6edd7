//! The health report for `token-monitor doctor`.

use std::collections::BTreeMap;
use std::path::Path;

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
    let searched: Vec<&Path> = roots.clone().map(|(root, ..)| root.as_path()).collect();
    let reasons = SkipReason::ALL.into_iter().filter(|reason| stats.skip_count(*reason) > 0);
    Health {
        process: std::process::id(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        roots: roots
            .map(|(path, found, logs)| RootHealth { path: path.display().to_string(), found: *found, logs: *logs })
            .collect(),
        unsearched_homes: claude_homes::find_unsearched_homes(&searched, &view.live.sources.dirs)
            .iter()
            .map(|home| home.display().to_string())
            .collect(),
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

/// Returns the logs that were found but could not be read, by reason.
fn failed_logs(view: &EngineView<'_>) -> Vec<IgnoredPath> {
    let mut rows: BTreeMap<&str, (u64, &Path)> = BTreeMap::new();
    for (path, (_, failure)) in &view.scanner.failed_logs {
        rows.entry(failure.description()).or_insert((0, path)).0 += 1;
    }
    rows.into_iter().map(|(reason, (count, example))| IgnoredPath::new(reason, count, example)).collect()
}
