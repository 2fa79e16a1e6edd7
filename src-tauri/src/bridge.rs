//! What the popover's page may ask for, and what it is told: the only place that spells commands and events.

use std::time::Instant;

use tauri::{AppHandle, Emitter, State, WebviewWindow};
use token_monitor_core::figures::{SessionDetail, SessionMetadata, SessionPage, Snapshot};
use token_monitor_engine::{Refusal, RefusalCode, SessionQuery};

use crate::{popover, resident, shell};

/// The event that carries a snapshot.
pub(crate) const SNAPSHOT: &str = "snapshot";
/// The event that says whether somebody counts.
pub(crate) const CONNECTION: &str = "connection";

/// The most rows a page gets at once.
const LARGEST_PAGE: usize = 500;

/// The longest search and name that are looked at, in bytes.
const LONGEST_TEXT: usize = 1024;

/// When this process began, for the trace of the first paint.
pub(crate) struct Began(pub(crate) Instant);

/// What surfaces show now.
#[tauri::command]
pub(crate) async fn snapshot(core: State<'_, shell::Source>) -> Result<Snapshot, Refusal> {
    core.get().await?.snapshot().await
}

/// A page of the sessions.
#[tauri::command]
pub(crate) async fn sessions(core: State<'_, shell::Source>, query: SessionQuery) -> Result<SessionPage, Refusal> {
    let search = query.search.filter(|text| text.len() <= LONGEST_TEXT);
    let query = SessionQuery { limit: query.limit.min(LARGEST_PAGE), search, ..query };
    core.get().await?.sessions(query).await
}

/// One session in detail.
#[tauri::command]
pub(crate) async fn session(core: State<'_, shell::Source>, session_id: String) -> Result<SessionDetail, Refusal> {
    if session_id.len() > LONGEST_TEXT {
        return Err(Refusal::new(RefusalCode::NotFound, "there is no such session"));
    }
    core.get().await?.session(session_id).await
}

/// Names a session.
#[tauri::command]
pub(crate) async fn rename(
    core: State<'_, shell::Source>,
    session: String,
    name: String,
) -> Result<SessionMetadata, Refusal> {
    if session.len() > LONGEST_TEXT || name.len() > LONGEST_TEXT {
        return Err(Refusal::new(RefusalCode::NameInvalid, "that name is too long"));
    }
    core.get().await?.rename(session, name).await
}

/// Starts the resident, where it is a process of its own.
#[tauri::command]
pub(crate) async fn start_resident() -> Result<(), Refusal> {
    let started = tauri::async_runtime::spawn_blocking(resident::ensure).await;
    match started {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(Refusal::new(RefusalCode::Offline, format!("{error:#}"))),
        Err(_) => Err(Refusal::new(RefusalCode::Internal, "starting Token Monitor broke off")),
    }
}

/// Closes the popover.
#[tauri::command]
#[expect(clippy::needless_pass_by_value, reason = "commands are handed their arguments")]
pub(crate) fn dismiss(window: WebviewWindow) {
    popover::dismiss(&window);
}

/// Notes that the first figures are on the screen.
#[tauri::command]
#[expect(clippy::needless_pass_by_value, reason = "commands are handed their arguments")]
#[expect(clippy::print_stdout, reason = "the trace is for whoever measures, on request only")]
pub(crate) fn painted(began: State<'_, Began>) {
    tracing::debug!(after = ?began.0.elapsed(), "Painted.");
    if std::env::var_os("TOKEN_MONITOR_TRACE_PAINT").is_some() {
        println!("painted");
    }
}

/// Tells the page of a new snapshot.
pub(crate) fn tell_snapshot(app: &AppHandle, snapshot: &Snapshot) {
    // There may be no page.
    let _ = app.emit_to(popover::LABEL, SNAPSHOT, snapshot);
}

/// Tells the page whether somebody counts.
pub(crate) fn tell_connection(app: &AppHandle, connected: bool) {
    // There may be no page.
    let _ = app.emit_to(popover::LABEL, CONNECTION, connected);
}
