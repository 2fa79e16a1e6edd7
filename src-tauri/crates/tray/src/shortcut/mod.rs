//! The shortcut of the desktop that opens and closes the popover.
//!
//! An X server gives a combination of keys to the first program that asks for it. On a Wayland desktop only the portal
//! for shortcuts can, and it may ask the user first. On macOS and Windows the shell registers the shortcut.

mod event;
#[cfg(target_os = "linux")]
mod listener;
#[cfg(target_os = "linux")]
mod portal;
#[cfg(target_os = "linux")]
mod x11;

pub use event::ShortcutEvent;
#[cfg(target_os = "linux")]
pub use listener::PopoverShortcut;
