//! Screens as GTK sees them, in physical pixels.

use tauri::{PhysicalPosition, WebviewWindow};
use token_monitor_tray::{Monitor, Point, in_pixels};

use crate::platform::monitors::physical;

/// The screens, the primary first; none where clients are not told of them, as natively under Wayland.
pub(crate) fn monitors(window: &WebviewWindow) -> tauri::Result<Vec<Monitor>> {
    physical(window)
}

/// A click, where panels told of it, in the units of the screens.
pub(crate) fn anchor(_: &WebviewWindow, click: Point, monitors: &[Monitor]) -> Point {
    in_pixels(click, monitors)
}

/// Puts a window there.
pub(crate) fn put(window: &WebviewWindow, corner: Point) -> tauri::Result<()> {
    window.set_position(PhysicalPosition::new(corner.x, corner.y))
}
