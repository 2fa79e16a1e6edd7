//! Focus where the window toolkit has it right.

use std::path::PathBuf;

use tauri::WebviewWindow;

use crate::popover::Focus;

/// Gives a window the focus.
pub(crate) fn focus(window: &WebviewWindow) {
    if let Err(error) = window.set_focus() {
        tracing::debug!(%error, "The popover did not get the focus.");
    }
}

/// Windows that come back take the focus when they are told to.
pub(crate) fn focus_when_shown(_: &WebviewWindow) {}

/// Where the focus is; menus here take it along.
pub(crate) fn focus_of(window: &WebviewWindow) -> Focus {
    if window.is_focused().unwrap_or(false) { Focus::Own } else { Focus::Elsewhere }
}

/// The web views here tell nobody; a click closes the window, and the next makes another.
pub(crate) fn when_page_dies(_: &WebviewWindow, _: fn(&WebviewWindow)) {}

/// Nothing has to be told to the web views here.
pub(crate) fn prepare() {}

/// This program stays in the tray itself.
pub(crate) fn resident_program() -> std::io::Result<Option<PathBuf>> {
    Ok(None)
}

/// The command, which lies beside this program.
pub(crate) fn command_program() -> std::io::Result<PathBuf> {
    Ok(std::env::current_exe()?.with_file_name(format!("token-monitor{}", std::env::consts::EXE_SUFFIX)))
}
