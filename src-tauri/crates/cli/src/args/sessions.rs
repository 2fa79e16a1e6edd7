//! Subcommands about one session.

use clap::Subcommand;

use crate::commands::describe::DescribeArgs;
use crate::commands::report::args::ReportArgs;

/// A subcommand about one session.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum SessionCommand {
    /// Show one session with its models and subagent runs; without SESSION, list all like `sessions`
    Session {
        /// Session id, the beginning of one, or the session's name
        session: Option<String>,

        #[command(flatten)]
        list: ReportArgs,
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
}
