//! The command line. The arguments of larger subcommands are defined beside them, in `commands/`.

use std::path::PathBuf;

use chrono_tz::Tz;
use clap::{Parser, Subcommand};
use token_monitor_engine::UserDirs;
use token_monitor_engine::config::ConfigSources;

use crate::commands::alerts::AlertsCommand;
use crate::commands::blocks::AnchorArg;
use crate::commands::describe::DescribeArgs;
use crate::commands::explain::ExplainArgs;
use crate::commands::settings::SettingsCommand;
use crate::commands::statusline::StatuslineCommand;
use crate::error::CliError;

/// Shows how many tokens Claude Code uses on this computer.
///
/// All figures come from the logs that Claude Code writes here. They are not sent anywhere.
#[derive(Clone, Debug, Parser)]
#[command(name = "token-monitor", version, about, long_about, after_help = EXIT_CODES)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,

    /// Print JSON instead of text.
    #[arg(long, global = true)]
    pub(crate) json: bool,

    /// Print without color.
    #[arg(long, global = true)]
    pub(crate) no_color: bool,

    /// Use another settings file.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Set the log level: error, warn, info, debug or trace.
    #[arg(long, global = true, value_name = "LEVEL")]
    log_level: Option<String>,
}

const EXIT_CODES: &str = "\
Exit codes:
  0   success
  1   the request failed
  2   usage or configuration error
  3   data unreadable, or the store is unavailable
  70  internal error

The status line itself (`token-monitor statusline`) always exits with 0.";

/// A subcommand.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum Command {
    /// Show today's usage, the current block and the burn rate
    Status,
    /// List all sessions: pinned ones, then the most recent first
    Sessions,
    /// List all five-hour blocks and the gaps between them
    Blocks {
        /// Placement of the blocks
        #[arg(long, value_enum)]
        anchor: Option<AnchorArg>,
    },
    /// List all days with messages
    Days {
        /// Time zone of the days: an IANA name such as Asia/Kathmandu
        #[arg(long, value_name = "ZONE")]
        timezone: Option<Tz>,
    },
    /// List all models
    Models,
    /// Show one session with its models and subagent runs
    Session {
        /// Session id, the beginning of one, or the session's name
        session: String,
    },
    /// Measure the accuracy of the forecast on your past blocks
    Backtest,
    /// List past alerts, the latest first
    Alerts {
        #[command(subcommand)]
        command: Option<AlertsCommand>,

        /// Maximum number of alerts
        #[arg(long, value_name = "NUMBER", default_value_t = 50)]
        limit: usize,
    },
    /// Give a session a name
    Rename {
        /// Session id, the beginning of one, or the session's name
        session: String,
        /// New name
        name: String,
    },
    /// Change a session's name, tags or description, and whether it is pinned, hidden or muted
    Describe(DescribeArgs),
    /// Print one line each time the figures change
    Watch,
    /// Show what was read, and what was skipped and why
    Doctor,
    /// List the settings and the source of each value, or change a setting
    Settings {
        #[command(subcommand)]
        command: Option<SettingsCommand>,
    },
    /// Print a status line for Claude Code, which passes its figures on standard input
    ///
    /// A command after -- receives the same input, and its output is printed first.
    #[command(override_usage = "token-monitor statusline [OPTIONS] [-- COMMAND...]\n       \
                                token-monitor statusline <install|uninstall|check> [OPTIONS]")]
    Statusline {
        #[command(subcommand)]
        command: Option<StatuslineCommand>,
    },
    /// Account for every log line behind a figure, and for differences from ccusage
    Explain(ExplainArgs),
    /// Run in the tray (started by the desktop app)
    #[cfg(target_os = "linux")]
    #[command(hide = true)]
    Tray,
}

impl Command {
    /// Returns true if the command runs until it is stopped.
    pub(crate) fn runs_until_stopped(&self) -> bool {
        match self {
            Self::Watch => true,
            #[cfg(target_os = "linux")]
            Self::Tray => true,
            Self::Status
            | Self::Sessions
            | Self::Blocks { .. }
            | Self::Days { .. }
            | Self::Models
            | Self::Session { .. }
            | Self::Backtest
            | Self::Alerts { .. }
            | Self::Rename { .. }
            | Self::Describe(_)
            | Self::Doctor
            | Self::Settings { .. }
            | Self::Statusline { .. }
            | Self::Explain(_) => false,
        }
    }
}

impl Args {
    /// Loads the sources of the settings, including the command line.
    ///
    /// # Errors
    ///
    /// If the settings file named with `--config` does not exist.
    pub(crate) fn config_sources(&self) -> Result<ConfigSources, CliError> {
        if let Some(missing) = self.config.as_ref().filter(|file| !file.is_file()) {
            return Err(CliError::bad_configuration(format!("there is no settings file {}", missing.display())));
        }
        let mut sources = ConfigSources::load(UserDirs::from_env(), self.config.clone());
        if let Some(level) = &self.log_level {
            sources.flags.insert("logging.level", level.clone());
        }
        Ok(sources)
    }
}
