//! The hub of a team: receives the usage of devices, stores it in PostgreSQL, and reports it.
//!
//! A hub has no state of its own, so any number of them can use one database. Every statement names the organization, which
//! comes from the token of the request and never from its parameters.

mod access;
mod allocation;
mod args;
mod budgets;
mod commands;
mod database;
mod error;
mod history;
mod intake;
mod limits;
mod members;
mod metrics;
mod problem;
mod report;
mod rollup;
mod routes;
mod server;
mod team_sessions;

pub use crate::allocation::{
    AllocationFormat, AllocationReport, AllocationRow, AllocationRule, AllocationRules, CostCenterShare,
    MonthAllocation, RuleSettings, Share,
};
pub use crate::budgets::{
    BudgetSettings, Budgets, MonthlyBudget, MonthlyBudgetUse, ReachedThreshold, WebhookKey, check_budgets, signature_of,
};
pub use crate::commands::run_command;
pub use crate::database::{Database, DatabaseOptions};
pub use crate::error::HubError;
pub use crate::limits::forget_limits;
pub use crate::members::{AddedDevice, DeviceRow, Members};
pub use crate::report::{ReportGroup, ReportRequest, TeamReport};
pub use crate::rollup::refresh_rollups;
pub use crate::server::HubServer;
