//! Screens as Windows tells them, in physical pixels.

use tauri::{PhysicalPosition, WebviewWindow};
use token_monitor_tray::{Monitor, Point};

use crate::platform::monitors::physical;

/// The screens, the primary first.
pub(crate) fn monitors(window: &WebviewWindow) -> tauri::Result<Vec<Monitor>> {
    physical(window)
}

/// A click comes in the units of the screens.
pub(crate) fn anchor(_: &WebviewWindow, click: Point, _: &[Monitor]) -> Point {
    click
}

/// Puts a window there.
pub(crate) fn put(window: &WebviewWindow, corner: Point) -> tauri::Result<()> {
    window.set_position(PhysicalPosition::new(corner.x, corner.y))
}
