//! Claude Code's status line, switched from the settings page. The command knows how: this only runs it.

use std::process::Command;

use anyhow::{Context, bail};

use crate::platform::window;

/// Whether Claude Code's status line runs our command.
pub(crate) fn is_on() -> anyhow::Result<bool> {
    match run("check")?.trim() {
        "on" => Ok(true),
        "off" => Ok(false),
        other => bail!("token-monitor statusline check said {other}"),
    }
}

/// Has it run there or no longer; answers what holds then.
pub(crate) fn set(on: bool) -> anyhow::Result<bool> {
    run(if on { "install" } else { "uninstall" })?;
    is_on()
}

/// What the command printed. The first line of its complaint says why it did not do it, and goes to the page.
fn run(change: &str) -> anyhow::Result<String> {
    let program = window::command_program().context("finding the program's folder")?;
    let output = Command::new(&program).args(["statusline", change]).output();
    let output = output.with_context(|| format!("starting {}", program.display()))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let why = said.lines().next().unwrap_or("it ended badly").trim_start_matches("error: ");
        bail!("{why}");
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
