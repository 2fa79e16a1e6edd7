//! The pure core of Token Monitor: parses transcript lines, counts each message once, and derives every figure shown.
//!
//! No file, clock, environment or thread is used here: bytes, instants and time zones are arguments. Persistence is behind
//! the [`LedgerLookup`](ledger::Shelf) trait. Data flows through the modules in this order: [`transcript`], [`ledger`],
//! [`blocks`], [`quota`], [`rates`], [`report`].

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
pub mod text;
pub mod time;
pub mod tokens;
pub mod tokens_and_cost;
pub mod transcript;

#[cfg(test)]
#[path = "../examples/bursts/mod.rs"]
mod bursts;
