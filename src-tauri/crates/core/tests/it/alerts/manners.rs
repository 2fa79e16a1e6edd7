//! When nothing is said, and what becomes of it.

use rstest::rstest;
use token_monitor_core::alerts::{QuietHours, Urgency, paused_until};
use token_monitor_core::report::model::{Pause, Route};

use super::*;

#[test]
fn what_holds_at_the_first_start_is_no_news() {
    let mut desk = Desk::fresh();
    desk.block(92.0);
    assert_eq!(desk.step(), []);
    assert_eq!(desk.sent_within(120), []);
    desk.block(100.0);
    assert_eq!(titles(&desk.sent_after(1)), ["Nothing of this block left"], "what is new since then is");
}

#[test]
fn while_a_history_is_read_nothing_is_said_and_nothing_is_noted() {
    let mut desk = Desk::fresh();
    desk.snapshot.progress = Progress::Importing { files_done: 1, files: 2, bytes_done: 1, bytes: 2 };
    desk.block(92.0);
    assert_eq!(desk.step(), []);
    assert_eq!(desk.state, AlertState::default());
    desk.snapshot.progress = Progress::Live;
    assert_eq!(desk.after(1), [], "the first figures after it are no news");
    assert_eq!(desk.after(1), []);
}

#[test]
fn a_restart_above_a_threshold_repeats_nothing() {
    let mut desk = Desk::new();
    desk.block(80.0);
    assert_eq!(desk.sent_after(1).len(), 1);
    for _ in 0..5 {
        desk.restart();
        assert_eq!(desk.after(1), []);
    }
}

#[test]
fn what_came_about_while_the_program_was_not_running_is_told_at_its_start() {
    let mut desk = Desk::new();
    desk.restart();
    desk.block(80.0);
    assert_eq!(desk.sent_after(90).len(), 1);
}

#[test]
fn figures_that_are_old_or_missing_neither_alert_nor_calm() {
    let mut desk = Desk::new();
    desk.block(80.0);
    desk.stale(true);
    assert_eq!(desk.after(1), []);
    desk.stale(false);
    assert_eq!(desk.sent_after(1).len(), 1);
    desk.block(3.0);
    desk.stale(true);
    assert_eq!(desk.after(1), []);
    (desk.snapshot.block_use, desk.snapshot.current_block) = (None, None);
    assert_eq!(desk.after(1), []);
    desk.block_from(at("2026-03-01T10:00:00Z"));
    desk.block(80.0);
    assert_eq!(desk.after(1), [], "the fall was not certain");
    desk.block(3.0);
    desk.after(1);
    desk.block(80.0);
    assert_eq!(desk.sent_after(1).len(), 1, "this one was");
}

#[test]
fn several_at_once_are_one() {
    let mut desk = Desk::new();
    (desk.settings.session_cost, desk.settings.burn_minutes) = (Some(5), 0);
    desk.settings.burn_tokens = Some(1);
    desk.snapshot.burn_rate.tokens_per_minute = 5;
    desk.block(91.0);
    desk.sessions = (0..20)
        .map(|id| SessionBill { id: id.to_string(), name: "x".repeat(500), cost: 9.0, is_muted: false })
        .collect();
    desk.now += TimeDelta::minutes(1);
    let said = desk.step();
    let crowded = said.iter().filter(|said| said.fate == AlertFate::Limited).count();
    let alerts = sent(said);
    let [alert] = alerts.as_slice() else { panic!("one: {alerts:?}") };
    assert_eq!((alert.title.as_str(), alert.rule, crowded), ("12 alerts", AlertRule::Block, 10));
    assert!(alert.body.starts_with("9 % of this block left\nA session costs over $5\n"), "{}", alert.body);
    assert!(alert.body.chars().count() <= 200 && alert.body.contains("\nand "), "{}", alert.body);
    assert!(alert.cause.chars().count() <= 200);
    assert_eq!((&alert.route, alert.parts.len(), alert.replaces.as_str()), (&Route::Alerts, 12, "several"));
}

#[test]
fn one_a_minute_and_the_rest_waits_together() {
    let mut desk = Desk::new();
    desk.settings.session_cost = Some(5);
    let session = |id: &str| SessionBill { id: id.to_owned(), name: id.to_owned(), cost: 9.0, is_muted: false };
    desk.sessions = vec![session("a")];
    assert_eq!(desk.sent_within(1).len(), 1);
    desk.sessions.push(session("b"));
    assert_eq!(desk.sent_within(20), []);
    desk.sessions.push(session("c"));
    assert_eq!(desk.sent_within(39), []);
    let alerts = desk.sent_within(1);
    assert_eq!((titles(&alerts), alerts[0].parts.len()), (vec!["2 alerts"], 2));
}

#[test]
fn six_an_hour_and_what_still_matters_comes_later() {
    let mut desk = Desk::new();
    desk.settings.session_cost = Some(5);
    let session = |id: usize| SessionBill { id: id.to_string(), name: String::new(), cost: 9.0, is_muted: false };
    let mut count = 0;
    for id in 0..20 {
        desk.sessions.push(session(id));
        count += desk.sent_after(2).len();
    }
    assert_eq!(count, 6);
    desk.block(91.0);
    assert_eq!(desk.sent_after(1), [], "it waits, though it is graver");
    let (mut waited, mut alerts) = (0, Vec::new());
    while alerts.is_empty() {
        alerts = desk.sent_after(1);
        waited += 1;
    }
    assert!((15..=25).contains(&waited), "an hour after the first: {waited}");
    assert_eq!(alerts[0].rule, AlertRule::Block, "the gravest first");
    assert_eq!(alerts[0].parts.len(), 12);
}

#[test]
fn what_no_longer_matters_is_not_said_late() {
    let mut desk = Desk::new();
    (desk.settings.burn_tokens, desk.settings.burn_minutes, desk.settings.session_cost) = (Some(10), 0, Some(5));
    for id in 0..6 {
        let id = id.to_string();
        desk.sessions.push(SessionBill { id, name: String::new(), cost: 9.0, is_muted: false });
        desk.after(2);
    }
    desk.snapshot.burn_rate.tokens_per_minute = 50;
    assert_eq!(desk.after(1), []);
    desk.snapshot.burn_rate.tokens_per_minute = 0;
    let said: Vec<Said> = (0..60).flat_map(|_| desk.after(1)).collect();
    assert_eq!(fates(&said), [(AlertRule::BurnRate, AlertFate::Limited)]);
}

#[test]
fn in_quiet_hours_all_is_kept_back_and_summed_up_afterwards() {
    let mut desk = Desk::new();
    desk.settings.quiet = QuietHours::read("12:00-13:30");
    desk.block(76.0);
    assert_eq!(fates(&desk.after(1)), [(AlertRule::Block, AlertFate::Quiet)]);
    desk.block(92.0);
    assert_eq!(fates(&desk.after(1)), [(AlertRule::Block, AlertFate::Quiet)]);
    desk.week(76.0);
    desk.after(1);
    desk.restart();
    assert_eq!(desk.after(80), []);
    let alerts = desk.sent_after(10);
    assert_eq!(titles(&alerts), ["2 alerts during quiet hours"]);
    assert_eq!(
        (alerts[0].body.as_str(), alerts[0].urgency),
        ("8 % of this block left\n24 % of the week left", Urgency::Low)
    );
    assert_eq!(desk.sent_within(120), []);
}

#[test]
fn a_summary_that_nobody_wants_any_more_is_none() {
    let mut desk = Desk::new();
    desk.settings.quiet = QuietHours::read("12:00-13:30");
    desk.block(76.0);
    assert_eq!(fates(&desk.after(1)), [(AlertRule::Block, AlertFate::Quiet)]);
    desk.settings.quiet_summary = false;
    assert_eq!(desk.after(100), []);
    desk.settings.quiet_summary = true;
    assert_eq!(desk.after(1), [], "it was dropped with them");
}

#[rstest]
#[case::quiet(AlertFate::Quiet)]
#[case::paused(AlertFate::Paused)]
fn what_waited_and_is_over_before_the_silence_is_noted_by_the_silence(#[case] fate: AlertFate) {
    let mut desk = Desk::new();
    (desk.settings.session_cost, desk.settings.burn_tokens, desk.settings.burn_minutes) = (Some(5), Some(10), 0);
    desk.sessions = vec![SessionBill { id: "s".to_owned(), name: String::new(), cost: 9.0, is_muted: false }];
    assert_eq!(desk.sent_within(1).len(), 1);
    desk.snapshot.burn_rate.tokens_per_minute = 50;
    assert_eq!(desk.sent_within(1), [], "it waits for its minute");
    match fate {
        AlertFate::Quiet => desk.settings.quiet = QuietHours::read("12:00-13:30"),
        _ => desk.state = desk.state.paused(Some(desk.now + TimeDelta::hours(1))),
    }
    let said: Vec<Said> = (0..20).flat_map(|_| desk.after(1)).collect();
    assert_eq!(fates(&said), [(AlertRule::BurnRate, fate)]);
}

#[test]
fn a_later_word_takes_the_place_of_one_that_waits_and_names_its_cause() {
    let mut desk = Desk::new();
    desk.week(76.0);
    assert_eq!(desk.sent_within(1).len(), 1);
    for percent in [76.0, 91.0] {
        desk.block(percent);
        assert_eq!(desk.sent_within(1), []);
    }
    let alerts = desk.sent_within(60);
    assert_eq!(titles(&alerts), ["9 % of this block left"]);
    assert_eq!(alerts[0].cause, "91 % of this block, threshold 90 %; also 76 % of this block, threshold 75 %");
}

/// As this program wrote it when sessions and burn rates were still counted in percent of their thresholds.
const VERSION_1: &str = r#"{"version":1,"isPrimed":true,"pausedUntil":null,"episodes":[
    {"rule":"block","subject":"block","span":{"start":"2026-03-01T10:00:00Z","end":"2026-03-01T15:00:00Z"},"said":75,"met":"2026-03-01T11:00:00Z"},
    {"rule":"burnRate","subject":"rate","span":{"start":"2026-03-01T10:00:00Z","end":"2026-03-01T15:00:00Z"},"said":100,"met":"2026-03-01T11:00:00Z"},
    {"rule":"sessionCost","subject":"s1","span":{"start":"1970-01-01T00:00:00Z","end":"9999-12-31T23:59:59Z"},"said":100,"met":"2026-03-01T11:00:00Z"}],
    "streaks":[{"rule":"burnRate","since":"2026-03-01T11:50:00Z","last":"2026-03-01T11:59:00Z"}],
    "awaited":[],"held":[],"kept":[],"sent":["2026-03-01T11:00:00Z"]}"#;

#[test]
fn what_an_earlier_version_said_is_not_said_again() {
    let mut desk = Desk::fresh();
    desk.state = AlertState::read(VERSION_1).expect("it is understood");
    (desk.settings.burn_tokens, desk.settings.burn_cost, desk.settings.burn_minutes) = (Some(10), Some(1), 1);
    desk.settings.session_cost = Some(200);
    desk.block(80.0);
    (desk.snapshot.burn_rate.tokens_per_minute, desk.snapshot.burn_rate.cost_per_hour) = (50, Some(9.0));
    desk.sessions = vec![SessionBill { id: "s1".to_owned(), name: String::new(), cost: 210.0, is_muted: false }];
    assert_eq!(desk.sent_within(600), []);
    desk.block(92.0);
    assert_eq!(titles(&desk.sent_after(1)), ["8 % of this block left"], "what is new is");
}

#[test]
fn what_quiet_hours_outlast_is_not_summed_up() {
    let mut desk = Desk::new();
    desk.settings.quiet = QuietHours::read("12:00-16:00");
    desk.block(76.0);
    desk.after(1);
    (desk.snapshot.current_block, desk.snapshot.block_use) = (None, None);
    desk.now = at("2026-03-01T16:00:00Z");
    assert_eq!(desk.step(), [], "that block is long over");
}

#[test]
fn without_a_summary_quiet_hours_end_quietly() {
    let mut desk = Desk::new();
    (desk.settings.quiet, desk.settings.quiet_summary) = (QuietHours::read("12:00-13:30"), false);
    desk.block(76.0);
    assert_eq!(fates(&desk.after(1)), [(AlertRule::Block, AlertFate::Quiet)]);
    assert_eq!(desk.after(100), []);
}

#[rstest]
#[case(Pause::FifteenMinutes, 15)]
#[case(Pause::ThirtyMinutes, 30)]
#[case(Pause::Hour, 60)]
#[case(Pause::UntilReset, 180)]
#[case(Pause::UntilTomorrow, 720)]
fn a_pause_holds_until_its_end_and_over_a_restart(#[case] pause: Pause, #[case] minutes: i64) {
    let mut desk = Desk::new();
    let until =
        paused_until(pause, desk.now, desk.zone, desk.snapshot.current_block.as_ref().map(|block| block.end_time));
    desk.state = desk.state.paused(until);
    desk.restart();
    assert_eq!(desk.state.pause(desk.now), Some(desk.now + TimeDelta::minutes(minutes)));
    desk.week(76.0);
    assert_eq!(fates(&desk.after(minutes - 1)), [(AlertRule::Week, AlertFate::Paused)]);
    desk.week(92.0);
    assert_eq!(titles(&desk.sent_after(1)), ["8 % of the week left"]);
}

#[test]
fn a_pause_can_be_ended() {
    let mut desk = Desk::new();
    desk.state = desk.state.paused(Some(desk.now + TimeDelta::hours(1))).paused(None);
    desk.block(76.0);
    assert_eq!(desk.sent_after(1).len(), 1);
}

#[test]
fn a_muted_session_is_noted_and_never_told() {
    let mut desk = Desk::new();
    desk.settings.session_cost = Some(5);
    desk.sessions = vec![SessionBill { id: "s".to_owned(), name: String::new(), cost: 9.0, is_muted: true }];
    assert_eq!(fates(&desk.after(1)), [(AlertRule::SessionCost, AlertFate::Muted)]);
    desk.sessions[0].is_muted = false;
    assert_eq!(desk.after(1), []);
}

#[test]
fn who_wants_no_alerts_gets_none_and_what_waited_is_forgotten() {
    let mut desk = Desk::new();
    desk.settings.quiet = QuietHours::read("12:00-13:30");
    desk.block(76.0);
    desk.after(1);
    desk.settings.enabled = false;
    desk.block(92.0);
    assert_eq!(desk.after(100), []);
    desk.settings.enabled = true;
    assert_eq!(titles(&desk.sent_after(1)), ["8 % of this block left"], "what holds then is told");
}
