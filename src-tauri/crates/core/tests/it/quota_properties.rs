//! Properties of the quota state for random readings in any order, and of the parsers for any bytes.

use proptest::prelude::*;
use token_monitor_core::quota::{
    Percent, Quota, QuotaSource, QuotaWindow, Reading, parse_cached_usage, parse_desktop_history, parse_inbox,
};
use token_monitor_core::time::{MICROS_PER_MINUTE, Timestamp};
use token_monitor_test_support::property_cases;

/// 2026-07-17T12:00:00Z
const START: i64 = 1_784_289_600_000_000;

/// A time after all generated readings.
const LATER: Timestamp = minutes_after_start(1_600);

const fn minutes_after_start(minute: i64) -> Timestamp {
    Timestamp(START + minute * MICROS_PER_MINUTE)
}

fn windows() -> impl Strategy<Value = QuotaWindow> {
    use QuotaWindow::{ExtraUsage, FiveHour, Weekly};
    let opus = QuotaWindow::for_model_family("opus").expect("a name");
    prop::sample::select(vec![FiveHour, FiveHour, Weekly, ExtraUsage, opus])
}

fn sources() -> impl Strategy<Value = QuotaSource> {
    use QuotaSource::{CachedUsage, DesktopHistory, LimitMessage, StatusLine};
    prop::sample::select(vec![StatusLine, CachedUsage, DesktopHistory, LimitMessage])
}

/// Generates readings close together in time, some of them invalid.
fn readings() -> impl Strategy<Value = Vec<Reading>> {
    let used = (0..102_000_u32).prop_map(|used| Percent::from_thousandths(used / 10_000 * 10_000));
    let minutes_to_reset = prop::option::of(prop::sample::select(vec![-5_i64, 5, 20, 22, 120, 300, 309, 400, 9_000]));
    let reading = (windows(), used, minutes_to_reset, 0..1_500_i64, 0..3_i64, sources());
    let reading = reading.prop_map(|(window, used, minutes_to_reset, minute, step, source)| {
        let at = Timestamp(minutes_after_start(minute).0 + step * 17_000_000);
        let resets_at = minutes_to_reset.map(|minutes| Timestamp(at.0 + minutes * MICROS_PER_MINUTE));
        Reading { window, used, resets_at, at, source, account: None }
    });
    prop::collection::vec(reading, 0..60)
}

fn quota_of<'a>(readings: impl IntoIterator<Item = &'a Reading>) -> Quota {
    let mut quota = Quota::default();
    for reading in readings {
        quota.insert(reading.clone(), LATER);
    }
    quota
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(property_cases(300)) })]

    #[test]
    fn order_and_repetition_do_not_matter(
        (readings, shuffled) in readings().prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle()))
    ) {
        let quota = quota_of(&readings);
        prop_assert_eq!(&quota, &quota_of(&shuffled));
        let mut repeated = quota.clone();
        for reading in &shuffled {
            prop_assert!(!repeated.insert(reading.clone(), LATER), "a repeated reading changes nothing");
        }
        prop_assert_eq!(quota, repeated);
    }

    #[test]
    fn stored_readings_restore_the_state(readings in readings()) {
        let mut quota = Quota::default();
        let mut stored = Vec::new();
        for reading in &readings {
            if quota.insert(reading.clone(), LATER) {
                stored.push(reading.clone());
            }
        }
        prop_assert_eq!(&quota_of(quota.readings()), &quota);
        prop_assert_eq!(&quota_of(&stored), &quota);
        prop_assert!(quota.readings().all(|reading| stored.contains(reading) && quota.is_needed(reading)));
    }

    #[test]
    fn current_usage_is_a_valid_reading_of_the_current_window(readings in readings(), minute in 0..2_000_i64) {
        let (quota, now) = (quota_of(&readings), minutes_after_start(minute));
        for window in quota.windows() {
            let Some(usage) = quota.current_usage(window, now) else { continue };
            let is_source = |reading: &Reading| {
                (&reading.window, reading.at, reading.used) == (window, usage.at, usage.used)
                    && reading.validate().is_ok()
            };
            prop_assert!(readings.iter().any(is_source));
            prop_assert!(usage.resets_at.is_none_or(|resets_at| resets_at > now));
            prop_assert!(usage.age_seconds < 24 * 3600);
        }
    }

    #[test]
    fn confirmed_windows_never_overlap(readings in readings()) {
        let windows: Vec<_> = quota_of(&readings).confirmed_windows().collect();
        let length = QuotaWindow::FiveHour.length_micros();
        prop_assert!(windows.windows(2).all(|pair| pair[0].end <= pair[1].start));
        prop_assert!(windows.iter().all(|window| window.end.0 - window.start.0 == length));
    }

    #[test]
    fn remote_usage_is_at_most_the_highest_reading(readings in readings(), minute in 0..2_000_i64) {
        let (quota, now) = (quota_of(&readings), minutes_after_start(minute));
        let highest = readings.iter().map(|reading| reading.used).max().unwrap_or_default();
        prop_assert!(quota.remote_usage(now, |_, _| 0).is_none_or(|used| used <= highest));
        prop_assert!(quota.remote_usage(now, |_, _| 1).is_none_or(|used| used == Percent::ZERO));
    }

    #[test]
    fn any_instants_are_accepted(window in windows(), used: u32, at: i64, resets_at: Option<i64>, now: i64) {
        let (used, source) = (Percent::from_thousandths(used), QuotaSource::StatusLine);
        let (at, resets_at) = (Timestamp(at), resets_at.map(Timestamp));
        let reading = Reading { window: window.clone(), used, resets_at, at, source, account: None };
        let mut quota = Quota::default();
        quota.insert(reading.clone(), Timestamp(now));
        quota.insert(reading, Timestamp(i64::MAX));
        quota.current_usage(&window, Timestamp(now));
        quota.remote_usage(Timestamp(now), |_, _| 0);
        prop_assert!(quota.confirmed_windows().count() < 2);
    }

    #[test]
    fn any_bytes_are_parsed_without_panic(bytes: Vec<u8>) {
        parse_with_all(&bytes);
    }

    #[test]
    fn any_json_with_known_keys_is_parsed_without_panic(text in json()) {
        parse_with_all(text.as_bytes());
    }
}

fn parse_with_all(bytes: &[u8]) {
    let parsed = [parse_inbox(bytes), parse_cached_usage(bytes), parse_desktop_history(bytes)];
    assert!(parsed.iter().flat_map(|file| &file.readings).all(|reading| reading.validate().is_ok()));
}

/// Generates JSON with known keys in any place and with any values.
fn json() -> impl Strategy<Value = String> {
    let values = vec![
        "null",
        "true",
        "-1",
        "5",
        "100.5",
        "1784289600",
        "1784289600000",
        "1e400",
        "-1e400",
        "\"\"",
        "\"weekly_all\"",
        "\"2026-07-17T12:00:00Z\"",
        "\"\\ud800\"",
        "[]",
        "{}",
    ];
    let keys = vec![
        "rate_limits",
        "five_hour",
        "seven_day",
        "seven_day_opus",
        "used_percentage",
        "resets_at",
        "version",
        "at",
        "cachedUsageUtilization",
        "fetchedAtMs",
        "utilization",
        "limits",
        "kind",
        "percent",
        "scope",
        "model",
        "display_name",
        "samples",
        "t",
        "org",
        "u",
        "fh",
        "sd",
        "xu",
    ];
    let leaf = prop::sample::select(values).prop_map(str::to_owned);
    leaf.prop_recursive(5, 64, 6, move |inner| {
        let field =
            (prop::sample::select(keys.clone()), inner.clone()).prop_map(|(key, value)| format!("\"{key}\":{value}"));
        let object = prop::collection::vec(field, 0..6).prop_map(|fields| format!("{{{}}}", fields.join(",")));
        let list = prop::collection::vec(inner, 0..4).prop_map(|values| format!("[{}]", values.join(",")));
        prop_oneof![3 => object, 1 => list]
    })
}
