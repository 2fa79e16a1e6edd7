//! Integration tests of the hub, on a real PostgreSQL server. They pass without doing anything where none is installed.

#![cfg(unix)]

mod allocation;
mod budgets;
mod commands;
mod database;
mod harness;
mod intake;
mod isolation;
mod metrics;
mod reports;
mod sign_in;
