//! Official quota figures: their files, their effect on blocks, and their expiry.

use std::fs;

use chrono::{DateTime, Duration, DurationRound, Utc};
use serde_json::{Value, json};
use token_monitor_core::report::model::{BlockSource, LimitBasis, Provenance, QuotaOrigin, Snapshot, WindowKind};

use crate::harness::{Line, START, TestEnv, line};

/// Returns a time some hours from now, at a multiple of ten minutes as resets are.
pub(crate) fn hours_from_now(hours: i64) -> DateTime<Utc> {
    let mark = Utc::now().duration_round(Duration::minutes(10)).expect("is in range");
    mark + Duration::hours(hours)
}

/// Writes a note to the inbox as `token-monitor statusline` does.
pub(crate) fn write_inbox_note(env: &TestEnv, name: &str, used: f64, resets: DateTime<Utc>) {
    let note = json!({
        "version": 1, "at": Utc::now().to_rfc3339(), "session": name,
        "rate_limits": { "five_hour": { "used_percentage": used, "resets_at": resets.timestamp() } },
    });
    let inbox = env.store().with_file_name("inbox");
    fs::create_dir_all(&inbox).expect("a folder");
    let half = inbox.join(format!("{name}.tmp"));
    fs::write(&half, note.to_string()).expect("it is written");
    fs::rename(half, inbox.join(format!("{name}.json"))).expect("it is there");
}

fn used(snapshot: &Snapshot) -> Option<(f64, LimitBasis, Provenance)> {
    snapshot.block_use.as_ref().map(|used| (used.used_percent, used.basis, used.label))
}

fn now(id: &str, output: u64) -> String {
    Line { minute: (Utc::now().timestamp() - START) / 60, ..line(id, output) }.with_newline()
}

#[test]
fn quota_from_before_the_start_is_shown_at_once() {
    let env = TestEnv::new();
    env.write("p/s.jsonl", now("1", 5));
    let resets = hours_from_now(2);
    write_inbox_note(&env, "s", 38.0, resets);
    let running = env.start();
    running.sync();
    let snapshot = running.snapshot();
    assert_eq!(used(&snapshot), Some((38.0, LimitBasis::Official, Provenance::Official)));
    let block = snapshot.current_block.expect("one is open");
    assert_eq!((block.end_time, block.source, block.tokens_used), (resets, BlockSource::Official, 5));
    let [quota] = snapshot.quota.as_slice() else { panic!("one window is known") };
    assert_eq!((quota.window, quota.origin), (WindowKind::FiveHour, QuotaOrigin::StatusLine));
    assert!(quota.is_binding && !quota.is_stale);
    running.stop();
    fs::remove_dir_all(env.store().with_file_name("inbox")).expect("it was there");
    let again = env.start();
    assert_eq!(
        used(&again.snapshot()),
        Some((38.0, LimitBasis::Official, Provenance::Official)),
        "it is kept in the store"
    );
    again.stop();
}

#[test]
fn quota_from_the_status_line_is_read_while_running() {
    let env = TestEnv::new();
    let running = env.live();
    running.sync();
    write_inbox_note(&env, "s", 12.0, hours_from_now(3));
    running.until("the figure", |snapshot| used(snapshot).is_some_and(|used| used.0 == 12.0));
    write_inbox_note(&env, "s", 13.0, hours_from_now(3));
    running.until("the next", |snapshot| used(snapshot).is_some_and(|used| used.0 == 13.0));
    running.stop();
}

#[test]
fn a_failed_request_may_name_the_end_of_the_block() {
    let env = TestEnv::new();
    let resets = hours_from_now(2);
    let error = json!({
        "type": "system", "subtype": "api_error", "timestamp": Utc::now().to_rfc3339(), "sessionId": "s",
        "error": { "status": 529, "rateLimits": { "rateLimitType": "five_hour", "resetsAt": resets.timestamp() } },
    });
    env.write("p/s.jsonl", format!("{}{error}\n", now("1", 5)));
    let running = env.start();
    running.sync();
    let snapshot = running.snapshot();
    let block = snapshot.current_block.expect("one is open");
    assert_eq!((block.end_time, block.source), (resets, BlockSource::Official));
    assert!(snapshot.quota.is_empty(), "the used share is not known");
    running.stop();
    let again = env.start();
    assert_eq!(again.snapshot().current_block.map(|block| block.end_time), Some(resets), "it is kept in the store");
    again.stop();
}

#[test]
fn old_inbox_files_are_removed() {
    let env = TestEnv::new();
    let (old_note, new_note) = ("0123456789abcdef", "fedcba9876543210");
    write_inbox_note(&env, old_note, 38.0, hours_from_now(2));
    write_inbox_note(&env, new_note, 39.0, hours_from_now(2));
    let note = |name: &str| env.store().with_file_name("inbox").join(format!("{name}.json"));
    let days_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(2 * 24 * 3600);
    let old = fs::File::options().append(true).open(note(old_note)).expect("it is there");
    old.set_modified(days_ago).expect("it can be set");
    // An older Windows keeps the name of a deleted file until every handle to it is closed.
    drop(old);
    let running = env.live();
    running.sync();
    assert!(!note(old_note).exists() && note(new_note).exists());
    running.stop();
}

#[test]
fn invalid_quota_is_reported_and_not_shown() {
    let env = TestEnv::new();
    write_inbox_note(&env, "s", 1_795_356_600.0, hours_from_now(2));
    write_inbox_note(&env, "t", -3.0, hours_from_now(2));
    let running = env.start();
    running.sync();
    let snapshot = running.snapshot();
    assert!(snapshot.quota.is_empty() && snapshot.block_use.is_none());
    let passed: Vec<_> = running.health().ignored_paths.into_iter().map(|pass| pass.reason).collect();
    assert_eq!(passed.len(), 2, "{passed:?}");
    running.stop();
}

#[test]
fn only_the_cached_quota_of_claude_codes_file_is_read() {
    let env = TestEnv::new();
    let resets = hours_from_now(4);
    let window = |used: f64, resets: DateTime<Utc>| json!({ "utilization": used, "resets_at": resets.to_rfc3339() });
    let cached = json!({
        "oauthAccount": { "emailAddress": "ada@example.com" },
        "cachedUsageUtilization": {
            "fetchedAtMs": Utc::now().timestamp_millis(),
            "utilization": { "five_hour": window(61.0, resets), "seven_day": window(97.0, hours_from_now(48)) },
        },
    });
    fs::write(env.outside(".claude.json"), cached.to_string()).expect("it is written");
    let running = env.start();
    running.sync();
    let snapshot = running.snapshot();
    let windows: Vec<_> =
        snapshot.quota.iter().map(|row| (row.window, row.share.used_percent, row.is_binding)).collect();
    assert_eq!(windows, [(WindowKind::FiveHour, 61.0, false), (WindowKind::Weekly, 97.0, true)]);
    assert_eq!(snapshot.week.end_time, Some(hours_from_now(48)));
    running.stop();
    let store = fs::read(env.store()).expect("it is there");
    assert!(!store.windows(11).any(|bytes| bytes == b"example.com"));
}

#[test]
fn a_limit_message_places_its_block() {
    let env = TestEnv::new();
    let text = "You've hit your limit · resets 1pm (UTC)";
    let message = json!({
        "id": "x", "model": "<synthetic>", "content": [{ "type": "text", "text": text }],
        "usage": { "input_tokens": 0, "output_tokens": 0 },
    });
    let limit = json!({
        "type": "assistant", "sessionId": "s", "timestamp": "2026-05-01T11:30:00Z", "isApiErrorMessage": true,
        "error": "rate_limit", "message": message,
    });
    env.write("p/s.jsonl", format!("{}{limit}\n", line("1", 5).with_newline()));
    let running = env.start();
    running.sync();
    let ask = token_monitor_engine::Request::Blocks { anchor: None };
    let token_monitor_engine::Response::Blocks(blocks, _) = running.request(ask) else { panic!("blocks") };
    let edges = (blocks[0].start_time.to_rfc3339(), blocks[0].source);
    assert_eq!(edges, ("2026-05-01T08:00:00+00:00".to_owned(), BlockSource::LimitMessage));
    running.stop();
}

#[test]
fn usage_on_other_devices_is_shown() {
    let env = TestEnv::new();
    let resets = hours_from_now(2);
    let sample = |minutes: i64, used: u64| json!({ "t": (Utc::now() - Duration::minutes(minutes)).timestamp_millis(), "org": "o", "u": { "fh": used } });
    let folder = env.outside(".config/Claude");
    fs::create_dir_all(&folder).expect("a folder");
    let history = json!({ "version": 2, "samples": [sample(40, 10), sample(30, 22), sample(20, 22)] });
    fs::write(folder.join("plan-usage-history.json"), history.to_string()).expect("it is written");
    write_inbox_note(&env, "s", 22.0, resets);
    let running = env.start();
    running.sync();
    let snapshot = running.snapshot();
    let elsewhere = snapshot.block_use.and_then(|used| used.elsewhere_percent);
    assert_eq!(elsewhere, Some(22.0), "nothing was used here since the window opened");
    running.stop();
}

#[test]
fn limits_come_from_past_blocks_without_official_figures() {
    let mut env = TestEnv::new();
    let at = |id: usize, hours: i64, output: u64| {
        let minute = (Utc::now().timestamp() - START) / 60 - hours * 60;
        Line { minute, ..line(&id.to_string(), output) }.with_newline()
    };
    let past: String = (1..=10).map(|id| at(id, id as i64 * 12, id as u64 * 100)).collect();
    env.write("p/s.jsonl", past + &at(99, 0, 90));
    let limit = |env: &TestEnv| {
        let running = env.start();
        running.sync();
        let found = running.snapshot().block_use.map(|used| (used.used_percent, used.basis, used.limit, used.label));
        running.stop();
        found
    };
    assert_eq!(limit(&env), Some((10.0, LimitBasis::P90, Some(900.0), Provenance::Estimated)));
    env.config = Some("blocks: { token_limit: max }".to_owned());
    assert_eq!(limit(&env), Some((9.0, LimitBasis::Max, Some(1000.0), Provenance::Estimated)));
}

/// Returns a notice that Claude Code writes in place of an answer, `minutes` ago.
fn notice(minutes: i64, text: &str, quota_limits: &Value) -> String {
    let message = json!({
        "id": "x", "model": "<synthetic>", "content": [{ "type": "text", "text": text }],
        "usage": { "input_tokens": 0, "output_tokens": 0 },
    });
    let record = json!({
        "type": "assistant", "sessionId": "s", "timestamp": (Utc::now() - Duration::minutes(minutes)).to_rfc3339(),
        "isApiErrorMessage": true, "error": "rate_limit", "message": message, "quotaLimits": quota_limits,
    });
    format!("{record}\n")
}

#[test]
fn the_moment_recorded_beside_a_limit_message_places_the_block() {
    let env = TestEnv::new();
    let resets = hours_from_now(2);
    let limits = json!({ "status": "rejected", "resetsAt": resets.timestamp(), "rateLimitType": "five_hour" });
    env.write("p/s.jsonl", now("1", 5) + &notice(1, "You've hit your session limit · resets soon", &limits));
    let running = env.start();
    running.sync();
    let snapshot = running.snapshot();
    let [row] = snapshot.quota.as_slice() else { panic!("one window: {:?}", snapshot.quota) };
    assert_eq!((row.window, row.share.used_percent, row.resets_at), (WindowKind::FiveHour, 100.0, Some(resets)));
    assert_eq!(snapshot.current_block.map(|block| block.end_time), Some(resets));
    assert!(snapshot.reached_limits.is_empty() && snapshot.problems.is_empty());
    running.stop();
}

#[test]
fn a_limit_without_a_reset_time_is_reached_until_the_next_answer() {
    let env = TestEnv::new();
    let text = "You've hit your monthly spend limit · raise it at claude.ai/settings/usage";
    let wrong =
        json!({ "status": "rejected", "resetsAt": hours_from_now(2).timestamp(), "rateLimitType": "five_hour" });
    env.write("p/s.jsonl", notice(5, text, &wrong));
    let running = env.start();
    running.sync();
    let snapshot = running.snapshot();
    assert!(snapshot.quota.is_empty(), "no figure is invented: {:?}", snapshot.quota);
    let reached: Vec<_> = snapshot.reached_limits.iter().map(|limit| limit.window).collect();
    assert_eq!(reached, [WindowKind::SpendLimit]);
    assert_eq!(snapshot.problems[0].message, "The spend limit is reached.");
    running.stop();
    let running = env.start();
    assert_eq!(running.snapshot().reached_limits.len(), 1, "it is kept in the store");
    env.append("p/s.jsonl", now("1", 5));
    running.sync();
    assert!(running.snapshot().reached_limits.is_empty());
    running.stop();
}

#[test]
fn a_reached_limit_of_a_model_family_ends_with_an_answer_of_that_family() {
    let env = TestEnv::new();
    let text = "You've reached your Fable 5 limit. Run /usage-credits to continue or switch models with /model.";
    env.write("p/s.jsonl", notice(5, text, &Value::Null) + &now("1", 5));
    let running = env.start();
    running.sync();
    let reached = running.snapshot().reached_limits;
    assert_eq!(reached.iter().map(|limit| limit.scope.as_deref()).collect::<Vec<_>>(), [Some("Fable")]);
    running.stop();
}

/// Starts an engine with these windows in the cached response, and returns the binding window.
fn binding_window(windows: &Value) -> Option<WindowKind> {
    let env = TestEnv::new();
    let cached = json!({ "fetchedAtMs": Utc::now().timestamp_millis(), "utilization": windows });
    fs::write(env.outside(".claude.json"), json!({ "cachedUsageUtilization": cached }).to_string())
        .expect("is written");
    let running = env.start();
    running.sync();
    let snapshot = running.snapshot();
    running.stop();
    snapshot.quota.iter().find(|row| row.is_binding).map(|row| row.window)
}

#[test]
fn only_windows_that_can_stop_claude_code_bind() {
    let window = |used: f64| json!({ "utilization": used, "resets_at": hours_from_now(2).to_rfc3339() });
    let others = json!({
        "five_hour": window(10.0), "seven_day_omelette": window(96.0), "tangelo": window(97.0),
        "extra_usage": { "is_enabled": true, "utilization": 100 },
    });
    assert_eq!(binding_window(&others), Some(WindowKind::FiveHour));
    assert_eq!(binding_window(&json!({ "extra_usage": { "utilization": 40 } })), Some(WindowKind::ExtraUsage));
    assert_eq!(binding_window(&json!({ "seven_day_cowork": window(40.0) })), None);
}
