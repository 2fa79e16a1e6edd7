//! Finds the sessions of titles that name only a message.
//!
//! Old versions of Claude Code wrote a session's summary into any open log, with the id of the session's last message.
//! The logs in the same folder are searched for that message, on a separate thread.

use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};

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

/// Titles whose messages are looked for in a log, from an offset on.
#[derive(Clone, Debug)]
pub(crate) struct TitleSearch {
    pub(crate) log: FoundLog,
    pub(crate) from: u64,
    pub(crate) titles: Vec<PendingTitle>,
}

/// Finds the sessions of titles.
pub(crate) fn resolve_titles(searches: &[TitleSearch]) -> Vec<ResolvedTitle> {
    searches.iter().flat_map(search_log).collect()
}

/// Searches a log. Finds nothing if the log cannot be read. Lines that are too long are skipped, in bounded memory.
fn search_log(search: &TitleSearch) -> Vec<ResolvedTitle> {
    let Ok(mut file) = platform::open_for_reading(&search.log.path) else { return Vec::new() };
    if file.seek(SeekFrom::Start(search.from)).is_err() {
        return Vec::new();
    }
    let mut by_message: FxHashMap<&str, Vec<&PendingTitle>> = FxHashMap::default();
    for title in &search.titles {
        by_message.entry(&title.message_uuid).or_default().push(title);
    }
    let (mut lines, mut line, mut resolved) = (BufReader::new(file), Vec::new(), Vec::new());
    let (uuid, mut is_rest) = (Finder::new("\"uuid\""), false);
    while lines.by_ref().take(MAX_LINE_BYTES as u64).read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
        let is_whole = !is_rest && line.len() < MAX_LINE_BYTES;
        if is_whole && uuid.find(&line).is_some() {
            resolved.extend(resolve_line(&line, &search.log, &by_message));
        }
        is_rest = !line.ends_with(b"\n");
        line.clear();
    }
    resolved
}

/// Returns the titles that are named by the message of a line.
fn resolve_line(line: &[u8], log: &FoundLog, by_message: &FxHashMap<&str, Vec<&PendingTitle>>) -> Vec<ResolvedTitle> {
    let Ok(line) = serde_json::from_slice::<UuidLine>(line) else { return Vec::new() };
    let Some(titles) = by_message.get(line.uuid.as_str()) else { return Vec::new() };
    let session = line.request_session_id.or(line.session_id).unwrap_or_else(|| log.place().session);
    titles.iter().map(|title| ResolvedTitle { session: session.clone(), title: (*title).clone() }).collect()
}
