//! The result of a start on Linux, where the desktop may have no tray.

use token_monitor_tray::TraySupport;

use crate::launcher::StartResult;

/// Returns the result of a start on this desktop.
pub(crate) fn start_result() -> StartResult {
    match TraySupport::detect() {
        TraySupport::Tray => StartResult::InTray,
        TraySupport::NoTray => StartResult::WithoutTray,
        TraySupport::NoBus => StartResult::WithoutBus,
    }
}
