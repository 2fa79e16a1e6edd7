//! The place and the size of the popover's window.

use tauri::{LogicalSize, Manager, PhysicalSize, WebviewWindow};
use token_monitor_tray::{Monitor, PANEL_GAP, Placement, PopoverAnchor, ScreenPoint, WindowSize, place_popover};

use crate::platform::{screen, surface};
use crate::popover::state::{Frame, FrameStyle, PopoverTracker};

/// The size of the page in a popover before it is measured, in logical pixels.
const POPOVER_SIZE: WindowSize = WindowSize { width: 380, height: 600 };

/// The size of the page in a window of its own, in logical pixels. Its layout has two columns.
const WINDOW_SIZE: WindowSize = WindowSize { width: 960, height: 780 };

/// The smallest size of the page in logical pixels.
const MIN_SIZE: WindowSize = WindowSize { width: 320, height: 240 };

/// The largest width of the popover in logical pixels. The height is limited by the work area.
const MAX_WIDTH: u32 = 760;

/// A length that no work area has, in logical pixels.
const MAX_LENGTH: u32 = 20_000;

/// Returns the size of the page before it is measured, in logical pixels.
pub(crate) fn default_size(frame: Frame) -> WindowSize {
    match frame {
        Frame::Popover => POPOVER_SIZE,
        Frame::Window => WINDOW_SIZE,
    }
}

/// Moves the window beside the last click or to the tray, inside a work area, and gives it the size of the page.
pub(crate) fn place_window(window: &WebviewWindow) -> tauri::Result<()> {
    let popover = window.state::<PopoverTracker>();
    let margin = surface::margin(frame_style(popover.frame()));
    let wanted = popover.page_size().unwrap_or(default_size(popover.frame()));
    let monitors = screen::list_monitors(window)?;
    if monitors.is_empty() {
        // Clients cannot place themselves. The compositor does it.
        return resize_page(window, wanted, margin);
    }
    let anchor = anchor(window, &monitors);
    let wanted = fit_with_margins(anchor, wanted, margin, &monitors);
    let Placement { corner, size } = place_popover(anchor, wanted, &monitors);
    resize_page(window, size, margin)?;
    let outset = (f64::from(margin) * window.scale_factor()?) as i32;
    screen::move_window(window, ScreenPoint { x: corner.x - outset, y: corner.y - outset })
}

/// Returns a size of the page whose window fits into the work area with its margins. Window managers move a larger window,
/// although its margins are invisible.
fn fit_with_margins(anchor: PopoverAnchor, page: WindowSize, margin: u32, monitors: &[Monitor]) -> WindowSize {
    let beyond_gap = 2 * margin.saturating_sub(PANEL_GAP);
    let window = WindowSize { width: page.width, height: page.height + beyond_gap };
    let Placement { size, .. } = place_popover(anchor, window, monitors);
    WindowSize { height: size.height.saturating_sub(beyond_gap), ..page }
}

fn anchor(window: &WebviewWindow, monitors: &[Monitor]) -> PopoverAnchor {
    let popover = window.state::<PopoverTracker>();
    match (popover.near(), popover.frame()) {
        (Some(click), _) => PopoverAnchor::Click(screen::to_screen_units(window, click, monitors)),
        (None, Frame::Popover) => PopoverAnchor::Tray,
        (None, Frame::Window) => PopoverAnchor::ScreenCenter,
    }
}

/// Gives the popover the height of its page, as far as the work area allows. Returns the resulting height of the page in
/// logical pixels, or `None` if the window keeps its size: an ordinary window, or one that the user has resized.
pub(crate) fn fit_height(window: &WebviewWindow, height: u32) -> tauri::Result<Option<u32>> {
    let popover = window.state::<PopoverTracker>();
    // A pinned popover may have been moved, and would be placed beside its icon again.
    if popover.frame() == Frame::Window || popover.is_resized_by_user() || popover.is_pinned() {
        return Ok(None);
    }
    let width = popover.page_size().unwrap_or(POPOVER_SIZE).width;
    popover.set_page_size(WindowSize { width, height: height.clamp(MIN_SIZE.height, MAX_LENGTH) });
    place_window(window)?;
    Ok(popover.page_size().map(|size| size.height))
}

/// Returns the style of the edges of a kind of window.
pub(crate) fn frame_style(frame: Frame) -> FrameStyle {
    match frame {
        Frame::Popover => surface::popover_style(),
        Frame::Window => FrameStyle::System,
    }
}

/// Records the size of the window after it was changed.
pub(crate) fn record_size(window: &WebviewWindow, size: PhysicalSize<u32>) {
    let Ok(scale) = window.scale_factor() else { return };
    let popover = window.state::<PopoverTracker>();
    let margins = 2 * surface::margin(frame_style(popover.frame()));
    let LogicalSize { width, height } = size.to_logical::<u32>(scale);
    popover.record_size(WindowSize { width: width.saturating_sub(margins), height: height.saturating_sub(margins) });
}

/// Gives the window the size of the page and its margins. A work area may be smaller than the smallest page.
fn resize_page(window: &WebviewWindow, size: WindowSize, margin: u32) -> tauri::Result<()> {
    let popover = window.state::<PopoverTracker>();
    popover.set_page_size(size);
    popover.mark_requested(size);
    let with_margins =
        |width: u32, height: u32| LogicalSize::new(f64::from(width + 2 * margin), f64::from(height + 2 * margin));
    let widest = if popover.frame() == Frame::Window { MAX_LENGTH } else { MAX_WIDTH };
    let (least, most) = (MIN_SIZE, (widest.max(size.width), MAX_LENGTH));
    window.set_min_size(Some(with_margins(least.width.min(size.width), least.height.min(size.height))))?;
    window.set_max_size(Some(with_margins(most.0, most.1)))?;
    window.set_size(with_margins(size.width, size.height))
}
