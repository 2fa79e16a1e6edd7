//! GTK windows: focus, crashed pages, and the environment of the web views. Also the paths of the other programs.

use std::path::PathBuf;

use gtk::gdk::WindowTypeHint;
use gtk::prelude::{Cast, GtkWindowExt, WidgetExt, WidgetExtManual};
use tauri::WebviewWindow;
use webkit2gtk::WebViewExt;

use crate::platform::Focus;

/// Focuses a visible window. A hidden one is focused when it is mapped: mapping it here would be earlier than the
/// requests for its size and place, which are queued. Under X11 this requires the server's time: without it, window
/// managers assume that the window appeared by itself and do not focus it.
pub(crate) fn focus_window(window: &WebviewWindow) {
    let Ok(native) = window.gtk_window() else { return };
    if !native.is_visible() {
        return;
    }
    let time = native.window().and_then(|surface| surface.downcast::<gdkx11::X11Window>().ok());
    match time {
        Some(surface) => native.present_with_time(gdkx11::functions::x11_get_server_time(&surface)),
        None => native.present(),
    }
    // Key events go to the focused widget of the window, which has none by default.
    if let Err(error) = window.with_webview(|view| view.inner().grab_focus()) {
        tracing::debug!(%error, "Could not focus the page.");
    }
}

/// Focuses a window each time it is mapped. Window managers do not really focus a hidden window that requests it
/// before.
pub(crate) fn focus_when_shown(window: &WebviewWindow) {
    let Ok(native) = window.gtk_window() else { return };
    let shown = window.clone();
    native.connect_map_event(move |_, _| {
        focus_window(&shown);
        gtk::glib::Propagation::Proceed
    });
}

/// Returns the location of the focus. Tooltips do not take the focus.
pub(crate) fn focus_state(window: &WebviewWindow) -> Focus {
    let is_menu = |top: gtk::Window| {
        top.is_visible() && top.window_type() == gtk::WindowType::Popup && top.type_hint() != WindowTypeHint::Tooltip
    };
    let mut windows = gtk::Window::list_toplevels().into_iter().filter_map(|top| top.downcast::<gtk::Window>().ok());
    if window.gtk_window().is_ok_and(|native| native.is_active()) {
        Focus::Own
    } else if windows.any(is_menu) {
        Focus::Menu
    } else {
        Focus::Elsewhere
    }
}

/// Calls a function when the page's process ends, which would leave an empty window.
pub(crate) fn on_page_terminated(window: &WebviewWindow, action: fn(&WebviewWindow)) {
    let watched = window.clone();
    let connected = window.with_webview(move |view| {
        view.inner().connect_web_process_terminated(move |_, reason| {
            tracing::warn!(?reason, "The page's process ended.");
            let watched = watched.clone();
            // Delayed, since the web view must outlive its signal.
            gtk::glib::idle_add_local_once(move || action(&watched));
        });
    });
    if let Err(error) = connected {
        tracing::debug!(%error, "Cannot watch the page's process.");
    }
}

/// Sets the environment variables of the toolkit and its web views. Must be called before the first window.
///
/// WebKit's DMA-BUF renderer shows blank windows with some drivers and uses more memory with all of them. Wayland
/// clients cannot position their windows, but X11 clients can under GNOME and KDE, so that the popover opens beside the
/// panel. Other compositors position all windows themselves, and the app stays a Wayland client.
pub(crate) fn prepare_environment() {
    set_default_env("WEBKIT_DISABLE_DMABUF_RENDERER", "1");
    let desktop = std::env::var("XDG_CURRENT_DESKTOP").unwrap_or_default();
    let is_set = |display: &str| std::env::var_os(display).is_some_and(|name| !name.is_empty());
    if is_set("WAYLAND_DISPLAY") && is_set("DISPLAY") && desktop.split(':').any(|name| matches!(name, "GNOME" | "KDE"))
    {
        set_default_env("GDK_BACKEND", "x11,wayland");
    }
}

fn set_default_env(name: &str, value: &str) {
    if std::env::var_os(name).is_none() {
        set_env_single_threaded(name, value);
    }
}

#[expect(unsafe_code, reason = "WebKit and GTK read this only from the environment")]
fn set_env_single_threaded(name: &str, value: &str) {
    // SAFETY: called at the start of the process, when it has one thread.
    unsafe { std::env::set_var(name, value) };
}

/// Returns the path of the daemon's program.
pub(crate) fn daemon_program() -> std::io::Result<Option<PathBuf>> {
    program_beside_this("token-monitor-tray").map(Some)
}

/// Returns the path of the command.
pub(crate) fn command_program() -> std::io::Result<PathBuf> {
    program_beside_this("token-monitor")
}

/// Returns the path of a program in the same folder as this one.
fn program_beside_this(name: &str) -> std::io::Result<PathBuf> {
    Ok(std::env::current_exe()?.with_file_name(name))
}
