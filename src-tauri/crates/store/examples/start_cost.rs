//! Measures what the checks of the store cost: `cargo run --release -p token-monitor-store --example start_cost [MESSAGES]`.
//!
//! The store has a year of history in a temporary folder, 365,000 messages by default. Its file is in the page cache.
#![expect(clippy::print_stdout, reason = "the output is the result")]

use std::time::Instant;

use rustc_hash::FxHashMap;
use token_monitor_core::ledger::{
    Batch, Ledger, MessageKey, MessageObservation, Occurrence, SessionContext, UsageReport,
};
use token_monitor_core::pricing::BillingTerms;
use token_monitor_core::time::Timestamp;
use token_monitor_core::tokens::Usage;
use token_monitor_store::{Safety, Store, StoreError, StoredTotals};

/// 2025-11-01T00:00:00Z.
const START: i64 = 1_761_955_200_000_000;

const YEAR_MICROS: i64 = 365 * 86_400_000_000;

fn main() -> Result<(), StoreError> {
    let messages = std::env::args().nth(1).and_then(|count| count.parse().ok()).unwrap_or(365_000);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("token-monitor/sessions.db");
    let ledger = fill(&path, messages)?;
    println!("{messages} messages, {:.1} MB", std::fs::metadata(&path).expect("it exists").len() as f64 / 1e6);
    let mut store = measure("open", || Store::open(&path))?;
    let loaded = measure("load, with the sums of buckets and sessions compared", || store.load())?;
    println!("  {} sessions", loaded.sessions.len());
    measure("of which the comparison of sums", || {
        store.all_buckets()?.try_fold(0, |sum: u64, row| Ok::<u64, StoreError>(sum + row?.1.sum.messages))
    })?;
    measure("full check", || store.check_integrity(Timestamp(START)))?;
    measure("backup, verified and compared", || {
        store.back_up(Timestamp(START).to_utc(), 3, &StoredTotals::of_ledger(&ledger, 0))
    })?;
    store.close()
}

fn fill(path: &std::path::Path, messages: u64) -> Result<Ledger, StoreError> {
    let mut store = Store::open(path)?;
    let mut ledger = Ledger::default();
    for first in (0..messages).step_by(20_000) {
        let mut batch = Batch::default();
        for number in first..(first + 20_000).min(messages) {
            let observation = observation(&mut ledger, number, messages);
            ledger.record_activity(&observation, SessionContext::default(), &mut batch, &store)?;
            ledger.count_message(&observation, &mut batch, &store)?;
        }
        store.write(&batch, &ledger, &FxHashMap::default(), Safety::Durable)?;
    }
    store.compact()?;
    store.close()?;
    Ok(ledger)
}

fn observation(ledger: &mut Ledger, number: u64, messages: u64) -> MessageObservation {
    let names = &mut ledger.names;
    let occurrence = Occurrence {
        when: Timestamp(START + (YEAR_MICROS as i128 * i128::from(number) / i128::from(messages)) as i64),
        has_old_session: false,
        foreign_session: false,
        log: names.logs.intern(format!("/home/x/{}.jsonl", number / 100).as_bytes()),
        session: names.sessions.intern(format!("session-{}", number / 100).as_bytes()),
        run: None,
    };
    let usage =
        Usage { input: number % 900, output: number % 7_000, cache_read: number * 31 % 90_000, ..Usage::default() };
    let model = names.models.intern(["claude-opus-4-8", "claude-haiku-4-5"][number as usize / 9 % 2].as_bytes());
    let report = UsageReport { usage, model, terms: BillingTerms::default(), reported_cost: None, under_logged: false };
    let hash = (u128::from(number) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
    MessageObservation { key: MessageKey(hash), copy_key: None, report, side: false, occurrence }
}

fn measure<T>(name: &str, work: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
    let started = Instant::now();
    let result = work()?;
    println!("{name}: {:.1} ms", started.elapsed().as_secs_f64() * 1e3);
    Ok(result)
}
