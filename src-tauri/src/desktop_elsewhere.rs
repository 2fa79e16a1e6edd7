//! Focus where the window toolkit has it right.

use std::path::PathBuf;

use tauri::WebviewWindow;

/// Gives a window the focus.
pub(crate) fn focus(window: &WebviewWindow) {
    if let Err(error) = window.set_focus() {
        tracing::debug!(%error, "The popover did not get the focus.");
    }
}

/// Whether a window has the focus.
pub(crate) fn has_focus(window: &WebviewWindow) -> bool {
    window.is_focused().unwrap_or(false)
}

/// Nothing has to be told to the web views here.
pub(crate) fn prepare() {}

/// This program stays in the tray itself.
pub(crate) fn resident_program() -> std::io::Result<Option<PathBuf>> {
    Ok(None)
}
