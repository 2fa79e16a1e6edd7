//! Subcommands about alerts, settings, other systems and the program itself.

use clap::Subcommand;
use clap_complete::Shell;

use crate::commands::alerts::AlertsCommand;
use crate::commands::backups::BackupsCommand;
use crate::commands::completions::ManArgs;
use crate::commands::push::PushArgs;
use crate::commands::settings::SettingsCommand;
use crate::commands::statusline::StatuslineCommand;
use crate::commands::update::UpdateArgs;

const PUSH_EXAMPLES: &str = "\
With --otlp, the variables OTEL_EXPORTER_OTLP_* set the endpoint, headers, timeout, compression and certificate.

Examples:
  token-monitor push --otlp --dry-run
  OTEL_EXPORTER_OTLP_ENDPOINT=https://collector.example token-monitor push --otlp --interval 5m
  token-monitor push --otlp --once --temporality delta
  token-monitor push --to https://hub.example/ --level 1 --dry-run
  token-monitor push --to https://hub.example/ --level 1";

/// A subcommand about alerts, settings, other systems or the program itself.
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
    /// Send the figures to another system, at intervals or once
    #[command(after_help = PUSH_EXAMPLES)]
    Push(PushArgs),
    /// Show whether there is a newer version; asks on the internet only with --check
    Update(UpdateArgs),
    /// Print completions for a shell
    Completions {
        /// The shell
        #[arg(value_enum)]
        shell: Shell,
    },
    /// Print the manual page, or write those of all subcommands to a folder
    Man(ManArgs),
}

impl SystemCommand {
    /// Returns true if the command runs until it is stopped.
    pub(crate) fn runs_until_stopped(&self) -> bool {
        match self {
            Self::Push(args) => args.runs_until_stopped(),
            Self::Alerts { .. }
            | Self::Doctor
            | Self::Backups { .. }
            | Self::Settings { .. }
            | Self::Statusline { .. }
            | Self::Update(_)
            | Self::Completions { .. }
            | Self::Man(_) => false,
        }
    }
}
