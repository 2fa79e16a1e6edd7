//! What differs between systems: which file a path leads to, and where events do not come from.

#[cfg(target_os = "linux")]
mod mounts;
#[cfg(not(target_os = "linux"))]
mod mounts_elsewhere;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(target_os = "linux")]
pub(crate) use mounts::tells_of_changes;
#[cfg(not(target_os = "linux"))]
pub(crate) use mounts_elsewhere::tells_of_changes;
#[cfg(unix)]
pub(crate) use unix::{file_id, open_for_reading, read_at};
#[cfg(windows)]
pub(crate) use windows::{file_id, open_for_reading, read_at};
