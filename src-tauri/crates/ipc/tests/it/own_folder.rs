//! A run-time folder for one test: the environment decides where sockets are, and it belongs to the whole process.

use std::future::Future;
use std::path::PathBuf;
use std::process::Command;

/// Set in the process that has a run-time folder of its own: the environment decides where the socket is.
const OWN_FOLDER: &str = "TOKEN_MONITOR_TEST_OWN_FOLDER";

/// Runs a test, by its whole name, in a process with a run-time folder of its own.
pub(crate) fn with_own_folder<F: Future<Output = ()>>(test: &str, body: impl FnOnce(PathBuf) -> F) {
    if let Some(folder) = std::env::var_os(OWN_FOLDER) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        return runtime.block_on(body(folder.into()));
    }
    let folder = tempfile::tempdir().expect("a folder");
    let this = std::env::current_exe().expect("this test");
    let output = Command::new(this)
        .args(["--exact", test])
        .env(OWN_FOLDER, folder.path())
        .env("XDG_RUNTIME_DIR", folder.path())
        .output()
        .expect("it runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}
