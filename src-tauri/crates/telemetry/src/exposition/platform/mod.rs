//! The metrics of this process, as each system tells them.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(not(target_os = "linux"))]
mod other;

#[cfg(target_os = "linux")]
pub(crate) use linux::process_families;
#[cfg(not(target_os = "linux"))]
pub(crate) use other::process_families;
