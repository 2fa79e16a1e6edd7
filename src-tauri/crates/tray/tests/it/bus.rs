//! A session bus of a test's own.
//!
//! The library under the icon finds its bus through the environment, which a test must not change in its own
//! process. So each test runs twice: here, where it starts a bus and itself again on that bus, and there for its
//! body.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};

/// Set in the process that runs a body.
const INSIDE: &str = "TOKEN_MONITOR_TEST_ON_BUS";

/// Runs a body on a bus nobody else is on. `name` is the test's own, as the test runner knows it.
pub(crate) fn on_a_private_bus(name: &str, body: impl Future<Output = ()>) {
    if std::env::var_os(INSIDE).is_some() {
        runtime().block_on(body);
        return;
    }
    let bus = Bus::start("unix:tmpdir=/tmp");
    run_inside(name, &bus.address);
}

/// Runs a body in a session whose bus is not there yet, and comes and goes as the body wants.
pub(crate) fn where_a_bus_may_come(name: &str, body: impl AsyncFnOnce(BusStop)) {
    if std::env::var_os(INSIDE).is_some() {
        let address = std::env::var("DBUS_SESSION_BUS_ADDRESS").expect("the test set it");
        runtime().block_on(body(BusStop { address }));
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    run_inside(name, &format!("unix:path={}/bus", folder.path().display()));
}

/// Where a bus can be.
pub(crate) struct BusStop {
    address: String,
}

impl BusStop {
    /// One is there, until it is dropped.
    pub(crate) fn comes(&self) -> Bus {
        let socket = self.address.strip_prefix("unix:path=").expect("it is a file");
        // The one that was killed left it.
        let _ = std::fs::remove_file(socket);
        Bus::start(&self.address)
    }
}

fn run_inside(name: &str, address: &str) {
    let program = std::env::current_exe().expect("the test knows its own program");
    let output = Command::new(program)
        .args(["--exact", name, "--nocapture"])
        .env(INSIDE, "1")
        .env("DBUS_SESSION_BUS_ADDRESS", address)
        .output()
        .expect("the test starts itself again");
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && told.contains("1 passed"), "{told}{}", String::from_utf8_lossy(&output.stderr));
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime without I/O needs nothing")
}

/// Everybody may do everything, and nobody is started on demand: what is installed here is no part of a test.
fn settings(listen: &str) -> String {
    format!(
        r#"<busconfig>
  <type>session</type>
  <listen>{listen}</listen>
  <policy context="default">
    <allow send_destination="*"/>
    <allow receive_sender="*"/>
    <allow own="*"/>
  </policy>
</busconfig>"#
    )
}

/// A bus daemon that ends when it is dropped.
pub(crate) struct Bus {
    daemon: Child,
    address: String,
}

impl Bus {
    fn start(listen: &str) -> Self {
        let mut file = tempfile::NamedTempFile::new().expect("a file");
        file.write_all(settings(listen).as_bytes()).expect("it takes them");
        let mut daemon = Command::new("dbus-daemon")
            .arg("--config-file")
            .arg(file.path())
            .args(["--nofork", "--print-address"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("dbus-daemon is installed: these tests never skip");
        let output = daemon.stdout.take().expect("it is piped");
        let mut address = String::new();
        BufReader::new(output).read_line(&mut address).expect("the daemon prints its address");
        Self { daemon, address: address.trim().to_owned() }
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}
