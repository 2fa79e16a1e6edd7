//! What runs: finds logs, watches them, reads what is new, counts it, and answers.
//!
//! One actor owns the ledger and the store. Whoever wants something holds a [`Handle`]: the tray in the same
//! process, or the local socket for everybody else.

mod actor;
mod alert_command;
mod alert_outbox;
mod api;
mod audit;
mod backoff;
pub mod config;
mod handle;
mod ingest;
mod ledger_store;
mod outage;
mod platform;
mod prices;
pub mod zone;

pub use crate::alert_outbox::AlertOut;
pub use crate::api::{Answer, Ask, Health, PassedOver, Refusal, RefusalCode, RootHealth, SessionQuery, SkipCount};
pub use crate::audit::{About, Explained, explain};
pub use crate::handle::{Conduct, Engine, Handle};
pub use crate::ingest::dirs::Homes;
pub use token_monitor_store::StoreError;
