//! Each rule from the files it looks at to the alert, through a real engine.

use chrono::DurationRound;

use super::*;

#[test]
fn a_budget_of_the_week_counts_what_is_written_and_what_is_new() {
    let mut world = World::new();
    world.config = Some("alerts: { weekly_budget: 1000, monthly_budget: 1000000 }".to_owned());
    let (running, mut alerts) = calm(&world);
    world.append("p/s.jsonl", now("1", 900));
    running.catch_up();
    assert_eq!(running.next(&mut alerts).alert.title, "100 tokens of this week's budget left");
    running.stop();
}

#[test]
fn a_session_that_costs_too_much_is_told_by_its_name() {
    let mut world = World::new();
    world.config = Some("alerts: { session_cost: 5 }".to_owned());
    let (running, mut alerts) = calm(&world);
    let dear = Line { model: "claude-opus-5", minute: minutes_since_start(), ..line("1", 1_000_000) };
    world.append("p/s.jsonl", dear.ended());
    running.catch_up();
    let out = running.next(&mut alerts);
    assert_eq!(out.alert.title, "A session costs over $5");
    assert!(out.alert.body.contains("$25.00 so far, API-equivalent (measured)"), "{}", out.alert.body);
    running.stop();
}

#[test]
fn a_limit_message_is_told_instead_of_the_threshold_and_once() {
    let world = World::new();
    let (running, mut alerts) = calm(&world);
    let resets = in_hours(3);
    let text = format!("Claude AI usage limit reached|{}", resets.timestamp());
    let message = json!({
        "id": "x", "model": "<synthetic>", "content": [{ "type": "text", "text": text }],
        "usage": { "input_tokens": 0, "output_tokens": 0 },
    });
    let limit = json!({
        "type": "assistant", "sessionId": "s", "timestamp": Utc::now().to_rfc3339(), "isApiErrorMessage": true,
        "error": "rate_limit", "message": message,
    });
    world.append("p/s.jsonl", format!("{}{limit}\n", now("1", 5)));
    running.catch_up();
    assert_eq!(running.next(&mut alerts).alert.title, "The five-hour limit is reached");
    rise(&world, &running, 100.0);
    assert_eq!(fates(&running), [(AlertRule::LimitHit, AlertFate::Sent)]);
    running.stop();
}

#[test]
fn a_reset_that_is_near_is_told_of_a_block_that_was_nearly_used_up() {
    let mut world = World::new();
    world.config = Some("alerts: { block: [] }".to_owned());
    let running = world.live();
    let mut alerts = running.listen();
    // On a mark, as ends are, and less than nine minutes ahead.
    let after = (Utc::now() + TimeDelta::minutes(4)).duration_trunc(TimeDelta::minutes(5)).expect("is in range");
    let soon = after + TimeDelta::minutes(5);
    leave(&world, "s", 10.0, soon);
    running.catch_up();
    leave(&world, "s", 97.0, soon);
    running.catch_up();
    let alert = running.next(&mut alerts).alert.clone();
    assert!(alert.title.starts_with("Your block resets at ") && alert.body.contains("It came to 97 %"), "{alert:?}");
    running.stop();
}

#[test]
fn a_forecast_that_has_held_is_told_also_where_a_restart_lies_between() {
    let mut world = World::new();
    world.config = Some("alerts: { block: [] }".to_owned());
    let (running, _alerts) = calm(&world);
    let steady: String = (0..170)
        .map(|minute| Line { minute: minutes_since_start() - minute, ..line(&minute.to_string(), 1_000) }.ended())
        .collect();
    world.append("p/s.jsonl", steady);
    rise(&world, &running, 80.0);
    let share = running.snapshot().block_use.expect("a share");
    assert!(share.projected_percent.is_some_and(|range| range.low >= 100.0), "{share:?}");
    assert_eq!(fates(&running), [], "it has not held yet");
    running.stop();
    age(&world, 6);
    let running = world.live();
    let mut alerts = running.listen();
    running.catch_up();
    let alert = running.next(&mut alerts).alert.clone();
    assert!(alert.title.starts_with("This block may run out at "), "{alert:?}");
    running.stop();
}

#[cfg(unix)]
mod unread {
    use std::fs::{self, File};
    use std::time::{Duration, SystemTime};

    use super::*;
    use crate::bad_input::unix::{held_back, set_mode};

    const DAY: u64 = 24 * 3600;

    /// A log written so many days ago that nobody may read.
    fn closed_log(world: &World, place: &str, days: u64) {
        let path = world.write(place, line(place, 6).ended());
        let when = SystemTime::now() - Duration::from_secs(days * DAY);
        File::options().append(true).open(&path).and_then(|file| file.set_modified(when)).expect("it takes a time");
        set_mode(&path, 0);
    }

    #[test]
    fn logs_that_will_be_cleaned_away_unread_are_told() {
        held_back("alerts::rules::unread::logs_that_will_be_cleaned_away_unread_are_told", || {
            let world = World::new();
            let claude = world.projects().parent().expect("Claude Code's folder").to_owned();
            fs::write(claude.join("settings.json"), r#"{"cleanupPeriodDays":10}"#).expect("it is written");
            let (running, mut alerts) = calm(&world);
            closed_log(&world, "p/young.jsonl", 6);
            closed_log(&world, "p/old.jsonl", 8);
            running.catch_up();
            let alert = running.next(&mut alerts).alert.clone();
            assert_eq!(alert.title, "1 log will be deleted before it is read");
            assert!(alert.body.starts_with("Claude Code deletes logs after 10 days"), "{}", alert.body);
            running.stop();
        });
    }

    #[test]
    fn a_folder_that_cannot_be_looked_into_is_told() {
        held_back("alerts::rules::unread::a_folder_that_cannot_be_looked_into_is_told", || {
            let world = World::new();
            let (running, mut alerts) = calm(&world);
            let log = world.write("q/t.jsonl", line("2", 6).ended());
            let folder = log.parent().expect("it lies in a project");
            set_mode(folder, 0);
            running.catch_up();
            assert_eq!(running.next(&mut alerts).alert.title, "1 folder of logs cannot be looked into");
            set_mode(folder, 0o700);
            running.stop();
        });
    }
}
