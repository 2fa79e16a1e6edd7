//! Where on the screens the popover's window goes, and how large it is there.

use tauri::{LogicalSize, Manager, WebviewWindow};
use token_monitor_tray::{Anchor, Placement, Point, Size, place};

use crate::popover::{Frame, LEAST, Popover, SIZE};
use crate::platform::screen;

/// Moves the window beside a click, or where trays are, fully inside a work area.
pub(crate) fn move_to(window: &WebviewWindow, near: Option<Point>) -> tauri::Result<()> {
    let monitors = screen::monitors(window)?;
    if monitors.is_empty() {
        // Where clients may not place themselves the compositor does.
        return Ok(());
    }
    let anchor = match (near, window.state::<Popover>().frame()) {
        (Some(click), _) => Anchor::Click(screen::anchor(window, click, &monitors)),
        (None, Frame::Popover) => Anchor::Tray,
        (None, Frame::Window) => Anchor::Nowhere,
    };
    let wanted = size(window);
    let Placement { corner, size } = place(anchor, wanted, &monitors);
    if size != wanted {
        window.set_min_size(Some(LogicalSize::new(f64::from(size.width), f64::from(size.height))))?;
        window.set_size(LogicalSize::new(size.width, size.height))?;
    }
    screen::put(window, corner)
}

/// As large as its user made it; before it was first shown its size says nothing.
fn size(window: &WebviewWindow) -> Size {
    let logical = |window: &WebviewWindow| Some(window.inner_size().ok()?.to_logical(window.scale_factor().ok()?));
    let usual = LogicalSize { width: SIZE.0, height: SIZE.1 };
    let LogicalSize { width, height } =
        logical(window).filter(|size| size.width >= LEAST.0 && size.height >= LEAST.1).unwrap_or(usual);
    Size { width: width as u32, height: height as u32 }
}
