//! What holds of any readings in any order, and of any bytes.

use proptest::prelude::*;

use super::*;

const MINUTE: i64 = 60_000_000;
const START: i64 = 1_784_289_600_000_000;

fn windows() -> impl Strategy<Value = Window> {
    let opus = Window::scoped("opus").expect("a name");
    prop::sample::select(vec![Window::FiveHour, Window::FiveHour, Window::Weekly, Window::ExtraUsage, opus])
}

fn sources() -> impl Strategy<Value = QuotaSource> {
    use QuotaSource::{CachedUsage, DesktopHistory, LimitMessage, StatusLine};
    prop::sample::select(vec![StatusLine, CachedUsage, DesktopHistory, LimitMessage])
}

/// Readings close together in time, a few of them not to be believed.
fn readings() -> impl Strategy<Value = Vec<Reading>> {
    let used = (0..102_000_u32).prop_map(|used| Percent::from_thousandths(used / 10_000 * 10_000));
    let ahead = prop::option::of(prop::sample::select(vec![-5_i64, 5, 20, 22, 120, 300, 309, 400, 9_000]));
    let reading = (windows(), used, ahead, 0..1_500_i64, 0..3_i64, sources());
    let reading = reading.prop_map(|(window, used, ahead, minute, more, source)| {
        let at = START + minute * MINUTE + more * 17_000_000;
        Reading { window, used, resets: ahead.map(|ahead| Timestamp(at + ahead * MINUTE)), at: Timestamp(at), source }
    });
    prop::collection::vec(reading, 0..60)
}

fn taken<'a>(readings: impl IntoIterator<Item = &'a Reading>) -> Quota {
    let mut quota = Quota::default();
    for reading in readings {
        quota.take(reading.clone(), Timestamp(START + 1_600 * MINUTE));
    }
    quota
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn neither_order_nor_repetition_matters(
        (readings, shuffled) in readings().prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle()))
    ) {
        let quota = taken(&readings);
        prop_assert_eq!(&quota, &taken(&shuffled));
        let mut again = quota.clone();
        for reading in &shuffled {
            prop_assert!(!again.take(reading.clone(), Timestamp(START + 1_600 * MINUTE)), "nothing is news twice");
        }
        prop_assert_eq!(quota, again);
    }

    #[test]
    fn the_rows_make_the_same_state_and_each_was_news(readings in readings()) {
        let mut quota = Quota::default();
        let mut stored = Vec::new();
        for reading in &readings {
            if quota.take(reading.clone(), Timestamp(START + 1_600 * MINUTE)) {
                stored.push(reading.clone());
            }
        }
        prop_assert_eq!(&taken(quota.rows()), &quota);
        prop_assert_eq!(&taken(&stored), &quota);
        prop_assert!(quota.rows().all(|row| stored.contains(row) && quota.needs(row)));
    }

    #[test]
    fn what_stands_was_said_is_of_now_and_is_believable(readings in readings(), minute in 0..2_000_i64) {
        let (quota, now) = (taken(&readings), Timestamp(START + minute * MINUTE));
        for window in quota.windows() {
            let Some(standing) = quota.standing(window, now) else { continue };
            let said = |reading: &Reading| {
                (&reading.window, reading.at, reading.used) == (window, standing.at, standing.used)
                    && reading.check().is_ok()
            };
            prop_assert!(readings.iter().any(said));
            prop_assert!(standing.resets.is_none_or(|resets| resets > now));
            prop_assert!(standing.age_seconds < 24 * 3600);
        }
    }

    #[test]
    fn known_windows_never_overlap(readings in readings()) {
        let windows: Vec<_> = taken(&readings).known_windows().collect();
        prop_assert!(windows.windows(2).all(|pair| pair[0].end <= pair[1].start));
        prop_assert!(windows.iter().all(|known| known.end.0 - known.start.0 == Window::FiveHour.length()));
    }

    #[test]
    fn elsewhere_is_never_more_than_the_highest_figure(readings in readings(), minute in 0..2_000_i64) {
        let (quota, now) = (taken(&readings), Timestamp(START + minute * MINUTE));
        let highest = readings.iter().map(|reading| reading.used).max().unwrap_or_default();
        prop_assert!(quota.elsewhere(now, |_, _| 0).is_none_or(|used| used <= highest));
        prop_assert!(quota.elsewhere(now, |_, _| 1).is_none_or(|used| used == Percent::NONE));
    }

    #[test]
    fn any_instants_are_survived(window in windows(), used: u32, at: i64, resets: Option<i64>, now: i64) {
        let source = QuotaSource::StatusLine;
        let used = Percent::from_thousandths(used);
        let reading = Reading { window: window.clone(), used, resets: resets.map(Timestamp), at: Timestamp(at), source };
        let mut quota = Quota::default();
        quota.take(reading.clone(), Timestamp(now));
        quota.take(reading, Timestamp(i64::MAX));
        quota.standing(&window, Timestamp(now));
        quota.elsewhere(Timestamp(now), |_, _| 0);
        prop_assert!(quota.known_windows().count() < 2);
    }

    #[test]
    fn any_bytes_are_survived(bytes: Vec<u8>) {
        read_all(&bytes);
    }

    #[test]
    fn any_json_of_the_right_shape_is_survived(text in json()) {
        read_all(text.as_bytes());
    }
}

fn read_all(bytes: &[u8]) {
    let found = [from_inbox(bytes), from_cached_usage(bytes), from_desktop_history(bytes)];
    assert!(found.iter().flat_map(|found| &found.readings).all(|reading| reading.check().is_ok()));
}

/// JSON with our keys in wrong places, holding wrong values.
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
