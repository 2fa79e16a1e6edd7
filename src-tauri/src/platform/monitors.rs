//! The monitors as the window toolkit reports them.

use tauri::{PhysicalPosition, WebviewWindow};
use token_monitor_tray::{Monitor, ScreenArea, ScreenPoint};

/// Returns all monitors in physical pixels, the primary one first.
pub(crate) fn physical_monitors(window: &WebviewWindow) -> tauri::Result<Vec<Monitor>> {
    let primary = window.primary_monitor()?.map(|primary| *primary.position());
    let mut monitors = window.available_monitors()?;
    monitors.sort_by_key(|monitor| Some(*monitor.position()) != primary);
    Ok(monitors.iter().map(convert_monitor).collect())
}

fn convert_monitor(monitor: &tauri::Monitor) -> Monitor {
    let work = monitor.work_area();
    Monitor {
        area: screen_area(*monitor.position(), *monitor.size()),
        work_area: screen_area(work.position, work.size),
        scale: monitor.scale_factor(),
    }
}

fn screen_area(corner: PhysicalPosition<i32>, size: tauri::PhysicalSize<u32>) -> ScreenArea {
    ScreenArea { corner: ScreenPoint { x: corner.x, y: corner.y }, width: size.width, height: size.height }
}
