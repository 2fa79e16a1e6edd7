//! `token-monitor statusline install`, `uninstall` and `check`: the status line in Claude Code's settings.
//!
//! The status line itself was printed before, by `statusline::run`.

use std::path::PathBuf;

use clap::Subcommand;
use token_monitor_engine::config::ConfigSources;

use crate::error::CliError;
use crate::render::output::Printer;
use crate::statusline::claude_settings;

/// A subcommand of `statusline`.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum StatuslineCommand {
    /// Add it to Claude Code's settings; an existing status line is kept and shown above it
    Install {
        /// Claude Code's settings file
        #[arg(long, value_name = "FILE")]
        settings: Option<PathBuf>,
    },
    /// Remove it from Claude Code's settings and restore the previous status line
    Uninstall {
        /// Claude Code's settings file
        #[arg(long, value_name = "FILE")]
        settings: Option<PathBuf>,
    },
    /// Print whether Claude Code shows it: on or off
    Check {
        /// Claude Code's settings file
        #[arg(long, value_name = "FILE")]
        settings: Option<PathBuf>,
    },
}

/// Runs the subcommand. Without one there is nothing to do: the status line was already printed.
pub(crate) fn run(
    sources: &ConfigSources,
    command: Option<StatuslineCommand>,
    printer: &Printer,
) -> Result<(), CliError> {
    let report = match command {
        None => return Ok(()),
        Some(StatuslineCommand::Install { settings }) => claude_settings::install(settings, &sources.dirs)?,
        Some(StatuslineCommand::Uninstall { settings }) => claude_settings::uninstall(settings, &sources.dirs)?,
        Some(StatuslineCommand::Check { settings }) => {
            let state = claude_settings::check_installed(settings, &sources.dirs)?;
            return printer.print(&state, || state.as_text().to_owned());
        }
    };
    printer.print(&report, || report.render())
}
