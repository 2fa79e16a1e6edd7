//! Clocks that jump, zones that change, days of 23 and 25 hours: nothing twice, and nothing missed that matters.

use chrono_tz::{America, Asia, Australia, Europe};
use rstest::rstest;
use token_monitor_core::alerts::{Budget, QuietHours};

use super::*;

#[test]
fn a_clock_put_back_repeats_nothing() {
    let mut desk = Desk::new();
    desk.block(80.0);
    assert_eq!(desk.sent_after(1).len(), 1);
    assert_eq!(desk.sent_after(-60), []);
    assert_eq!(desk.sent_within(3600), []);
    desk.block(92.0);
    assert_eq!(desk.sent_after(1).len(), 1, "what is new is told");
}

#[test]
fn a_clock_put_back_into_the_block_before_repeats_nothing() {
    let mut desk = Desk::new();
    desk.block(80.0);
    assert_eq!(desk.sent_after(1).len(), 1);
    desk.block_from(at("2026-03-01T15:00:00Z"));
    desk.block(76.0);
    desk.now = at("2026-03-01T15:30:00Z");
    assert_eq!(desk.sent_after(0).len(), 1);
    desk.block_from(at("2026-03-01T10:00:00Z"));
    desk.block(81.0);
    assert_eq!(desk.sent_after(-60), []);
    desk.block_from(at("2026-03-01T15:00:00Z"));
    desk.block(77.0);
    assert_eq!(desk.sent_after(60), []);
}

#[test]
fn a_clock_a_year_ahead_and_right_again_repeats_nothing_and_blocks_nothing() {
    let mut desk = Desk::new();
    desk.block(80.0);
    assert_eq!(desk.sent_after(1).len(), 1);
    let year = 365 * 24 * 60;
    desk.block_from(at("2027-03-01T10:00:00Z"));
    desk.block(80.0);
    assert_eq!(desk.sent_after(year).len(), 1, "it is another block");
    desk.block_from(at("2026-03-01T10:00:00Z"));
    desk.block(81.0);
    assert_eq!(desk.sent_after(-year), []);
    desk.block(92.0);
    assert_eq!(desk.sent_after(1), [], "the hour may be full of alerts of another clock");
    assert_eq!(desk.sent_within(60).len(), 1, "for a minute");
}

#[test]
fn a_pause_by_a_clock_a_year_ahead_is_none() {
    let mut desk = Desk::new();
    desk.state = desk.state.paused(Some(desk.now + TimeDelta::days(365)));
    desk.block(80.0);
    assert_eq!(desk.sent_after(1).len(), 1);
}

#[test]
fn eight_hours_asleep_tell_what_still_matters() {
    let mut desk = Desk::new();
    desk.block(97.0);
    assert_eq!(desk.sent_after(1).len(), 1);
    desk.block_from(at("2026-03-01T20:00:00Z"));
    desk.block(0.0);
    desk.week(91.0);
    assert_eq!(titles(&desk.sent_after(8 * 60)), ["9 % of the week left"], "nobody waits for that reset any more");
    assert_eq!(desk.sent_within(600), []);
}

#[test]
fn asleep_no_rate_lasts_and_no_forecast_holds() {
    let mut desk = Desk::new();
    (desk.settings.burn_tokens, desk.settings.burn_minutes) = (Some(10), 5);
    desk.snapshot.burn_rate.tokens_per_minute = 50;
    assert_eq!(desk.sent_within(60), []);
    assert_eq!(desk.sent_after(8 * 60), []);
    assert_eq!(desk.sent_within(299), []);
    assert_eq!(desk.sent_within(2).len(), 1);
}

#[rstest]
#[case::east(America::New_York, Asia::Tokyo)]
#[case::west(Asia::Tokyo, America::New_York)]
#[case::half_an_hour(Australia::Adelaide, Australia::Lord_Howe)]
#[case::round_the_date_line(chrono_tz::Pacific::Kiritimati, chrono_tz::Pacific::Pago_Pago)]
fn a_journey_repeats_nothing(#[case] home: Tz, #[case] away: Tz) {
    let mut desk = Desk::new();
    desk.settings.daily_budget = Some(Budget::Dollars(10));
    desk.settings.monthly_budget = Some(Budget::Dollars(10));
    desk.month = Some(Amount { tokens: 1, cost: Some(9.0) });
    let there = |desk: &mut Desk, zone: Tz| {
        desk.zone = zone;
        desk.snapshot.today.date = (desk.now + TimeDelta::minutes(2)).with_timezone(&zone).date_naive();
        desk.snapshot.today.totals.total_cost = Some(9.0);
        desk.sent_after(2)
    };
    assert_eq!(there(&mut desk, home).len(), 1);
    for zone in [away, home, away] {
        assert_eq!(there(&mut desk, zone), [], "{zone}");
    }
}

#[rstest]
#[case::skipped_hour(America::New_York, "2026-03-08T06:59:00Z", "2026-03-08T07:00:00Z", "02:00-03:00")]
#[case::skipped_half_hour(Australia::Lord_Howe, "2026-10-03T15:29:00Z", "2026-10-03T15:30:00Z", "02:00-02:30")]
fn an_hour_that_the_clocks_skip_is_not_quiet(
    #[case] zone: Tz,
    #[case] before: &str,
    #[case] after: &str,
    #[case] hours: &str,
) {
    for now in [before, after] {
        assert!(!is_quiet(zone, now, hours), "{now}");
    }
}

#[rstest]
#[case::repeated_hour(America::New_York, ["2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z"], "2026-11-01T07:00:00Z", "01:00-02:00")]
#[case::repeated_half_hour(Australia::Lord_Howe, ["2026-04-04T14:45:00Z", "2026-04-04T15:15:00Z"], "2026-04-04T15:30:00Z", "01:30-02:00")]
fn an_hour_that_the_clocks_repeat_is_quiet_twice(
    #[case] zone: Tz,
    #[case] within: [&str; 2],
    #[case] after: &str,
    #[case] hours: &str,
) {
    assert!(within.into_iter().all(|now| is_quiet(zone, now, hours)));
    assert!(!is_quiet(zone, after, hours));
}

#[test]
fn a_night_of_summer_time_is_quiet_to_its_end_by_the_wall_clock() {
    assert!(is_quiet(Europe::Berlin, "2026-03-29T05:59:00Z", "22:00-08:00"));
    assert!(!is_quiet(Europe::Berlin, "2026-03-29T06:00:00Z", "22:00-08:00"));
}

/// Whether an alert that comes then is kept back.
fn is_quiet(zone: Tz, now: &str, hours: &str) -> bool {
    let mut desk = Desk::new();
    (desk.zone, desk.now) = (zone, at(now));
    desk.settings.quiet = QuietHours::read(hours);
    desk.block_from(desk.now - TimeDelta::hours(1));
    desk.block(80.0);
    fates(&desk.step()) == [(AlertRule::Block, AlertFate::Quiet)]
}

#[test]
fn a_budget_is_of_the_viewers_day_also_where_it_has_23_or_25_hours() {
    for (zone, day) in
        [(America::New_York, "2026-03-08"), (America::New_York, "2026-11-01"), (Australia::Lord_Howe, "2026-04-05")]
    {
        let mut desk = Desk::new();
        desk.settings.daily_budget = Some(Budget::Dollars(10));
        desk.zone = zone;
        let noon = format!("{day}T12:00:00").parse::<chrono::NaiveDateTime>().expect("a time");
        let (mut told, mut days) = (Vec::new(), std::collections::BTreeSet::new());
        let start = noon.and_local_timezone(zone).single().expect("noon is once").to_utc() - TimeDelta::hours(36);
        for hour in 0..72 {
            desk.now = start + TimeDelta::hours(hour);
            let date = desk.now.with_timezone(&zone).date_naive();
            days.insert(date);
            desk.snapshot.today.date = date;
            desk.snapshot.today.totals.total_cost = Some(9.0);
            told.extend(sent(desk.step()).iter().map(|_| date));
        }
        assert!(told.iter().eq(&days), "one for each day: {told:?} of {days:?}");
    }
}
