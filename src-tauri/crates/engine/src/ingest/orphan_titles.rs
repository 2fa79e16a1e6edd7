//! Titles of sessions that are named by a message, and the logs in which the messages are still to be looked for.
//!
//! A title and the log with its message may be read in any order, so a title is kept, also in the store. Its message is
//! looked for in all logs of the folder once, and then in what is added to them.

use std::path::{Path, PathBuf};

use rustc_hash::{FxHashMap, FxHashSet};
use token_monitor_core::interner::{Interner, LogId};
use token_monitor_core::ledger::StoredOrphanTitle;

use crate::ingest::discover::FoundLog;
use crate::ingest::parsed_chunk::PendingTitle;
use crate::ingest::reader_pool::ReadJob;
use crate::ingest::title_resolver::TitleSearch;
use crate::platform;

/// The number of titles that are kept. Claude Code writes few of them; further ones are looked for only once.
const MAX_TITLES: usize = 10_000;

/// The titles that are named by a message.
#[derive(Debug, Default)]
pub(crate) struct OrphanTitles {
    /// The titles whose messages were looked for once, by folder.
    known: FxHashMap<PathBuf, Vec<PendingTitle>>,
    /// The messages and logs of all titles that are kept.
    kept: FxHashSet<(String, LogId)>,
    /// The titles whose messages were not looked for yet, by folder.
    new: FxHashMap<PathBuf, Vec<StoredOrphanTitle>>,
    /// The titles of the running search.
    searched: Vec<StoredOrphanTitle>,
    /// The logs with lines in which known titles were not looked for yet, and the offset of the first one.
    changed_logs: FxHashMap<PathBuf, u64>,
}

impl OrphanTitles {
    /// Creates the titles of a store.
    pub(crate) fn load(stored: Vec<StoredOrphanTitle>, logs: &Interner<LogId>) -> Self {
        let mut titles = Self::default();
        for title in stored {
            let path = platform::path_from_bytes(logs.bytes_of(title.log));
            let Some(folder) = path.parent().map(Path::to_owned) else { continue };
            titles.kept.insert((title.message_uuid.clone(), title.log));
            match title.is_searched {
                true => titles.known.entry(folder).or_default().push(PendingTitle::from(&title)),
                false => titles.new.entry(folder).or_default().push(title),
            }
        }
        titles
    }

    /// Adds a title of a log. Returns the row to store, if the title is kept.
    pub(crate) fn add(&mut self, path: &Path, log: LogId, title: &PendingTitle) -> Option<StoredOrphanTitle> {
        let PendingTitle { message_uuid, text, offset } = title.clone();
        let row = StoredOrphanTitle { message_uuid, log, offset, text, is_searched: false };
        self.new.entry(path.parent()?.to_owned()).or_default().push(row.clone());
        let key = (row.message_uuid.clone(), log);
        if self.kept.len() >= MAX_TITLES && !self.kept.contains(&key) {
            return None;
        }
        self.kept.insert(key);
        Some(row)
    }

    /// Notes that a log was read, so that known titles are looked for in its new lines.
    pub(crate) fn note_read(&mut self, job: &ReadJob) {
        let has_titles = |folder: &Path| self.known.contains_key(folder) || self.new.contains_key(folder);
        if !job.log.path.parent().is_some_and(has_titles) {
            return;
        }
        // A log that is not the one of the cursor is read from its start.
        let is_same = |file, offset| file == job.log.stat.file && offset <= job.log.stat.len;
        let same = job.cursor.filter(|cursor| is_same(cursor.stat.file, cursor.offset));
        let from = same.map_or(0, |cursor| cursor.offset);
        let offset = self.changed_logs.entry(job.log.path.clone()).or_insert(from);
        *offset = from.min(*offset);
    }

    /// Returns the searches to make in these logs. [`Self::finish_search`] has to follow.
    pub(crate) fn take_searches<'a>(&mut self, logs: impl Iterator<Item = &'a FoundLog>) -> Vec<TitleSearch> {
        let (mut changed, new) = (std::mem::take(&mut self.changed_logs), std::mem::take(&mut self.new));
        let mut searches = Vec::new();
        if changed.is_empty() && new.is_empty() {
            return searches;
        }
        for log in logs {
            let Some(folder) = log.path.parent() else { continue };
            if let Some(titles) = new.get(folder) {
                let titles = titles.iter().map(PendingTitle::from).collect();
                searches.push(TitleSearch { log: log.clone(), from: 0, titles });
            }
            if let (Some(from), Some(titles)) = (changed.remove(&log.path), self.known.get(folder)) {
                searches.push(TitleSearch { log: log.clone(), from, titles: titles.clone() });
            }
        }
        for (folder, titles) in new {
            let known = self.known.entry(folder).or_default();
            for title in titles {
                let pending = PendingTitle::from(&title);
                if self.kept.contains(&(title.message_uuid.clone(), title.log)) && !known.contains(&pending) {
                    known.push(pending);
                    self.searched.push(title);
                }
            }
        }
        searches
    }

    /// Returns the rows to store after a search.
    pub(crate) fn finish_search(&mut self) -> impl Iterator<Item = StoredOrphanTitle> {
        std::mem::take(&mut self.searched).into_iter().map(|title| StoredOrphanTitle { is_searched: true, ..title })
    }
}

impl From<&StoredOrphanTitle> for PendingTitle {
    fn from(title: &StoredOrphanTitle) -> Self {
        Self { message_uuid: title.message_uuid.clone(), text: title.text.clone(), offset: title.offset }
    }
}
