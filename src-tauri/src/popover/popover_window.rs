//! The popover's window: created on a click, and destroyed or hidden when it is dismissed.

use std::time::Duration;

use tauri::webview::NewWindowResponse;
use tauri::{AppHandle, Manager, WebviewUrl, WebviewWindow, WebviewWindowBuilder, WindowEvent};
use token_monitor_tray::{PopoverRequest, PopoverState, ScreenPoint};

use crate::engine_source::EngineSource;
use crate::events::{self, POPOVER_LABEL};
use crate::platform::{Focus, window};
use crate::popover::position::{self, DEFAULT_SIZE, MAX_SIZE, MIN_SIZE};
use crate::popover::state::{Frame, OnDismiss, PopoverTracker};

/// The time in which the focus returns from a menu of the popover.
const FOCUS_RETURN_TIME: Duration = Duration::from_millis(120);

/// The longest wait for current figures before a kept popover is shown.
const REFRESH_TIMEOUT: Duration = Duration::from_millis(100);

/// Returns the visibility of the popover for a click.
pub(crate) fn visibility(app: &AppHandle) -> token_monitor_tray::PopoverVisibility {
    app.state::<PopoverTracker>().visibility(app.get_webview_window(POPOVER_LABEL).is_some())
}

/// Shows the popover inside a screen's work area. Must be called on the main thread.
///
/// The window is not an incognito one, although it stores nothing: each such window has its own web context, and from
/// the second one on that context cannot load the app's pages.
pub(crate) fn open(app: &AppHandle, request: &PopoverRequest, frame: Frame) -> tauri::Result<()> {
    let was_shown = app.state::<PopoverTracker>().mark_shown(request.route.as_ref());
    match app.get_webview_window(POPOVER_LABEL) {
        Some(window) => show_again(window, request, was_shown),
        None => {
            app.state::<PopoverTracker>().set_frame(frame);
            let window = build(app, frame)?;
            window::focus_when_shown(&window);
            show_at(&window, request.near)?;
            window::on_page_terminated(&window, destroy_dead_window);
            report_when_destroyed(&window);
            if frame == Frame::Popover {
                close_on_lost_focus(&window);
            }
        }
    }
    Ok(())
}

fn build(app: &AppHandle, frame: Frame) -> tauri::Result<WebviewWindow> {
    let is_window = frame == Frame::Window;
    WebviewWindowBuilder::new(app, POPOVER_LABEL, WebviewUrl::App("index.html".into()))
        .title("Token Monitor")
        .inner_size(DEFAULT_SIZE.0, DEFAULT_SIZE.1)
        .min_inner_size(MIN_SIZE.0, MIN_SIZE.1)
        .max_inner_size(MAX_SIZE.0, MAX_SIZE.1)
        .decorations(is_window)
        .skip_taskbar(!is_window)
        .always_on_top(!is_window)
        .visible(false)
        .disable_drag_drop_handler()
        .on_navigation(is_app_url)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .build()
}

/// Shows an existing window with current figures.
fn show_again(window: WebviewWindow, request: &PopoverRequest, was_shown: bool) {
    if let Some(route) = &request.route {
        events::emit_route(window.app_handle(), route);
    }
    if was_shown {
        return window::focus_window(&window);
    }
    let near = request.near;
    tauri::async_runtime::spawn(async move {
        send_snapshot(window.app_handle()).await;
        // Fails only if the app is exiting.
        let _ = window.clone().run_on_main_thread(move || {
            let shown = window.state::<PopoverTracker>().is_shown().then(|| show_at(&window, near));
            if let Some(Err(error)) = shown {
                tracing::warn!(%error, "Could not show the popover.");
            }
        });
    });
}

async fn send_snapshot(app: &AppHandle) {
    let source = app.state::<EngineSource>();
    let asked = async { source.get().await?.snapshot().await };
    if let Ok(Ok(snapshot)) = tokio::time::timeout(REFRESH_TIMEOUT, asked).await {
        events::emit_snapshot(app, &snapshot);
    }
}

fn show_at(window: &WebviewWindow, near: Option<ScreenPoint>) -> tauri::Result<()> {
    position::place_window(window, near)?;
    window.show()?;
    window::focus_window(window);
    Ok(())
}

/// Dismisses the popover.
pub(crate) fn dismiss(window: &WebviewWindow, state: PopoverState) {
    let popover = window.state::<PopoverTracker>();
    if !popover.mark_hidden(state) {
        return;
    }
    match popover.on_dismiss() {
        OnDismiss::Destroy => destroy(window),
        OnDismiss::HideForDaemon => {
            hide(window);
            events::write_line(popover.event(state));
        }
        OnDismiss::HideFor(time) => {
            hide(window);
            destroy_after(window.clone(), time);
        }
    }
}

fn hide(window: &WebviewWindow) {
    if let Err(error) = window.hide() {
        tracing::warn!(%error, "Could not hide the popover.");
    }
}

/// Destroys a window whose page has crashed. The daemon is informed first, so that a click opens another popover.
fn destroy_dead_window(window: &WebviewWindow) {
    report_destroyed(window);
    destroy(window);
}

/// Destroys the window and its web view.
fn destroy(window: &WebviewWindow) {
    if let Err(error) = window.destroy() {
        tracing::warn!(%error, "Could not destroy the popover.");
    }
}

/// Destroys the window after a time, unless it was shown again.
fn destroy_after(window: WebviewWindow, time: Duration) {
    let (request, _) = window.state::<PopoverTracker>().current_request();
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(time).await;
        // Fails only if the app is exiting.
        let _ = window.clone().run_on_main_thread(move || {
            if window.state::<PopoverTracker>().current_request() == (request, false) {
                destroy(&window);
            }
        });
    });
}

/// Informs the daemon when the window is destroyed. The process takes a moment to end, and a click must open another
/// popover.
fn report_when_destroyed(window: &WebviewWindow) {
    let watched = window.clone();
    window.on_window_event(move |event| {
        if matches!(event, WindowEvent::Destroyed) {
            watched.state::<PopoverTracker>().mark_destroyed();
            report_destroyed(&watched);
        }
    });
}

fn report_destroyed(window: &WebviewWindow) {
    let popover = window.state::<PopoverTracker>();
    if popover.is_daemon_controlled() {
        events::write_line(popover.event(PopoverState::Destroyed));
    }
}

/// Returns true if a WebDriver controls the app, whose window has no focus then.
fn is_automated() -> bool {
    std::env::var_os("TAURI_WEBVIEW_AUTOMATION").is_some()
}

/// Returns true for the pages of the app, which have a host name on Windows.
fn is_app_url(url: &tauri::Url) -> bool {
    url.scheme() == "tauri" || (cfg!(windows) && url.host_str() == Some("tauri.localhost"))
}

/// Dismisses the popover when it has lost the focus.
fn close_on_lost_focus(window: &WebviewWindow) {
    if is_automated() {
        return;
    }
    let watched = window.clone();
    window.on_window_event(move |event| {
        // Dismissing also takes the focus, and the popover may be shown again before the check.
        let (request, shown) = watched.state::<PopoverTracker>().current_request();
        if matches!(event, WindowEvent::Focused(false)) && shown {
            check_focus_later(watched.clone(), request);
        }
    });
}

/// Dismisses the popover if another window has the focus after a moment. While a menu of the popover has it, the check
/// is repeated.
fn check_focus_later(window: WebviewWindow, request: u64) {
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(FOCUS_RETURN_TIME).await;
        // Fails only if the app is exiting.
        let _ = window.clone().run_on_main_thread(move || {
            if window.state::<PopoverTracker>().current_request() != (request, true) {
                return;
            }
            match window::focus_state(&window) {
                Focus::Own => {}
                Focus::Menu => check_focus_later(window, request),
                Focus::Elsewhere => dismiss(&window, PopoverState::LostFocus),
            }
        });
    });
}
