//! The command line: the options of all subcommands, and the subcommands in groups, one file each. The arguments of
//! larger subcommands are defined beside them, in `commands/`.

mod figures;
mod reports;
mod sessions;
mod system;

use std::path::PathBuf;

use clap::{Parser, Subcommand};
use token_monitor_engine::UserDirs;
use token_monitor_engine::config::ConfigSources;
use token_monitor_engine::demo::DemoFolder;

pub(crate) use crate::args::figures::FiguresCommand;
pub(crate) use crate::args::reports::ReportCommand;
pub(crate) use crate::args::sessions::SessionCommand;
pub(crate) use crate::args::system::SystemCommand;
use crate::error::CliError;
use crate::mode::ModeArg;

/// Shows how many tokens Claude Code uses on this computer.
///
/// All figures come from the logs that Claude Code writes here. Nothing is sent unless you ask for it.
#[derive(Clone, Debug, Parser)]
#[command(name = "token-monitor", bin_name = "token-monitor", version, about, long_about, after_help = EXIT_CODES)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,

    /// Output without a subcommand; display.default_mode by default.
    #[arg(long, value_enum)]
    pub(crate) mode: Option<ModeArg>,

    /// Print JSON instead of text.
    #[arg(long, global = true)]
    pub(crate) json: bool,

    /// Print without color.
    #[arg(long, global = true)]
    pub(crate) no_color: bool,

    /// Show sample data in a temporary folder instead of your own.
    #[arg(long, global = true, conflicts_with = "config")]
    pub(crate) demo: bool,
    /// Print tables with all columns, however wide.
    #[arg(long, global = true)]
    pub(crate) wide: bool,

    /// Fit tables into this many columns instead of those of the terminal.
    #[arg(long, global = true, value_name = "COLUMNS", conflicts_with = "wide")]
    pub(crate) width: Option<u16>,

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

/// A subcommand, by group.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum Command {
    #[command(flatten)]
    Figures(FiguresCommand),
    #[command(flatten)]
    Report(ReportCommand),
    #[command(flatten)]
    Session(SessionCommand),
    #[command(flatten)]
    System(SystemCommand),
}

impl Command {
    /// Returns true if the command runs until it is stopped.
    pub(crate) fn runs_until_stopped(&self) -> bool {
        match self {
            Self::Figures(command) => command.runs_until_stopped(),
            Self::System(command) => command.runs_until_stopped(),
            Self::Report(_) | Self::Session(_) => false,
        }
    }
}

impl Args {
    /// Loads the sources of the settings, including the command line. With sample data, they are those of its folder.
    ///
    /// # Errors
    ///
    /// If the settings file named with `--config` does not exist.
    pub(crate) fn config_sources(&self, demo: Option<&DemoFolder>) -> Result<ConfigSources, CliError> {
        let mut sources = load_sources(self.config.clone(), demo)?;
        if let Some(level) = &self.log_level {
            sources.flags.insert("logging.level", level.clone());
        }
        Ok(sources)
    }
}

/// Loads the sources of the settings without the command line. With sample data, they are those of its folder.
///
/// # Errors
///
/// If the settings file does not exist.
pub(crate) fn load_sources(config: Option<PathBuf>, demo: Option<&DemoFolder>) -> Result<ConfigSources, CliError> {
    if let Some(file) = config.as_ref().filter(|file| !file.is_file()) {
        let message = match file.exists() {
            true => format!("{} is not a regular file", file.display()),
            false => format!("there is no settings file {}", file.display()),
        };
        return Err(CliError::bad_configuration(message));
    }
    Ok(demo.map_or_else(|| ConfigSources::load(UserDirs::from_env(), config), DemoFolder::config_sources))
}
