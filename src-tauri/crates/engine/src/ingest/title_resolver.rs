//! Which sessions summaries name.
//!
//! Old versions of Claude Code wrote a session's summary into whatever log was open, and named the message it ends
//! with. So the logs beside it are searched for that message, once, on a thread of their own.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use memchr::memmem::Finder;
use rustc_hash::FxHashMap;
use serde::Deserialize;

use crate::ingest::discover::FoundLog;
use crate::ingest::parsed_chunk::LeafTitle;
use crate::ingest::tail::LONGEST_LINE;

/// A summary and the session it names.
#[derive(Debug)]
pub(crate) struct Named {
    pub(crate) session: String,
    pub(crate) title: LeafTitle,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    uuid: String,
    session_id: Option<String>,
}

/// Finds the sessions that summaries name, among the logs of the folders they stand in.
pub(crate) fn find(summaries: &[(PathBuf, LeafTitle)], logs: &[FoundLog]) -> Vec<Named> {
    let mut wanted: FxHashMap<&Path, FxHashMap<&str, &LeafTitle>> = FxHashMap::default();
    for (log, title) in summaries {
        if let Some(folder) = log.parent() {
            wanted.entry(folder).or_default().insert(&title.leaf, title);
        }
    }
    let mut named = Vec::new();
    for log in logs {
        if let Some(leaves) = log.path.parent().and_then(|folder| wanted.get(folder)) {
            named.extend(search(log, leaves));
        }
    }
    named
}

/// A log that cannot be read names nothing.
fn search(log: &FoundLog, leaves: &FxHashMap<&str, &LeafTitle>) -> Vec<Named> {
    let Ok(file) = File::open(&log.path) else { return Vec::new() };
    let (mut lines, mut line, mut named) = (BufReader::new(file), Vec::new(), Vec::new());
    let uuid = Finder::new("\"uuid\"");
    while lines.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
        if line.len() <= LONGEST_LINE && uuid.find(&line).is_some() {
            named.extend(named_by(&line, log, leaves));
        }
        line.clear();
    }
    named
}

fn named_by(line: &[u8], log: &FoundLog, leaves: &FxHashMap<&str, &LeafTitle>) -> Option<Named> {
    let line: Line = serde_json::from_slice(line).ok()?;
    let title = (*leaves.get(line.uuid.as_str())?).clone();
    Some(Named { session: line.session_id.unwrap_or_else(|| log.session.clone()), title })
}
