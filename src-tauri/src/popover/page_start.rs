//! The data that a new page has from its first line of script on, so that its first paint is complete.

use std::time::Duration;

use serde::Serialize;
use tauri::{AppHandle, Manager};
use token_monitor_core::report::model::{Route, Snapshot, Theme};

use crate::engine_source::EngineSource;
use crate::popover::position::frame_style;
use crate::popover::state::{Frame, FrameStyle, PopoverTracker};

/// The longest wait for the figures before the window is created. An engine that is busy sends them to the page later.
const SNAPSHOT_TIMEOUT: Duration = Duration::from_millis(100);

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
}

impl PageStart {
    /// Reads the data for a new window.
    pub(crate) fn read(app: &AppHandle, frame: Frame) -> Self {
        let snapshot = tauri::async_runtime::block_on(async {
            let request = async { app.state::<EngineSource>().get().await?.snapshot().await };
            tokio::time::timeout(SNAPSHOT_TIMEOUT, request).await.ok()?.ok()
        });
        let route = app.state::<PopoverTracker>().route();
        Self { snapshot, route, frame, frame_style: frame_style(frame) }
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
