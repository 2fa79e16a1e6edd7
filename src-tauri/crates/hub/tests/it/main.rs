//! Integration tests of the hub, on a real PostgreSQL server. They pass without doing anything where none is installed.

#![cfg(unix)]

mod database;
mod harness;
mod intake;
mod isolation;
mod reports;
