//! Screens of macOS in points: with screens of several scales, only these are the same for all of them.
//!
//! The toolkit multiplies each screen by a scale of its own, so that their pixels overlap; it is divided out again here.

use tauri::{LogicalPosition, WebviewWindow};
use token_monitor_tray::{Area, Monitor, Point};

use crate::platform::monitors::physical;

/// The screens, the primary first, a point for a pixel.
pub(crate) fn monitors(window: &WebviewWindow) -> tauri::Result<Vec<Monitor>> {
    Ok(physical(window)?.into_iter().map(in_points).collect())
}

/// A click, where the pointer is: of what the tray tells, nobody knows by which screen's scale it was multiplied.
pub(crate) fn anchor(window: &WebviewWindow, click: Point, _: &[Monitor]) -> Point {
    let primary = window.primary_monitor().ok().flatten().map_or(1.0, |monitor| monitor.scale_factor());
    window.cursor_position().map_or(click, |at| {
        let at = at.to_logical::<f64>(primary);
        Point { x: at.x as i32, y: at.y as i32 }
    })
}

/// Puts a window there.
pub(crate) fn put(window: &WebviewWindow, corner: Point) -> tauri::Result<()> {
    window.set_position(LogicalPosition::new(corner.x, corner.y))
}

fn in_points(monitor: Monitor) -> Monitor {
    let length = |pixels: f64| (pixels / monitor.scale).round();
    let area = |area: Area| Area {
        corner: Point { x: length(area.corner.x.into()) as i32, y: length(area.corner.y.into()) as i32 },
        width: length(area.width.into()) as u32,
        height: length(area.height.into()) as u32,
    };
    Monitor { area: area(monitor.area), work_area: area(monitor.work_area), scale: 1.0 }
}
