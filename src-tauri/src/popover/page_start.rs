//! The data that a new page has from its first line of script on, so that its first paint is complete.

use std::time::Duration;

use serde::Serialize;
use tauri::{AppHandle, Manager};
use token_monitor_core::report::model::{Route, Snapshot, Theme};
use token_monitor_engine::ApiError;

use crate::commands;
use crate::engine_source::EngineSource;
use crate::popover::position::frame_style;
use crate::popover::state::{Frame, FrameStyle, PopoverTracker};

/// The longest wait for the data before the window is created. The page requests what is missing.
const START_TIMEOUT: Duration = Duration::from_millis(100);

/// The data of a new page.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PageStart {
    /// The figures, with the theme; `None` if the engine did not answer in time.
    snapshot: Option<Snapshot>,
    /// The page to show.
    route: Route,
    /// The kind of window.
    frame: Frame,
    /// The look of the window's edges.
    frame_style: FrameStyle,
    /// True if Claude Code's status line runs the command; `None` if that was not known in time.
    is_statusline_on: Option<bool>,
}

impl PageStart {
    /// Reads the data for a new window.
    pub(crate) fn read(app: &AppHandle, frame: Frame) -> Self {
        let (snapshot, is_statusline_on) = tauri::async_runtime::block_on(async {
            let snapshot = async { app.state::<EngineSource>().get().await?.snapshot().await };
            tokio::join!(within_timeout(snapshot), within_timeout(commands::statusline()))
        });
        let route = app.state::<PopoverTracker>().route();
        Self { snapshot, route, frame, frame_style: frame_style(frame), is_statusline_on }
    }

    /// Returns the theme in the settings, or that of the system if the figures are not known.
    pub(crate) fn theme(&self) -> Theme {
        self.snapshot.as_ref().map_or(Theme::Auto, |snapshot| snapshot.display.theme)
    }

    /// Returns the script that gives the page its data. JSON is valid JavaScript.
    pub(crate) fn script(&self) -> String {
        let data = serde_json::to_string(self).unwrap_or_else(|_| "null".to_owned());
        format!("window.__TOKEN_MONITOR_START__ = {data};")
    }
}

/// Returns the result of a request, or `None` if it fails or takes too long.
async fn within_timeout<T>(request: impl Future<Output = Result<T, ApiError>>) -> Option<T> {
    tokio::time::timeout(START_TIMEOUT, request).await.ok()?.ok()
}
