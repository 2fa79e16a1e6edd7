//! Installs and uninstalls Claude Code's status line by running the command.

use std::process::Command;

use anyhow::{Context, bail};

use crate::platform::window;

/// Returns true if Claude Code's status line runs the command.
pub(crate) fn is_installed() -> anyhow::Result<bool> {
    match run_command("check")?.trim() {
        "on" => Ok(true),
        "off" => Ok(false),
        other => bail!("token-monitor statusline check returned {other}"),
    }
}

/// Installs or uninstalls the command in the status line. Returns the new state.
pub(crate) fn set_installed(on: bool) -> anyhow::Result<bool> {
    run_command(if on { "install" } else { "uninstall" })?;
    is_installed()
}

/// Runs the command and returns its output. The error is the first line of stderr, which the page shows.
fn run_command(action: &str) -> anyhow::Result<String> {
    let program = window::command_program().context("finding the program's folder")?;
    let output = Command::new(&program).args(["statusline", action]).output();
    let output = output.with_context(|| format!("starting {}", program.display()))?;
    if !output.status.success() {
        let stderr = String::from_utf8_lossy(&output.stderr);
        let reason = stderr.lines().next().unwrap_or("the command failed").trim_start_matches("error: ");
        bail!("{reason}");
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
