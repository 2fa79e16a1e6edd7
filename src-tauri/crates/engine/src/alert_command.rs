//! The user's command, run for each alert.
//!
//! It is started without a shell, receives the alert as JSON on standard input, and is killed after ten seconds. Its
//! output is discarded. Commands run one at a time on a separate thread, so a slow one delays nothing else.

use std::collections::VecDeque;
use std::io::Write;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use token_monitor_core::report::model::AlertRow;
use tracing::{info, warn};

use crate::platform;

/// The time after which a command is killed.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(10);

/// The interval between two checks of a running command.
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// The number of queued alerts; the oldest is dropped for a new one.
const MAX_QUEUED_JOBS: usize = 16;

/// The runner of the user's command. Dropping it kills a running command and drops the queue.
#[derive(Debug, Default)]
pub(crate) struct AlertCommand {
    queue: Arc<JobQueue>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct JobQueue {
    state: Mutex<QueueState>,
    changed: Condvar,
}

#[derive(Debug)]
struct QueueState {
    jobs: VecDeque<CommandJob>,
    is_closed: bool,
    /// The time after which a command is killed.
    timeout: Duration,
}

impl Default for QueueState {
    fn default() -> Self {
        Self { jobs: VecDeque::new(), is_closed: false, timeout: COMMAND_TIMEOUT }
    }
}

#[derive(Debug)]
struct CommandJob {
    command: Vec<String>,
    input: Vec<u8>,
}

impl AlertCommand {
    /// Queues a command for an alert. Does nothing if the command is empty.
    pub(crate) fn enqueue(&mut self, command: &[String], row: &AlertRow) {
        if command.is_empty() {
            return;
        }
        let mut input = serde_json::to_vec(row).expect("plain strings and times are JSON");
        input.push(b'\n');
        self.queue.push(CommandJob { command: command.to_vec(), input });
        if self.thread.is_none() {
            let queue = Arc::clone(&self.queue);
            let named = thread::Builder::new().name("alert-command".to_owned());
            // If no thread can be started, the next alert tries again.
            self.thread = named.spawn(move || while queue.next().is_some_and(|job| run_job(job, &queue)) {}).ok();
        }
    }
}

impl Drop for AlertCommand {
    fn drop(&mut self) {
        self.queue.lock_state().is_closed = true;
        self.queue.changed.notify_all();
        if let Some(thread) = self.thread.take() {
            // A panic of the thread has no consequence here.
            let _ = thread.join();
        }
    }
}

impl JobQueue {
    fn lock_state(&self) -> std::sync::MutexGuard<'_, QueueState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, job: CommandJob) {
        let mut waiting = self.lock_state();
        if waiting.jobs.len() >= MAX_QUEUED_JOBS {
            waiting.jobs.pop_front();
        }
        waiting.jobs.push_back(job);
        self.changed.notify_all();
    }

    /// Waits for the next job; None once the queue is closed.
    fn next(&self) -> Option<CommandJob> {
        let mut waiting = self.lock_state();
        loop {
            if waiting.is_closed {
                return None;
            }
            if let Some(job) = waiting.jobs.pop_front() {
                return Some(job);
            }
            waiting = self.changed.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn is_closed(&self) -> bool {
        self.lock_state().is_closed
    }

    /// Returns true if a command that started at `began` may continue.
    fn has_time_left(&self, began: Instant) -> bool {
        let waiting = self.lock_state();
        !waiting.is_closed && began.elapsed() < waiting.timeout
    }
}

/// Runs a job. Returns false once the queue is closed.
fn run_job(job: CommandJob, queue: &JobQueue) -> bool {
    let Some((program, arguments)) = job.command.split_first() else { return true };
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    platform::configure_group(&mut command);
    match command.spawn() {
        Ok(child) => wait_for_exit(child, job.input, queue),
        Err(error) => warn!(program, %error, "Cannot run the alert command."),
    }
    !queue.is_closed()
}

/// Writes the input of a command and waits for its end. Kills it if it takes too long.
fn wait_for_exit(mut child: Child, input: Vec<u8>, queue: &JobQueue) {
    let began = Instant::now();
    if let Some(mut stdin) = child.stdin.take() {
        // On a separate thread, because writing blocks if the command does not read. The thread ends with the command, and
        // a failed write means that the command does not want the input.
        let writing = thread::Builder::new().name("alert-input".to_owned());
        let _detached = writing.spawn(move || drop(stdin.write_all(&input)));
    }
    loop {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => return,
            Ok(Some(status)) => return info!(%status, "The alert command failed."),
            Ok(None) if queue.has_time_left(began) => thread::sleep(POLL_INTERVAL),
            Ok(None) | Err(_) => break,
        }
    }
    warn!("The alert command took too long and was killed.");
    platform::kill_group(&mut child);
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::path::Path;

    use token_monitor_core::report::model::{AlertRule, DeliveryStatus, Route};

    use super::*;

    fn alert_row(id: u64) -> AlertRow {
        AlertRow {
            id,
            at: chrono::DateTime::UNIX_EPOCH,
            rule: AlertRule::Block,
            title: "25% of this block left; $(touch owned)".to_owned(),
            body: String::new(),
            cause: String::new(),
            route: Route::Now,
            fate: DeliveryStatus::Sent,
            is_test: false,
        }
    }

    fn write_script(folder: &Path, text: &str) -> Vec<String> {
        let path = folder.join("command.sh");
        fs::write(&path, text).expect("it is written");
        let folder = folder.to_str().expect("it is text");
        vec!["sh".to_owned(), path.to_str().expect("it is text").to_owned(), folder.to_owned(), "a b;c".to_owned()]
    }

    /// Waits for a file that a command writes.
    fn wait_for_line(path: &Path) -> String {
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            match fs::read_to_string(path) {
                Ok(text) if text.ends_with('\n') => return text,
                _ if Instant::now() > deadline => panic!("{} did not come", path.display()),
                _ => thread::sleep(POLL_INTERVAL),
            }
        }
    }

    #[test]
    fn a_command_gets_its_arguments_unchanged_and_the_alert_on_standard_input() {
        let folder = tempfile::tempdir().expect("a folder");
        let command = write_script(
            folder.path(),
            "cat > \"$1/half\"\nprintf '%s\\n' \"$2\" > \"$1/argument\"\nmv \"$1/half\" \"$1/alert\"",
        );
        let mut runner = AlertCommand::default();
        runner.enqueue(&command, &alert_row(7));
        let alert: AlertRow = serde_json::from_str(&wait_for_line(&folder.path().join("alert"))).expect("it is JSON");
        assert_eq!(alert, alert_row(7));
        assert_eq!(wait_for_line(&folder.path().join("argument")), "a b;c\n");
        assert!(!folder.path().join("owned").exists(), "no shell interpreted it");
    }

    #[test]
    fn commands_run_one_at_a_time_and_a_failed_one_stops_no_other() {
        let folder = tempfile::tempdir().expect("a folder");
        let command =
            write_script(folder.path(), "mkdir \"$1/alone\" || exit 1\ncat >> \"$1/all\"\nrmdir \"$1/alone\"\nexit 3");
        let mut runner = AlertCommand::default();
        runner.enqueue(&["/nowhere/at/all".to_owned()], &alert_row(0));
        (1..=5).for_each(|id| runner.enqueue(&command, &alert_row(id)));
        let end = vec!["sh".to_owned(), "-c".to_owned(), "echo > \"$0/end\"".to_owned(), command[2].clone()];
        runner.enqueue(&end, &alert_row(6));
        wait_for_line(&folder.path().join("end"));
        let all = wait_for_line(&folder.path().join("all"));
        let ids: Vec<u64> = all.lines().map(|line| serde_json::from_str::<AlertRow>(line).expect("a row").id).collect();
        assert_eq!(ids, [1, 2, 3, 4, 5]);
    }

    #[test]
    fn a_full_queue_drops_the_oldest_job() {
        let queue = JobQueue::default();
        (0..20).for_each(|id: u8| queue.push(CommandJob { command: Vec::new(), input: vec![id] }));
        let kept: Vec<u8> =
            std::iter::from_fn(|| queue.lock_state().jobs.pop_front()).map(|job| job.input[0]).collect();
        assert!(kept.into_iter().eq(4..20));
    }

    /// Waits until a process has ended. An orphan may remain as a zombie until its new parent reaps it.
    fn wait_until_gone(pid: &str) {
        let deadline = Instant::now() + Duration::from_secs(30);
        let runs = || Command::new("kill").args(["-0", pid]).stderr(Stdio::null()).status().expect("kill").success();
        let is_zombie = || fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| stat.contains(") Z "));
        while runs() && !is_zombie() {
            assert!(Instant::now() < deadline, "{pid} still runs");
            thread::sleep(POLL_INTERVAL);
        }
    }

    /// A script that starts another process, writes both process ids, and hangs without reading its input.
    const HANGS: &str = "sleep 600 &\necho $! > \"$1/child\"\necho $$ > \"$1/self\"\nwait";

    fn process_ids(folder: &Path) -> [String; 2] {
        ["child", "self"].map(|name| wait_for_line(&folder.join(name)).trim().to_owned())
    }

    #[test]
    fn a_running_command_is_killed_with_its_children_on_drop() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut runner = AlertCommand::default();
        runner.enqueue(&write_script(folder.path(), HANGS), &alert_row(1));
        let ids = process_ids(folder.path());
        drop(runner);
        ids.iter().for_each(|pid| wait_until_gone(pid));
    }

    #[test]
    fn a_command_that_takes_too_long_is_killed_with_its_children_and_the_next_one_runs() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut runner = AlertCommand::default();
        runner.enqueue(&write_script(folder.path(), HANGS), &alert_row(1));
        let ids = process_ids(folder.path());
        runner.queue.lock_state().timeout = Duration::ZERO;
        ids.iter().for_each(|pid| wait_until_gone(pid));
        runner.queue.lock_state().timeout = COMMAND_TIMEOUT;
        let folder = folder.path().to_str().expect("it is text").to_owned();
        runner.enqueue(
            &["sh".to_owned(), "-c".to_owned(), "echo > \"$0/next\"".to_owned(), folder.clone()],
            &alert_row(2),
        );
        wait_for_line(&Path::new(&folder).join("next"));
    }

    #[test]
    fn a_command_that_does_not_read_a_large_input_blocks_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut runner = AlertCommand::default();
        let huge = AlertRow { body: "x".repeat(10 << 20), ..alert_row(1) };
        runner.enqueue(&write_script(folder.path(), HANGS), &huge);
        let ids = process_ids(folder.path());
        drop(runner);
        ids.iter().for_each(|pid| wait_until_gone(pid));
    }
}
