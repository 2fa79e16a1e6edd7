//! The popover's window: made on a click, destroyed when it is dismissed.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tauri::{
    AppHandle, Manager, PhysicalPosition, WebviewUrl, WebviewWindow, WebviewWindowBuilder, WindowEvent,
    webview::NewWindowResponse,
};
use token_monitor_desktop::{Area, Monitor, Point, Size, place};

use crate::desktop;

/// The window's name, which the capability file grants its few commands to.
pub(crate) const LABEL: &str = "popover";

/// Its size when it opens, the least and the most it can be made, in logical pixels.
const SIZE: (f64, f64) = (380.0, 600.0);
const LEAST: (f64, f64) = (320.0, 400.0);
const MOST: (f64, f64) = (760.0, 900.0);

/// Focus that went to a menu of the popover's own comes back within this time.
const FLICKER: Duration = Duration::from_millis(120);

/// Whether the popover was closed because another window got the focus.
#[derive(Default)]
pub(crate) struct Left(pub(crate) AtomicBool);

/// Opens the popover near a point, fully inside a screen's work area.
///
/// Not as a private session, though nothing of it needs to be kept: such a window has a web context of its own, and
/// from the second on that context does not know where the app's pages come from.
pub(crate) fn open(app: &AppHandle, near: Option<Point>) -> tauri::Result<()> {
    if let Some(window) = app.get_webview_window(LABEL) {
        return window.set_focus();
    }
    let window = WebviewWindowBuilder::new(app, LABEL, WebviewUrl::App("index.html".into()))
        .title("Token Monitor")
        .inner_size(SIZE.0, SIZE.1)
        .min_inner_size(LEAST.0, LEAST.1)
        .max_inner_size(MOST.0, MOST.1)
        .decorations(false)
        .skip_taskbar(true)
        .always_on_top(true)
        .visible(false)
        .disable_drag_drop_handler()
        .on_navigation(is_ours)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .build()?;
    move_to(&window, near)?;
    window.show()?;
    desktop::focus(&window);
    close_when_left(&window);
    Ok(())
}

/// Closes the popover.
pub(crate) fn dismiss(window: &WebviewWindow) {
    if let Err(error) = window.destroy() {
        tracing::warn!(%error, "The popover could not be closed.");
    }
}

/// Whether a WebDriver runs it: then the focus is elsewhere by rights.
fn is_driven() -> bool {
    std::env::var_os("TAURI_WEBVIEW_AUTOMATION").is_some()
}

/// Only pages of the app itself.
fn is_ours(url: &tauri::Url) -> bool {
    url.scheme() == "tauri" || url.host_str() == Some("tauri.localhost")
}

fn move_to(window: &WebviewWindow, near: Option<Point>) -> tauri::Result<()> {
    let monitors: Vec<Monitor> = window.available_monitors()?.iter().map(monitor).collect();
    if monitors.is_empty() {
        // Where clients may not place themselves the compositor does.
        return Ok(());
    }
    let size = Size { width: SIZE.0 as u32, height: SIZE.1 as u32 };
    let Point { x, y } = place(near, size, &monitors);
    window.set_position(PhysicalPosition::new(x, y))
}

fn monitor(monitor: &tauri::Monitor) -> Monitor {
    let work = monitor.work_area();
    Monitor {
        area: area(*monitor.position(), *monitor.size()),
        work_area: area(work.position, work.size),
        scale: monitor.scale_factor(),
    }
}

fn area(corner: PhysicalPosition<i32>, size: tauri::PhysicalSize<u32>) -> Area {
    Area { corner: Point { x: corner.x, y: corner.y }, width: size.width, height: size.height }
}

/// Closes the popover once it had the focus and lost it for good.
fn close_when_left(window: &WebviewWindow) {
    if is_driven() {
        return;
    }
    let watched = window.clone();
    window.on_window_event(move |event| {
        if matches!(event, WindowEvent::Focused(false)) {
            let left = watched.clone();
            tauri::async_runtime::spawn(async move {
                tokio::time::sleep(FLICKER).await;
                let window = left.clone();
                // It may be gone already.
                let _ = left.run_on_main_thread(move || {
                    if !desktop::has_focus(&window) {
                        window.state::<Left>().0.store(true, Ordering::Relaxed);
                        dismiss(&window);
                    }
                });
            });
        }
    });
}
