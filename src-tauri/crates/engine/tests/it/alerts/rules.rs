//! The alert rules, from files to the alert, in a real engine.

use chrono::{Datelike, DurationRound};
use token_monitor_core::team::ReachedBudget;
use token_monitor_engine::TeamRequest;

use super::*;

#[test]
fn a_weekly_budget_counts_stored_and_new_usage() {
    let mut env = TestEnv::new();
    env.config = Some("alerts: { weekly_budget: 1000, monthly_budget: 1000000 }".to_owned());
    let (running, mut alerts) = env_with_low_usage(&env);
    env.append("p/s.jsonl", now("1", 900));
    running.sync();
    assert_eq!(running.next(&mut alerts).alert.title, "100 tokens of this week's budget left");
    running.stop();
}

#[test]
fn a_budget_of_a_team_is_reported_once() {
    let env = TestEnv::new();
    let (running, mut alerts) = env_with_low_usage(&env);
    let reached = ReachedBudget {
        budget: "0b1c".to_owned(),
        cost_center: None,
        monthly_cost_nanos: 10_000_000_000,
        month: Utc::now().date_naive().with_day(1).expect("a day"),
        threshold: 80,
    };
    let report = || Request::Team(TeamRequest::ReportBudgets { reached: vec![reached.clone()] });
    running.request(report());
    assert_eq!(running.next(&mut alerts).alert.title, "80% of a team's budget used");
    running.request(report());
    running.sync();
    assert_eq!(delivery_statuses(&running), [(AlertRule::Budget, DeliveryStatus::Sent)]);
    running.stop();
}

#[test]
fn a_costly_session_is_reported_by_its_name() {
    let mut env = TestEnv::new();
    env.config = Some("alerts: { session_cost: 5 }".to_owned());
    let (running, mut alerts) = env_with_low_usage(&env);
    let dear = Line { model: "claude-opus-5", minute: minutes_since_start(), ..line("1", 1_000_000) };
    env.append("p/s.jsonl", dear.with_newline());
    running.sync();
    let out = running.next(&mut alerts);
    assert_eq!(out.alert.title, "A session costs over $5");
    assert!(out.alert.body.contains("$25.00 so far, API-equivalent (measured)"), "{}", out.alert.body);
    running.stop();
}

#[test]
fn a_limit_message_replaces_the_threshold_alert_and_is_sent_once() {
    let env = TestEnv::new();
    let (running, mut alerts) = env_with_low_usage(&env);
    let resets = hours_from_now(3);
    let text = format!("Claude AI usage limit reached|{}", resets.timestamp());
    let message = json!({
        "id": "x", "model": "<synthetic>", "content": [{ "type": "text", "text": text }],
        "usage": { "input_tokens": 0, "output_tokens": 0 },
    });
    let limit = json!({
        "type": "assistant", "sessionId": "s", "timestamp": Utc::now().to_rfc3339(), "isApiErrorMessage": true,
        "error": "rate_limit", "message": message,
    });
    env.append("p/s.jsonl", format!("{}{limit}\n", now("1", 5)));
    running.sync();
    assert_eq!(running.next(&mut alerts).alert.title, "The five-hour limit is reached");
    raise_quota(&env, &running, 100.0);
    assert_eq!(delivery_statuses(&running), [(AlertRule::LimitReached, DeliveryStatus::Sent)]);
    running.stop();
}

#[test]
fn the_reset_of_a_nearly_used_block_is_announced() {
    let mut env = TestEnv::new();
    env.config = Some("alerts: { block: [] }".to_owned());
    let (running, mut alerts) = env_of_known_user(&env);
    // Blocks end at a multiple of five minutes. This end is less than nine minutes ahead.
    let after = (Utc::now() + TimeDelta::minutes(4)).duration_trunc(TimeDelta::minutes(5)).expect("is in range");
    let soon = after + TimeDelta::minutes(5);
    write_inbox_note(&env, "s", 10.0, soon);
    running.sync();
    write_inbox_note(&env, "s", 97.0, soon);
    running.sync();
    let alert = running.next(&mut alerts).alert.clone();
    assert!(alert.title.starts_with("Your block resets at ") && alert.body.contains("Peak usage: 97%"), "{alert:?}");
    running.stop();
}

#[test]
fn a_sustained_forecast_is_reported_across_a_restart() {
    let mut env = TestEnv::new();
    env.config = Some("alerts: { block: [] }".to_owned());
    let (running, _alerts) = env_with_low_usage(&env);
    let steady: String = (0..170)
        .map(|minute| {
            Line { minute: minutes_since_start() - minute, ..line(&minute.to_string(), 1_000) }.with_newline()
        })
        .collect();
    env.append("p/s.jsonl", steady);
    raise_quota(&env, &running, 80.0);
    let share = running.snapshot().block_use.expect("a share");
    assert!(share.projected_percent.is_some_and(|range| range.low >= 100.0), "{share:?}");
    assert_eq!(delivery_statuses(&running), [], "it has not lasted long enough yet");
    running.stop();
    age_sustained_conditions(&env, 6);
    let running = env.live();
    let mut alerts = running.listen();
    running.sync();
    let alert = running.next(&mut alerts).alert.clone();
    assert!(alert.title.starts_with("This block may run out at "), "{alert:?}");
    running.stop();
}

#[cfg(unix)]
mod unreadable_logs {
    use std::fs::{self, File};
    use std::time::{Duration, SystemTime};

    use super::*;
    use crate::permissions::{run_without_root, set_mode};

    const DAY: u64 = 24 * 3600;

    /// Creates an unreadable log that was written a number of days ago.
    fn write_unreadable_log(env: &TestEnv, place: &str, days: u64) {
        let path = env.write(place, line(place, 6).with_newline());
        let when = SystemTime::now() - Duration::from_secs(days * DAY);
        File::options().append(true).open(&path).and_then(|file| file.set_modified(when)).expect("it takes a time");
        set_mode(&path, 0);
    }

    #[test]
    fn unreadable_logs_that_will_be_deleted_are_reported() {
        run_without_root("alerts::rules::unreadable_logs::unreadable_logs_that_will_be_deleted_are_reported", || {
            let env = TestEnv::new();
            let claude = env.projects().parent().expect("Claude Code's folder").to_owned();
            fs::write(claude.join("settings.json"), r#"{"cleanupPeriodDays":10}"#).expect("it is written");
            let (running, mut alerts) = env_with_low_usage(&env);
            write_unreadable_log(&env, "p/young.jsonl", 6);
            write_unreadable_log(&env, "p/old.jsonl", 8);
            running.sync();
            let alert = running.next(&mut alerts).alert.clone();
            assert_eq!(alert.title, "1 log will be deleted before it is read");
            assert!(alert.body.starts_with("Claude Code deletes logs after 10 days"), "{}", alert.body);
            running.stop();
        });
    }

    #[test]
    fn an_unreadable_folder_is_reported() {
        run_without_root("alerts::rules::unreadable_logs::an_unreadable_folder_is_reported", || {
            let env = TestEnv::new();
            let (running, mut alerts) = env_with_low_usage(&env);
            let log = env.write("q/t.jsonl", line("2", 6).with_newline());
            let folder = log.parent().expect("it has a folder");
            set_mode(folder, 0);
            running.sync();
            assert_eq!(running.next(&mut alerts).alert.title, "Cannot read 1 log folder");
            set_mode(folder, 0o700);
            running.stop();
        });
    }
}
