//! Processes on Linux: their identity from `/proc`, and waiting for their end with pidfds.

use std::fs;
use std::io::{PipeWriter, pipe};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::MetadataExt;
use std::thread;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::process::{Pid, PidfdFlags, pidfd_open};
use token_monitor_core::agents::ProcessIdentity;
use token_monitor_store::fs_permissions;

/// The stack of the waiting thread in bytes. It calls only `poll` and the callback.
const STACK_BYTES: usize = 128 << 10;

/// Returns true if the process runs and is the one that was described: its namespace, owner and start are the same.
pub(crate) fn is_running(process: &ProcessIdentity) -> bool {
    let folder = format!("/proc/{}", process.pid);
    let is_own = fs::metadata(&folder).is_ok_and(|metadata| metadata.uid() == fs_permissions::user_id());
    let start = fs::read_to_string(folder + "/stat").ok().and_then(|stat| live_start(&stat).map(str::to_owned));
    is_own && start.is_some_and(|start| start == process.start) && is_own_domain(process.domain.as_deref())
}

/// Returns the start of a process in clock ticks since boot, field 22 of its `stat`; `None` if it has ended. The name in
/// field 2 may contain spaces and parentheses.
fn live_start(stat: &str) -> Option<&str> {
    let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace();
    let state = fields.next()?;
    // A process that has ended is a zombie until its parent reads its exit code.
    if matches!(state, "Z" | "X" | "x") { None } else { fields.nth(18) }
}

/// Returns true if ids of a domain `linux:<machine id>:pid:[<namespace>]` are those of this process.
fn is_own_domain(domain: Option<&str>) -> bool {
    let Some(domain) = domain else { return true };
    let namespace = fs::read_link("/proc/self/ns/pid").unwrap_or_default();
    let machine = fs::read_to_string("/etc/machine-id").ok();
    fits_domain(domain, &namespace.to_string_lossy(), machine.as_deref().map(str::trim))
}

/// Compares a domain with a namespace, and with the id of the machine if that is known.
fn fits_domain(domain: &str, namespace: &str, machine: Option<&str>) -> bool {
    let parts = domain.strip_prefix("linux:").and_then(|rest| rest.split_once(':'));
    parts.is_some_and(|(id, own)| own == namespace && machine.is_none_or(|machine| machine.is_empty() || machine == id))
}

/// Waits for the end of processes on a thread that uses no time until one ends. Dropping it ends the thread.
#[derive(Debug)]
pub(crate) struct ExitWatch {
    /// Its end closes the pipe, which wakes the thread.
    _wake: PipeWriter,
}

impl ExitWatch {
    /// Starts to wait. `on_exit` is called once, when the first of the processes ends. Returns `None` if the system cannot
    /// report it.
    pub(crate) fn start(processes: &[ProcessIdentity], on_exit: impl FnOnce() + Send + 'static) -> Option<Self> {
        let open = |process: &ProcessIdentity| {
            let pid = i32::try_from(process.pid).ok().and_then(Pid::from_raw)?;
            pidfd_open(pid, PidfdFlags::empty()).ok()
        };
        let handles: Vec<OwnedFd> = processes.iter().map(open).collect::<Option<_>>()?;
        let (wake, writer) = pipe().ok()?;
        let wait = move || {
            let mut polled: Vec<PollFd<'_>> = vec![PollFd::from_borrowed_fd(wake.as_fd(), PollFlags::IN)];
            polled.extend(handles.iter().map(|handle| PollFd::from_borrowed_fd(handle.as_fd(), PollFlags::IN)));
            loop {
                match poll(&mut polled, None) {
                    Ok(_) if !polled[0].revents().is_empty() => return,
                    Ok(_) => return on_exit(),
                    Err(rustix::io::Errno::INTR) => {}
                    Err(_) => return,
                }
            }
        };
        let builder = thread::Builder::new().name("agents".to_owned()).stack_size(STACK_BYTES);
        builder.spawn(wait).ok().map(|_| Self { _wake: writer })
    }
}

#[cfg(test)]
mod tests {
    use std::process::{Child, Command};
    use std::sync::mpsc::{self, RecvTimeoutError};
    use std::time::Duration;

    use token_monitor_core::time::Timestamp;
    use token_monitor_test_support::DEADLINE;

    use super::*;

    fn start_process() -> Child {
        Command::new("sleep").arg("1000").spawn().expect("sleep can be started")
    }

    fn identity(pid: u32) -> ProcessIdentity {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).expect("it runs");
        let start = live_start(&stat).expect("it runs").to_owned();
        ProcessIdentity { pid, start, started_at: Timestamp(0), domain: None }
    }

    #[test]
    fn the_start_is_found_behind_any_name() {
        let fields =
            |state: &str| format!("7 (a) Z (b) c) {state} 1 7 7 0 -1 4 5 6 7 8 9 10 11 12 13 14 15 16 453144 17");
        assert_eq!(live_start(&fields("S")), Some("453144"));
        assert_eq!(live_start(&fields("Z")), None, "a zombie has ended");
        assert_eq!(live_start("7 (a"), None);
    }

    #[test]
    fn a_domain_names_the_machine_and_the_namespace() {
        let domain = "linux:0123:pid:[4026531836]";
        assert!(fits_domain(domain, "pid:[4026531836]", Some("0123")));
        assert!(fits_domain(domain, "pid:[4026531836]", None), "the id of the machine is unknown");
        assert!(!fits_domain(domain, "pid:[4026532000]", Some("0123")), "it is the id of a container");
        assert!(!fits_domain(domain, "pid:[4026531836]", Some("4567")), "the home is shared between computers");
        assert!(!fits_domain("darwin:0123", "pid:[4026531836]", None));
    }

    #[test]
    fn a_process_with_another_start_is_not_the_same() {
        let mut child = start_process();
        let own = identity(child.id());
        assert!(is_running(&own));
        assert!(!is_running(&ProcessIdentity { start: "1".to_owned(), ..own.clone() }));
        let elsewhere = Some("linux:0:pid:[1]".to_owned());
        assert!(!is_running(&ProcessIdentity { domain: elsewhere, ..own.clone() }));
        child.kill().expect("it is ours");
        let (sender, receiver) = mpsc::channel();
        let watch = ExitWatch::start(std::slice::from_ref(&own), move || sender.send(()).expect("it is awaited"));
        assert_eq!(watch.map(|_watch| receiver.recv_timeout(DEADLINE)), Some(Ok(())));
        assert!(!is_running(&own), "it is a zombie");
        child.wait().expect("it has ended");
        assert!(!is_running(&own));
    }

    #[test]
    fn a_dropped_watch_calls_nothing() {
        let mut child = start_process();
        let (sender, receiver) = mpsc::channel();
        drop(ExitWatch::start(&[identity(child.id())], move || sender.send(()).expect("it is awaited")));
        assert_eq!(receiver.recv_timeout(DEADLINE), Err(RecvTimeoutError::Disconnected), "the thread ended");
        child.kill().expect("it is ours");
        child.wait().expect("it has ended");
        assert_eq!(receiver.recv_timeout(Duration::ZERO), Err(RecvTimeoutError::Disconnected));
    }
}
