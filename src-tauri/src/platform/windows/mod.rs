//! The shell's platform code for Windows.

pub(crate) mod autostart;
pub(crate) mod icon_style;
pub(crate) mod screen;
