//! Runs the command `token-monitor`, which is installed beside the app.

use std::process::Command;

use anyhow::{Context, bail};

use crate::platform::window;

/// Runs the command and returns its output. The error is the first line of stderr, which the page shows.
pub(crate) fn run_command(args: &[&str]) -> anyhow::Result<String> {
    let program = window::command_program().context("finding the program's folder")?;
    let output = Command::new(&program).args(args).output();
    let output = output.with_context(|| format!("starting {}", program.display()))?;
    if !output.status.success() {
        let stderr = String::from_utf8_lossy(&output.stderr);
        let reason = stderr.lines().next().unwrap_or("the command failed").trim_start_matches("error: ");
        bail!("{reason}");
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
