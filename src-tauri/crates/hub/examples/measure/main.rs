//! Measures a hub: rows received a second, and the time of reports on a filled database.
//!
//! `cargo run --release -p token-monitor-hub --example measure -- [MEMBERS] [DAYS]`; by default 285 members and 365 days, which
//! are ten million buckets: 96 each day, of two models in two projects. Needs PostgreSQL, and runs on Unix only.

#[cfg(unix)]
mod unix;

fn main() {
    #[cfg(unix)]
    unix::run();
}
