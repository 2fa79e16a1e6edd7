//! Subcommands about alerts, settings, the status line and the program itself.

use clap::Subcommand;
use clap_complete::Shell;

use crate::commands::alerts::AlertsCommand;
use crate::commands::backups::BackupsCommand;
use crate::commands::completions::ManArgs;
use crate::commands::settings::SettingsCommand;
use crate::commands::statusline::StatuslineCommand;

/// A subcommand about alerts, settings, the status line or the program itself.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum SystemCommand {
    /// List past alerts, the latest first
    Alerts {
        #[command(subcommand)]
        command: Option<AlertsCommand>,

        /// Maximum number of alerts
        #[arg(long, value_name = "NUMBER", default_value_t = 50)]
        limit: usize,
    },
    /// Show what was read, and what was skipped and why
    Doctor,
    /// List the backups of the store, the newest first; make or restore one
    Backups {
        #[command(subcommand)]
        command: Option<BackupsCommand>,
    },
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
    /// Print completions for a shell
    Completions {
        /// The shell
        #[arg(value_enum)]
        shell: Shell,
    },
    /// Print the manual page, or write those of all subcommands to a folder
    Man(ManArgs),
}
