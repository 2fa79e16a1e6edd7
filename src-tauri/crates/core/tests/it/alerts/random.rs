//! Ten thousand afternoons: figures that rise and fall, are stale or missing, whose reset times drift; rates and
//! forecasts that hold or do not; quiet hours, pauses, muted sessions; restarts, sleep and clocks that jump. Held
//! against a model that knows which window is which.

use proptest::prelude::*;
use token_monitor_core::alerts::{Budget, QuietHours};

use super::afternoon::Afternoon;
use super::model::HOUR;
use super::*;

/// What happens next.
#[derive(Clone, Debug)]
pub(super) enum Event {
    Block {
        percent: u32,
        foretold: bool,
        is_hit: bool,
        drift: i64,
    },
    Week {
        percent: u32,
        foretold: bool,
        is_hit: bool,
        drift: i64,
    },
    /// The block's share of a limit in dollars that somebody set.
    Dollars {
        percent: u32,
        foretold: bool,
    },
    Burn {
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
    Unread {
        logs: bool,
        folders: bool,
    },
    /// The vendor's figures are too old by now, or there are none, for minutes.
    Stale,
    Missing,
    Pause {
        minutes: i64,
    },
    /// A large history is read.
    Import,
    /// The clock is put back by an hour, or is a year ahead for a moment.
    Back,
    Ahead,
    Sleep,
}

/// What happens, and how time goes on then: so many steps of so many seconds. Steps are clearly shorter or clearly
/// longer than a silence that breaks what has held.
pub(super) type Turn = (Event, i64, usize);

fn percents() -> impl Strategy<Value = u32> {
    prop_oneof![0..=110_u32, 44..=52_u32, 68..=78_u32, 84..=92_u32, 94..=101_u32]
}

fn window() -> impl Strategy<Value = (u32, bool, bool, i64)> {
    (percents(), any::<bool>(), prop::bool::weighted(0.1), -15..=15_i64)
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        6 => window().prop_map(|(percent, foretold, is_hit, drift)| Event::Block { percent, foretold, is_hit, drift }),
        4 => window().prop_map(|(percent, foretold, is_hit, drift)| Event::Week { percent, foretold, is_hit, drift }),
        2 => (percents(), any::<bool>()).prop_map(|(percent, foretold)| Event::Dollars { percent, foretold }),
        4 => (prop_oneof![Just(0), 90..=110_u64], prop_oneof![Just(0.0), 18.0..=22.0])
            .prop_map(|(tokens, cost)| Event::Burn { tokens, cost }),
        2 => (prop_oneof![0.0..=11.0, 7.4..=8.2], 70.0..=101.0).prop_map(|(today, month)| Event::Spend { today, month }),
        3 => (0..6_u8, 4.0..=6.0, any::<bool>()).prop_map(|(id, cost, is_muted)| Event::Session { id, cost, is_muted }),
        1 => any::<(bool, bool)>().prop_map(|(logs, folders)| Event::Unread { logs, folders }),
        1 => Just(Event::Stale),
        1 => Just(Event::Missing),
        1 => (1..=180_i64).prop_map(|minutes| Event::Pause { minutes }),
        1 => Just(Event::Import),
        1 => Just(Event::Back),
        1 => Just(Event::Ahead),
        1 => Just(Event::Sleep),
    ]
}

fn turns() -> impl Strategy<Value = Vec<Turn>> {
    let time = prop_oneof![
        4 => (1..=59_i64, 1..=3_usize),
        2 => (Just(40_i64), 8..=10_usize),
        2 => (300..=HOUR, Just(1_usize)),
    ];
    prop::collection::vec((event(), time).prop_map(|(event, (after, times))| (event, after, times)), 1..12)
}

/// What somebody wants: quiet hours, whether they are summed up, minutes of the burn rate, and where they are.
pub(super) type Wish = (Option<(u32, u32)>, bool, u64, Tz);

fn wishes() -> impl Strategy<Value = Wish> {
    let quiet = prop_oneof![2 => Just(None), 1 => Just(Some((13, 14))), 1 => Just(Some((8, 18)))];
    let zone = prop_oneof![Just(Tz::UTC), Just(chrono_tz::America::New_York), Just(chrono_tz::Asia::Kathmandu)];
    (quiet, any::<bool>(), 0..=6_u64, zone)
}

pub(super) fn settings((quiet, quiet_summary, burn_minutes, _): Wish) -> AlertSettings {
    AlertSettings {
        quiet: quiet.map(|(from, to)| QuietHours { from: from as u16 * 60, to: to as u16 * 60 }),
        quiet_summary,
        burn_tokens: Some(100),
        burn_cost: Some(20),
        burn_minutes,
        daily_budget: Some(Budget::Dollars(10)),
        monthly_budget: Some(Budget::Dollars(100)),
        session_cost: Some(5),
        ..AlertSettings::default()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases.max(10_000), ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_all_that_should_be_told_is_told_once(turns in turns(), wish in wishes()) {
        let mut afternoon = Afternoon::new(wish);
        turns.iter().for_each(|turn| afternoon.turn(turn));
        afternoon.end();
    }
}
