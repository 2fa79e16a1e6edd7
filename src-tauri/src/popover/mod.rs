//! The popover's window: made on a click; destroyed when it is dismissed, or kept out of sight for a while.

mod position;
mod state;

use std::time::Duration;

use tauri::webview::NewWindowResponse;
use tauri::{AppHandle, Manager, WebviewUrl, WebviewWindow, WebviewWindowBuilder, WindowEvent};
use token_monitor_tray::{Became, Opening, Point};

use crate::platform::window;
use crate::{app, commands};

pub(crate) use crate::popover::state::{Frame, Popover, Stay};

/// The window's name, which the capability file grants its few commands to.
pub(crate) const LABEL: &str = "popover";

/// Its size when it opens, the least and the most it can be made, in logical pixels.
const SIZE: (f64, f64) = (380.0, 600.0);
const LEAST: (f64, f64) = (320.0, 400.0);
const MOST: (f64, f64) = (760.0, 900.0);

/// Focus that went to a menu of the popover's own comes back within this time.
const FLICKER: Duration = Duration::from_millis(120);

/// A popover that was kept shows figures of this instant, unless they take longer than this to come.
const FRESH: Duration = Duration::from_millis(100);

/// Where the focus is, as far as a popover has to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Focus {
    /// In its window.
    Own,
    /// In a menu that came out of it.
    #[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "elsewhere a menu counts as its window"))]
    Menu,
    /// With somebody else.
    Elsewhere,
}

/// What a click has to know of the popover.
pub(crate) fn state(app: &AppHandle) -> token_monitor_tray::Popover {
    app.state::<Popover>().for_a_click(app.get_webview_window(LABEL).is_some())
}

/// Opens the popover, fully inside a screen's work area. To be called on the main thread.
///
/// Not as a private session, though nothing of it needs to be kept: such a window has a web context of its own, and
/// from the second on that context does not know where the app's pages come from.
pub(crate) fn open(app: &AppHandle, opening: &Opening, frame: Frame) -> tauri::Result<()> {
    let was_shown = app.state::<Popover>().begin(opening.route.as_ref());
    match app.get_webview_window(LABEL) {
        Some(window) => bring_back(window, opening, was_shown),
        None => {
            app.state::<Popover>().is_made(frame);
            let window = build(app, frame)?;
            window::focus_when_shown(&window);
            appear(&window, opening.near)?;
            window::when_page_dies(&window, give_up);
            tell_when_gone(&window);
            if frame == Frame::Popover {
                close_when_left(&window);
            }
        }
    }
    Ok(())
}

fn build(app: &AppHandle, frame: Frame) -> tauri::Result<WebviewWindow> {
    let is_window = frame == Frame::Window;
    WebviewWindowBuilder::new(app, LABEL, WebviewUrl::App("index.html".into()))
        .title("Token Monitor")
        .inner_size(SIZE.0, SIZE.1)
        .min_inner_size(LEAST.0, LEAST.1)
        .max_inner_size(MOST.0, MOST.1)
        .decorations(is_window)
        .skip_taskbar(!is_window)
        .always_on_top(!is_window)
        .visible(false)
        .disable_drag_drop_handler()
        .on_navigation(is_ours)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .build()
}

/// Shows one that is there, with the figures of this instant.
fn bring_back(window: WebviewWindow, opening: &Opening, was_shown: bool) {
    if let Some(route) = &opening.route {
        commands::tell_route(window.app_handle(), route);
    }
    if was_shown {
        return window::focus(&window);
    }
    let near = opening.near;
    tauri::async_runtime::spawn(async move {
        refresh(window.app_handle()).await;
        // It may be gone already.
        let _ = window.clone().run_on_main_thread(move || {
            let shown = window.state::<Popover>().is_shown().then(|| appear(&window, near));
            if let Some(Err(error)) = shown {
                tracing::warn!(%error, "The popover could not be shown.");
            }
        });
    });
}

async fn refresh(app: &AppHandle) {
    let source = app.state::<app::Source>();
    let asked = async { source.get().await?.snapshot().await };
    if let Ok(Ok(snapshot)) = tokio::time::timeout(FRESH, asked).await {
        commands::tell_snapshot(app, &snapshot);
    }
}

fn appear(window: &WebviewWindow, near: Option<Point>) -> tauri::Result<()> {
    position::move_to(window, near)?;
    window.show()?;
    window::focus(window);
    Ok(())
}

/// Takes the popover off the screen.
pub(crate) fn dismiss(window: &WebviewWindow, became: Became) {
    let popover = window.state::<Popover>();
    if !popover.leave(became) {
        return;
    }
    match popover.stays() {
        Stay::Not => destroy(window),
        Stay::Led => {
            hide(window);
            commands::say(popover.told(became));
        }
        Stay::For(time) => {
            hide(window);
            destroy_after(window.clone(), time);
        }
    }
}

fn hide(window: &WebviewWindow) {
    if let Err(error) = window.hide() {
        tracing::warn!(%error, "The popover could not be hidden.");
    }
}

/// Ends a window whose page died. The resident hears of it first: a click on what just vanished opens another.
fn give_up(window: &WebviewWindow) {
    tell_gone(window);
    destroy(window);
}

/// Ends the window and what runs in it.
fn destroy(window: &WebviewWindow) {
    if let Err(error) = window.destroy() {
        tracing::warn!(%error, "The popover could not be closed.");
    }
}

/// Ends it once its time is over, unless it was opened again meanwhile.
fn destroy_after(window: WebviewWindow, time: Duration) {
    let (opening, _) = window.state::<Popover>().now();
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(time).await;
        // It may be gone already.
        let _ = window.clone().run_on_main_thread(move || {
            if window.state::<Popover>().now() == (opening, false) {
                destroy(&window);
            }
        });
    });
}

/// Has the resident know at once: the process takes a while to end, and a click meanwhile is to open another.
fn tell_when_gone(window: &WebviewWindow) {
    let watched = window.clone();
    window.on_window_event(move |event| {
        if matches!(event, WindowEvent::Destroyed) {
            watched.state::<Popover>().is_gone();
            tell_gone(&watched);
        }
    });
}

fn tell_gone(window: &WebviewWindow) {
    let popover = window.state::<Popover>();
    if popover.is_led() {
        commands::say(popover.told(Became::Gone));
    }
}

/// Whether a WebDriver runs it: then the focus is elsewhere by rights.
fn is_driven() -> bool {
    std::env::var_os("TAURI_WEBVIEW_AUTOMATION").is_some()
}

/// Only pages of the app itself, which Windows knows as a host.
fn is_ours(url: &tauri::Url) -> bool {
    url.scheme() == "tauri" || (cfg!(windows) && url.host_str() == Some("tauri.localhost"))
}

/// Closes the popover once it had the focus and lost it for good.
fn close_when_left(window: &WebviewWindow) {
    if is_driven() {
        return;
    }
    let watched = window.clone();
    window.on_window_event(move |event| {
        // One that was dismissed loses the focus by it, and may be opened again before the wait below is over.
        let (opening, shown) = watched.state::<Popover>().now();
        if matches!(event, WindowEvent::Focused(false)) && shown {
            look_for_the_focus(watched.clone(), opening);
        }
    });
}

/// Closes it if the focus is elsewhere in a moment. While a menu of its own has it, nobody knows where it goes next.
fn look_for_the_focus(window: WebviewWindow, opening: u64) {
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(FLICKER).await;
        // It may be gone already.
        let _ = window.clone().run_on_main_thread(move || {
            if window.state::<Popover>().now() != (opening, true) {
                return;
            }
            match window::focus_of(&window) {
                Focus::Own => {}
                Focus::Menu => look_for_the_focus(window, opening),
                Focus::Elsewhere => dismiss(&window, Became::Left),
            }
        });
    });
}
