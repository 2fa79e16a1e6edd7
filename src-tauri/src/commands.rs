//! What the popover's page may ask for, and what it is told: the only place that spells commands and events.

use std::fmt::Display;
use std::io::Write;
use std::time::Instant;

use chrono::NaiveDate;
use serde_json::Value;
use tauri::{AppHandle, Emitter, State, WebviewWindow};
use token_monitor_core::report::model::{
    AlertRow, AlertRule, AlertStatus, BlockHistory, History, HistoryBy, Pause, Route, SessionChanges, SessionDetail,
    SessionMetadata, SessionPage, SettingsPage, Snapshot,
};
use token_monitor_engine::{Refusal, RefusalCode, SessionQuery};
use token_monitor_tray::Became;

use crate::args::Order;
use crate::platform::autostart;
use crate::{app, diagnostics, launcher, popover, statusline, tray};

/// The event that carries a snapshot.
pub(crate) const SNAPSHOT: &str = "snapshot";
/// The event that says whether somebody counts.
pub(crate) const CONNECTION: &str = "connection";
/// The event that asks for another page.
pub(crate) const ROUTE: &str = "route";

/// The most rows a page gets at once.
const LARGEST_PAGE: usize = 500;

/// The longest search and name that are looked at, in bytes.
const LONGEST_TEXT: usize = 1024;

/// When this process began, for the trace of the first paint.
pub(crate) struct Began(pub(crate) Instant);

/// What surfaces show now.
#[tauri::command]
pub(crate) async fn snapshot(core: State<'_, app::Source>) -> Result<Snapshot, Refusal> {
    core.get().await?.snapshot().await
}

/// A page of the sessions.
#[tauri::command]
pub(crate) async fn sessions(core: State<'_, app::Source>, query: SessionQuery) -> Result<SessionPage, Refusal> {
    let search = query.search.filter(|text| text.len() <= LONGEST_TEXT);
    let query = SessionQuery { limit: query.limit.min(LARGEST_PAGE), search, ..query };
    core.get().await?.sessions(query).await
}

/// One session in detail.
#[tauri::command]
pub(crate) async fn session(core: State<'_, app::Source>, session_id: String) -> Result<SessionDetail, Refusal> {
    if session_id.len() > LONGEST_TEXT {
        return Err(Refusal::new(RefusalCode::NotFound, "there is no such session"));
    }
    core.get().await?.session(session_id).await
}

/// Names a session.
#[tauri::command]
pub(crate) async fn rename(
    core: State<'_, app::Source>,
    session: String,
    name: String,
) -> Result<SessionMetadata, Refusal> {
    if session.len() > LONGEST_TEXT || name.len() > LONGEST_TEXT {
        return Err(Refusal::new(RefusalCode::NameInvalid, "that name is too long"));
    }
    core.get().await?.rename(session, name).await
}

/// A page of the blocks.
#[tauri::command]
pub(crate) async fn block_history(
    core: State<'_, app::Source>,
    offset: usize,
    limit: usize,
) -> Result<BlockHistory, Refusal> {
    core.get().await?.block_history(offset, limit.min(LARGEST_PAGE)).await
}

/// The days of a range, divided.
#[tauri::command]
pub(crate) async fn history(
    core: State<'_, app::Source>,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    by: HistoryBy,
) -> Result<History, Refusal> {
    core.get().await?.history(from, to, by).await
}

/// Changes what a person added to a session.
#[tauri::command]
pub(crate) async fn describe(
    core: State<'_, app::Source>,
    session: String,
    changes: SessionChanges,
) -> Result<SessionMetadata, Refusal> {
    if session.len() > LONGEST_TEXT {
        return Err(Refusal::new(RefusalCode::NotFound, "there is no such session"));
    }
    core.get().await?.describe(session, changes).await
}

/// The settings and where their values come from.
#[tauri::command]
pub(crate) async fn settings(core: State<'_, app::Source>) -> Result<SettingsPage, Refusal> {
    core.get().await?.settings().await
}

/// Saves a setting; without a value it goes back to what the other layers say.
#[tauri::command]
pub(crate) async fn change(
    core: State<'_, app::Source>,
    key: String,
    value: Option<Value>,
) -> Result<SettingsPage, Refusal> {
    core.get().await?.change(key, value).await
}

/// Past alerts, the latest first.
#[tauri::command]
pub(crate) async fn alerts(core: State<'_, app::Source>, limit: usize) -> Result<Vec<AlertRow>, Refusal> {
    core.get().await?.alerts(limit.min(LARGEST_PAGE)).await
}

/// Notes that somebody has seen the alerts that the system did not take.
#[tauri::command]
pub(crate) async fn see_alerts(core: State<'_, app::Source>) -> Result<AlertStatus, Refusal> {
    core.get().await?.see_alerts().await
}

/// Shows an alert as a rule would.
#[tauri::command]
pub(crate) async fn test_alert(core: State<'_, app::Source>, rule: AlertRule) -> Result<AlertStatus, Refusal> {
    core.get().await?.test_alert(rule).await
}

/// Keeps alerts back for a while, or not any longer.
#[tauri::command]
pub(crate) async fn pause_alerts(core: State<'_, app::Source>, pause: Pause) -> Result<AlertStatus, Refusal> {
    core.get().await?.pause_alerts(pause).await
}

/// The page the popover was opened for.
#[tauri::command]
#[expect(clippy::needless_pass_by_value, reason = "commands are handed their arguments")]
pub(crate) fn route(popover: State<'_, popover::Popover>) -> Route {
    popover.route()
}

/// What kind of window it is: an ordinary one where the desktop shows no tray icons.
#[tauri::command]
#[expect(clippy::needless_pass_by_value, reason = "commands are handed their arguments")]
pub(crate) fn frame(popover: State<'_, popover::Popover>) -> popover::Frame {
    popover.frame()
}

/// Whether the app starts when its user logs in.
#[tauri::command]
pub(crate) async fn autostart(app: AppHandle) -> Result<bool, Refusal> {
    off_the_main_thread(move || autostart::obey(Order::Status, Some(&app))).await
}

/// Changes that; answers what holds then.
#[tauri::command]
pub(crate) async fn set_autostart(app: AppHandle, on: bool) -> Result<bool, Refusal> {
    let order = if on { Order::On } else { Order::Off };
    let obeyed = app.clone();
    let starts = off_the_main_thread(move || autostart::obey(order, Some(&obeyed))).await?;
    tray::tell_login(&app, Some(starts));
    Ok(starts)
}

/// Whether Claude Code's status line runs our command.
#[tauri::command]
pub(crate) async fn statusline() -> Result<bool, Refusal> {
    off_the_main_thread(statusline::is_on).await
}

/// Changes that; answers what holds then.
#[tauri::command]
pub(crate) async fn set_statusline(on: bool) -> Result<bool, Refusal> {
    off_the_main_thread(move || statusline::set(on)).await
}

/// Writes what helps to find a fault into a file; answers its path.
#[tauri::command]
pub(crate) async fn save_diagnostics(app: AppHandle, core: State<'_, app::Source>) -> Result<String, Refusal> {
    let found = core.get().await?.diagnostics().await?;
    off_the_main_thread(move || diagnostics::save(&app, &found)).await
}

/// Does what takes files or processes, and puts what went wrong into a sentence.
async fn off_the_main_thread<T: Send + 'static>(
    work: impl FnOnce() -> anyhow::Result<T> + Send + 'static,
) -> Result<T, Refusal> {
    match tauri::async_runtime::spawn_blocking(work).await {
        Ok(done) => done.map_err(|error| Refusal::new(RefusalCode::Internal, format!("{error:#}"))),
        Err(_) => Err(Refusal::new(RefusalCode::Internal, "it broke off")),
    }
}

/// Starts the resident, where it is a process of its own.
#[tauri::command]
pub(crate) async fn start_resident() -> Result<(), Refusal> {
    let started = tauri::async_runtime::spawn_blocking(launcher::ensure).await;
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
    popover::dismiss(&window, Became::Dismissed);
}

/// Notes that the first figures are on the screen.
#[tauri::command]
#[expect(clippy::needless_pass_by_value, reason = "commands are handed their arguments")]
pub(crate) fn painted(began: State<'_, Began>, popover: State<'_, popover::Popover>) {
    tracing::debug!(after = ?began.0.elapsed(), "Painted.");
    popover.is_painted();
    if popover.is_led() {
        say(popover.told(Became::Painted));
    } else if std::env::var_os("TOKEN_MONITOR_TRACE_PAINT").is_some() {
        say(Became::Painted);
    }
}

/// Tells whoever started this process what became of the popover: the resident, or somebody who measures.
pub(crate) fn say(word: impl Display) {
    // Nobody may listen any more.
    let _ = writeln!(std::io::stdout(), "{word}");
}

/// Tells the page of a new snapshot.
pub(crate) fn tell_snapshot(app: &AppHandle, snapshot: &Snapshot) {
    // There may be no page.
    let _ = app.emit_to(popover::LABEL, SNAPSHOT, snapshot);
}

/// Asks the page to show another one.
pub(crate) fn tell_route(app: &AppHandle, route: &Route) {
    // There may be no page.
    let _ = app.emit_to(popover::LABEL, ROUTE, route);
}

/// Tells the page whether somebody counts.
pub(crate) fn tell_connection(app: &AppHandle, connected: bool) {
    // There may be no page.
    let _ = app.emit_to(popover::LABEL, CONNECTION, connected);
}
