//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand};

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
}

/// The organization.
#[derive(Clone, Debug, Args)]
pub(crate) struct OrganizationArgs {
    /// Name of the organization
    #[arg(long, value_name = "NAME", default_value = DEFAULT_ORGANIZATION)]
    pub(crate) org: String,
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

        #[command(flatten)]
        organization: OrganizationArgs,
    },
    /// List the devices of all members
    List {
        /// Print JSON instead of text
        #[arg(long)]
        json: bool,

        #[command(flatten)]
        organization: OrganizationArgs,
    },
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

/// The options of a report.
#[derive(Clone, Debug, Args)]
pub(crate) struct TeamReportArgs {
    /// Properties that distinguish rows: day, member, device, model, project, repository, branch, session
    #[arg(long, value_name = "GROUPS", value_delimiter = ',', default_value = "member")]
    pub(crate) by: Vec<ReportGroup>,

    /// First UTC day, such as 2026-03-01
    #[arg(long, value_name = "DAY")]
    pub(crate) since: Option<NaiveDate>,

    /// Last UTC day
    #[arg(long, value_name = "DAY")]
    pub(crate) until: Option<NaiveDate>,

    /// Only the usage of this member
    #[arg(long, value_name = "NAME")]
    pub(crate) member: Option<String>,

    /// Print JSON instead of text
    #[arg(long)]
    pub(crate) json: bool,

    #[command(flatten)]
    pub(crate) organization: OrganizationArgs,
}
