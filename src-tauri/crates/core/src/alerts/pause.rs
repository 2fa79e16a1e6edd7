//! Computes the end of a pause. The end is a fixed instant, so time zone and clock changes do not move it.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use crate::report::model::Pause;
use crate::time::calendar;

/// The length of a pause until the reset if no block is running.
const DEFAULT_PAUSE: TimeDelta = TimeDelta::hours(1);

/// Returns the end of a pause that starts now, or `None` for [`Pause::Off`]. `resets_at` is the end of the block.
pub fn pause_end(
    pause: Pause,
    now: DateTime<Utc>,
    zone: Tz,
    resets_at: Option<DateTime<Utc>>,
) -> Option<DateTime<Utc>> {
    match pause {
        Pause::Off => None,
        Pause::FifteenMinutes => Some(now + TimeDelta::minutes(15)),
        Pause::ThirtyMinutes => Some(now + TimeDelta::minutes(30)),
        Pause::Hour => Some(now + TimeDelta::hours(1)),
        Pause::UntilReset => Some(resets_at.filter(|resets_at| *resets_at > now).unwrap_or(now + DEFAULT_PAUSE)),
        Pause::UntilTomorrow => {
            let tomorrow = calendar::local_date(now.into(), zone).succ_opt()?;
            Some(calendar::first_slot(tomorrow, zone).start().to_utc())
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono_tz::{America, Australia};
    use rstest::rstest;

    use super::*;

    fn at(time: &str) -> DateTime<Utc> {
        time.parse().expect("a time")
    }

    #[rstest]
    #[case::ordinary(America::New_York, "2026-03-01T20:00:00Z", "2026-03-02T05:00:00Z")]
    #[case::day_of_23_hours(America::New_York, "2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z")]
    #[case::day_of_25_hours(America::New_York, "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z")]
    #[case::half_hour_change(Australia::Lord_Howe, "2026-04-04T13:00:00Z", "2026-04-05T13:30:00Z")]
    fn tomorrow_starts_at_local_midnight(#[case] zone: Tz, #[case] now: &str, #[case] end: &str) {
        assert_eq!(pause_end(Pause::UntilTomorrow, at(now), zone, None), Some(at(end)));
    }

    #[test]
    fn a_pause_until_the_reset_lasts_an_hour_without_a_block() {
        let (now, resets_at) = (at("2026-03-01T10:00:00Z"), at("2026-03-01T12:00:00Z"));
        let end = |resets_at| pause_end(Pause::UntilReset, now, Tz::UTC, resets_at);
        assert_eq!([end(Some(resets_at)), end(None)], [Some(resets_at), Some(at("2026-03-01T11:00:00Z"))]);
    }
}
