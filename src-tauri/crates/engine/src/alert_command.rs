//! The user's own program, run for each alert.
//!
//! It is started without a shell, gets the alert as JSON on its input, and may take ten seconds; what it prints is
//! dropped. One runs at a time, on a thread of its own, so however it behaves nothing here waits for it.

use std::collections::VecDeque;
use std::io::Write;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use token_monitor_core::report::model::AlertRow;
use tracing::{info, warn};

use crate::platform;

/// A program that takes longer is ended.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(10);

/// Between two looks at whether it has ended.
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// As many alerts wait for a program that is slow; the oldest gives way.
const MAX_QUEUED_JOBS: usize = 16;

/// Runs the user's program. Dropped, it ends what runs and forgets what waits.
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
    /// How long a program may take.
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
    /// Runs a program for an alert when its turn comes. An empty command is none.
    pub(crate) fn enqueue(&mut self, command: &[String], row: &AlertRow) {
        if command.is_empty() {
            return;
        }
        let mut input = serde_json::to_vec(row).expect("plain strings and times are JSON");
        input.push(b'\n');
        self.queue.push(CommandJob { command: command.to_vec(), input });
        if self.thread.is_none() {
            let queue = Arc::clone(&self.queue);
            let named = thread::Builder::new().name("hook".to_owned());
            // A system without a thread to give may have one for the next alert.
            self.thread = named.spawn(move || while queue.next().is_some_and(|job| run_job(job, &queue)) {}).ok();
        }
    }
}

impl Drop for AlertCommand {
    fn drop(&mut self) {
        self.queue.lock_state().is_closed = true;
        self.queue.changed.notify_all();
        if let Some(thread) = self.thread.take() {
            // It has nothing to tell, however it ended.
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

    /// The next job; none when it is over.
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

    /// Whether a program that began then may still take its time.
    fn has_time_left(&self, began: Instant) -> bool {
        let waiting = self.lock_state();
        !waiting.is_closed && began.elapsed() < waiting.timeout
    }
}

/// Runs one; says whether to go on.
fn run_job(job: CommandJob, queue: &JobQueue) -> bool {
    let Some((program, arguments)) = job.command.split_first() else { return true };
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    platform::configure_group(&mut command);
    match command.spawn() {
        Ok(child) => wait_for_exit(child, job.input, queue),
        Err(error) => warn!(program, %error, "Cannot run the alerts' command."),
    }
    !queue.is_closed()
}

/// Hands a program its input and waits for its end, which is made where it takes too long.
fn wait_for_exit(mut child: Child, input: Vec<u8>, queue: &JobQueue) {
    let began = Instant::now();
    if let Some(mut stdin) = child.stdin.take() {
        // A pipe holds little, and a program need not read it: on a thread of its own, which ends with the program.
        // One that has ended or reads nothing wants no input.
        let writing = thread::Builder::new().name("hook input".to_owned());
        let _detached = writing.spawn(move || drop(stdin.write_all(&input)));
    }
    loop {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => return,
            Ok(Some(status)) => return info!(%status, "The alerts' command failed."),
            Ok(None) if queue.has_time_left(began) => thread::sleep(POLL_INTERVAL),
            Ok(None) | Err(_) => break,
        }
    }
    warn!("The alerts' command took too long and was ended.");
    platform::kill_group(&mut child);
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::path::Path;

    use token_monitor_core::report::model::{AlertRule, DeliveryStatus, Route};

    use super::*;

    fn row(id: u64) -> AlertRow {
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

    fn script(folder: &Path, text: &str) -> Vec<String> {
        let path = folder.join("hook.sh");
        fs::write(&path, text).expect("it is written");
        let folder = folder.to_str().expect("it is text");
        vec!["sh".to_owned(), path.to_str().expect("it is text").to_owned(), folder.to_owned(), "a b;c".to_owned()]
    }

    /// Waits for what a program leaves.
    fn left(path: &Path) -> String {
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
    fn a_program_gets_its_arguments_as_they_are_and_the_alert_on_its_input() {
        let folder = tempfile::tempdir().expect("a folder");
        let command = script(
            folder.path(),
            "cat > \"$1/half\"\nprintf '%s\\n' \"$2\" > \"$1/argument\"\nmv \"$1/half\" \"$1/alert\"",
        );
        let mut hook = AlertCommand::default();
        hook.enqueue(&command, &row(7));
        let alert: AlertRow = serde_json::from_str(&left(&folder.path().join("alert"))).expect("it is JSON");
        assert_eq!(alert, row(7));
        assert_eq!(left(&folder.path().join("argument")), "a b;c\n");
        assert!(!folder.path().join("owned").exists(), "no shell looked at it");
    }

    #[test]
    fn they_run_one_after_the_other_and_one_that_fails_stops_no_other() {
        let folder = tempfile::tempdir().expect("a folder");
        let command =
            script(folder.path(), "mkdir \"$1/alone\" || exit 1\ncat >> \"$1/all\"\nrmdir \"$1/alone\"\nexit 3");
        let mut hook = AlertCommand::default();
        hook.enqueue(&["/nowhere/at/all".to_owned()], &row(0));
        (1..=5).for_each(|id| hook.enqueue(&command, &row(id)));
        let end = vec!["sh".to_owned(), "-c".to_owned(), "echo > \"$0/end\"".to_owned(), command[2].clone()];
        hook.enqueue(&end, &row(6));
        left(&folder.path().join("end"));
        let all = left(&folder.path().join("all"));
        let ids: Vec<u64> = all.lines().map(|line| serde_json::from_str::<AlertRow>(line).expect("a row").id).collect();
        assert_eq!(ids, [1, 2, 3, 4, 5]);
    }

    #[test]
    fn of_too_many_the_oldest_give_way() {
        let queue = JobQueue::default();
        (0..20).for_each(|id: u8| queue.push(CommandJob { command: Vec::new(), input: vec![id] }));
        let kept: Vec<u8> =
            std::iter::from_fn(|| queue.lock_state().jobs.pop_front()).map(|job| job.input[0]).collect();
        assert!(kept.into_iter().eq(4..20));
    }

    /// Waits until a process is gone. The orphan of a program that was ended is its new parent's to wait for.
    fn gone(pid: &str) {
        let deadline = Instant::now() + Duration::from_secs(30);
        let runs = || Command::new("kill").args(["-0", pid]).stderr(Stdio::null()).status().expect("kill").success();
        let is_zombie = || fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| stat.contains(") Z "));
        while runs() && !is_zombie() {
            assert!(Instant::now() < deadline, "{pid} still runs");
            thread::sleep(POLL_INTERVAL);
        }
    }

    /// A program that starts another, leaves both their numbers, and hangs without reading anything.
    const HANGS: &str = "sleep 600 &\necho $! > \"$1/child\"\necho $$ > \"$1/self\"\nwait";

    fn numbers(folder: &Path) -> [String; 2] {
        ["child", "self"].map(|name| left(&folder.join(name)).trim().to_owned())
    }

    #[test]
    fn at_the_end_what_still_runs_is_ended_with_all_it_started() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut hook = AlertCommand::default();
        hook.enqueue(&script(folder.path(), HANGS), &row(1));
        let numbers = numbers(folder.path());
        drop(hook);
        numbers.iter().for_each(|pid| gone(pid));
    }

    #[test]
    fn a_program_that_takes_too_long_is_ended_with_all_it_started_and_the_next_one_runs() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut hook = AlertCommand::default();
        hook.enqueue(&script(folder.path(), HANGS), &row(1));
        let numbers = numbers(folder.path());
        hook.queue.lock_state().timeout = Duration::ZERO;
        numbers.iter().for_each(|pid| gone(pid));
        hook.queue.lock_state().timeout = COMMAND_TIMEOUT;
        let folder = folder.path().to_str().expect("it is text").to_owned();
        hook.enqueue(&["sh".to_owned(), "-c".to_owned(), "echo > \"$0/next\"".to_owned(), folder.clone()], &row(2));
        left(&Path::new(&folder).join("next"));
    }

    #[test]
    fn a_program_that_reads_nothing_holds_nobody_up_however_much_there_is_to_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut hook = AlertCommand::default();
        let huge = AlertRow { body: "x".repeat(10 << 20), ..row(1) };
        hook.enqueue(&script(folder.path(), HANGS), &huge);
        let numbers = numbers(folder.path());
        drop(hook);
        numbers.iter().for_each(|pid| gone(pid));
    }
}
