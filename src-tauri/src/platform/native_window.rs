//! Windows on macOS and Windows: focus, and the paths of the other programs.

use std::path::PathBuf;

use tauri::WebviewWindow;

use crate::platform::Focus;

/// Focuses a window.
pub(crate) fn focus_window(window: &WebviewWindow) {
    if let Err(error) = window.set_focus() {
        tracing::debug!(%error, "Could not focus the popover.");
    }
}

/// Does nothing: a window that is shown again can be focused at once.
pub(crate) fn focus_when_shown(_: &WebviewWindow) {}

/// Returns the location of the focus. Menus are part of their window.
pub(crate) fn focus_state(window: &WebviewWindow) -> Focus {
    if window.is_focused().unwrap_or(false) { Focus::Own } else { Focus::Elsewhere }
}

/// Does nothing: the web views do not report it. A click closes the window, and the next one creates another.
pub(crate) fn on_page_terminated(_: &WebviewWindow, _: fn(&WebviewWindow)) {}

/// Does nothing: the web views need no environment variables.
pub(crate) fn prepare_environment() {}

/// Returns `None`: this program is the tray itself.
pub(crate) fn daemon_program() -> std::io::Result<Option<PathBuf>> {
    Ok(None)
}

/// Returns the path of the command, which is in the same folder as this program.
pub(crate) fn command_program() -> std::io::Result<PathBuf> {
    Ok(std::env::current_exe()?.with_file_name(format!("token-monitor{}", std::env::consts::EXE_SUFFIX)))
}
