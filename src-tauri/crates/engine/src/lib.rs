//! What runs: finds logs, watches them, reads what is new, counts it, and answers.
//!
//! One actor owns the ledger and the store. Whoever wants something holds a [`Handle`]: the tray in the same
//! process, or the local socket for everybody else.

pub mod settings;
pub mod zone;

mod actor;
mod agents;
mod alerting;
mod answer;
mod ask;
mod backoff;
mod books;
mod coalesce;
mod diagnostics;
mod explain;
mod handle;
mod harvest;
mod hindsight;
mod hook;
mod import;
mod leaves;
mod litellm;
mod outage;
mod platform;
mod pool;
mod prices;
mod quota_files;
mod roots;
mod tail;
mod walk;
mod watch;
mod wsl;

pub use alerting::AlertOut;
pub use ask::{Answer, Ask, Health, PassedOver, Refusal, RefusalCode, RootHealth, SessionQuery, SkipCount};
pub use explain::{About, Explained, explain};
pub use handle::{Conduct, Engine, Handle};
pub use roots::Homes;
pub use token_monitor_store::StoreError;
