//! The parts of the shell that differ between systems. Each system offers the same modules with the same functions.

mod autostart_action;
mod focus;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "macos")]
mod macos;
pub(crate) mod monitors;
#[cfg(not(target_os = "linux"))]
pub(crate) mod native_window;
#[cfg(not(target_os = "linux"))]
pub(crate) mod no_clipboard;
#[cfg(not(target_os = "macos"))]
pub(crate) mod no_dock;
#[cfg(not(target_os = "linux"))]
pub(crate) mod system_surface;
#[cfg(windows)]
mod windows;

pub(crate) use autostart_action::AutostartAction;
pub(crate) use focus::Focus;
#[cfg(target_os = "linux")]
pub(crate) use linux::{autostart, clipboard, icon_style, screen, surface, window};
#[cfg(target_os = "macos")]
pub(crate) use macos::{autostart, dock, icon_style, screen};
#[cfg(not(target_os = "linux"))]
pub(crate) use native_window as window;
#[cfg(not(target_os = "linux"))]
pub(crate) use no_clipboard as clipboard;
#[cfg(not(target_os = "macos"))]
pub(crate) use no_dock as dock;
#[cfg(not(target_os = "linux"))]
pub(crate) use system_surface as surface;
#[cfg(windows)]
pub(crate) use windows::{autostart, icon_style, screen};
