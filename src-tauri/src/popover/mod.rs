//! The popover: its window, the place of the window, and its state between two requests.

mod popover_window;
mod position;
mod state;

pub(crate) use crate::popover::popover_window::{dismiss, open, visibility};
pub(crate) use crate::popover::state::{Frame, OnDismiss, PopoverTracker};
