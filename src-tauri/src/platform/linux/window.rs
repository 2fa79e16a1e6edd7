//! Focus under GTK, pages whose process is gone, and where the other program lies.

use std::path::PathBuf;

use gtk::gdk::WindowTypeHint;
use gtk::prelude::{Cast, GtkWindowExt, WidgetExt, WidgetExtManual};
use tauri::WebviewWindow;
use webkit2gtk::WebViewExt;

use crate::popover::Focus;

/// Gives a window the focus. Under X11 that takes the server's time: with none, window managers take it for a
/// window that came up by itself, and leave the focus where it is.
pub(crate) fn focus(window: &WebviewWindow) {
    let Ok(native) = window.gtk_window() else { return };
    let time = native.window().and_then(|surface| surface.downcast::<gdkx11::X11Window>().ok());
    match time {
        Some(surface) => native.present_with_time(gdkx11::functions::x11_get_server_time(&surface)),
        None => native.present(),
    }
    // A focused window gives its keys to the widget that has the focus in it, which is none by itself.
    if let Err(error) = window.with_webview(|view| view.inner().grab_focus()) {
        tracing::debug!(%error, "The page did not get the focus.");
    }
}

/// Gives a window the focus each time it has come on the screen: asked for it before that, window managers give it to
/// one that comes back from out of sight in name only.
pub(crate) fn focus_when_shown(window: &WebviewWindow) {
    let Ok(native) = window.gtk_window() else { return };
    let shown = window.clone();
    native.connect_map_event(move |_, _| {
        focus(&shown);
        gtk::glib::Propagation::Proceed
    });
}

/// Where the focus is. What GTK shows while the pointer rests on something takes none.
pub(crate) fn focus_of(window: &WebviewWindow) -> Focus {
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

/// Does something about a window whose page has lost its process: it would stay, and stay empty.
pub(crate) fn when_page_dies(window: &WebviewWindow, then: fn(&WebviewWindow)) {
    let watched = window.clone();
    let listening = window.with_webview(move |view| {
        view.inner().connect_web_process_terminated(move |_, reason| {
            tracing::warn!(?reason, "The popover's page is gone.");
            let watched = watched.clone();
            // Not from within its own signal: the web view must outlive that.
            gtk::glib::idle_add_local_once(move || then(&watched));
        });
    });
    if let Err(error) = listening {
        tracing::debug!(%error, "Nobody looks after the popover's page.");
    }
}

/// What web views and the toolkit need to be told before the first window.
///
/// The renderer that shares buffers with the graphics card shows blank windows with some drivers, and takes more memory
/// with all of them. And Wayland lets no client say where its windows go: GNOME's and KDE's compositors let those of
/// X11 do, so that the popover opens beside the panel; others place all windows themselves, and those stay native.
pub(crate) fn prepare() {
    prefer("WEBKIT_DISABLE_DMABUF_RENDERER", "1");
    let desktop = std::env::var("XDG_CURRENT_DESKTOP").unwrap_or_default();
    let is_there = |display: &str| std::env::var_os(display).is_some_and(|name| !name.is_empty());
    if is_there("WAYLAND_DISPLAY")
        && is_there("DISPLAY")
        && desktop.split(':').any(|name| matches!(name, "GNOME" | "KDE"))
    {
        prefer("GDK_BACKEND", "x11,wayland");
    }
}

fn prefer(name: &str, value: &str) {
    if std::env::var_os(name).is_none() {
        set_before_any_thread(name, value);
    }
}

#[expect(unsafe_code, reason = "WebKit and GTK take this from the environment alone")]
fn set_before_any_thread(name: &str, value: &str) {
    // SAFETY: called first thing in a process that has one thread.
    unsafe { std::env::set_var(name, value) };
}

/// The program that stays in the tray.
pub(crate) fn resident_program() -> std::io::Result<Option<PathBuf>> {
    command_program().map(Some)
}

/// The command, which lies beside this program.
pub(crate) fn command_program() -> std::io::Result<PathBuf> {
    Ok(std::env::current_exe()?.with_file_name("token-monitor"))
}
