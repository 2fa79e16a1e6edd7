//! What differs between systems: which file a path leads to, where events do not come from, how memory is given back,
//! how a path is spelled in full, how programs are ended, and what else runs beside the system.

#[cfg(target_os = "linux")]
mod fs_events_linux;
#[cfg(not(target_os = "linux"))]
mod fs_events_other;
#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod malloc_trim;
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
mod malloc_trim_other;
#[cfg(not(unix))]
mod process_group_other;
#[cfg(unix)]
mod process_group_unix;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(target_os = "linux")]
pub(crate) use crate::platform::fs_events_linux::tells_of_changes;
#[cfg(not(target_os = "linux"))]
pub(crate) use crate::platform::fs_events_other::tells_of_changes;
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub(crate) use crate::platform::malloc_trim::give_back_memory;
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(crate) use crate::platform::malloc_trim_other::give_back_memory;
#[cfg(not(unix))]
pub(crate) use crate::platform::process_group_other::{as_a_group, end_group};
#[cfg(unix)]
pub(crate) use crate::platform::process_group_unix::{as_a_group, end_group};
#[cfg(unix)]
pub(crate) use crate::platform::unix::{file_id, open_for_reading, read_at, running_distributions, whole_path};
#[cfg(windows)]
pub(crate) use crate::platform::windows::{file_id, open_for_reading, read_at, running_distributions, whole_path};
