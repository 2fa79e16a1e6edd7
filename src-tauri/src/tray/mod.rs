//! The tray of the single-process app.

mod menu;
mod tray_icon;

pub(crate) use crate::tray::tray_icon::{Tray, TrayUpdate, apply_autostart, report_autostart, toggle_popover};
