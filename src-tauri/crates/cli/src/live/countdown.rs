//! When a countdown on the screen changes its text, so that it is drawn then and not before.

use chrono::{DateTime, TimeDelta, Utc};
use token_monitor_core::report::model::LimitUse;

use crate::live::app::App;
use crate::live::app::page::Page;
use crate::live::session_row::{SessionRow, current_rows};

/// The smallest unit of a countdown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    /// Minutes also in the last one.
    Minutes,
    /// Seconds in the last minute.
    SecondsAtLast,
}

/// Returns when the next text on the screen changes with time alone; `None` while nothing counts down.
pub(crate) fn next_change(app: &App, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    if app.is_frozen() {
        return None;
    }
    let snapshot = app.snapshot();
    let block = snapshot.current_block.as_ref().filter(|_| app.page == Page::Now);
    let exhaustion = snapshot.block_use.as_ref().and_then(LimitUse::upcoming_exhaustion);
    let of_lead = [block.map(|block| block.end_time), exhaustion.filter(|_| app.page == Page::Now)];
    let of_lead = of_lead.into_iter().flatten().map(|at| (at, Unit::Minutes));
    let caches = visible_rows(app).into_iter().filter_map(|row| Some((row.cache?.expires_at, Unit::SecondsAtLast)));
    of_lead.chain(caches).filter_map(|(end, unit)| next_text_change(end, unit, now)).min()
}

fn visible_rows(app: &App) -> Vec<SessionRow> {
    match app.page {
        Page::Now => current_rows(app.snapshot()),
        Page::Sessions => {
            let rows = app.sessions.cursor.visible().filter_map(|place| app.sessions.row(place));
            rows.chain(app.sessions.target()).map(SessionRow::from).collect()
        }
        Page::Blocks | Page::History => Vec::new(),
    }
}

/// Returns when the text of a countdown changes: durations are cut to whole units. `None` after its end.
fn next_text_change(end: DateTime<Utc>, unit: Unit, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let left = end - now;
    if left <= TimeDelta::zero() {
        return None;
    }
    let step = match unit {
        Unit::SecondsAtLast if left <= TimeDelta::minutes(1) => 1_000,
        Unit::Minutes | Unit::SecondsAtLast => 60_000,
    };
    // A millisecond later, because a whole unit is still shown at its end.
    Some(now + TimeDelta::milliseconds(left.num_milliseconds() % step + 1))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(Unit::Minutes, 7_985_000, Some(5_001))]
    #[case(Unit::Minutes, 7_980_000, Some(1))]
    #[case(Unit::Minutes, 42_300, Some(42_301))]
    #[case(Unit::SecondsAtLast, 142_300, Some(22_301))]
    #[case(Unit::SecondsAtLast, 42_300, Some(301))]
    #[case(Unit::Minutes, 0, None)]
    #[case(Unit::SecondsAtLast, -5_000, None)]
    fn a_countdown_changes_with_its_smallest_unit(#[case] unit: Unit, #[case] left: i64, #[case] wait: Option<i64>) {
        let now = DateTime::from_timestamp_millis(1_800_000_000_123).expect("a time");
        let change = next_text_change(now + TimeDelta::milliseconds(left), unit, now);
        assert_eq!(change.map(|at| (at - now).num_milliseconds()), wait);
    }
}
