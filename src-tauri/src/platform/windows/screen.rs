//! Screens on Windows, in physical pixels.

use tauri::{PhysicalPosition, WebviewWindow};
use token_monitor_tray::{Monitor, ScreenPoint};

use crate::platform::monitors::physical_monitors;

/// Returns the screens, the primary one first.
pub(crate) fn list_monitors(window: &WebviewWindow) -> tauri::Result<Vec<Monitor>> {
    physical_monitors(window)
}

/// Returns the position unchanged: clicks are in physical pixels.
pub(crate) fn to_screen_units(_: &WebviewWindow, click: ScreenPoint, _: &[Monitor]) -> ScreenPoint {
    click
}

/// Moves a window.
pub(crate) fn move_window(window: &WebviewWindow, corner: ScreenPoint) -> tauri::Result<()> {
    window.set_position(PhysicalPosition::new(corner.x, corner.y))
}
