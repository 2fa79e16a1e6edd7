//! The shell's platform code for Linux.

pub(crate) mod autostart;
pub(crate) mod clipboard;
pub(crate) mod display;
pub(crate) mod file_manager;
pub(crate) mod icon_style;
pub(crate) mod screen;
pub(crate) mod shortcut;
pub(crate) mod surface;
pub(crate) mod tray_support;
pub(crate) mod window;
