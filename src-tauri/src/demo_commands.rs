//! The commands of the page about sample data.

use tauri::{AppHandle, Manager};
use token_monitor_engine::{ApiError, ErrorCode};

use crate::commands::run_blocking;
use crate::engine_source::EngineSource;
use crate::popover;
use crate::window_commands::quit_app;

/// Shows sample data in this window, in place of the user's own.
#[tauri::command]
pub(crate) async fn start_demo(app: AppHandle) -> Result<(), ApiError> {
    let target = app.clone();
    run_blocking(move || target.state::<EngineSource>().start_demo()).await?;
    popover::send_snapshot(&app).await;
    Ok(())
}

/// Ends the sample data: shows the user's own again, or quits an app that has sample data only.
#[tauri::command]
pub(crate) async fn leave_demo(app: AppHandle) -> Result<(), ApiError> {
    if !app.state::<EngineSource>().is_looking_around() {
        quit_app(&app).await;
        return Ok(());
    }
    let target = app.clone();
    let stopped = move || {
        target.state::<EngineSource>().stop_demo();
        Ok(())
    };
    run_blocking(stopped).await?;
    popover::send_snapshot(&app).await;
    Ok(())
}

/// Fails with `Forbidden` while sample data is shown, which must not change anything of the user's.
pub(crate) fn forbid_in_demo(app: &AppHandle) -> Result<(), ApiError> {
    match app.state::<EngineSource>().is_demo() {
        true => Err(ApiError::new(ErrorCode::Forbidden, "this is not available with sample data")),
        false => Ok(()),
    }
}
