//! A private session bus for a test.
//!
//! The D-Bus library finds the bus through the environment, which a test must not change in its own process. Therefore
//! each test runs twice: first it starts a bus and itself as a child process on that bus, and the child runs the body.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};

/// The environment variable that is set in the process that runs a test body.
const CHILD_ENV: &str = "TOKEN_MONITOR_TEST_ON_BUS";

/// Runs a test body on a private bus. `name` is the full name of the test.
pub(crate) fn run_on_private_bus(name: &str, body: impl Future<Output = ()>) {
    run_on_private_bus_with(name, &[], body);
}

/// Runs a test body on a private bus, with variables of the environment.
pub(crate) fn run_on_private_bus_with(name: &str, variables: &[(&str, &str)], body: impl Future<Output = ()>) {
    if std::env::var_os(CHILD_ENV).is_some() {
        build_runtime().block_on(body);
        return;
    }
    let bus = Bus::start("unix:tmpdir=/tmp");
    run_in_child(name, &bus.address, variables);
}

/// Runs a test body in a session without a bus, which the body can start and stop.
pub(crate) fn run_with_bus_socket(name: &str, body: impl AsyncFnOnce(BusSocket)) {
    if std::env::var_os(CHILD_ENV).is_some() {
        let address = std::env::var("DBUS_SESSION_BUS_ADDRESS").expect("the test set it");
        build_runtime().block_on(body(BusSocket { address }));
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    run_in_child(name, &format!("unix:path={}/bus", folder.path().display()), &[]);
}

/// The address of a bus that may be started.
pub(crate) struct BusSocket {
    address: String,
}

impl BusSocket {
    /// Starts a bus, which runs until it is dropped.
    pub(crate) fn start_bus(&self) -> Bus {
        let socket = self.address.strip_prefix("unix:path=").expect("the address is a file");
        // A killed daemon leaves its socket.
        let _ = std::fs::remove_file(socket);
        Bus::start(&self.address)
    }
}

fn run_in_child(name: &str, address: &str, variables: &[(&str, &str)]) {
    let program = std::env::current_exe().expect("the test knows its own program");
    let output = Command::new(program)
        .args(["--exact", name, "--nocapture"])
        .env(CHILD_ENV, "1")
        .env("DBUS_SESSION_BUS_ADDRESS", address)
        .envs(variables.iter().copied())
        .output()
        .expect("the test starts itself again");
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && stdout.contains("1 passed"),
        "{stdout}{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

fn build_runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime without I/O needs nothing")
}

/// Returns a configuration that allows everything and starts no service on demand, so that tests do not depend on
/// installed services.
fn bus_config(listen: &str) -> String {
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

/// A bus daemon that is killed when dropped.
pub(crate) struct Bus {
    daemon: Child,
    address: String,
}

impl Bus {
    fn start(listen: &str) -> Self {
        let mut file = tempfile::NamedTempFile::new().expect("a file");
        file.write_all(bus_config(listen).as_bytes()).expect("the configuration is written");
        let mut daemon = Command::new("dbus-daemon")
            .arg("--config-file")
            .arg(file.path())
            .args(["--nofork", "--print-address"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("dbus-daemon is installed: these tests never skip");
        let output = daemon.stdout.take().expect("stdout is piped");
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
