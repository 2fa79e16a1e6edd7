//! Reads the files that Claude Code keeps of running sessions, and knows which of their processes still run.
//!
//! Of each home, only `sessions/<pid>.json` and `jobs/<id>/state.json` are opened: regular files of this user, up to a
//! size. Other files beside them hold secrets. A file is shown only while its process runs, because Claude Code leaves it
//! behind when it is killed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use token_monitor_core::agents::{
    JobFile, ProcessIdentity, RegistryEntry, RegistryFile, RunningAgent, RunningAgents, parse_job_file,
    parse_registry_file,
};
use token_monitor_store::fs_permissions;

use crate::ingest::dirs;
use crate::platform::{self, ExitWatch};

/// The folder of a home with one file for each running session.
pub(crate) const SESSIONS_DIR: &str = "sessions";

/// The folder of a home with one folder for each background session.
pub(crate) const JOBS_DIR: &str = "jobs";

/// The file of a background session.
pub(crate) const JOB_FILE: &str = "state.json";

/// The largest file that is read, in bytes. A session's file has about 700, a job's a few thousand.
const MAX_FILE_BYTES: u64 = 256 << 10;

/// The most files read of a home. They are left behind by killed processes only.
const MAX_FILES: usize = 500;

/// The time after which a file is read again that was being written.
const RETRY_DELAY: Duration = Duration::from_millis(50);

/// The interval at which processes are checked where the system does not report their end.
const CHECK_INTERVAL: Duration = Duration::from_secs(1);

/// The running sessions of the searched homes.
#[derive(Debug, Default)]
pub(crate) struct AgentRegistry {
    /// The sessions of the last read, by file.
    entries: BTreeMap<PathBuf, RegistryEntry>,
    /// The files that were being written at the last read.
    incomplete: BTreeSet<PathBuf>,
    agents: RunningAgents,
    /// The processes whose end is awaited.
    watched: Vec<ProcessIdentity>,
    watch: Option<ExitWatch>,
    next_check: Option<Instant>,
}

impl AgentRegistry {
    /// Returns the running sessions.
    pub(crate) fn agents(&self) -> &RunningAgents {
        &self.agents
    }

    /// Returns when to read again without a report of the system.
    pub(crate) fn next_check(&self) -> Option<Instant> {
        self.next_check
    }

    /// Returns true if it has to be read now without a report of the system, and clears the time if so.
    pub(crate) fn take_due_check(&mut self, now: Instant) -> bool {
        self.next_check.take_if(|due| *due <= now).is_some()
    }

    /// Reads the files of the homes of some roots. Returns true if the running sessions changed. `on_exit` is called when
    /// one of their processes ends.
    pub(crate) fn read(&mut self, roots: &[PathBuf], on_exit: impl FnOnce() + Send + 'static) -> bool {
        let entries = self.read_entries(roots);
        let agents = running_agents(&entries);
        let has_changed = agents != self.agents;
        (self.entries, self.agents) = (entries, agents);
        self.watch_processes(on_exit);
        let retry = (!self.incomplete.is_empty()).then_some(RETRY_DELAY);
        let check = (self.watch.is_none() && !self.watched.is_empty()).then_some(CHECK_INTERVAL);
        self.next_check = retry.or(check).map(|delay| Instant::now() + delay);
        has_changed
    }

    /// Returns the sessions whose processes run, by file.
    fn read_entries(&mut self, roots: &[PathBuf]) -> BTreeMap<PathBuf, RegistryEntry> {
        let before = std::mem::take(&mut self.incomplete);
        let mut entries = BTreeMap::new();
        for path in registry_homes(roots).flat_map(|home| registry_files(&home)) {
            let Some(bytes) = read_own_file(&path) else { continue };
            let found = match parse_registry_file(&bytes) {
                RegistryFile::Session(entry) => Some(*entry),
                RegistryFile::Ignored => None,
                // The last contents hold while the file is being written, but not for longer.
                RegistryFile::Incomplete if before.contains(&path) => None,
                RegistryFile::Incomplete => {
                    self.incomplete.insert(path.clone());
                    self.entries.remove(&path)
                }
            };
            let is_shown = |entry: &RegistryEntry| {
                pid_of_file(&path) == Some(entry.process.pid) && platform::is_running(&entry.process)
            };
            entries.extend(found.filter(is_shown).map(|entry| (path.clone(), entry)));
        }
        entries
    }

    /// Waits for the end of the processes, unless they are awaited already.
    fn watch_processes(&mut self, on_exit: impl FnOnce() + Send + 'static) {
        let processes: Vec<_> = self.entries.values().map(|entry| entry.process.clone()).collect();
        if processes != self.watched {
            self.watch = if processes.is_empty() { None } else { ExitWatch::start(&processes, on_exit) };
            self.watched = processes;
        }
    }
}

/// Returns the running sessions of some files, with the tools that background sessions wait for.
fn running_agents(entries: &BTreeMap<PathBuf, RegistryEntry>) -> RunningAgents {
    let mut agents = RunningAgents::default();
    for (path, entry) in entries {
        agents.insert(entry.session.clone(), RunningAgent::from_entry(entry, blocked_tool(path, entry)));
    }
    agents
}

/// Returns the tool that a background session waits for.
fn blocked_tool(path: &Path, entry: &RegistryEntry) -> Option<String> {
    let (home, job) = (path.parent()?.parent()?, entry.job.as_ref()?);
    entry.waiting_for.as_ref()?;
    let file = parse_job_file(&read_own_file(&home.join(JOBS_DIR).join(job).join(JOB_FILE))?)?;
    let JobFile { session, blocked_tool } = file;
    blocked_tool.filter(|_| session == entry.session)
}

/// Returns the folders with the registries of some roots. Sessions of Claude Desktop have no terminal and are not among
/// them.
pub(crate) fn registry_homes(roots: &[PathBuf]) -> impl Iterator<Item = PathBuf> {
    let own = roots.iter().filter(|root| !dirs::is_desktop_folder(root));
    let mut homes: Vec<PathBuf> = own.filter_map(|root| root.parent()).map(Path::to_owned).collect();
    homes.sort_unstable();
    homes.dedup();
    homes.into_iter()
}

/// Returns the files `sessions/<pid>.json` of a home, sorted.
fn registry_files(home: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(home.join(SESSIONS_DIR)).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> =
        entries.map(|entry| entry.path()).filter(|path| pid_of_file(path).is_some()).collect();
    files.sort_unstable();
    files.truncate(MAX_FILES);
    files
}

/// Returns the process id that is the name of a registry file; `None` for other names.
pub(crate) fn pid_of_file(path: &Path) -> Option<u32> {
    let name = path.file_name()?.to_str()?.strip_suffix(".json")?;
    name.bytes().all(|byte| byte.is_ascii_digit()).then(|| name.parse().ok())?
}

/// Reads a small regular file of this user; `None` if there is none.
fn read_own_file(path: &Path) -> Option<Vec<u8>> {
    let (mut bytes, file) = (Vec::new(), fs_permissions::open_own_file(path).ok()?);
    file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).ok()?;
    (bytes.len() as u64 <= MAX_FILE_BYTES).then_some(bytes)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::process::{Child, Command};

    use token_monitor_core::report::model::AgentState;

    use super::*;

    /// A home with a process of its own.
    struct RegistryTestEnv {
        temp: tempfile::TempDir,
        process: Child,
        registry: AgentRegistry,
    }

    impl RegistryTestEnv {
        fn new() -> Self {
            let temp = tempfile::tempdir().expect("a folder");
            for folder in [SESSIONS_DIR, "jobs/aaaaaaaa", "projects"] {
                fs::create_dir_all(temp.path().join(folder)).expect("a folder");
            }
            let process = Command::new("sleep").arg("1000").spawn().expect("sleep can be started");
            Self { temp, process, registry: AgentRegistry::default() }
        }

        fn path(&self, path: &str) -> PathBuf {
            self.temp.path().join(path)
        }

        fn contents(&self, session: &str, status: &str) -> String {
            let pid = self.process.id();
            let stat = fs::read_to_string(format!("/proc/{pid}/stat")).expect("it runs");
            let start = stat.rsplit_once(')').and_then(|(_, rest)| rest.split_ascii_whitespace().nth(19));
            format!(
                r#"{{"pid":{pid},"sessionId":"{session}","procStart":"{}","startedAt":1795986354998,"version":"2.1.332",
                    "kind":"interactive","entrypoint":"cli","cwd":"/w","status":"{status}","waitingFor":"input needed",
                    "statusUpdatedAt":1795986355084}}"#,
                start.expect("the start")
            )
        }

        fn write(&self, text: &str) {
            let path = self.path(SESSIONS_DIR).join(format!("{}.json", self.process.id()));
            fs::write(path, text).expect("it is written");
        }

        fn read(&mut self) -> bool {
            self.registry.read(&[self.path("projects")], || ())
        }

        fn states(&mut self) -> Vec<(String, AgentState)> {
            self.read();
            let rows = self.registry.agents().in_order();
            rows.into_iter().map(|(session, agent)| (session.to_owned(), agent.status.state)).collect()
        }
    }

    impl Drop for RegistryTestEnv {
        fn drop(&mut self) {
            drop(self.process.kill());
            drop(self.process.wait());
        }
    }

    #[test]
    fn the_session_of_a_process_may_change() {
        let mut env = RegistryTestEnv::new();
        env.write(&env.contents("aaaaaaaa-1", "busy"));
        assert_eq!(env.states(), [("aaaaaaaa-1".to_owned(), AgentState::Busy)]);
        assert!(!env.read(), "nothing changed");
        env.write(&env.contents("bbbbbbbb-2", "waiting"));
        assert_eq!(env.states(), [("bbbbbbbb-2".to_owned(), AgentState::Waiting)]);
    }

    #[test]
    fn a_file_that_is_being_written_keeps_its_last_state_once() {
        let mut env = RegistryTestEnv::new();
        env.write(&env.contents("aaaaaaaa-1", "busy"));
        env.read();
        env.write("{");
        assert_eq!(env.states().len(), 1);
        assert!(env.registry.next_check().is_some(), "it is read again soon");
        assert!(env.states().is_empty(), "it stays incomplete");
    }

    #[test]
    fn a_killed_process_is_not_shown_though_its_file_stays() {
        let mut env = RegistryTestEnv::new();
        env.write(&env.contents("aaaaaaaa-1", "busy"));
        assert_eq!(env.states().len(), 1);
        env.process.kill().expect("it is ours");
        let deadline = Instant::now() + token_monitor_test_support::DEADLINE;
        while !env.states().is_empty() {
            assert!(Instant::now() < deadline, "the process has ended");
            std::thread::yield_now();
        }
    }

    #[test]
    fn a_file_of_an_earlier_process_with_the_same_id_is_not_shown() {
        let mut env = RegistryTestEnv::new();
        let reused = env.contents("aaaaaaaa-1", "busy").replace(r#""procStart":""#, r#""procStart":"1"#);
        env.write(&reused);
        assert!(env.states().is_empty());
    }

    #[test]
    fn a_file_with_the_name_of_another_process_is_not_shown() {
        let mut env = RegistryTestEnv::new();
        fs::write(env.path("sessions/1.json"), env.contents("aaaaaaaa-1", "busy")).expect("it is written");
        assert!(env.states().is_empty());
    }

    #[test]
    fn only_files_named_by_a_process_id_are_opened() {
        for (name, pid) in [
            ("25071.json", Some(25071)),
            ("25071.0123abcd.key", None),
            ("25071.key", None),
            ("+7.json", None),
            (".json", None),
            ("99999999999.json", None),
            ("7.json.tmp", None),
        ] {
            assert_eq!(pid_of_file(&Path::new("/h/sessions").join(name)), pid, "{name}");
        }
    }

    #[test]
    fn a_link_and_a_pipe_are_not_opened() {
        let mut env = RegistryTestEnv::new();
        let name = format!("{}.json", env.process.id());
        fs::write(env.path("elsewhere"), env.contents("aaaaaaaa-1", "busy")).expect("it is written");
        std::os::unix::fs::symlink(env.path("elsewhere"), env.path(SESSIONS_DIR).join(&name)).expect("a link");
        let made = Command::new("mkfifo").arg(env.path("sessions/7.json")).status();
        assert!(made.is_ok_and(|status| status.success()), "the test needs a pipe");
        assert!(env.states().is_empty());
    }

    #[test]
    fn a_background_session_shows_the_tool_it_waits_for() {
        let mut env = RegistryTestEnv::new();
        env.write(&env.contents("aaaaaaaa-1", "waiting").replace("interactive", "bg"));
        let tool = |env: &mut RegistryTestEnv| {
            env.read();
            env.registry.agents().get("aaaaaaaa-1").expect("it runs").status.waiting_tool.clone()
        };
        assert_eq!(tool(&mut env), None);
        let job =
            |session: &str| format!(r#"{{"sessionId":"{session}","tempo":"blocked","needs":"approve Bash: rm x"}}"#);
        fs::write(env.path("jobs/aaaaaaaa/state.json"), job("aaaaaaaa-1")).expect("it is written");
        assert_eq!(tool(&mut env).as_deref(), Some("Bash"));
        fs::write(env.path("jobs/aaaaaaaa/state.json"), job("other")).expect("it is written");
        assert_eq!(tool(&mut env), None, "the job belongs to another session");
    }
}
