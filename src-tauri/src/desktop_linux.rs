//! Focus under GTK, pages whose process is gone, and where the other program lies.

use std::path::PathBuf;

use gtk::prelude::{Cast, GtkWindowExt, WidgetExt, WidgetExtManual};
use tauri::WebviewWindow;
use webkit2gtk::WebViewExt;

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

/// Whether a window or a menu of its own has the focus.
pub(crate) fn has_focus(window: &WebviewWindow) -> bool {
    let menu_is_open = gtk::Window::list_toplevels().into_iter().any(|top| {
        let visible = top.is_visible();
        top.downcast::<gtk::Window>().is_ok_and(|top| visible && top.window_type() == gtk::WindowType::Popup)
    });
    menu_is_open || window.gtk_window().is_ok_and(|native| native.is_active())
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

/// What web views need to be told before the first starts: the renderer that shares buffers with the graphics
/// card shows blank windows with some drivers, and takes more memory with all of them.
pub(crate) fn prepare() {
    const RENDERER: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
    if std::env::var_os(RENDERER).is_none() {
        set_before_any_thread(RENDERER, "1");
    }
}

#[expect(unsafe_code, reason = "WebKit takes this from the environment alone")]
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
