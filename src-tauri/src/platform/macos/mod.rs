//! The shell's platform code for macOS.

pub(crate) mod autostart;
pub(crate) mod dock;
pub(crate) mod icon_style;
pub(crate) mod screen;
