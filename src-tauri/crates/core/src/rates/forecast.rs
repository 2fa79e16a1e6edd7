//! Where a window will stand at its end, and when a limit would be reached.
//!
//! A window is a five-hour block or a week. The high end: the average pace so far goes on. The low end: the pace
//! of now, never taken to be above that average, goes on for as large a part of the rest as the part of the window
//! that has passed. So no half-hour's burst is carried to the end, the two draw together as the window goes on, and
//! before there has been some activity nothing is said at all. `docs/forecast.md` tells how the rule was chosen.

use crate::time::timestamp::Timestamp;

/// Less of a window than this, in time and in its hundredths, says nothing.
const LEAST_MICROS: u128 = 60_000_000;
const LEAST_PERCENT: u128 = 2;

/// Fewer messages than this are no pace.
const LEAST_MESSAGES: u64 = 3;

/// What is known at an instant within a window, in one unit: tokens, nano-dollars or thousandths of a percent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Course {
    /// When the window opened.
    pub start: Timestamp,
    /// When it closes.
    pub end: Timestamp,
    /// The instant.
    pub now: Timestamp,
    /// Used since the start.
    pub used: u128,
    /// Units per minute now, decayed, as [`crate::rates::burn_rate::decayed`] has it.
    pub rate: f64,
    /// Messages since the start; readings, where the unit is an official percentage.
    pub messages: u64,
}

/// Where the window will stand at its end, in the unit of its [`Course`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Projection {
    /// If use slackens.
    pub low: u128,
    /// The likeliest, where only one figure can be shown: the geometric mean of what the ends expect to come.
    pub middle: u128,
    /// If the average pace goes on.
    pub high: u128,
}

/// Projects a course to the window's end; none before there has been enough activity.
pub fn project(course: &Course) -> Option<Projection> {
    let span = Span::of(course)?;
    let most = course.at_average(&span);
    let least = scaled(course.at_pace(&span), span.elapsed, span.length);
    let middle = least.saturating_mul(most).isqrt().clamp(least, most);
    let [low, middle, high] = [least, middle, most].map(|more| course.used.saturating_add(more));
    Some(Projection { low, middle, high })
}

/// When a limit would be reached at the pace of now, never taken to be above the average; none where that is after
/// the window's end. It is never said where the high end of the projection lies below the limit.
pub fn runs_out(course: &Course, limit: u128) -> Option<Timestamp> {
    if course.used >= limit {
        return Some(course.now);
    }
    let span = Span::of(course)?;
    let (missing, coming) = (limit - course.used, course.at_pace(&span));
    let wait = (coming >= missing).then(|| scaled(span.left, missing, coming))?;
    Some(Timestamp(course.now.0 + i64::try_from(wait).ok()?))
}

/// How a window lies in time, in microseconds. Something of it has passed.
struct Span {
    elapsed: u128,
    left: u128,
    length: u128,
}

impl Span {
    /// None before there has been enough activity.
    fn of(course: &Course) -> Option<Self> {
        let length = micros(course.start, course.end);
        let elapsed = micros(course.start, course.now).min(length);
        let least = LEAST_MICROS.max(length * LEAST_PERCENT / 100);
        let enough = elapsed >= least && course.messages >= LEAST_MESSAGES;
        enough.then_some(Self { elapsed, left: length - elapsed, length })
    }
}

impl Course {
    /// What the rest of the window would bring at the average pace so far.
    fn at_average(&self, span: &Span) -> u128 {
        scaled(self.used, span.left, span.elapsed)
    }

    /// What it would bring at the pace of now, capped by the average.
    fn at_pace(&self, span: &Span) -> u128 {
        let minutes = span.left as f64 / 60e6;
        ((self.rate * minutes) as u128).min(self.at_average(span))
    }
}

fn micros(from: Timestamp, to: Timestamp) -> u128 {
    u128::from(to.0.saturating_sub(from.0).max(0).unsigned_abs())
}

/// `value × by ÷ of`, rounded down, without overflowing on the way where `by` and `of` lie below 2^64.
fn scaled(value: u128, by: u128, of: u128) -> u128 {
    let whole = (value / of).saturating_mul(by);
    whole.saturating_add((value % of).saturating_mul(by) / of)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MINUTE: i64 = 60_000_000;

    /// A block of five hours, after some minutes.
    fn block(minutes: i64, used: u128, rate: f64) -> Course {
        Course {
            start: Timestamp(0),
            end: Timestamp(300 * MINUTE),
            now: Timestamp(minutes * MINUTE),
            used,
            rate,
            messages: 9,
        }
    }

    fn ends(course: &Course) -> (u128, u128) {
        project(course).map(|projection| (projection.low, projection.high)).expect("there was enough activity")
    }

    #[test]
    fn steady_use_may_go_on_and_the_ends_draw_together() {
        assert_eq!(ends(&block(60, 6_000, 100.0)), (10_800, 30_000));
        assert_eq!(ends(&block(240, 24_000, 100.0)), (28_800, 30_000));
        assert_eq!(ends(&block(300, 30_000, 100.0)), (30_000, 30_000));
    }

    #[test]
    fn a_burst_is_not_carried_to_the_end() {
        assert_eq!(ends(&block(60, 6_000, 9_000.0)), ends(&block(60, 6_000, 100.0)), "the average caps the rate");
    }

    #[test]
    fn after_a_long_silence_the_low_end_is_what_was_used() {
        assert_eq!(ends(&block(120, 6_000, 0.0)), (6_000, 15_000));
    }

    #[test]
    fn the_middle_lies_between_by_the_geometric_mean() {
        let projection = project(&block(120, 8_000, 4_000.0 / 180.0)).expect("there was enough activity");
        assert_eq!((projection.low, projection.middle, projection.high), (9_600, 12_381, 20_000));
    }

    #[test]
    fn nothing_is_said_before_there_has_been_some_activity() {
        assert_eq!(project(&block(5, 6_000, 9_000.0)), None, "less than a fiftieth of the window");
        assert!(project(&block(6, 6_000, 9_000.0)).is_some());
        assert_eq!(project(&Course { messages: 2, ..block(60, 6_000, 100.0) }), None);
        let short = Course { end: Timestamp(10 * MINUTE), ..block(0, 6_000, 100.0) };
        assert_eq!(project(&Course { now: Timestamp(MINUTE - 1), ..short }), None, "less than a minute");
    }

    #[test]
    fn a_limit_is_reached_when_the_pace_takes_it_there() {
        let steady = block(120, 12_000, 100.0);
        assert_eq!(runs_out(&steady, 18_000), Some(Timestamp(180 * MINUTE)));
        assert_eq!(runs_out(&steady, 30_001), None, "that would be after the end");
        assert_eq!(runs_out(&block(120, 12_000, 900.0), 18_000), Some(Timestamp(180 * MINUTE)), "a burst is capped");
        assert_eq!(runs_out(&block(120, 12_000, 0.0), 18_000), None, "nothing is being used");
        assert_eq!(runs_out(&block(1, 12_000, 0.0), 12_000), Some(Timestamp(MINUTE)), "it is reached already");
    }

    #[test]
    fn a_rate_that_is_no_number_is_none() {
        assert_eq!(ends(&block(120, 6_000, f64::NAN)), (6_000, 15_000));
        assert_eq!(ends(&block(120, 6_000, -1.0)), (6_000, 15_000));
        assert_eq!(ends(&block(120, 6_000, f64::INFINITY)), ends(&block(120, 6_000, 50.0)));
    }

    fn courses() -> impl Strategy<Value = Course> {
        let day = 24 * 60 * MINUTE;
        let rate = prop_oneof![Just(0.0), 0.0..1e6, any::<f64>()];
        let used = prop_oneof![Just(0), 0..1_000_000_000_u128, any::<u128>()];
        let times = (-day..day, -day..8 * day, prop_oneof![Just(0), 0..day, any::<i64>()]);
        (times, used, rate, 0..9_u64).prop_map(|((start, length, since), used, rate, messages)| Course {
            start: Timestamp(start),
            end: Timestamp(start + length),
            now: Timestamp(start.saturating_add(since)),
            used,
            rate,
            messages,
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

        #[test]
        fn the_ends_lie_between_what_was_used_and_the_average_pace(course in courses()) {
            let Some(Projection { low, middle, high }) = project(&course) else { return Ok(()) };
            prop_assert!(course.used <= low && low <= middle && middle <= high);
            let (elapsed, left) = (course.now.0 - course.start.0, (course.end.0 - course.now.0).max(0));
            let average = course.used as f64 * (1.0 + left as f64 / elapsed as f64);
            prop_assert!(high as f64 <= average * (1.0 + 1e-9) + 1.0);
        }

        #[test]
        fn a_limit_is_reached_within_the_window_and_the_projection(course in courses(), limit in 0..2_000_000_000_u128) {
            let (found, projection) = (runs_out(&course, limit), project(&course));
            if let Some(when) = found.filter(|_| course.used < limit) {
                prop_assert!(course.now <= when && when <= course.end);
                prop_assert!(projection.is_some_and(|projection| limit <= projection.high));
            }
            let certain = projection.is_some_and(|projection| limit <= projection.low);
            prop_assert!(!certain || found.is_some());
        }
    }
}
