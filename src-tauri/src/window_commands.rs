//! The commands of the page that act on its window, on the app and on the user's folders.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, bail};
use tauri::{AppHandle, Manager, State, WebviewWindow};
use token_monitor_core::report::model::Route;
use token_monitor_engine::config::ConfigSources;
use token_monitor_engine::{ApiError, ErrorCode, Request, Response};
use token_monitor_ipc::{ActivateAction, ActivateRequest};
use token_monitor_tray::PopoverState;

use crate::command_runner::run_command;
use crate::commands::run_blocking;
use crate::demo_commands::forbid_in_demo;
use crate::engine_source::EngineSource;
use crate::platform::{CopyFormat, clipboard, file_manager};
use crate::popover::{self, PopoverTracker};

/// Keeps the popover open when it loses the focus, or not. Returns the new state.
#[tauri::command]
#[expect(clippy::needless_pass_by_value, reason = "commands get their arguments by value")]
pub(crate) fn set_pinned(popover: State<'_, PopoverTracker>, on: bool) -> bool {
    popover.set_pinned(on);
    on
}

/// Shows a page in a window of its own, and closes the popover.
#[tauri::command]
pub(crate) async fn detach(app: AppHandle, window: WebviewWindow, route: Route) -> Result<(), ApiError> {
    if app.state::<EngineSource>().is_looking_around() {
        return Err(ApiError::new(ErrorCode::Forbidden, "sample data is shown in the popover only"));
    }
    run_blocking(move || start_window(app.state::<EngineSource>().sources(), &route)).await?;
    popover::dismiss(&window, PopoverState::Dismissed);
    Ok(())
}

/// Starts a process with a window. It is independent of this one, whose popover closes.
fn start_window(sources: &ConfigSources, route: &Route) -> anyhow::Result<()> {
    let program = std::env::current_exe().context("finding this program")?;
    let (variable, path) = sources.environment_variable();
    let mut command = Command::new(&program);
    command
        .args(["--window", &format!("--show={route}")])
        .env(variable, path)
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    let mut window = command.spawn().with_context(|| format!("starting {}", program.display()))?;
    std::thread::spawn(move || window.wait());
    Ok(())
}

/// Quits the app, including its icon.
#[tauri::command]
pub(crate) async fn quit(app: AppHandle) {
    quit_app(&app).await;
}

/// Ends the process with the icon, if there is one, and this one.
pub(crate) async fn quit_app(app: &AppHandle) {
    let store = app.state::<EngineSource>().sources().resolve().db_path;
    ActivateRequest { route: None, action: ActivateAction::Quit }.send(&store).await;
    app.exit(0);
}

/// Copies a text, which stays on the clipboard when this process ends. Returns false if the page has to copy it.
#[tauri::command]
pub(crate) async fn copy_text(text: String) -> Result<bool, ApiError> {
    run_blocking(move || clipboard::copy_lasting(CopyFormat::Text, text.as_bytes())).await
}

/// Opens the web dashboard in a browser that is signed in.
#[tauri::command]
pub(crate) async fn open_dashboard(app: AppHandle) -> Result<(), ApiError> {
    forbid_in_demo(&app)?;
    run_blocking(|| run_command(&["dashboard"]).map(drop)).await
}

/// Opens the working folder of a session. The page names the session only, so that it cannot open any other folder.
#[tauri::command]
pub(crate) async fn open_session_folder(app: AppHandle, session: String) -> Result<(), ApiError> {
    let client = app.state::<EngineSource>().get().await?;
    let Response::Session(detail) = client.request(Request::Session { session }).await? else {
        return Err(ApiError::new(ErrorCode::Internal, "the engine sent an unexpected response"));
    };
    let folder = detail.session.project_path.unwrap_or_default();
    let opened = run_on_main_thread(&app, move || open_existing(Path::new(&folder))).await;
    opened.map_err(|error| ApiError::new(ErrorCode::NotFound, format!("{error:#}")))
}

fn open_existing(folder: &Path) -> anyhow::Result<()> {
    if !folder.is_absolute() || !folder.is_dir() {
        bail!("the folder of this session does not exist on this computer");
    }
    file_manager::open_folder(folder)
}

async fn run_on_main_thread<T: Send + 'static>(
    app: &AppHandle,
    action: impl FnOnce() -> anyhow::Result<T> + Send + 'static,
) -> anyhow::Result<T> {
    let (done, result) = tokio::sync::oneshot::channel();
    // The receiver is dropped only if the page is gone.
    app.run_on_main_thread(move || drop(done.send(action())))?;
    result.await.context("the app is exiting")?
}
