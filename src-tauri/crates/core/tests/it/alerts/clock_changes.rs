//! Clock changes, time zone changes, and days of 23 and 25 hours: no alert is repeated, and no relevant one is lost.

use chrono_tz::{America, Asia, Australia, Europe};
use rstest::rstest;
use token_monitor_core::alerts::{Budget, QuietHours};

use super::forecasts::set_forecast;
use super::*;

#[test]
fn a_clock_set_back_repeats_no_alert() {
    let mut harness = AlertHarness::new();
    harness.set_block_usage(80.0);
    assert_eq!(harness.sent_after(1).len(), 1);
    assert_eq!(harness.sent_after(-60), []);
    assert_eq!(harness.sent_within(3600), []);
    harness.set_block_usage(92.0);
    assert_eq!(harness.sent_after(1).len(), 1, "a new threshold is reported");
}

#[test]
fn a_clock_set_back_into_the_previous_block_repeats_no_alert() {
    let mut harness = AlertHarness::new();
    harness.set_block_usage(80.0);
    assert_eq!(harness.sent_after(1).len(), 1);
    harness.start_block(at("2026-03-01T15:00:00Z"));
    harness.set_block_usage(76.0);
    harness.now = at("2026-03-01T15:30:00Z");
    assert_eq!(harness.sent_after(0).len(), 1);
    harness.start_block(at("2026-03-01T10:00:00Z"));
    harness.set_block_usage(81.0);
    assert_eq!(harness.sent_after(-60), []);
    harness.start_block(at("2026-03-01T15:00:00Z"));
    harness.set_block_usage(77.0);
    assert_eq!(harness.sent_after(60), []);
}

#[test]
fn a_clock_a_year_ahead_for_a_moment_repeats_and_blocks_no_alert() {
    let mut harness = AlertHarness::new();
    harness.set_block_usage(80.0);
    assert_eq!(harness.sent_after(1).len(), 1);
    let year = 365 * 24 * 60;
    harness.start_block(at("2027-03-01T10:00:00Z"));
    harness.set_block_usage(80.0);
    assert_eq!(harness.sent_after(year).len(), 1, "it is another block");
    harness.start_block(at("2026-03-01T10:00:00Z"));
    harness.set_block_usage(81.0);
    assert_eq!(harness.sent_after(-year), []);
    harness.set_block_usage(92.0);
    assert_eq!(harness.sent_after(1), [], "the send times of the wrong clock count as now");
    assert_eq!(harness.sent_within(60).len(), 1, "after a minute it is sent");
}

#[test]
fn a_pause_set_by_a_clock_a_year_ahead_is_ignored() {
    let mut harness = AlertHarness::new();
    harness.state = harness.state.with_pause(Some(harness.now + TimeDelta::days(365)));
    harness.set_block_usage(80.0);
    assert_eq!(harness.sent_after(1).len(), 1);
}

#[test]
fn after_eight_hours_of_sleep_only_relevant_alerts_are_sent() {
    let mut harness = AlertHarness::new();
    harness.set_block_usage(97.0);
    assert_eq!(harness.sent_after(1).len(), 1);
    harness.start_block(at("2026-03-01T20:00:00Z"));
    harness.set_block_usage(0.0);
    harness.set_week_usage(91.0);
    assert_eq!(
        titles(&harness.sent_after(8 * 60)),
        ["9% of the week left"],
        "the reset of the old block is no longer relevant"
    );
    assert_eq!(harness.sent_within(600), []);
}

#[test]
fn sleep_interrupts_a_burn_rate() {
    let mut harness = AlertHarness::new();
    (harness.settings.max_tokens_per_minute, harness.settings.burn_rate_minutes) = (Some(10), 5);
    harness.snapshot.burn_rate.tokens_per_minute = 50;
    assert_eq!(harness.sent_within(60), []);
    assert_eq!(harness.sent_after(8 * 60), []);
    assert_eq!(harness.sent_within(299), []);
    assert_eq!(harness.sent_within(2).len(), 1);
}

#[test]
fn a_clock_set_back_continues_no_forecast_from_before_a_gap() {
    let mut harness = AlertHarness::new();
    let without_figures = harness.snapshot.clone();
    set_forecast(&mut harness, 104.0, 120.0);
    let with_forecast = harness.snapshot.clone();
    assert_eq!(harness.sent_within(120), []);
    harness.snapshot = without_figures;
    assert_eq!(harness.sent_within(3600), []);
    harness.snapshot = with_forecast;
    assert_eq!(harness.sent_after(-60), [], "the clock shows the time of the last forecast again");
    assert_eq!(harness.sent_within(299), []);
    assert_eq!(harness.sent_within(2).len(), 1);
}

#[rstest]
#[case::east(America::New_York, Asia::Tokyo)]
#[case::west(Asia::Tokyo, America::New_York)]
#[case::half_hour_offsets(Australia::Adelaide, Australia::Lord_Howe)]
#[case::across_the_date_line(chrono_tz::Pacific::Kiritimati, chrono_tz::Pacific::Pago_Pago)]
fn a_time_zone_change_repeats_no_alert(#[case] home: Tz, #[case] away: Tz) {
    let mut harness = AlertHarness::new();
    harness.settings.daily_budget = Some(Budget::Dollars(10));
    harness.settings.monthly_budget = Some(Budget::Dollars(10));
    harness.month_usage = Some(Amount { tokens: 1, cost: Some(9.0) });
    let alerts_in = |harness: &mut AlertHarness, zone: Tz| {
        harness.zone = zone;
        harness.snapshot.today.date = (harness.now + TimeDelta::minutes(2)).with_timezone(&zone).date_naive();
        harness.snapshot.today.totals.total_cost = Some(9.0);
        harness.sent_after(2)
    };
    assert_eq!(alerts_in(&mut harness, home).len(), 1);
    for zone in [away, home, away] {
        assert_eq!(alerts_in(&mut harness, zone), [], "{zone}");
    }
}

#[rstest]
#[case::skipped_hour(America::New_York, "2026-03-08T06:59:00Z", "2026-03-08T07:00:00Z", "02:00-03:00")]
#[case::skipped_half_hour(Australia::Lord_Howe, "2026-10-03T15:29:00Z", "2026-10-03T15:30:00Z", "02:00-02:30")]
fn a_skipped_hour_is_not_quiet(#[case] zone: Tz, #[case] before: &str, #[case] after: &str, #[case] hours: &str) {
    for now in [before, after] {
        assert!(!is_quiet(zone, now, hours), "{now}");
    }
}

#[rstest]
#[case::repeated_hour(America::New_York, ["2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z"], "2026-11-01T07:00:00Z", "01:00-02:00")]
#[case::repeated_half_hour(Australia::Lord_Howe, ["2026-04-04T14:45:00Z", "2026-04-04T15:15:00Z"], "2026-04-04T15:30:00Z", "01:30-02:00")]
fn a_repeated_hour_is_quiet_both_times(
    #[case] zone: Tz,
    #[case] within: [&str; 2],
    #[case] after: &str,
    #[case] hours: &str,
) {
    assert!(within.into_iter().all(|now| is_quiet(zone, now, hours)));
    assert!(!is_quiet(zone, after, hours));
}

#[test]
fn quiet_hours_end_by_local_time_after_a_clock_change() {
    assert!(is_quiet(Europe::Berlin, "2026-03-29T05:59:00Z", "22:00-08:00"));
    assert!(!is_quiet(Europe::Berlin, "2026-03-29T06:00:00Z", "22:00-08:00"));
}

/// Returns true if an alert at this time is suppressed by quiet hours.
fn is_quiet(zone: Tz, now: &str, hours: &str) -> bool {
    let mut harness = AlertHarness::new();
    (harness.zone, harness.now) = (zone, at(now));
    harness.settings.quiet_hours = QuietHours::parse(hours);
    harness.start_block(harness.now - TimeDelta::hours(1));
    harness.set_block_usage(80.0);
    statuses(&harness.evaluate()) == [(AlertRule::Block, DeliveryStatus::QuietHours)]
}

#[test]
fn a_daily_budget_follows_local_days_of_23_and_25_hours() {
    for (zone, day) in
        [(America::New_York, "2026-03-08"), (America::New_York, "2026-11-01"), (Australia::Lord_Howe, "2026-04-05")]
    {
        let mut harness = AlertHarness::new();
        harness.settings.daily_budget = Some(Budget::Dollars(10));
        harness.zone = zone;
        let noon = format!("{day}T12:00:00").parse::<chrono::NaiveDateTime>().expect("a time");
        let (mut alert_days, mut days) = (Vec::new(), std::collections::BTreeSet::new());
        let start = noon.and_local_timezone(zone).single().expect("noon is once").to_utc() - TimeDelta::hours(36);
        for hour in 0..72 {
            harness.now = start + TimeDelta::hours(hour);
            let date = harness.now.with_timezone(&zone).date_naive();
            days.insert(date);
            harness.snapshot.today.date = date;
            harness.snapshot.today.totals.total_cost = Some(9.0);
            alert_days.extend(sent_alerts(harness.evaluate()).iter().map(|_| date));
        }
        assert!(alert_days.iter().eq(&days), "one for each day: {alert_days:?} of {days:?}");
    }
}
