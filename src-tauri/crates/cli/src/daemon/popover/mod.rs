//! The popover: a process of the desktop app, started, kept and ended by the tray process.

mod controller;
mod process;

pub(crate) use crate::daemon::popover::controller::PopoverController;
