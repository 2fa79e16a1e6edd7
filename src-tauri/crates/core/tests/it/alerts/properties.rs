//! Ten thousand random scenarios, compared with a reference model that knows which window is which: figures that rise and
//! fall, are stale or missing, and whose reset times shift; rates and forecasts that last or do not; quiet hours, pauses
//! and muted sessions; restarts, sleep and clock changes.

use proptest::prelude::*;
use token_monitor_core::alerts::{Budget, QuietHours};

use super::reference_model::HOUR;
use super::scenario::Scenario;
use super::*;

/// A change of the figures, the settings or the clock.
#[derive(Clone, Debug)]
pub(super) enum Event {
    Block {
        percent: u32,
        is_forecast: bool,
        is_reached: bool,
        drift: i64,
    },
    Week {
        percent: u32,
        is_forecast: bool,
        is_reached: bool,
        drift: i64,
    },
    /// The block's share of a limit in dollars set by the user.
    BlockCost {
        percent: u32,
        is_forecast: bool,
    },
    BurnRate {
        tokens: u64,
        cost: f64,
    },
    Spend {
        today: f64,
        month: f64,
    },
    Session {
        id: u8,
        cost: f64,
        is_muted: bool,
    },
    Unreadable {
        logs: bool,
        folders: bool,
    },
    /// Official figures that are stale for minutes.
    Stale,
    /// Official figures that are missing for minutes.
    Missing,
    Pause {
        minutes: i64,
    },
    /// An import of existing logs.
    Import,
    /// A clock set back by an hour.
    ClockBack,
    /// A clock that is a year ahead for a moment.
    ClockAhead,
    Sleep,
}

/// An event, and the steps after it: their length in seconds and their number. Steps are clearly shorter or clearly longer
/// than the gap that ends a streak.
pub(super) type Turn = (Event, i64, usize);

fn percents() -> impl Strategy<Value = u32> {
    prop_oneof![0..=110_u32, 44..=52_u32, 68..=78_u32, 84..=92_u32, 94..=101_u32]
}

/// Generates the percentage, forecast, reached state and drift of a window.
fn windows() -> impl Strategy<Value = (u32, bool, bool, i64)> {
    (percents(), any::<bool>(), prop::bool::weighted(0.1), -15..=15_i64)
}

fn events() -> impl Strategy<Value = Event> {
    let block = windows().prop_map(|(percent, is_forecast, is_reached, drift)| Event::Block {
        percent,
        is_forecast,
        is_reached,
        drift,
    });
    let week = windows().prop_map(|(percent, is_forecast, is_reached, drift)| Event::Week {
        percent,
        is_forecast,
        is_reached,
        drift,
    });
    prop_oneof![
        6 => block,
        4 => week,
        2 => (percents(), any::<bool>())
            .prop_map(|(percent, is_forecast)| Event::BlockCost { percent, is_forecast }),
        4 => (prop_oneof![Just(0), 90..=110_u64], prop_oneof![Just(0.0), 18.0..=22.0])
            .prop_map(|(tokens, cost)| Event::BurnRate { tokens, cost }),
        2 => (prop_oneof![0.0..=11.0, 7.4..=8.2], 70.0..=101.0).prop_map(|(today, month)| Event::Spend { today, month }),
        3 => (0..6_u8, 4.0..=6.0, any::<bool>()).prop_map(|(id, cost, is_muted)| Event::Session { id, cost, is_muted }),
        1 => any::<(bool, bool)>().prop_map(|(logs, folders)| Event::Unreadable { logs, folders }),
        1 => Just(Event::Stale),
        1 => Just(Event::Missing),
        1 => (1..=180_i64).prop_map(|minutes| Event::Pause { minutes }),
        1 => Just(Event::Import),
        1 => Just(Event::ClockBack),
        1 => Just(Event::ClockAhead),
        1 => Just(Event::Sleep),
    ]
}

fn turns() -> impl Strategy<Value = Vec<Turn>> {
    let steps = prop_oneof![
        4 => (1..=59_i64, 1..=3_usize),
        2 => (Just(40_i64), 8..=10_usize),
        2 => (300..=HOUR, Just(1_usize)),
    ];
    prop::collection::vec((events(), steps).prop_map(|(event, (seconds, count))| (event, seconds, count)), 1..12)
}

/// The quiet hours, the summary setting, the minutes of the burn rate, and the time zone.
pub(super) type SettingsChoice = (Option<(u32, u32)>, bool, u64, Tz);

fn choices() -> impl Strategy<Value = SettingsChoice> {
    let quiet_hours = prop_oneof![2 => Just(None), 1 => Just(Some((13, 14))), 1 => Just(Some((8, 18)))];
    let zone = prop_oneof![Just(Tz::UTC), Just(chrono_tz::America::New_York), Just(chrono_tz::Asia::Kathmandu)];
    (quiet_hours, any::<bool>(), 0..=6_u64, zone)
}

pub(super) fn settings((quiet_hours, quiet_summary, burn_rate_minutes, _): SettingsChoice) -> AlertSettings {
    AlertSettings {
        quiet_hours: quiet_hours.map(|(from, to)| QuietHours { from: from as u16 * 60, to: to as u16 * 60 }),
        quiet_summary,
        max_tokens_per_minute: Some(100),
        max_dollars_per_hour: Some(20),
        burn_rate_minutes,
        daily_budget: Some(Budget::Dollars(10)),
        monthly_budget: Some(Budget::Dollars(100)),
        session_cost: Some(5),
        ..AlertSettings::default()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases.max(10_000), ..ProptestConfig::default() })]

    #[test]
    fn every_expected_alert_is_sent_exactly_once(turns in turns(), choice in choices()) {
        let mut scenario = Scenario::new(choice);
        turns.iter().for_each(|turn| scenario.run_turn(turn));
        scenario.finish();
    }
}
