//! The monitors as the window toolkit reports them.

use tauri::{PhysicalPosition, WebviewWindow};
use token_monitor_tray::{Area, Monitor, Point};

/// Returns all monitors in physical pixels, the primary one first.
pub(crate) fn physical(window: &WebviewWindow) -> tauri::Result<Vec<Monitor>> {
    let primary = window.primary_monitor()?.map(|primary| *primary.position());
    let mut monitors = window.available_monitors()?;
    monitors.sort_by_key(|monitor| Some(*monitor.position()) != primary);
    Ok(monitors.iter().map(monitor).collect())
}

fn monitor(monitor: &tauri::Monitor) -> Monitor {
    let work = monitor.work_area();
    Monitor {
        area: area(*monitor.position(), *monitor.size()),
        work_area: area(work.position, work.size),
        scale: monitor.scale_factor(),
    }
}

fn area(corner: PhysicalPosition<i32>, size: tauri::PhysicalSize<u32>) -> Area {
    Area { corner: Point { x: corner.x, y: corner.y }, width: size.width, height: size.height }
}
