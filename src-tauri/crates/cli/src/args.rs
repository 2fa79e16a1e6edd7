//! The command line.

use std::path::PathBuf;

use chrono_tz::Tz;
use clap::{Parser, Subcommand, ValueEnum};
use token_monitor_core::Anchor;
use token_monitor_engine::Homes;
use token_monitor_engine::settings::Layers;

use crate::failure::Failure;

/// Shows how many tokens Claude Code uses on this computer.
///
/// Everything is read from the logs Claude Code writes here; nothing is sent anywhere.
#[derive(Clone, Debug, Parser)]
#[command(name = "token-monitor", version, about, long_about)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,

    /// Print JSON instead of tables.
    #[arg(long, global = true)]
    pub(crate) json: bool,

    /// Print without colour.
    #[arg(long, global = true)]
    pub(crate) no_color: bool,

    /// The settings file.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,

    /// How much to log: error, warn, info, debug or trace.
    #[arg(long, global = true, value_name = "LEVEL")]
    log_level: Option<String>,
}

/// What to do.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum Command {
    /// Today, the current block and the burn rate
    Status,
    /// All sessions, most recent first
    Sessions,
    /// All five-hour blocks and the gaps between them
    Blocks {
        /// How blocks are placed
        #[arg(long, value_enum)]
        anchor: Option<AnchorArg>,
    },
    /// All days with messages
    Days {
        /// Whose days, as an IANA name such as Asia/Kathmandu
        #[arg(long, value_name = "ZONE")]
        timezone: Option<Tz>,
    },
    /// All models
    Models,
    /// Give a session a name of its own
    Rename {
        /// The session: its id, the beginning of it, or its name
        session: String,
        /// The new name
        name: String,
    },
    /// One line each time the figures change
    Watch,
    /// What was read, what was skipped and why
    Doctor,
    /// Run in the tray (what the desktop app starts)
    #[cfg(target_os = "linux")]
    #[command(hide = true)]
    Tray,
}

/// How blocks are placed.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum AnchorArg {
    /// By official reset times where known, else estimated
    Auto,
    /// From the messages alone
    Estimate,
    /// On the fixed grid of 0, 5, 10, 15 and 20 h UTC
    Utc,
}

impl From<AnchorArg> for Anchor {
    fn from(anchor: AnchorArg) -> Self {
        match anchor {
            AnchorArg::Auto => Self::Auto,
            AnchorArg::Estimate => Self::Estimate,
            AnchorArg::Utc => Self::Utc,
        }
    }
}

impl Command {
    /// Whether it goes on until it is stopped.
    pub(crate) fn runs_on(&self) -> bool {
        match self {
            Self::Watch => true,
            #[cfg(target_os = "linux")]
            Self::Tray => true,
            Self::Status
            | Self::Sessions
            | Self::Blocks { .. }
            | Self::Days { .. }
            | Self::Models
            | Self::Rename { .. }
            | Self::Doctor => false,
        }
    }
}

impl Args {
    /// The layers of the settings, command line included.
    pub(crate) fn layers(&self) -> Result<Layers, Failure> {
        if let Some(missing) = self.config.as_ref().filter(|file| !file.is_file()) {
            return Err(Failure::configuration(format!("there is no settings file {}", missing.display())));
        }
        let mut layers = Layers::gather(Homes::from_env(), self.config.clone());
        if let Some(level) = &self.log_level {
            layers.flags.insert("logging.level", level.clone());
        }
        Ok(layers)
    }
}
