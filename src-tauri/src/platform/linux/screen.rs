//! Screens on Linux, in physical pixels.

use tauri::{PhysicalPosition, WebviewWindow};
use token_monitor_tray::{Monitor, ScreenPoint, to_physical_pixels};

use crate::platform::monitors::physical_monitors;

/// Returns the screens, the primary one first. Native Wayland clients get none.
pub(crate) fn list_monitors(window: &WebviewWindow) -> tauri::Result<Vec<Monitor>> {
    physical_monitors(window)
}

/// Converts the position of a click to physical pixels.
pub(crate) fn to_screen_units(_: &WebviewWindow, click: ScreenPoint, monitors: &[Monitor]) -> ScreenPoint {
    to_physical_pixels(click, monitors)
}

/// Moves a window.
pub(crate) fn move_window(window: &WebviewWindow, corner: ScreenPoint) -> tauri::Result<()> {
    window.set_position(PhysicalPosition::new(corner.x, corner.y))
}
