//! Finds the sessions of titles that name only a message.
//!
//! Old versions of Claude Code wrote a session's summary into any open log, with the id of the session's last message.
//! The logs in the same folder are searched for that message once, on a separate thread.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use memchr::memmem::Finder;
use rustc_hash::FxHashMap;
use serde::Deserialize;

use crate::ingest::discover::FoundLog;
use crate::ingest::parsed_chunk::PendingTitle;
use crate::ingest::tail::MAX_LINE_BYTES;
use crate::platform;

/// A title and its session.
#[derive(Debug)]
pub(crate) struct ResolvedTitle {
    pub(crate) session: String,
    pub(crate) title: PendingTitle,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct UuidLine {
    uuid: String,
    session_id: Option<String>,
    request_session_id: Option<String>,
}

/// Finds the sessions of titles among the logs in their folders.
pub(crate) fn resolve_titles(titles: &[(PathBuf, PendingTitle)], logs: &[FoundLog]) -> Vec<ResolvedTitle> {
    let mut by_folder: FxHashMap<&Path, FxHashMap<&str, &PendingTitle>> = FxHashMap::default();
    for (log, title) in titles {
        if let Some(folder) = log.parent() {
            by_folder.entry(folder).or_default().insert(&title.message_uuid, title);
        }
    }
    let mut resolved = Vec::new();
    for log in logs {
        if let Some(by_message) = log.path.parent().and_then(|folder| by_folder.get(folder)) {
            resolved.extend(search_log(log, by_message));
        }
    }
    resolved
}

/// Searches a log. Finds nothing if the log cannot be read.
fn search_log(log: &FoundLog, by_message: &FxHashMap<&str, &PendingTitle>) -> Vec<ResolvedTitle> {
    let Ok(file) = platform::open_for_reading(&log.path) else { return Vec::new() };
    let (mut lines, mut line, mut resolved) = (BufReader::new(file), Vec::new(), Vec::new());
    let uuid = Finder::new("\"uuid\"");
    while lines.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
        if line.len() <= MAX_LINE_BYTES && uuid.find(&line).is_some() {
            resolved.extend(resolve_line(&line, log, by_message));
        }
        line.clear();
    }
    resolved
}

fn resolve_line(line: &[u8], log: &FoundLog, by_message: &FxHashMap<&str, &PendingTitle>) -> Option<ResolvedTitle> {
    let line: UuidLine = serde_json::from_slice(line).ok()?;
    let title = (*by_message.get(line.uuid.as_str())?).clone();
    let session = line.request_session_id.or(line.session_id);
    Some(ResolvedTitle { session: session.unwrap_or_else(|| log.session.clone()), title })
}
