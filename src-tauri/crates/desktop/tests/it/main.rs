//! What the crate does with the world outside: its pixels as files, and its icon on a private bus.

#[cfg(target_os = "linux")]
mod bus;
#[cfg(target_os = "linux")]
mod item;
#[cfg(target_os = "linux")]
mod panel;
mod pictures;
