//! `token-monitor export`: usage in groups as a file for other programs.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use token_monitor_core::report::model::{Grouping, ReportQuery};
use token_monitor_engine::config::ConfigSources;
use token_monitor_export::{Billing, ExportFormat, render_export};

use crate::commands::report::args::FilterArgs;
use crate::commands::report::request_report;
use crate::error::CliError;
use crate::render::output::print_raw;

/// The mark at the start of a text file by which some spreadsheets recognize UTF-8.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// The options of an export.
#[derive(Clone, Debug, Args)]
pub(crate) struct ExportArgs {
    /// The properties that distinguish rows, separated by commas
    #[arg(long, value_enum, value_delimiter = ',', value_name = "BY", default_values = ["day", "model"])]
    by: Vec<GroupArg>,

    /// Format of the file
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    format: FormatArg,

    /// Write to this file instead of standard output
    #[arg(short = 'o', long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Begin with a byte order mark, which some spreadsheets need to recognize UTF-8
    #[arg(long)]
    bom: bool,

    /// For FOCUS: the way in which the usage is paid
    #[arg(long, value_enum, value_name = "BILLING", default_value_t)]
    billing: BillingArg,

    #[command(flatten)]
    filter: FilterArgs,
}

/// The values of `--format`.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum FormatArg {
    /// Comma-separated values (RFC 4180)
    #[default]
    Csv,
    /// Tab-separated values
    Tsv,
    /// JSON with the same columns
    Json,
    /// CSV in the FinOps FOCUS 1.3 cost and usage format
    Focus,
}

impl From<FormatArg> for ExportFormat {
    fn from(format: FormatArg) -> Self {
        match format {
            FormatArg::Csv => Self::Csv,
            FormatArg::Tsv => Self::Tsv,
            FormatArg::Json => Self::Json,
            FormatArg::Focus => Self::Focus,
        }
    }
}

/// The values of `--billing`.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum BillingArg {
    /// A subscription covers the usage: nothing is billed for it
    #[default]
    Subscription,
    /// The usage is billed at list prices
    Api,
}

impl From<BillingArg> for Billing {
    fn from(billing: BillingArg) -> Self {
        match billing {
            BillingArg::Subscription => Self::Subscription,
            BillingArg::Api => Self::Api,
        }
    }
}

/// The values of `--by`.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum GroupArg {
    /// The calendar day
    Day,
    /// The calendar week
    Week,
    /// The calendar month
    Month,
    /// The five-hour block
    Block,
    /// The working folder
    Project,
    /// The session
    Session,
    /// The last Git branch of the session
    Branch,
    /// The tags of the session
    Tag,
    /// The pull request of the session
    Pr,
    /// The type of subagent
    Agent,
    /// The model
    Model,
}

impl From<GroupArg> for Grouping {
    fn from(group: GroupArg) -> Self {
        match group {
            GroupArg::Day => Self::Day,
            GroupArg::Week => Self::Week,
            GroupArg::Month => Self::Month,
            GroupArg::Block => Self::Block,
            GroupArg::Project => Self::Project,
            GroupArg::Session => Self::Session,
            GroupArg::Branch => Self::Branch,
            GroupArg::Tag => Self::Tag,
            GroupArg::Pr => Self::PullRequest,
            GroupArg::Agent => Self::Agent,
            GroupArg::Model => Self::Model,
        }
    }
}

/// Writes the export. With `json` it is JSON, whatever the format is.
pub(crate) async fn run(sources: ConfigSources, args: ExportArgs, json: bool) -> Result<(), CliError> {
    let format = if json { ExportFormat::Json } else { args.format.into() };
    let by = format.groupings(args.by.iter().map(|group| Grouping::from(*group)));
    let query = ReportQuery {
        by: by.clone(),
        filter: args.filter.to_filter(),
        zone: args.filter.timezone,
        ..ReportQuery::default()
    };
    let report = request_report(sources, query).await?;
    let text = render_export(&report, &by, format, args.billing.into())?;
    let text = if args.bom { format!("{BYTE_ORDER_MARK}{text}") } else { text };
    match &args.output {
        Some(file) => write_file(file, text.as_bytes()),
        None => print_raw(&text),
    }?;
    CliError::check_complete(&report.completeness)
}

/// Writes a file that the user named.
pub(crate) fn write_file(file: &Path, bytes: &[u8]) -> Result<(), CliError> {
    std::fs::write(file, bytes)
        .map_err(|error| CliError::request_failed(format!("cannot write {}: {error}", file.display())))
}
