//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand, ValueEnum};
use uuid::Uuid;

use crate::allocation::{CostCenterShare, parse_month};
use crate::report::ReportGroup;

/// The organization without another one on the command line.
const DEFAULT_ORGANIZATION: &str = "default";

/// Collects and reports the usage of a team. Without a subcommand, serves devices until it is stopped.
#[derive(Clone, Debug, Parser)]
#[command(name = "token-monitor-hub", version, args_conflicts_with_subcommands = false)]
pub(crate) struct HubArgs {
    /// Address of the PostgreSQL database, such as postgres://user:password@host/name?sslmode=require
    #[arg(long, global = true, value_name = "URL", env = "TOKEN_MONITOR_HUB_DATABASE", hide_env_values = true)]
    pub(crate) database: Option<String>,

    /// File with the certificates to trust when connecting to the database, as PEM
    #[arg(long, global = true, value_name = "FILE", env = "TOKEN_MONITOR_HUB_DATABASE_CA")]
    pub(crate) database_ca: Option<PathBuf>,

    /// Address at which to serve, without TLS
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:7400")]
    pub(crate) listen: SocketAddr,

    /// Address at which to serve /metrics for Prometheus, without a token
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) metrics_listen: Option<SocketAddr>,

    /// Serve an address that other computers can reach, because a proxy in front of it provides TLS
    #[arg(long)]
    pub(crate) allow_plain_http: bool,

    #[command(subcommand)]
    pub(crate) command: Option<HubCommand>,
}

/// A subcommand.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum HubCommand {
    /// Add, list and revoke members
    Member {
        #[command(subcommand)]
        command: MemberCommand,
    },
    /// Print the usage of an organization
    Report(TeamReportArgs),
    /// Print the usage of an organization by cost center
    Allocate(AllocateArgs),
    /// Add, list and remove budgets, which call a webhook
    Budget {
        #[command(subcommand)]
        command: BudgetCommand,
    },
    /// Add, list and remove the rules that assign usage to cost centers
    Rule {
        #[command(subcommand)]
        command: RuleCommand,
    },
}

/// The organization.
#[derive(Clone, Debug, Args)]
pub(crate) struct OrganizationArgs {
    /// Name of the organization
    #[arg(long, value_name = "NAME", default_value = DEFAULT_ORGANIZATION)]
    pub(crate) org: String,
}

/// The options of a list.
#[derive(Clone, Debug, Args)]
pub(crate) struct ListArgs {
    /// Print JSON instead of text
    #[arg(long)]
    pub(crate) json: bool,

    #[command(flatten)]
    pub(crate) organization: OrganizationArgs,
}

/// What to remove.
#[derive(Clone, Debug, Args)]
pub(crate) struct RemoveArgs {
    /// Id in the list
    pub(crate) id: Uuid,

    #[command(flatten)]
    pub(crate) organization: OrganizationArgs,
}

/// A subcommand about members.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum MemberCommand {
    /// Print a token for a device of a member, once
    ///
    /// The member and the organization are created if there are none of these names. A device that exists gets a new token.
    Add {
        /// Name of the member
        name: String,

        /// Name of the device
        #[arg(long, value_name = "NAME", default_value = "default")]
        device: String,

        /// Let the member change the rules of cost centers
        #[arg(long)]
        admin: bool,

        #[command(flatten)]
        organization: OrganizationArgs,
    },
    /// Let a member change the rules of cost centers, or no longer
    SetRole {
        /// Name of the member
        name: String,

        /// The role
        role: MemberRole,

        #[command(flatten)]
        organization: OrganizationArgs,
    },
    /// List the devices of all members
    List(ListArgs),
    /// Revoke the tokens of a member
    Revoke {
        /// Name of the member
        name: String,

        /// Revoke the token of this device only
        #[arg(long, value_name = "NAME")]
        device: Option<String>,

        /// Delete the usage of the devices as well
        #[arg(long)]
        delete_usage: bool,

        #[command(flatten)]
        organization: OrganizationArgs,
    },
}

/// The role of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum MemberRole {
    /// Reads reports.
    Member,
    /// Also changes the rules of cost centers.
    Admin,
}

/// The usage of a report.
#[derive(Clone, Debug, Args)]
pub(crate) struct SelectionArgs {
    /// First UTC day, such as 2026-03-01
    #[arg(long, value_name = "DAY")]
    pub(crate) since: Option<NaiveDate>,

    /// Last UTC day
    #[arg(long, value_name = "DAY")]
    pub(crate) until: Option<NaiveDate>,

    /// Only the usage of this member
    #[arg(long, value_name = "NAME")]
    pub(crate) member: Option<String>,

    #[command(flatten)]
    pub(crate) organization: OrganizationArgs,
}

/// The options of a report.
#[derive(Clone, Debug, Args)]
pub(crate) struct TeamReportArgs {
    /// Properties that distinguish rows: day, month, member, device, model, project, repository, branch, session
    #[arg(long, value_name = "GROUPS", value_delimiter = ',', default_value = "member")]
    pub(crate) by: Vec<ReportGroup>,

    #[command(flatten)]
    pub(crate) selection: SelectionArgs,

    /// Print JSON instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

/// The options of a report by cost center.
#[derive(Clone, Debug, Args)]
pub(crate) struct AllocateArgs {
    /// Further properties that distinguish rows: day, month, member, device, model, project, repository, branch, session
    #[arg(long, value_name = "GROUPS", value_delimiter = ',')]
    pub(crate) by: Vec<ReportGroup>,

    #[command(flatten)]
    pub(crate) selection: SelectionArgs,

    /// All days of a month, such as 2026-11
    #[arg(long, value_name = "MONTH", value_parser = parse_month, conflicts_with_all = ["since", "until"])]
    pub(crate) month: Option<NaiveDate>,

    /// Format: table, json, csv, focus, which is CSV in the FinOps FOCUS format by day and model, or pdf, a report of a month
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub(crate) format: OutputFormat,

    /// Write to this file instead of standard output
    #[arg(short = 'o', long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// The same as --format json
    #[arg(long, conflicts_with_all = ["csv", "format"])]
    pub(crate) json: bool,

    /// The same as --format csv
    #[arg(long, conflicts_with = "format")]
    pub(crate) csv: bool,

    /// For FOCUS: the usage is billed at list prices, not covered by a subscription
    #[arg(long)]
    pub(crate) billed: bool,
}

/// The format of a report by cost center.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum OutputFormat {
    /// Text with aligned columns.
    Table,
    /// JSON.
    Json,
    /// CSV.
    Csv,
    /// CSV in the FOCUS format.
    Focus,
    /// A report of a month as PDF.
    Pdf,
}

/// A subcommand about the rules of cost centers.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum RuleCommand {
    /// Add a rule
    ///
    /// It assigns usage that meets all conditions. * and ? in a pattern stand for any characters. Of several rules that match,
    /// the one with the lowest position applies.
    Add(RuleArgs),
    /// List the rules in the order in which they are tried
    List(ListArgs),
    /// Remove a rule
    Remove(RemoveArgs),
}

/// The conditions and the cost centers of a rule.
#[derive(Clone, Debug, Args)]
pub(crate) struct RuleArgs {
    /// Cost center with its share, such as research=60. Without a share, it gets 100
    #[arg(long = "to", value_name = "NAME[=PERCENT]", required = true, value_parser = parse_share)]
    pub(crate) to: Vec<CostCenterShare>,

    /// Pattern of the member
    #[arg(long, value_name = "PATTERN")]
    pub(crate) member: Option<String>,

    /// Name of a project's folder, or pattern of its pseudonym
    #[arg(long, value_name = "NAME")]
    pub(crate) project: Option<String>,

    /// Pattern of the repository
    #[arg(long, value_name = "PATTERN")]
    pub(crate) repository: Option<String>,

    /// Pattern of one of the tags
    #[arg(long, value_name = "PATTERN")]
    pub(crate) tag: Option<String>,

    /// First UTC day on which the rule applies
    #[arg(long, value_name = "DAY")]
    pub(crate) from: Option<NaiveDate>,

    /// Last UTC day on which the rule applies
    #[arg(long, value_name = "DAY")]
    pub(crate) until: Option<NaiveDate>,

    /// Place among the rules; by default after all others
    #[arg(long, value_name = "NUMBER")]
    pub(crate) position: Option<i32>,

    #[command(flatten)]
    pub(crate) organization: OrganizationArgs,
}

fn parse_share(text: &str) -> Result<CostCenterShare, String> {
    let (cost_center, percent) = text.rsplit_once('=').unwrap_or((text, "100"));
    let percent: f64 = percent.parse().map_err(|_| format!("{percent:?} is no number"))?;
    Ok(CostCenterShare { cost_center: cost_center.to_owned(), share: percent.try_into()? })
}

/// A subcommand about budgets.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum BudgetCommand {
    /// Add a budget, and print the key with which its messages are signed, once
    ///
    /// The cost is API-equivalent. Each threshold is reported once a month.
    Add(BudgetArgs),
    /// List the budgets
    List(ListArgs),
    /// Remove a budget
    Remove(RemoveArgs),
}

/// The settings of a budget.
#[derive(Clone, Debug, Args)]
pub(crate) struct BudgetArgs {
    /// Cost of a month, in dollars
    #[arg(value_name = "DOLLARS")]
    pub(crate) dollars: f64,

    /// Only the usage of this cost center
    #[arg(long, value_name = "NAME")]
    pub(crate) cost_center: Option<String>,

    /// Percentages of the cost to report
    #[arg(long, value_name = "PERCENTAGES", value_delimiter = ',', default_value = "50,80,100")]
    pub(crate) at: Vec<i32>,

    /// Address to which a signed message is sent
    #[arg(long, value_name = "URL")]
    pub(crate) webhook: String,

    #[command(flatten)]
    pub(crate) organization: OrganizationArgs,
}
