//! The surface of the popover's window on macOS and Windows, which draw the corners and the shadow themselves.

use tauri::WebviewWindow;

use crate::popover::FrameStyle;

/// Returns the style of a popover without decorations.
pub(crate) fn popover_style() -> FrameStyle {
    FrameStyle::System
}

/// Returns zero: the shadow is not part of the window.
pub(crate) fn margin(_: FrameStyle) -> u32 {
    0
}

/// Does nothing: the window has no margins.
pub(crate) fn prepare(_: &WebviewWindow, _: fn(&WebviewWindow)) {}

/// Does nothing: the style never changes.
pub(crate) fn apply_style(_: &WebviewWindow) {}

/// Does nothing: a hidden window is hidden by the system.
pub(crate) fn conceal(_: &WebviewWindow) {}

/// Does nothing: a window that is shown is visible.
pub(crate) fn reveal(_: &WebviewWindow) {}
