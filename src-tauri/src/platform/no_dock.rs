//! Systems without a Dock. A second start is a second process.

use tauri::{App, RunEvent};

/// Does nothing.
pub(crate) fn hide_dock_icon(_: &mut App) {}

/// Always returns false.
pub(crate) fn is_reopen_event(_: &RunEvent) -> bool {
    false
}
