//! The popover: its window, the place of the window, and its state between two requests.

mod page_start;
mod popover_window;
mod position;
mod state;

pub(crate) use crate::popover::page_start::EarlyRequests;
pub(crate) use crate::popover::popover_window::{dismiss, mark_painted, open, send_snapshot, visibility};
pub(crate) use crate::popover::position::fit_height;
pub(crate) use crate::popover::state::{Frame, FrameStyle, OnDismiss, PopoverTracker};
