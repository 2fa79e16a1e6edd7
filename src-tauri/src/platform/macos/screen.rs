//! Screens on macOS, in points: only these are consistent between screens of different scales.
//!
//! The toolkit multiplies each screen by its own scale, so that their pixels overlap. This is reverted here.

use tauri::{LogicalPosition, WebviewWindow};
use token_monitor_tray::{Monitor, ScreenArea, ScreenPoint};

use crate::platform::monitors::physical_monitors;

/// Returns the screens in points, the primary one first.
pub(crate) fn list_monitors(window: &WebviewWindow) -> tauri::Result<Vec<Monitor>> {
    Ok(physical_monitors(window)?.into_iter().map(in_points).collect())
}

/// Returns the position of the pointer in points. The reported click is multiplied by the scale of an unknown screen.
pub(crate) fn to_screen_units(window: &WebviewWindow, click: ScreenPoint, _: &[Monitor]) -> ScreenPoint {
    let primary = window.primary_monitor().ok().flatten().map_or(1.0, |monitor| monitor.scale_factor());
    window.cursor_position().map_or(click, |at| {
        let at = at.to_logical::<f64>(primary);
        ScreenPoint { x: at.x as i32, y: at.y as i32 }
    })
}

/// Moves a window.
pub(crate) fn move_window(window: &WebviewWindow, corner: ScreenPoint) -> tauri::Result<()> {
    window.set_position(LogicalPosition::new(corner.x, corner.y))
}

fn in_points(monitor: Monitor) -> Monitor {
    let length = |pixels: f64| (pixels / monitor.scale).round();
    let area = |area: ScreenArea| ScreenArea {
        corner: ScreenPoint { x: length(area.corner.x.into()) as i32, y: length(area.corner.y.into()) as i32 },
        width: length(area.width.into()) as u32,
        height: length(area.height.into()) as u32,
    };
    Monitor { area: area(monitor.area), work_area: area(monitor.work_area), scale: 1.0 }
}
