//! A hub in a process of its own, which a test can kill. The process is this test program, started again.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use token_monitor_hub::{Database, DatabaseOptions, HubServer};
use token_monitor_test_support::DEADLINE;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

/// The variable with the address of the database. Without it, the test below does nothing.
const DATABASE: &str = "TOKEN_MONITOR_TEST_HUB_DATABASE";

/// The variable with the file to which the hub writes its address.
const ADDRESS_FILE: &str = "TOKEN_MONITOR_TEST_HUB_ADDRESS";

/// The name of the test that serves.
const TEST_NAME: &str = "team::hub_process::serves_until_it_is_killed";

#[test]
fn serves_until_it_is_killed() {
    let (Ok(database), Ok(file)) = (std::env::var(DATABASE), std::env::var(ADDRESS_FILE)) else { return };
    let runtime = Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let database = Database::open(&DatabaseOptions::new(database)).await.expect("it is opened");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        let temporary = format!("{file}.tmp");
        std::fs::write(&temporary, address).expect("it is written");
        std::fs::rename(temporary, file).expect("it is renamed");
        HubServer::new(database).serve(&listener).await;
    });
}

/// A hub that is killed and started again.
pub(super) struct HubProcess {
    database: String,
    file: PathBuf,
    child: Child,
    pub(super) address: SocketAddr,
}

impl HubProcess {
    /// Starts a hub. `file` is a path that nothing else uses.
    pub(super) fn start(database: &str, file: PathBuf) -> Self {
        let (child, address) = spawn(database, &file);
        Self { database: database.to_owned(), file, child, address }
    }

    /// Kills the hub in whatever it does, and starts another one.
    pub(super) fn kill_and_restart(&mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it ends");
        (self.child, self.address) = spawn(&self.database, &self.file);
    }
}

impl Drop for HubProcess {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn spawn(database: &str, file: &PathBuf) -> (Child, SocketAddr) {
    let _ = std::fs::remove_file(file);
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.args(["--exact", TEST_NAME, "--nocapture"]).env(DATABASE, database).env(ADDRESS_FILE, file);
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
    let start = Instant::now();
    loop {
        if let Ok(text) = std::fs::read_to_string(file) {
            return (child, text.parse().expect("an address"));
        }
        assert!(start.elapsed() < 3 * DEADLINE, "the hub did not start");
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
}
