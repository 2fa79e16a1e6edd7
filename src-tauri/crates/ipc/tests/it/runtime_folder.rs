//! A runtime folder for one test. The environment decides where sockets are, and it belongs to the whole process.

use std::future::Future;
use std::path::PathBuf;
use std::process::Command;

/// The variable set in a process that has its own runtime folder.
const RUNTIME_FOLDER: &str = "TOKEN_MONITOR_TEST_RUNTIME_FOLDER";

/// Runs a test, by its full name, in a process with its own runtime folder.
pub(crate) fn with_runtime_folder<F: Future<Output = ()>>(test: &str, body: impl FnOnce(PathBuf) -> F) {
    if let Some(folder) = std::env::var_os(RUNTIME_FOLDER) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        return runtime.block_on(body(folder.into()));
    }
    let folder = tempfile::tempdir().expect("a folder");
    let this = std::env::current_exe().expect("this test");
    let output = Command::new(this)
        .args(["--exact", test])
        .env(RUNTIME_FOLDER, folder.path())
        .env("XDG_RUNTIME_DIR", folder.path())
        .output()
        .expect("it runs");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
}
