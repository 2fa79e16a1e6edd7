//! Several accounts on one computer: each has its own blocks and limits.

use std::fs;
use std::time::{Duration, SystemTime};

use chrono::Utc;
use serde_json::json;
use token_monitor_core::report::model::{BillingBlock, LimitBasis, QuotaStats, WindowKind};
use token_monitor_engine::{Request, Response};

use crate::harness::{Line, START, TestEngine, TestEnv, line};
use crate::quota::hours_from_now;

/// Creates a home whose only session used tokens now, and whose account used a share of its five hours.
fn add_home(env: &TestEnv, home: &str, output: u64, used: f64, resets_in: i64) {
    let folder = env.outside(home);
    fs::create_dir_all(folder.join("projects/p")).expect("a folder");
    let session: &'static str = if home == "work" { "w" } else { "h" };
    let answer = Line { session, minute: (Utc::now().timestamp() - START) / 60, ..line(home, output) };
    fs::write(folder.join(format!("projects/p/{session}.jsonl")), answer.with_newline()).expect("it is written");
    let window = json!({ "utilization": used, "resets_at": hours_from_now(resets_in).to_rfc3339() });
    let usage = json!({ "cachedUsageUtilization": {
        "fetchedAtMs": Utc::now().timestamp_millis(), "accountUuid": home, "organizationUuid": format!("{home}-org"),
        "utilization": { "five_hour": window },
    } });
    fs::write(folder.join(".claude.json"), usage.to_string()).expect("it is written");
}

/// Sets how long ago a home's log was written.
fn age_log(env: &TestEnv, log: &str, hours: u64) {
    let file = fs::File::options().append(true).open(env.outside(log)).expect("it is there");
    file.set_modified(SystemTime::now() - Duration::from_secs(hours * 3600)).expect("it takes a time");
}

fn start(env: &TestEnv) -> TestEngine {
    let mut sources = env.sources();
    let homes = ["work", "own"].map(|home| env.outside(home).display().to_string());
    sources.environment.insert("claude_config_dirs", homes.join(","));
    let running = TestEnv::start_with(sources, token_monitor_engine::EngineMode::OnDemand);
    running.sync();
    running
}

fn account_of(text: &Option<String>) -> &str {
    text.as_deref().map_or("none", |path| path.rsplit('/').next().unwrap_or(path))
}

fn row(row: &QuotaStats) -> (&str, WindowKind, f64) {
    (account_of(&row.account), row.window, row.share.used_percent)
}

fn all_blocks(running: &TestEngine) -> Vec<BillingBlock> {
    let Response::Blocks(blocks, _) = running.request(Request::Blocks { anchor: None }) else { panic!("blocks") };
    blocks
}

#[test]
fn the_block_is_that_of_the_account_used_last() {
    let env = TestEnv::bare();
    add_home(&env, "work", 500, 40.0, 3);
    add_home(&env, "own", 7, 95.0, 2);
    age_log(&env, "own/projects/p/h.jsonl", 1);
    let running = start(&env);
    let snapshot = running.snapshot();
    let block = snapshot.current_block.as_ref().expect("one is open");
    assert_eq!((block.tokens_used, block.end_time), (500, hours_from_now(3)), "only its own sessions count");
    assert_eq!(account_of(&block.account), "work");
    let share = snapshot.block_use.as_ref().expect("is known");
    assert_eq!((share.used_percent, share.basis), (40.0, LimitBasis::Official));
    let rows: Vec<_> = snapshot.quota.iter().map(row).collect();
    assert_eq!(rows, [("work", WindowKind::FiveHour, 40.0), ("own", WindowKind::FiveHour, 95.0)]);
    assert_eq!(snapshot.today.totals.total_tokens, 507, "days count all accounts");
    running.stop();
}

#[test]
fn blocks_are_listed_by_account_and_stay_after_a_restart_without_logs() {
    let env = TestEnv::bare();
    add_home(&env, "work", 500, 40.0, 3);
    add_home(&env, "own", 7, 95.0, 2);
    age_log(&env, "own/projects/p/h.jsonl", 1);
    let running = start(&env);
    let listed = |blocks: &[BillingBlock]| -> Vec<(String, u128)> {
        let mut rows: Vec<_> =
            blocks.iter().map(|block| (account_of(&block.account).to_owned(), block.tokens_used)).collect();
        rows.sort();
        rows
    };
    let expected = [("own".to_owned(), 7), ("work".to_owned(), 500)];
    assert_eq!(listed(&all_blocks(&running)), expected);
    running.stop();
    fs::remove_file(env.outside("own/projects/p/h.jsonl")).expect("it was there");
    let again = start(&env);
    assert_eq!(listed(&all_blocks(&again)), expected, "the store knows the path of the deleted log");
    again.stop();
}

#[test]
fn one_account_in_two_homes_has_one_block() {
    let env = TestEnv::bare();
    add_home(&env, "work", 500, 40.0, 3);
    add_home(&env, "own", 7, 40.0, 3);
    let usage = fs::read_to_string(env.outside("work/.claude.json")).expect("it is there");
    fs::write(env.outside("own/.claude.json"), usage).expect("it is written");
    let running = start(&env);
    let snapshot = running.snapshot();
    let block = snapshot.current_block.as_ref().expect("one is open");
    assert_eq!((block.tokens_used, block.account.as_deref()), (507, None));
    assert_eq!(snapshot.quota.iter().map(row).collect::<Vec<_>>(), [("none", WindowKind::FiveHour, 40.0)]);
    running.stop();
}
