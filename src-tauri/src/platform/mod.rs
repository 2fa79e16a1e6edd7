//! The parts of the shell that differ between systems. Each system offers the same modules with the same functions.

mod autostart_action;
mod copy_format;
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
mod no_display;
#[cfg(not(target_os = "macos"))]
pub(crate) mod no_dock;
#[cfg(not(target_os = "linux"))]
pub(crate) mod system_display;
#[cfg(not(target_os = "linux"))]
pub(crate) mod system_file_manager;
#[cfg(not(target_os = "linux"))]
pub(crate) mod system_shortcut;
#[cfg(not(target_os = "linux"))]
pub(crate) mod system_surface;
#[cfg(not(target_os = "linux"))]
pub(crate) mod system_tray_support;
#[cfg(windows)]
mod windows;

pub(crate) use autostart_action::AutostartAction;
pub(crate) use copy_format::CopyFormat;
pub(crate) use focus::Focus;
#[cfg(target_os = "linux")]
pub(crate) use linux::{
    autostart, clipboard, display, file_manager, icon_style, screen, shortcut, surface, tray_support, window,
};
#[cfg(target_os = "macos")]
pub(crate) use macos::{autostart, dock, icon_style, screen};
#[cfg(not(target_os = "linux"))]
pub(crate) use native_window as window;
#[cfg(not(target_os = "linux"))]
pub(crate) use no_clipboard as clipboard;
pub(crate) use no_display::NoDisplay;
#[cfg(not(target_os = "macos"))]
pub(crate) use no_dock as dock;
#[cfg(not(target_os = "linux"))]
pub(crate) use system_display as display;
#[cfg(not(target_os = "linux"))]
pub(crate) use system_file_manager as file_manager;
#[cfg(not(target_os = "linux"))]
pub(crate) use system_shortcut as shortcut;
#[cfg(not(target_os = "linux"))]
pub(crate) use system_surface as surface;
#[cfg(not(target_os = "linux"))]
pub(crate) use system_tray_support as tray_support;
#[cfg(windows)]
pub(crate) use windows::{autostart, icon_style, screen};
