//! The first search for logs of a command, made while its engine opens and loads the store.

use std::path::PathBuf;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::ingest::discover::LogDiscovery;

/// The age at which a result is not used any more: opening the store has waited for another process.
const MAX_AGE: Duration = Duration::from_secs(1);

/// A search on a thread of its own.
#[derive(Debug)]
pub(crate) struct EarlySearch {
    roots: Vec<PathBuf>,
    follow_links: bool,
    started: Instant,
    thread: JoinHandle<LogDiscovery>,
}

impl EarlySearch {
    /// Starts a search. Returns `None` if no thread can be started.
    pub(crate) fn start(roots: Vec<PathBuf>, follow_links: bool) -> Option<Self> {
        let searched = roots.clone();
        let search = move || LogDiscovery::scan_roots(&searched, follow_links);
        let thread = thread::Builder::new().name("search".to_owned()).spawn(search).ok()?;
        Some(Self { roots, follow_links, started: Instant::now(), thread })
    }

    /// Returns the result, unless it is old or of another search.
    pub(crate) fn finish(self, roots: &[PathBuf], follow_links: bool) -> Option<LogDiscovery> {
        let is_usable = self.started.elapsed() < MAX_AGE && self.roots == roots && self.follow_links == follow_links;
        if is_usable { self.thread.join().ok() } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_is_used_for_the_same_search_only() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("a.jsonl"), "").expect("it is written");
        let roots = vec![folder.path().to_owned()];
        let start = || EarlySearch::start(roots.clone(), false).expect("a thread");
        assert_eq!(start().finish(&roots, false).map(|found| found.logs.len()), Some(1));
        assert!(start().finish(&[], false).is_none());
        assert!(start().finish(&roots, true).is_none());
        let old = EarlySearch { started: Instant::now() - MAX_AGE, ..start() };
        assert!(old.finish(&roots, false).is_none());
    }
}
