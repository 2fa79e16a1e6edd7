//! Functions that differ between systems: file ids and reads, file system events, the signal of a file that is too large, heap
//! trimming, full paths, paths as bytes, processes and their groups, and WSL distributions.

#[cfg(not(unix))]
mod file_size_signal_other;
#[cfg(unix)]
mod file_size_signal_unix;
#[cfg(target_os = "linux")]
mod fs_events_linux;
#[cfg(not(target_os = "linux"))]
mod fs_events_other;
#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod malloc_trim;
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
mod malloc_trim_other;
#[cfg(not(unix))]
mod path_bytes_other;
#[cfg(unix)]
mod path_bytes_unix;
#[cfg(not(unix))]
mod process_group_other;
#[cfg(unix)]
mod process_group_unix;
#[cfg(target_os = "linux")]
mod process_linux;
#[cfg(target_os = "macos")]
mod process_macos;
#[cfg(not(any(target_os = "linux", target_os = "macos")))]
mod process_other;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(not(unix))]
pub(crate) use crate::platform::file_size_signal_other::ignore_file_size_signal;
#[cfg(unix)]
pub(crate) use crate::platform::file_size_signal_unix::ignore_file_size_signal;
#[cfg(target_os = "linux")]
pub(crate) use crate::platform::fs_events_linux::supports_events;
#[cfg(not(target_os = "linux"))]
pub(crate) use crate::platform::fs_events_other::supports_events;
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub(crate) use crate::platform::malloc_trim::{trim_heap, trim_thread_heap};
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(crate) use crate::platform::malloc_trim_other::{trim_heap, trim_thread_heap};
#[cfg(not(unix))]
pub(crate) use crate::platform::path_bytes_other::{path_from_bytes, path_to_bytes};
#[cfg(unix)]
pub(crate) use crate::platform::path_bytes_unix::{path_from_bytes, path_to_bytes};
#[cfg(not(unix))]
pub(crate) use crate::platform::process_group_other::{configure_group, kill_group};
#[cfg(unix)]
pub(crate) use crate::platform::process_group_unix::{configure_group, kill_group};
#[cfg(target_os = "linux")]
pub(crate) use crate::platform::process_linux::{ExitWatch, is_running};
#[cfg(target_os = "macos")]
pub(crate) use crate::platform::process_macos::{ExitWatch, is_running};
#[cfg(not(any(target_os = "linux", target_os = "macos")))]
pub(crate) use crate::platform::process_other::{ExitWatch, is_running};
#[cfg(unix)]
pub(crate) use crate::platform::unix::{
    file_id, full_path, is_disk_error, is_out_of_files, list_running_distributions, open_for_reading, read_at,
};
#[cfg(windows)]
pub(crate) use crate::platform::windows::{
    file_id, full_path, is_disk_error, is_out_of_files, list_running_distributions, open_for_reading, read_at,
};
