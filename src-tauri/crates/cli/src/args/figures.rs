//! Subcommands that show the figures of this moment.

use clap::Subcommand;

use crate::commands::bar::BarArgs;
use crate::commands::guard::GuardArgs;
use crate::commands::serve::ServeArgs;
use crate::live::LiveArgs;

const BAR_EXAMPLES: &str = "\
Examples:
  token-monitor bar --format waybar --follow
  token-monitor bar --format tmux --show quota,left
  token-monitor bar --format json --follow --write-state ~/.cache/token-monitor.json";

const GUARD_EXAMPLES: &str = "\
Exit codes:
  0   enough is left
  10  less is left
  11  it is unknown how much is left

Examples:
  token-monitor guard --min-left 20 && claude -p 'Update the dependencies'
  token-monitor guard --min-left 50 --window weekly --json";

const SERVE_EXAMPLES: &str = "\
Examples:
  token-monitor serve --open
  token-monitor serve --listen unix:$XDG_RUNTIME_DIR/token-monitor-web.sock
  curl -H \"Authorization: Bearer $(cat ~/.config/token-monitor/serve-token)\" http://127.0.0.1:7337/api/v1/status";

/// A subcommand that shows the figures of this moment.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum FiguresCommand {
    /// Show today's usage, the current block and the burn rate
    Status,
    /// Show live figures on the whole terminal; ? lists the keys
    Live(LiveArgs),
    /// Print one line each time the figures change
    Watch,
    /// Print a few figures for a status bar, once or each time they change
    #[command(after_help = BAR_EXAMPLES)]
    Bar(BarArgs),
    /// Tell scripts by an exit code if enough of a limit is left
    #[command(after_help = GUARD_EXAMPLES)]
    Guard(GuardArgs),
    /// Serve the figures to browsers and programs on this computer until stopped
    #[command(after_help = SERVE_EXAMPLES)]
    Serve(ServeArgs),
    /// Open the web dashboard in a browser that is signed in, while token-monitor serve runs
    Dashboard,
}

impl FiguresCommand {
    /// Returns true if the command runs until it is stopped.
    pub(crate) fn runs_until_stopped(&self) -> bool {
        match self {
            Self::Live(_) | Self::Watch | Self::Serve(_) => true,
            Self::Bar(args) => args.follow,
            Self::Status | Self::Guard(_) | Self::Dashboard => false,
        }
    }
}
