//! Subcommands that list past usage.

use chrono_tz::Tz;
use clap::Subcommand;

use crate::commands::blocks::AnchorArg;
use crate::commands::explain::ExplainArgs;

/// A subcommand that lists past usage.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum ReportCommand {
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
    /// Measure the accuracy of the forecast on your past blocks
    Backtest,
    /// Account for every log line behind a figure, and for differences from ccusage
    Explain(ExplainArgs),
}
