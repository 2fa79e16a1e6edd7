//! The command line.

use std::path::PathBuf;

use chrono::NaiveDate;
use chrono_tz::Tz;
use clap::{Parser, Subcommand, ValueEnum};
use token_monitor_core::audit::PeerCommand;
use token_monitor_core::blocks::Anchor;
use token_monitor_core::report::model::{AlertRule, Pause, SessionChanges};
use token_monitor_engine::config::Layers;
use token_monitor_engine::{Ask, Homes};

use crate::error::Failure;

/// Shows how many tokens Claude Code uses on this computer.
///
/// Everything is read from the logs Claude Code writes here; nothing of it is sent anywhere.
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
    /// One session with its models and the runs of its subagents
    Session {
        /// The session: its id, the beginning of it, or its name
        session: String,
    },
    /// How good the forecast was on your past blocks
    Backtest,
    /// Past alerts, the latest first
    Alerts {
        #[command(subcommand)]
        wish: Option<AlertWish>,

        /// How many at most
        #[arg(long, value_name = "NUMBER", default_value_t = 50)]
        limit: usize,
    },
    /// Give a session a name of its own
    Rename {
        /// The session: its id, the beginning of it, or its name
        session: String,
        /// The new name
        name: String,
    },
    /// Change what you added to a session: name, tags, description, and where it shows
    Describe(DescribeArgs),
    /// One line each time the figures change
    Watch,
    /// What was read, what was skipped and why
    Doctor,
    /// The settings and where each comes from, or change one
    Settings {
        #[command(subcommand)]
        change: Option<SettingsChange>,
    },
    /// A status line for Claude Code, from what it gives on standard input
    ///
    /// A command after -- gets the same input, and its lines are printed first.
    #[command(override_usage = "token-monitor statusline [OPTIONS] [-- COMMAND...]\n       \
                                token-monitor statusline <install|uninstall|check> [OPTIONS]")]
    Statusline {
        #[command(subcommand)]
        change: Option<StatuslineChange>,
    },
    /// What became of every line behind a figure, and why ccusage shows another
    Explain(ExplainArgs),
    /// Run in the tray (what the desktop app starts)
    #[cfg(target_os = "linux")]
    #[command(hide = true)]
    Tray,
}

/// A change of the settings.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum SettingsChange {
    /// Save a setting; a running app acts by it at once
    Set {
        /// The setting, such as blocks.token_limit
        key: String,
        /// Its new value; several words, or commas between them, for a list
        #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
        value: Vec<String>,
    },
    /// Forget what was saved, so that the file or the default holds
    Unset {
        /// The setting, such as blocks.token_limit
        key: String,
    },
}

/// Which session, and what to change about it.
#[derive(Clone, Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("changes").required(true).multiple(true)
    .args(["name", "tags", "description", "pin", "unpin", "hide", "show", "mute", "unmute"]))]
pub(crate) struct DescribeArgs {
    /// The session: its id, the beginning of it, or its name
    session: String,

    /// Its name; an empty one takes it away
    #[arg(long)]
    name: Option<String>,

    /// A tag, once for each it is to have; a single empty one takes all away
    #[arg(long = "tag", value_name = "TAG")]
    tags: Option<Vec<String>>,

    /// A text about it; an empty one takes it away
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,

    /// Keep it on top of the list
    #[arg(long, conflicts_with = "unpin")]
    pin: bool,

    /// Do not keep it on top any longer
    #[arg(long)]
    unpin: bool,

    /// Leave it out of the popover's list; its tokens go on counting
    #[arg(long, conflicts_with = "show")]
    hide: bool,

    /// Have it in the list again
    #[arg(long)]
    show: bool,

    /// Have no alert about it
    #[arg(long, conflicts_with = "unmute")]
    mute: bool,

    /// Have alerts about it again
    #[arg(long)]
    unmute: bool,
}

impl From<DescribeArgs> for Ask {
    fn from(args: DescribeArgs) -> Self {
        let DescribeArgs { session, name, tags, description, .. } = args;
        let either = |yes: bool, no: bool| (yes || no).then_some(yes);
        let changes = SessionChanges {
            name,
            tags,
            description,
            is_pinned: either(args.pin, args.unpin),
            is_hidden: either(args.hide, args.show),
            is_muted: either(args.mute, args.unmute),
        };
        Self::Describe { session, changes }
    }
}

/// Whether Claude Code runs us.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum StatuslineChange {
    /// Have Claude Code show it; a status line it has already is kept and shown first
    Install {
        /// Claude Code's settings file
        #[arg(long, value_name = "FILE")]
        settings: Option<PathBuf>,
    },
    /// Undo that, and put back the status line that was there before
    Uninstall {
        /// Claude Code's settings file
        #[arg(long, value_name = "FILE")]
        settings: Option<PathBuf>,
    },
    /// Say whether Claude Code shows it: on or off
    Check {
        /// Claude Code's settings file
        #[arg(long, value_name = "FILE")]
        settings: Option<PathBuf>,
    },
}

/// What to do about alerts.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum AlertWish {
    /// Show one as a rule would; its figures are made up
    Test {
        /// The rule
        #[arg(value_enum, default_value_t = RuleArg::Block)]
        rule: RuleArg,
    },
    /// Keep alerts back for a while
    Pause {
        /// For how long
        #[arg(value_enum)]
        pause: PauseArg,
    },
}

/// Rules of alerts.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum RuleArg {
    /// The block passed a share of its limit
    Block,
    /// The block will probably run out before it resets
    Forecast,
    /// The burn rate has been high for some minutes
    BurnRate,
    /// A weekly window passed a share of its limit
    Week,
    /// A window that was nearly used up resets soon, or has
    Reset,
    /// A limit was reached
    LimitHit,
    /// A budget is nearly used up, or is
    Budget,
    /// A session costs too much
    SessionCost,
    /// Logs will be deleted before they are read
    Cleaning,
    /// What quiet hours kept back
    Summary,
}

impl From<RuleArg> for AlertRule {
    fn from(rule: RuleArg) -> Self {
        match rule {
            RuleArg::Block => Self::Block,
            RuleArg::Forecast => Self::Forecast,
            RuleArg::BurnRate => Self::BurnRate,
            RuleArg::Week => Self::Week,
            RuleArg::Reset => Self::Reset,
            RuleArg::LimitHit => Self::LimitHit,
            RuleArg::Budget => Self::Budget,
            RuleArg::SessionCost => Self::SessionCost,
            RuleArg::Cleaning => Self::Cleaning,
            RuleArg::Summary => Self::Summary,
        }
    }
}

/// Lengths of a pause.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum PauseArg {
    /// A quarter of an hour
    #[value(name = "15m")]
    FifteenMinutes,
    /// Half an hour
    #[value(name = "30m")]
    ThirtyMinutes,
    /// An hour
    #[value(name = "1h")]
    Hour,
    /// Until the block resets
    Reset,
    /// Until the day ends
    Tomorrow,
    /// Not any longer
    Off,
}

impl From<PauseArg> for Pause {
    fn from(pause: PauseArg) -> Self {
        match pause {
            PauseArg::FifteenMinutes => Self::FifteenMinutes,
            PauseArg::ThirtyMinutes => Self::ThirtyMinutes,
            PauseArg::Hour => Self::Hour,
            PauseArg::Reset => Self::UntilReset,
            PauseArg::Tomorrow => Self::UntilTomorrow,
            PauseArg::Off => Self::Off,
        }
    }
}

/// Which figure to explain, and against what.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct ExplainArgs {
    /// A day; today where nothing is chosen
    #[arg(long, value_name = "YYYY-MM-DD", conflicts_with_all = ["session", "all"])]
    pub(crate) day: Option<NaiveDate>,

    /// Whose day, as an IANA name such as Asia/Kathmandu
    #[arg(long, value_name = "ZONE", conflicts_with_all = ["session", "all"])]
    pub(crate) timezone: Option<Tz>,

    /// A session: its id, the beginning of it, or its name
    #[arg(long, value_name = "SESSION", conflicts_with = "all")]
    pub(crate) session: Option<String>,

    /// Everything in the logs
    #[arg(long)]
    pub(crate) all: bool,

    /// Go from our figure to another program's, rule by rule
    #[arg(long, value_enum, value_name = "PROGRAM")]
    pub(crate) against: Option<Peer>,

    /// Which of its commands: for a session `session`, else `daily` where none is named
    #[arg(long, value_enum, value_name = "COMMAND", requires = "against")]
    pub(crate) command: Option<PeerCommandArg>,

    /// Name the rules that change nothing, too
    #[arg(long)]
    pub(crate) verbose: bool,
}

/// Programs whose counting is emulated.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Peer {
    /// The ccusage command
    Ccusage,
}

/// Commands of ccusage.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum PeerCommandArg {
    /// Days
    Daily,
    /// Sessions
    Session,
    /// Five-hour blocks
    Blocks,
    /// Months
    Monthly,
}

impl From<PeerCommandArg> for PeerCommand {
    fn from(command: PeerCommandArg) -> Self {
        match command {
            PeerCommandArg::Daily => Self::Daily,
            PeerCommandArg::Session => Self::Session,
            PeerCommandArg::Blocks => Self::Blocks,
            PeerCommandArg::Monthly => Self::Monthly,
        }
    }
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
