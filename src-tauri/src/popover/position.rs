//! Places the popover's window.

use tauri::{LogicalSize, Manager, WebviewWindow};
use token_monitor_tray::{Placement, PopoverAnchor, ScreenPoint, WindowSize, place_popover};

use crate::platform::screen;
use crate::popover::state::{Frame, PopoverTracker};

/// The default, minimum and maximum size of the window in logical pixels.
pub(crate) const DEFAULT_SIZE: (f64, f64) = (380.0, 600.0);
pub(crate) const MIN_SIZE: (f64, f64) = (320.0, 400.0);
pub(crate) const MAX_SIZE: (f64, f64) = (760.0, 900.0);

/// Moves the window beside a click or to the tray, inside a work area.
pub(crate) fn place_window(window: &WebviewWindow, near: Option<ScreenPoint>) -> tauri::Result<()> {
    let monitors = screen::list_monitors(window)?;
    if monitors.is_empty() {
        // Clients cannot place themselves. The compositor does it.
        return Ok(());
    }
    let anchor = match (near, window.state::<PopoverTracker>().frame()) {
        (Some(click), _) => PopoverAnchor::Click(screen::to_screen_units(window, click, &monitors)),
        (None, Frame::Popover) => PopoverAnchor::Tray,
        (None, Frame::Window) => PopoverAnchor::ScreenCenter,
    };
    let wanted = current_size(window);
    let Placement { corner, size } = place_popover(anchor, wanted, &monitors);
    if size != wanted {
        window.set_min_size(Some(LogicalSize::new(f64::from(size.width), f64::from(size.height))))?;
        window.set_size(LogicalSize::new(size.width, size.height))?;
    }
    screen::move_window(window, corner)
}

/// Returns the size chosen by the user, or the default before the window was first shown.
fn current_size(window: &WebviewWindow) -> WindowSize {
    let logical = |window: &WebviewWindow| Some(window.inner_size().ok()?.to_logical(window.scale_factor().ok()?));
    let default = LogicalSize { width: DEFAULT_SIZE.0, height: DEFAULT_SIZE.1 };
    let LogicalSize { width, height } =
        logical(window).filter(|size| size.width >= MIN_SIZE.0 && size.height >= MIN_SIZE.1).unwrap_or(default);
    WindowSize { width: width as u32, height: height as u32 }
}
