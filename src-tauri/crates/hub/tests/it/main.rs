//! Integration tests of the hub, on a real PostgreSQL server. They fail where none is installed.

#![cfg(target_os = "linux")]

mod allocation;
mod budgets;
mod commands;
mod database;
mod harness;
mod intake;
mod isolation;
mod limits;
mod metrics;
mod reports;
mod rollups;
mod sessions;
mod sign_in;
