//! The options of reports: which messages, in which order, and how they are printed.

use std::path::PathBuf;

use chrono_tz::Tz;
use clap::{Args, ValueEnum};
use token_monitor_core::blocks::BlockPlacement;
use token_monitor_core::report::grouped::DayBound;
use token_monitor_core::report::model::{ReportFilter, ReportQuery, ReportSort, SortDirection, WeekStart};

/// The options that select messages.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Messages")]
pub(crate) struct FilterArgs {
    /// First day: 2026-11-30, 2026-11, today, yesterday, a weekday, or the last days or weeks, such as 7d or 2w
    #[arg(short = 's', long, value_name = "DAY")]
    since: Option<DayBound>,

    /// Last day, in the same forms
    #[arg(short = 'u', long, value_name = "DAY")]
    until: Option<DayBound>,

    /// Only sessions in this folder: its name, some of its path, or a pattern with *; repeat for several, "" for none
    #[arg(short = 'p', long = "project", value_name = "FOLDER")]
    projects: Vec<String>,

    /// Only sessions whose last branch is this one, or matches a pattern with *; repeat for several, "" for none
    #[arg(long = "branch", value_name = "BRANCH")]
    branches: Vec<String>,

    /// Only models whose name contains this, or matches a pattern with *; repeat for several
    #[arg(short = 'm', long = "model", value_name = "MODEL")]
    models: Vec<String>,

    /// Only sessions with this tag, or with one that matches a pattern with *; repeat for several, "" for none
    #[arg(long = "tag", value_name = "TAG")]
    tags: Vec<String>,

    /// Only sessions whose name, id, project, branch, tags, description or models contain all of these words
    #[arg(long, value_name = "WORDS")]
    search: Option<String>,

    /// Time zone of days and times: an IANA name such as Asia/Kathmandu
    #[arg(short = 'z', long, value_name = "ZONE")]
    pub(crate) timezone: Option<Tz>,
}

impl FilterArgs {
    /// Returns true if no option is given.
    pub(crate) fn is_empty(&self) -> bool {
        self.timezone.is_none() && self.to_filter() == ReportFilter::default()
    }

    /// Returns the filter for the engine.
    pub(crate) fn to_filter(&self) -> ReportFilter {
        let Self { since, until, projects, branches, models, tags, search, timezone: _ } = self.clone();
        ReportFilter { since, until, projects, branches, models, tags, search }
    }
}

/// The options of a report.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct ReportArgs {
    #[command(flatten)]
    pub(crate) filter: FilterArgs,

    /// Divide each row by model; a list of models by project
    #[arg(short = 'b', long, help_heading = "Rows")]
    pub(crate) breakdown: bool,

    /// Order of the rows
    #[arg(long, value_enum, value_name = "BY", help_heading = "Rows")]
    sort: Option<SortArg>,

    /// Direction of the order: asc for the smallest or earliest first, desc for the largest or latest first
    #[arg(long, value_enum, value_name = "DIRECTION", hide_possible_values = true, help_heading = "Rows")]
    order: Option<OrderArg>,

    /// Maximum number of rows: the latest if they are ordered by time, otherwise the first
    #[arg(long, value_name = "NUMBER", help_heading = "Rows")]
    limit: Option<usize>,

    /// Print CSV instead of a table, like `export`
    #[arg(long, conflicts_with = "json", help_heading = "Rows")]
    pub(crate) csv: bool,
}

impl ReportArgs {
    /// Returns true if no option is given.
    pub(crate) fn is_empty(&self) -> bool {
        let has_order = self.sort.is_some() || self.order.is_some() || self.limit.is_some();
        self.filter.is_empty() && !self.breakdown && !self.csv && !has_order
    }

    /// Returns the query for the engine, without groupings.
    pub(crate) fn to_query(&self) -> ReportQuery {
        ReportQuery {
            filter: self.filter.to_filter(),
            breakdown: self.breakdown,
            sort: self.sort.map(Into::into),
            direction: self.order.map(Into::into),
            limit: self.limit,
            zone: self.filter.timezone,
            ..ReportQuery::default()
        }
    }
}

/// The values of `--sort`.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum SortArg {
    /// By time, or by last use
    Time,
    /// By name
    Name,
    /// By all tokens
    Tokens,
    /// By cost
    Cost,
    /// By uncached input tokens
    Input,
    /// By output tokens
    Output,
    /// By number of messages
    Messages,
}

impl From<SortArg> for ReportSort {
    fn from(sort: SortArg) -> Self {
        match sort {
            SortArg::Time => Self::Time,
            SortArg::Name => Self::Name,
            SortArg::Tokens => Self::Tokens,
            SortArg::Cost => Self::Cost,
            SortArg::Input => Self::Input,
            SortArg::Output => Self::Output,
            SortArg::Messages => Self::Messages,
        }
    }
}

/// The values of `--order`.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum OrderArg {
    /// The smallest or earliest first
    Asc,
    /// The largest or latest first
    Desc,
}

impl From<OrderArg> for SortDirection {
    fn from(order: OrderArg) -> Self {
        match order {
            OrderArg::Asc => Self::Asc,
            OrderArg::Desc => Self::Desc,
        }
    }
}

/// The values of `--anchor`.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum AnchorArg {
    /// Use official reset times if known, otherwise estimate
    Auto,
    /// Estimate from the messages alone
    Estimate,
    /// Use a fixed grid: 0:00, 5:00, 10:00, 15:00 and 20:00 UTC; the block from 20:00 has four hours
    Utc,
}

impl From<AnchorArg> for BlockPlacement {
    fn from(anchor: AnchorArg) -> Self {
        match anchor {
            AnchorArg::Auto => Self::Auto,
            AnchorArg::Estimate => Self::Estimate,
            AnchorArg::Utc => Self::Utc,
        }
    }
}

/// The values of `--week-start`.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum WeekStartArg {
    /// Monday
    Monday,
    /// Saturday
    Saturday,
    /// Sunday
    Sunday,
}

impl From<WeekStartArg> for WeekStart {
    fn from(start: WeekStartArg) -> Self {
        match start {
            WeekStartArg::Monday => Self::Monday,
            WeekStartArg::Saturday => Self::Saturday,
            WeekStartArg::Sunday => Self::Sunday,
        }
    }
}

/// The options of a file that is written.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct FileArgs {
    /// Write to this file instead of standard output
    #[arg(short = 'o', long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}
