//! What differs between systems: which file a path leads to, where events do not come from, how memory is given back,
//! how a path is spelled in full, how programs are ended, and what else runs beside the system.

#[cfg(not(unix))]
mod group_elsewhere;
#[cfg(unix)]
mod group_unix;
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
mod memory_elsewhere;
#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod memory_glibc;
#[cfg(target_os = "linux")]
mod mounts;
#[cfg(not(target_os = "linux"))]
mod mounts_elsewhere;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(not(unix))]
pub(crate) use group_elsewhere::{as_a_group, end_group};
#[cfg(unix)]
pub(crate) use group_unix::{as_a_group, end_group};
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(crate) use memory_elsewhere::give_back_memory;
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub(crate) use memory_glibc::give_back_memory;
#[cfg(target_os = "linux")]
pub(crate) use mounts::tells_of_changes;
#[cfg(not(target_os = "linux"))]
pub(crate) use mounts_elsewhere::tells_of_changes;
#[cfg(unix)]
pub(crate) use unix::{file_id, open_for_reading, read_at, running_distributions, whole_path};
#[cfg(windows)]
pub(crate) use windows::{file_id, open_for_reading, read_at, running_distributions, whole_path};
