//! Processes on macOS: a process is recognized by its start, because the form of `procStart` is not known here.

use std::mem;

use token_monitor_core::agents::ProcessIdentity;
use token_monitor_core::time::{MICROS_PER_SECOND, Timestamp};

/// The time in microseconds by which a clock may have been corrected between the start of a process and of Claude Code in
/// it.
const MAX_CLOCK_STEP: i64 = 2 * MICROS_PER_SECOND;

/// Returns true if the process runs and started before Claude Code did in it: a later process with its id started after
/// that.
pub(crate) fn is_running(process: &ProcessIdentity) -> bool {
    start_time(process.pid).is_some_and(|start| start.0 <= process.started_at.0 + MAX_CLOCK_STEP)
}

#[expect(unsafe_code, reason = "proc_pidinfo is a C function")]
fn start_time(pid: u32) -> Option<Timestamp> {
    let pid = i32::try_from(pid).ok()?;
    // SAFETY: the structure has only numbers, for which zeros are valid.
    let mut info: libc::proc_bsdinfo = unsafe { mem::zeroed() };
    let size = i32::try_from(mem::size_of_val(&info)).ok()?;
    // SAFETY: the buffer has the given size, and the call writes at most that.
    let written = unsafe { libc::proc_pidinfo(pid, libc::PROC_PIDTBSDINFO, 0, (&raw mut info).cast(), size) };
    let micros = i64::try_from(info.pbi_start_tvsec).ok()? * MICROS_PER_SECOND;
    (written == size).then_some(Timestamp(micros + i64::try_from(info.pbi_start_tvusec).ok()?))
}

/// Waits for the end of processes. It is not supported here; the caller checks them by time.
#[derive(Debug)]
pub(crate) enum ExitWatch {}

impl ExitWatch {
    /// Returns `None`.
    pub(crate) fn start(_processes: &[ProcessIdentity], _on_exit: impl FnOnce() + Send + 'static) -> Option<Self> {
        None
    }
}
