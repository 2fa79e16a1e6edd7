//! There is no Dock to stay out of, and a second start is a second process.

use tauri::{App, RunEvent};

/// Nothing to do.
pub(crate) fn stay_out(_: &mut App) {}

/// Never.
pub(crate) fn is_opened_again(_: &RunEvent) -> bool {
    false
}
