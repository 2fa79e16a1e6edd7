//! The commands of the popover's page.

use std::time::Instant;

use tauri::{AppHandle, Manager, State, WebviewWindow};
use token_monitor_core::report::model::Route;
use token_monitor_engine::{ApiError, ErrorCode, Request, Response};
use token_monitor_tray::PopoverState;

use crate::demo_commands::forbid_in_demo;
use crate::engine_source::EngineSource;
use crate::events::write_line;
use crate::platform::{AutostartAction, autostart};
use crate::{diagnostics, launcher, popover, statusline, tray};

/// The start time of this process, for the trace of the first paint.
pub(crate) struct ProcessStart(pub(crate) Instant);

/// Sends a request of the page to the engine. Fails with `Forbidden` if the page may not send it.
#[tauri::command]
pub(crate) async fn request(source: State<'_, EngineSource>, request: Request) -> Result<Response, ApiError> {
    let request = request.restrict_to_page()?;
    source.get().await?.request(request).await
}

/// Returns the page of the last request to show the popover.
#[tauri::command]
#[expect(clippy::needless_pass_by_value, reason = "commands get their arguments by value")]
pub(crate) fn route(popover: State<'_, popover::PopoverTracker>) -> Route {
    popover.route()
}

/// Returns the kind of window: an ordinary one if the desktop has no tray.
#[tauri::command]
#[expect(clippy::needless_pass_by_value, reason = "commands get their arguments by value")]
pub(crate) fn frame(popover: State<'_, popover::PopoverTracker>) -> popover::Frame {
    popover.frame()
}

/// Returns true if the app starts at login.
#[tauri::command]
pub(crate) async fn autostart(app: AppHandle) -> Result<bool, ApiError> {
    run_blocking(move || autostart::apply(AutostartAction::Status, Some(&app))).await
}

/// Enables or disables the autostart. Returns the new state.
#[tauri::command]
pub(crate) async fn set_autostart(app: AppHandle, on: bool) -> Result<bool, ApiError> {
    forbid_in_demo(&app)?;
    let action = if on { AutostartAction::On } else { AutostartAction::Off };
    let target = app.clone();
    let starts = run_blocking(move || autostart::apply(action, Some(&target))).await?;
    tray::report_autostart(&app, Some(starts));
    Ok(starts)
}

/// Returns true if Claude Code's status line runs the command.
#[tauri::command]
pub(crate) async fn statusline() -> Result<bool, ApiError> {
    run_blocking(statusline::is_installed).await
}

/// Installs or uninstalls the command in the status line. Returns the new state.
#[tauri::command]
pub(crate) async fn set_statusline(app: AppHandle, on: bool) -> Result<bool, ApiError> {
    forbid_in_demo(&app)?;
    run_blocking(move || statusline::set_installed(on)).await
}

/// Saves diagnostics to a file and returns its path.
#[tauri::command]
pub(crate) async fn save_diagnostics(app: AppHandle, source: State<'_, EngineSource>) -> Result<String, ApiError> {
    let diagnostics = source.get().await?.diagnostics().await?;
    run_blocking(move || diagnostics::save(&app, &diagnostics)).await
}

/// Runs work with files or processes on another thread, and converts its error.
pub(crate) async fn run_blocking<T: Send + 'static>(
    work: impl FnOnce() -> anyhow::Result<T> + Send + 'static,
) -> Result<T, ApiError> {
    match tauri::async_runtime::spawn_blocking(work).await {
        Ok(done) => done.map_err(|error| ApiError::new(ErrorCode::Internal, format!("{error:#}"))),
        Err(_) => Err(ApiError::new(ErrorCode::Internal, "the operation was canceled")),
    }
}

/// Starts the daemon, on systems where it is a separate process.
#[tauri::command]
pub(crate) async fn start_daemon() -> Result<(), ApiError> {
    let started = tauri::async_runtime::spawn_blocking(launcher::ensure_daemon).await;
    match started {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(ApiError::new(ErrorCode::Offline, format!("{error:#}"))),
        Err(_) => Err(ApiError::new(ErrorCode::Internal, "starting Token Monitor was canceled")),
    }
}

/// Reports to the engine that the app was opened. Without an engine, the next time reports it.
async fn report_opened(app: AppHandle) {
    if let Ok(client) = app.state::<EngineSource>().get().await {
        let _ = client.request(Request::MarkAppOpened).await;
    }
}

/// Dismisses the popover.
#[tauri::command]
#[expect(clippy::needless_pass_by_value, reason = "commands get their arguments by value")]
pub(crate) fn dismiss(window: WebviewWindow) {
    popover::dismiss(&window, PopoverState::Dismissed);
}

/// Gives the window the height of its page in logical pixels. Returns the resulting height of the page, or `None` if the
/// window keeps its size.
#[tauri::command]
#[expect(clippy::needless_pass_by_value, reason = "commands get their arguments by value")]
pub(crate) fn fit_height(window: WebviewWindow, height: u32) -> Result<Option<u32>, ApiError> {
    popover::fit_height(&window, height).map_err(|error| ApiError::new(ErrorCode::Internal, error.to_string()))
}

/// Marks the figures as painted, and informs the daemon.
#[tauri::command]
#[expect(clippy::needless_pass_by_value, reason = "commands get their arguments by value")]
pub(crate) fn painted(app: AppHandle, start: State<'_, ProcessStart>, popover: State<'_, popover::PopoverTracker>) {
    tracing::debug!(after = ?start.0.elapsed(), "Painted.");
    popover::mark_painted(&app);
    tauri::async_runtime::spawn(report_opened(app));
    if popover.is_daemon_controlled() {
        write_line(popover.event(PopoverState::Painted));
    } else if std::env::var_os("TOKEN_MONITOR_TRACE_PAINT").is_some() {
        write_line(PopoverState::Painted);
    }
}
