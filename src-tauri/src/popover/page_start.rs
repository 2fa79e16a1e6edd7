//! The data that a new page has from its first line of script on, so that its first paint is complete.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::Serialize;
use tauri::async_runtime::{JoinHandle, block_on, spawn};
use tauri::{AppHandle, Manager};
use token_monitor_core::report::model::{Route, Snapshot, Theme};
use token_monitor_engine::ApiError;
use token_monitor_ipc::{Address, EngineClient};

use crate::commands;
use crate::engine_source::{self, EngineSource};
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

/// The requests for the data that other processes have.
struct StartRequests {
    snapshot: JoinHandle<Result<Snapshot, ApiError>>,
    is_statusline_on: JoinHandle<Result<bool, ApiError>>,
}

impl StartRequests {
    fn send(client: impl Future<Output = Result<EngineClient, ApiError>> + Send + 'static) -> Self {
        Self {
            snapshot: spawn(async { client.await?.snapshot().await }),
            is_statusline_on: spawn(commands::statusline()),
        }
    }
}

/// The requests for the data of the first page, which are sent while the window system starts.
pub(crate) struct EarlyRequests(Mutex<Option<StartRequests>>);

impl EarlyRequests {
    /// Sends the requests to the engine behind a socket.
    pub(crate) fn send(address: Address) -> Self {
        Self(Mutex::new(Some(StartRequests::send(engine_source::connect(address)))))
    }

    fn take(&self) -> Option<StartRequests> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl PageStart {
    /// Reads the data for a new window.
    pub(crate) fn read(app: &AppHandle, frame: Frame) -> Self {
        let early = app.try_state::<EarlyRequests>().and_then(|early| early.take());
        let StartRequests { snapshot, is_statusline_on } = early.unwrap_or_else(|| {
            let app = app.clone();
            StartRequests::send(async move { app.state::<EngineSource>().get().await })
        });
        let (snapshot, is_statusline_on) =
            block_on(async { tokio::join!(within_timeout(snapshot), within_timeout(is_statusline_on)) });
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

/// Returns the result of a request, or `None` if it fails or is not there in time.
async fn within_timeout<T>(request: JoinHandle<Result<T, ApiError>>) -> Option<T> {
    tokio::time::timeout(START_TIMEOUT, request).await.ok()?.ok()?.ok()
}
