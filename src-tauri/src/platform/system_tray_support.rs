//! The result of a start on macOS and Windows, which always have a tray.

use crate::launcher::StartResult;

/// Returns that the icon is in the tray.
pub(crate) fn start_result() -> StartResult {
    StartResult::InTray
}
