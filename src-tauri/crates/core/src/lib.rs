//! The pure core of Token Monitor: parses transcript lines, counts each message once, and computes the figures shown.
//!
//! This crate does not use files, clocks, environment variables or threads: bytes, timestamps and time zones are
//! arguments. Persistence is behind the [`LedgerLookup`](ledger::LedgerLookup) trait. Data flows through the modules in
//! this order: [`transcript`], [`ledger`], [`blocks`], [`quota`], [`rates`], [`report`].

pub mod agents;
pub mod alerts;
pub mod audit;
pub mod blocks;
pub mod interner;
pub mod ledger;
pub mod money;
pub mod pricing;
pub mod quota;
pub mod rates;
pub mod report;
#[doc(hidden)]
pub mod synthetic_usage;
pub mod team;
pub mod text;
pub mod time;
pub mod tokens;
pub mod tokens_and_cost;
pub mod transcript;
