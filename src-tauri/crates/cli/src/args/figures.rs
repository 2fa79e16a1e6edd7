//! Subcommands that show the figures of this moment.

use clap::Subcommand;

use crate::live::LiveArgs;

/// A subcommand that shows the figures of this moment.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum FiguresCommand {
    /// Show today's usage, the current block and the burn rate
    Status,
    /// Show live figures on the whole terminal; ? lists the keys
    Live(LiveArgs),
    /// Print one line each time the figures change
    Watch,
}

impl FiguresCommand {
    /// Returns true if the command runs until it is stopped.
    pub(crate) fn runs_until_stopped(&self) -> bool {
        match self {
            Self::Live(_) | Self::Watch => true,
            Self::Status => false,
        }
    }
}
