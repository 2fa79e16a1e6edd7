//! Until when a pause lasts. It is an instant, so neither a journey nor the clocks of summer move it.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use crate::report::model::Pause;
use crate::time::calendar;

/// Where no block runs there is no reset to wait for; then it is an hour.
const WITHOUT_BLOCK: TimeDelta = TimeDelta::hours(1);

/// Until when a pause lasts that begins at an instant; none where it is to end. `resets` is the end of the block.
pub fn paused_until(
    pause: Pause,
    now: DateTime<Utc>,
    zone: Tz,
    resets: Option<DateTime<Utc>>,
) -> Option<DateTime<Utc>> {
    match pause {
        Pause::Off => None,
        Pause::FifteenMinutes => Some(now + TimeDelta::minutes(15)),
        Pause::ThirtyMinutes => Some(now + TimeDelta::minutes(30)),
        Pause::Hour => Some(now + TimeDelta::hours(1)),
        Pause::UntilReset => Some(resets.filter(|resets| *resets > now).unwrap_or(now + WITHOUT_BLOCK)),
        Pause::UntilTomorrow => {
            let tomorrow = calendar::date(now.into(), zone).succ_opt()?;
            Some(calendar::first_slot(tomorrow, zone).start().utc())
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
    #[case::the_day_of_23_hours(America::New_York, "2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z")]
    #[case::the_day_of_25_hours(America::New_York, "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z")]
    #[case::half_an_hour(Australia::Lord_Howe, "2026-04-04T13:00:00Z", "2026-04-05T13:30:00Z")]
    fn tomorrow_begins_where_the_viewer_is(#[case] zone: Tz, #[case] now: &str, #[case] until: &str) {
        assert_eq!(paused_until(Pause::UntilTomorrow, at(now), zone, None), Some(at(until)));
    }

    #[test]
    fn without_a_block_until_its_reset_is_an_hour() {
        let (now, resets) = (at("2026-03-01T10:00:00Z"), at("2026-03-01T12:00:00Z"));
        let until = |resets| paused_until(Pause::UntilReset, now, Tz::UTC, resets);
        assert_eq!([until(Some(resets)), until(None)], [Some(resets), Some(at("2026-03-01T11:00:00Z"))]);
    }
}
