//! Installs and uninstalls Claude Code's status line by running the command.

use anyhow::bail;

use crate::command_runner::run_command;

/// Returns true if Claude Code's status line runs the command.
pub(crate) fn is_installed() -> anyhow::Result<bool> {
    match run_command(&["statusline", "check"])?.trim() {
        "on" => Ok(true),
        "off" => Ok(false),
        other => bail!("token-monitor statusline check returned {other}"),
    }
}

/// Installs or uninstalls the command in the status line. Returns the new state.
pub(crate) fn set_installed(on: bool) -> anyhow::Result<bool> {
    run_command(&["statusline", if on { "install" } else { "uninstall" }])?;
    is_installed()
}
