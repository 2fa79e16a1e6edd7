//! The shell's platform code for Linux.

pub(crate) mod autostart;
pub(crate) mod clipboard;
pub(crate) mod icon_style;
pub(crate) mod screen;
pub(crate) mod surface;
pub(crate) mod window;
