//! What the crate does with the world outside: its pixels as files, and its icon and its notifications on a
//! private bus.

#[cfg(target_os = "linux")]
mod bus;
#[cfg(target_os = "linux")]
mod dunst;
#[cfg(target_os = "linux")]
mod item;
mod legible;
#[cfg(target_os = "linux")]
mod notices;
#[cfg(target_os = "linux")]
mod panel;
mod pictures;
#[cfg(target_os = "linux")]
mod service;
mod sheet;
