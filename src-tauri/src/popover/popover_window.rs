//! The popover's window: created on a click, and destroyed or hidden when it is dismissed.

use std::time::Duration;

use tauri::webview::{Color, NewWindowResponse};
use tauri::{AppHandle, Manager, WebviewUrl, WebviewWindow, WebviewWindowBuilder, WindowEvent};
use token_monitor_core::report::model::Theme;
use token_monitor_tray::{PopoverRequest, PopoverState};

use crate::engine_source::EngineSource;
use crate::events::{self, POPOVER_LABEL};
use crate::platform::{Focus, surface, window};
use crate::popover::page_start::PageStart;
use crate::popover::position;
use crate::popover::state::{Frame, FrameStyle, OnDismiss, PopoverTracker};

/// The time in which the focus returns from a menu of the popover.
const FOCUS_RETURN_TIME: Duration = Duration::from_millis(120);

/// The longest wait for current figures before a kept popover is shown.
const REFRESH_TIMEOUT: Duration = Duration::from_millis(100);

/// The longest time for which a window stays invisible because its page has not been painted.
const REVEAL_TIMEOUT: Duration = Duration::from_secs(10);

/// The ground of the page in the light and the dark theme. Equals `--ground` in ui/src/styles/tokens.css.
const LIGHT_GROUND: Color = Color(0xf5, 0xf5, 0xf4, 0xff);
const DARK_GROUND: Color = Color(0x14, 0x15, 0x17, 0xff);

/// Returns the visibility of the popover for a click.
pub(crate) fn visibility(app: &AppHandle) -> token_monitor_tray::PopoverVisibility {
    app.state::<PopoverTracker>().visibility(app.get_webview_window(POPOVER_LABEL).is_some())
}

/// Shows the popover inside a screen's work area. Must be called on the main thread.
///
/// The window is not an incognito one, although it stores nothing: each such window has its own web context, and from
/// the second one on that context cannot load the app's pages.
pub(crate) fn open(app: &AppHandle, request: &PopoverRequest, frame: Frame) -> tauri::Result<()> {
    let was_shown = app.state::<PopoverTracker>().mark_shown(request.route.as_ref(), request.near);
    match app.get_webview_window(POPOVER_LABEL) {
        Some(window) => show_again(window, request, was_shown),
        None => {
            app.state::<PopoverTracker>().set_frame(frame);
            let window = build(app, frame)?;
            window::focus_when_shown(&window);
            if frame == Frame::Popover {
                surface::prepare(&window, update_frame_style);
            }
            show(&window)?;
            window::on_page_terminated(&window, destroy_dead_window);
            watch_window(&window);
            if frame == Frame::Popover {
                close_on_lost_focus(&window);
            }
        }
    }
    Ok(())
}

fn build(app: &AppHandle, frame: Frame) -> tauri::Result<WebviewWindow> {
    let is_window = frame == Frame::Window;
    let start = PageStart::read(app, frame);
    // A window that is resized while it is mapped shows the window manager's frame for a moment.
    let (size, margins) = (position::default_size(frame), 2 * surface::margin(position::frame_style(frame)));
    let builder = WebviewWindowBuilder::new(app, POPOVER_LABEL, WebviewUrl::App("index.html".into()));
    // A page on a transparent window has its own ground. macOS has no transparent windows in public interfaces.
    #[cfg(target_os = "linux")]
    let builder = builder.transparent(!is_window);
    let window = builder
        .title("Token Monitor")
        .initialization_script(start.script())
        .inner_size(f64::from(size.width + margins), f64::from(size.height + margins))
        .decorations(is_window)
        .skip_taskbar(!is_window)
        .always_on_top(!is_window)
        .visible(false)
        .disable_drag_drop_handler()
        .on_navigation(is_app_url)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .build()?;
    window.set_background_color(Some(ground(&window, frame, start.theme())))?;
    Ok(window)
}

/// Returns the color of parts of the window that the page has not painted yet.
fn ground(window: &WebviewWindow, frame: Frame, theme: Theme) -> Color {
    let is_dark = match theme {
        Theme::Light => false,
        Theme::Dark => true,
        Theme::Auto | Theme::Contrast => window.theme().is_ok_and(|theme| theme == tauri::Theme::Dark),
    };
    match position::frame_style(frame) {
        FrameStyle::Shadow => Color(0, 0, 0, 0),
        FrameStyle::Hairline | FrameStyle::System => {
            if is_dark {
                DARK_GROUND
            } else {
                LIGHT_GROUND
            }
        }
    }
}

/// Adapts the window when the desktop starts or stops compositing.
fn update_frame_style(window: &WebviewWindow) {
    surface::apply_style(window);
    let theme = PageStart::read(window.app_handle(), Frame::Popover).theme();
    let style = position::frame_style(window.state::<PopoverTracker>().frame());
    events::emit_frame_style(window.app_handle(), style);
    let updated = window
        .set_background_color(Some(ground(window, Frame::Popover, theme)))
        .and_then(|()| position::place_window(window));
    if let Err(error) = updated {
        tracing::warn!(%error, "Could not adapt the popover to the desktop.");
    }
}

/// Marks the figures as painted, and makes the window visible.
pub(crate) fn mark_painted(app: &AppHandle) {
    app.state::<PopoverTracker>().mark_painted();
    if let Some(window) = app.get_webview_window(POPOVER_LABEL) {
        // Fails only if the app is exiting.
        let _ = window.clone().run_on_main_thread(move || surface::reveal(&window));
    }
}

/// Shows an existing window with current figures.
fn show_again(window: WebviewWindow, request: &PopoverRequest, was_shown: bool) {
    if let Some(route) = &request.route {
        events::emit_route(window.app_handle(), route);
    }
    if was_shown {
        return window::focus_window(&window);
    }
    tauri::async_runtime::spawn(async move {
        send_snapshot(window.app_handle()).await;
        // Fails only if the app is exiting.
        let _ = window.clone().run_on_main_thread(move || {
            let shown = window.state::<PopoverTracker>().is_shown().then(|| show(&window));
            if let Some(Err(error)) = shown {
                tracing::warn!(%error, "Could not show the popover.");
            }
        });
    });
}

/// Sends the current snapshot to the page, unless the engine takes long to answer.
pub(crate) async fn send_snapshot(app: &AppHandle) {
    let source = app.state::<EngineSource>();
    let asked = async { source.get().await?.snapshot().await };
    if let Ok(Ok(snapshot)) = tokio::time::timeout(REFRESH_TIMEOUT, asked).await {
        events::emit_snapshot(app, &snapshot);
    }
}

/// Shows the window. It stays invisible until its page is painted.
fn show(window: &WebviewWindow) -> tauri::Result<()> {
    position::place_window(window)?;
    window.show()?;
    window::focus_window(window);
    reveal_later(window.clone());
    Ok(())
}

/// Makes the window visible after a time, even if its page has not been painted.
fn reveal_later(window: WebviewWindow) {
    let (request, _) = window.state::<PopoverTracker>().current_request();
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(REVEAL_TIMEOUT).await;
        // Fails only if the app is exiting.
        let _ = window.clone().run_on_main_thread(move || {
            if window.state::<PopoverTracker>().current_request() == (request, true) {
                surface::reveal(&window);
            }
        });
    });
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
            // A click that sees the window gone must find the daemon informed.
            events::write_line(popover.event(state));
            hide(window);
        }
        OnDismiss::HideFor(time) => {
            hide(window);
            destroy_after(window.clone(), time);
        }
    }
}

fn hide(window: &WebviewWindow) {
    if window.state::<PopoverTracker>().frame() == Frame::Popover {
        surface::conceal(window);
    }
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

/// Records the size of the window, and informs the daemon when it is destroyed. The process takes a moment to end, and
/// a click must open another popover.
fn watch_window(window: &WebviewWindow) {
    let watched = window.clone();
    window.on_window_event(move |event| match event {
        WindowEvent::Resized(size) => position::record_size(&watched, *size),
        WindowEvent::Destroyed => {
            watched.state::<PopoverTracker>().mark_destroyed();
            report_destroyed(&watched);
        }
        _ => {}
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
            let popover = window.state::<PopoverTracker>();
            if popover.current_request() != (request, true) || popover.is_pinned() {
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
