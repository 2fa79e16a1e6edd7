//! The registry entry of the session that waits for a permission. Claude Code keeps one for each of its processes.
//!
//! An entry counts only as long as its process runs, so it names this process. It is written on Linux only, where the
//! start of a process is known in the unit of the entry.

use std::fs;
use std::io;
use std::path::Path;

use chrono::{DateTime, Utc};
use serde_json::json;

use crate::demo::logs::CLIENT_VERSION;
use crate::demo::session::DemoSession;
use crate::demo::year::DemoYear;

/// The fields of `/proc/<pid>/stat` after the name of the program and before the start of the process.
const FIELDS_BEFORE_START: usize = 19;

/// Writes the entry of the session before the last one, which has stopped three minutes ago.
pub(crate) fn register_waiting_session(claude: &Path, year: &DemoYear, now: DateTime<Utc>) -> io::Result<()> {
    let session = year.sessions.iter().rev().nth(1);
    match session.zip(own_start()) {
        Some((session, start)) => write_entry(claude, session, &start, now),
        None => Ok(()),
    }
}

fn write_entry(claude: &Path, session: &DemoSession, start: &str, now: DateTime<Utc>) -> io::Result<()> {
    let since = session.end().unwrap_or(now).timestamp_millis();
    let entry = json!({
        "pid": std::process::id(),
        "sessionId": session.id,
        "cwd": session.project.path(),
        "startedAt": session.turns.first().map_or(since, |turn| turn.at.timestamp_millis()),
        "procStart": start,
        "version": CLIENT_VERSION,
        "kind": "interactive",
        "entrypoint": "cli",
        "name": session.title,
        "nameSource": "auto",
        "status": "waiting",
        "waitingFor": "permission prompt",
        "updatedAt": since,
        "statusUpdatedAt": since,
    });
    let folder = claude.join("sessions");
    fs::create_dir_all(&folder)?;
    fs::write(folder.join(format!("{}.json", std::process::id())), entry.to_string())
}

/// Returns the start of this process in clock ticks since the system started.
fn own_start() -> Option<String> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // The name of the program may contain spaces and parentheses.
    let (_, fields) = stat.rsplit_once(')')?;
    fields.split_whitespace().nth(FIELDS_BEFORE_START).map(str::to_owned)
}
