//! Which screens there are and where windows go on them, in the units in which each system places windows.

use tauri::{PhysicalPosition, WebviewWindow};
use token_monitor_tray::{Area, Monitor, Point};

pub(crate) use crate::platform::screen::{anchor, monitors, put};

/// The screens as the toolkit tells them, the primary first.
fn physical(window: &WebviewWindow) -> tauri::Result<Vec<Monitor>> {
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
