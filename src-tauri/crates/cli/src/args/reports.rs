//! Subcommands that list past usage, or write it to a file.

use clap::Subcommand;
use token_monitor_core::report::model::{Grouping, ReportQuery};

use crate::commands::explain::ExplainArgs;
use crate::commands::export::ExportArgs;
use crate::commands::month_report::MonthReportArgs;
use crate::commands::report::args::{AnchorArg, ReportArgs, WeekStartArg};

const DAYS_EXAMPLES: &str = "\
Examples:
  token-monitor days --since 7d
  token-monitor days --since monday --project shop --breakdown
  token-monitor days --since 2026-11 --until 2026-11 --csv > november.csv";

const SESSIONS_EXAMPLES: &str = "\
Examples:
  token-monitor sessions --since today
  token-monitor sessions --since 30d --sort cost --limit 10
  token-monitor sessions --tag client --branch 'fix/*' --json";

const PROJECTS_EXAMPLES: &str = "\
Examples:
  token-monitor projects --since 2026-11 --sort cost
  token-monitor projects --model opus --breakdown";

const BLOCKS_EXAMPLES: &str = "\
Examples:
  token-monitor blocks --since 3d
  token-monitor blocks --limit 5 --anchor estimate";

const EXPORT_EXAMPLES: &str = "\
Examples:
  token-monitor export --by day,model --since 2026-11 -o november.csv
  token-monitor export --by month,project,model --format json
  token-monitor export --by day,project --format focus -o focus.csv";

const REPORT_EXAMPLES: &str = "\
Examples:
  token-monitor report --month 2026-11
  token-monitor report --month 2026-11 --redact -o usage.pdf";

/// A subcommand about past usage.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum ReportCommand {
    #[command(flatten)]
    List(ListCommand),
    /// Write usage as CSV, TSV, JSON or FOCUS
    #[command(after_help = EXPORT_EXAMPLES)]
    Export(ExportArgs),
    /// Write a month's usage as a PDF to hand to somebody
    #[command(after_help = REPORT_EXAMPLES)]
    Report(MonthReportArgs),
    /// Measure the accuracy of the forecast on your past blocks
    Backtest,
    /// Account for every log line behind a figure, and for differences from ccusage
    Explain(ExplainArgs),
}

/// A subcommand that lists past usage in groups.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum ListCommand {
    /// List all sessions: pinned ones, then the most recent first
    #[command(after_help = SESSIONS_EXAMPLES)]
    Sessions(ReportArgs),
    /// List all five-hour blocks and the gaps between them
    #[command(after_help = BLOCKS_EXAMPLES)]
    Blocks {
        #[command(flatten)]
        report: ReportArgs,

        /// Placement of the blocks
        #[arg(long, value_enum)]
        anchor: Option<AnchorArg>,
    },
    /// List all days with messages
    #[command(visible_alias = "daily", after_help = DAYS_EXAMPLES)]
    Days(ReportArgs),
    /// List all weeks with messages
    #[command(visible_alias = "weekly")]
    Weeks {
        #[command(flatten)]
        report: ReportArgs,

        /// First day of a week; by default that of the settings
        #[arg(long, value_enum, value_name = "DAY")]
        week_start: Option<WeekStartArg>,
    },
    /// List all months with messages
    #[command(visible_alias = "monthly")]
    Months(ReportArgs),
    /// List all models
    Models(ReportArgs),
    /// List all projects: the working folders of sessions
    #[command(after_help = PROJECTS_EXAMPLES)]
    Projects(ReportArgs),
}

impl ListCommand {
    /// Returns the property that distinguishes rows, the options, and the query without it.
    pub(crate) fn into_query(self) -> (Grouping, ReportArgs, ReportQuery) {
        let (by, args, anchor, week_start) = match self {
            Self::Sessions(args) => (Grouping::Session, args, None, None),
            Self::Blocks { report, anchor } => (Grouping::Block, report, anchor, None),
            Self::Days(args) => (Grouping::Day, args, None, None),
            Self::Weeks { report, week_start } => (Grouping::Week, report, None, week_start),
            Self::Months(args) => (Grouping::Month, args, None, None),
            Self::Models(args) => (Grouping::Model, args, None, None),
            Self::Projects(args) => (Grouping::Project, args, None, None),
        };
        let (anchor, week_start) = (anchor.map(Into::into), week_start.map(Into::into));
        let query = ReportQuery { anchor, week_start, ..args.to_query() };
        (by, args, query)
    }
}
