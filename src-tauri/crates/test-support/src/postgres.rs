//! A PostgreSQL server for tests, in a temporary folder and behind a Unix socket.
//!
//! The programs are those of the system; `TOKEN_MONITOR_POSTGRES_BIN` names another folder with them. PostgreSQL refuses to run
//! as root, so a test that runs as root starts it as the user `nobody`.

use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// The ids of the user and the group `nobody` of Debian.
const NOBODY: (u32, u32) = (65_534, 65_534);

/// The time in which the server must have started.
const START_DEADLINE: Duration = Duration::from_secs(60);

/// Starts the server of the path `$1` with the arguments after it, and stops it at the end of the standard input, which also
/// comes when the test is killed.
const SUPERVISOR: &str = r#""$@" & server=$!; read -r _; kill -INT $server; wait $server"#;

/// A running PostgreSQL server. It stops when it is dropped.
#[derive(Debug)]
pub struct Postgres {
    folder: TempDir,
    programs: PathBuf,
    supervisor: Child,
    databases: AtomicUsize,
}

impl Postgres {
    /// Returns the server that all tests of a process share.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Postgres> = OnceLock::new();
        SHARED.get_or_init(Self::start)
    }

    /// Starts a server.
    pub fn start() -> Self {
        let programs = find_programs().expect("PostgreSQL must be installed: `bash scripts/setup.sh test`");
        let folder = tempfile::tempdir().expect("a folder");
        if is_root() {
            chown(folder.path(), Some(NOBODY.0), Some(NOBODY.1)).expect("root may give files away");
        }
        let data = folder.path().join("data");
        let mut initdb = unprivileged(programs.join("initdb"));
        initdb.arg("-D").arg(&data).args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]);
        let made = initdb.current_dir(folder.path()).output().expect("initdb runs");
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        let supervisor = start_server(&programs, folder.path());
        let server = Self { folder, programs, supervisor, databases: AtomicUsize::new(0) };
        server.wait_until_ready();
        server
    }

    /// Stops the server, as if it had crashed, and starts it again.
    pub fn crash_and_restart(&mut self) {
        let pid = std::fs::read_to_string(self.folder.path().join("data/postmaster.pid")).expect("it runs");
        let pid = pid.lines().next().expect("the first line").to_owned();
        // `-QUIT` stops it without a checkpoint.
        assert!(Command::new("kill").args(["-QUIT", &pid]).status().expect("kill runs").success());
        drop(self.supervisor.stdin.take());
        self.supervisor.wait().expect("it ends");
        self.supervisor = start_server(&self.programs, self.folder.path());
        self.wait_until_ready();
    }

    /// Creates an empty database and returns its address.
    pub fn create_database(&self) -> String {
        let name = format!("test{}", self.databases.fetch_add(1, Ordering::Relaxed));
        self.run_sql("postgres", &format!("CREATE DATABASE {name}"));
        self.address(&name)
    }

    /// Returns the address of a database.
    pub fn address(&self, name: &str) -> String {
        let host = self.folder.path().display().to_string().replace('/', "%2F");
        format!("postgres://postgres@{host}/{name}")
    }

    /// Runs a statement in the database of an address that [`Self::create_database`] returned, and returns its output without
    /// decoration.
    pub fn query(&self, address: &str, sql: &str) -> String {
        self.run_sql(address.rsplit('/').next().expect("a name"), sql)
    }

    fn run_sql(&self, database: &str, sql: &str) -> String {
        let output = self.psql(database, sql).output().expect("psql runs");
        assert!(output.status.success(), "{sql}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("it is text").trim_end().to_owned()
    }

    fn psql(&self, database: &str, sql: &str) -> Command {
        let mut command = Command::new(self.programs.join("psql"));
        command.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-U", "postgres", "-d", database, "-c", sql]);
        command.arg("-h").arg(self.folder.path());
        command
    }

    fn wait_until_ready(&self) {
        let start = Instant::now();
        while !self.psql("postgres", "SELECT 1").output().expect("psql runs").status.success() {
            assert!(start.elapsed() < START_DEADLINE, "PostgreSQL did not start");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        drop(self.supervisor.stdin.take());
        let _ = self.supervisor.wait();
    }
}

fn start_server(programs: &Path, folder: &Path) -> Child {
    let mut command = unprivileged("sh");
    command.args(["-c", SUPERVISOR, "sh"]).arg(programs.join("postgres")).arg("-D").arg(folder.join("data"));
    command.args(["-c", "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=200"]);
    command.arg("-c").arg(format!("unix_socket_directories={}", folder.display()));
    command.current_dir(folder).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().expect("the server starts")
}

/// Returns a command that runs without the rights of root.
fn unprivileged(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    if is_root() {
        command.uid(NOBODY.0).gid(NOBODY.1);
    }
    command
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

/// Returns the folder of the newest version that Debian has installed, or else the folder in the search path.
fn find_programs() -> Option<PathBuf> {
    if let Some(folder) = std::env::var_os("TOKEN_MONITOR_POSTGRES_BIN") {
        return Some(folder.into());
    }
    let has_programs = |folder: &PathBuf| folder.join("initdb").is_file();
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().filter_map(Result::ok);
    let of_debian = versions.map(|version| version.path().join("bin")).filter(has_programs).max();
    let search_path = std::env::var_os("PATH").unwrap_or_default();
    of_debian.or_else(|| std::env::split_paths(&search_path).find(has_programs))
}
