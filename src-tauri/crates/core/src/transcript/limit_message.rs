//! The messages Claude Code leaves in a log when a limit was hit.
//!
//! They are meant for people and their wording changes with every few versions, so this reads the wordings that
//! have been seen and nothing that merely resembles them: a conversation about limits hits none. What it cannot tell
//! it leaves out. It does not look at who wrote the text; the caller asks only about Claude Code's own placeholders.

use std::ops::RangeInclusive;

use chrono::{Datelike, Days, Month, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone, Weekday};
use chrono_tz::Tz;

use crate::quota::{Percent, QuotaSource, Reading, Window};
use crate::time::calendar;
use crate::time::timestamp::Timestamp;

/// No such message is longer, with its hints and a long zone.
const LONGEST: usize = 240;

const MINUTE: i64 = 60_000_000;

/// A time of day further ahead than this has just passed: the message was written a little late.
const PASSED: i64 = (24 * 60 - 10) * MINUTE;

/// A limit that was hit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitNotice {
    /// Which window is used up.
    pub window: Window,
    /// When it starts anew; none where that was not said, not understood, or cannot be.
    pub resets: Option<Timestamp>,
}

impl LimitNotice {
    /// As a reading: all of it is used. None without a reset, for then nothing says how long that is so.
    pub fn reading(self, at: Timestamp) -> Option<Reading> {
        let source = QuotaSource::LimitMessage;
        let reading = Reading { window: self.window, used: Percent::FULL, resets: self.resets, at, source };
        (reading.resets.is_some() && reading.check().is_ok()).then_some(reading)
    }
}

/// Reads a message that a limit was hit, written at `when`. `zone` is the one meant where the text names none.
///
/// A reset that cannot be is left out, never corrected: one that lies further ahead than the window lasts, such as a
/// session limit's more than 5 h 10 min ahead, tells of a message written late or of a clock that is wrong. Where the
/// text does not say which limit it was, the reset decides: with a date, or out of reach of five hours, it is the
/// weekly one.
pub fn read_limit(text: &str, when: Timestamp, zone: Tz) -> Option<LimitNotice> {
    let first = text.trim().lines().next().filter(|first| first.len() <= LONGEST)?;
    let line = plain(first);
    let (head, tail) = line.split_once(SEPARATOR).map_or((line.as_str(), None), |(head, tail)| (head, Some(tail)));
    let (words, epoch) = head.split_once('|').map_or((head, None), |(words, epoch)| (words, Some(epoch)));
    let limit = limit(words.trim().trim_end_matches('.'))?;
    let reset = match (epoch, tail) {
        (None, None) => Reset::default(),
        (Some(epoch), _) => Reset::at_epoch(epoch),
        (None, Some(tail)) => Reset::told(reset_text(tail)?, when, zone),
    };
    Some(settle(limit, &reset, when))
}

const SEPARATOR: char = '·';

/// The line with one spelling for each apostrophe, space and separator.
fn plain(line: &str) -> String {
    let letter = |c: char| match c {
        '’' | 'ʼ' | '‘' => '\'',
        '∙' | '•' | '⋅' => SEPARATOR,
        '\u{a0}' | '\u{202f}' => ' ',
        other => other,
    };
    let line: String = line.chars().map(letter).collect();
    [" - ", " – ", " — ", ". "].iter().fold(line, |line, dash| line.replace(dash, " · "))
}

/// What follows the separator, if it tells a reset. Hints may follow that, after another separator.
fn reset_text(tail: &str) -> Option<&str> {
    let tail = tail.split(SEPARATOR).next().unwrap_or(tail).trim();
    after(tail, "resets ").or_else(|| after(tail, "your limit will reset ")).map(|text| text.trim_end_matches('.'))
}

/// The rest of a text that begins so, in whatever case.
fn after<'a>(text: &'a str, start: &str) -> Option<&'a str> {
    let head = text.get(..start.len())?;
    head.eq_ignore_ascii_case(start).then(|| &text[start.len()..])
}

/// What precedes an ending, in whatever case.
fn before<'a>(text: &'a str, end: &str) -> Option<&'a str> {
    let at = text.len().checked_sub(end.len())?;
    text.get(at..)?.eq_ignore_ascii_case(end).then(|| &text[..at])
}

/// Which limit a text is about.
enum Limit {
    /// It says so.
    Of(Window),
    /// It says only that it was one.
    Unsaid,
}

/// Reads the words before the reset, all of them.
fn limit(words: &str) -> Option<Limit> {
    if words.eq_ignore_ascii_case("you're out of extra usage") {
        return Some(Limit::Of(Window::ExtraUsage));
    }
    let hit = ["you've hit your ", "you've reached your "].iter().find_map(|start| after(words, start));
    match hit {
        Some(rest) => named(before(rest, "limit")?, 1..=2),
        None => named(before(words, "limit reached")?, 2..=2),
    }
}

/// Which limit a name names: `session`, `5-hour`, `weekly`, none, or a family of models. Families are told from
/// prose by their capital, and by how many words they take: where a sentence may begin so, `weekly` must follow.
fn named(name: &str, of_family: RangeInclusive<usize>) -> Option<Limit> {
    let usual = |word: &&str| !["claude", "ai", "usage"].iter().any(|usual| word.eq_ignore_ascii_case(usual));
    let words: Vec<&str> = name.split_whitespace().filter(usual).collect();
    let is = |word: &str, names: &[&str]| names.iter().any(|name| word.eq_ignore_ascii_case(name));
    match words.as_slice() {
        [] => Some(Limit::Unsaid),
        [word] if is(word, &["session", "5-hour", "five-hour"]) => Some(Limit::Of(Window::FiveHour)),
        [word] if is(word, &["weekly", "7-day"]) => Some(Limit::Of(Window::Weekly)),
        [family, rest @ ..] if of_family.contains(&words.len()) => {
            let weekly = rest.iter().all(|word| is(word, &["weekly"]));
            let family =
                Some(family).filter(|family| weekly && family.starts_with(|c: char| c.is_ascii_uppercase()))?;
            Window::scoped(family).map(Limit::Of)
        }
        _ => None,
    }
}

/// When a limit resets, as far as a text says.
#[derive(Default)]
struct Reset {
    when: Option<Timestamp>,
    /// Whether it came with a day.
    dated: bool,
}

impl Reset {
    fn at_epoch(seconds: &str) -> Self {
        let seconds = seconds.trim().parse::<i64>().ok();
        Self { when: seconds.and_then(|s| s.checked_mul(1_000_000)).map(Timestamp), dated: false }
    }

    fn told(text: &str, when: Timestamp, zone: Tz) -> Self {
        let Some((day, time, zone)) = spoken(text, zone) else { return Self::default() };
        let next = next(day, time, zone, when);
        let passed = |next: &Timestamp| day == Day::Unsaid && next.0 - when.0 > PASSED;
        Self { when: next.filter(|next| !passed(next)), dated: day != Day::Unsaid }
    }
}

/// Puts together which limit and when.
fn settle(limit: Limit, reset: &Reset, when: Timestamp) -> LimitNotice {
    let ahead = reset.when.map(|resets| resets.0.saturating_sub(when.0)).filter(|ahead| *ahead > 0);
    let five_hours = ahead.is_none_or(|ahead| ahead <= Window::FiveHour.reach());
    let window = match limit {
        Limit::Of(window) => window,
        Limit::Unsaid if reset.dated || !five_hours => Window::Weekly,
        Limit::Unsaid => Window::FiveHour,
    };
    let resets = reset.when.filter(|_| ahead.is_some_and(|ahead| ahead <= window.reach()));
    LimitNotice { window, resets }
}

/// The day a reset is told for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Day {
    /// Whichever comes first.
    Unsaid,
    Of(Weekday),
    Date(Month, u32),
}

/// `7pm`, `Mon 12:00am`, `Jul 23 at 6pm`, `Jul 23, 6 PM (America/Denver)`. A zone that does not exist makes it
/// unreadable: the viewer's could be hours off.
fn spoken(text: &str, zone: Tz) -> Option<(Day, NaiveTime, Tz)> {
    let (clock, named) = text.split_once('(').map_or((text, None), |(clock, zone)| (clock, Some(zone)));
    let zone = match named {
        Some(named) => named.split(')').next()?.trim().parse().ok()?,
        None => zone,
    };
    let words = clock.split(|c: char| c == ',' || c.is_whitespace()).filter(|word| !word.is_empty());
    let words: Vec<&str> = words.filter(|word| !["at", "on"].contains(word)).collect();
    let halved = words.last().is_some_and(|last| ["am", "pm"].iter().any(|half| last.eq_ignore_ascii_case(half)));
    let (day, time) = words.split_at_checked(words.len().checked_sub(1 + usize::from(halved))?)?;
    Some((spoken_day(day)?, spoken_time(&time.concat())?, zone))
}

fn spoken_day(words: &[&str]) -> Option<Day> {
    match words {
        [] => Some(Day::Unsaid),
        [weekday] => weekday.parse().ok().map(Day::Of),
        [month, day] => Some(Day::Date(month.parse().ok()?, day.parse().ok().filter(|day| (1..=31).contains(day))?)),
        _ => None,
    }
}

/// `7pm`, `3:45PM`, `15:45`. A bare number is no time.
fn spoken_time(text: &str) -> Option<NaiveTime> {
    let half = before(text, "am").map(|clock| (clock, 0)).or_else(|| before(text, "pm").map(|clock| (clock, 12)));
    let clock = half.map_or(text, |(clock, _)| clock);
    let (hour, minute) = clock.split_once(':').or(half.map(|_| (clock, "0")))?;
    let (hour, minute) = (hour.parse::<u32>().ok()?, minute.parse().ok()?);
    match half {
        Some((_, noon)) => (1..=12).contains(&hour).then(|| NaiveTime::from_hms_opt(hour % 12 + noon, minute, 0))?,
        None => NaiveTime::from_hms_opt(hour, minute, 0),
    }
}

/// The first such instant after `when`.
fn next(day: Day, time: NaiveTime, zone: Tz, when: Timestamp) -> Option<Timestamp> {
    let today = calendar::date(when, zone);
    days(day, today).into_iter().flat_map(|date| instants(date.and_time(time), zone)).find(|next| *next > when)
}

/// The days meant, from today on. A day more than needed: its time may have passed, and clocks are changed.
fn days(day: Day, today: NaiveDate) -> Vec<NaiveDate> {
    let ahead = |days| today.checked_add_days(Days::new(days));
    match day {
        Day::Unsaid => (0..=2).filter_map(ahead).collect(),
        Day::Of(weekday) => (0..=8).filter_map(ahead).filter(|date| date.weekday() == weekday).collect(),
        Day::Date(month, day) => {
            let of_year = |year| NaiveDate::from_ymd_opt(year, month.number_from_month(), day);
            [today.year(), today.year() + 1].into_iter().filter_map(of_year).collect()
        }
    }
}

/// The instants a clock on the wall shows a time: two where it is set back, and where it is set forward over that
/// time, the one it would have shown it at.
fn instants(local: NaiveDateTime, zone: Tz) -> Vec<Timestamp> {
    let shown = zone.from_local_datetime(&local);
    let mut instants: Vec<Timestamp> =
        [shown.earliest(), shown.latest()].into_iter().flatten().map(|when| when.to_utc().into()).collect();
    if instants.is_empty() {
        let offset_before = zone.offset_from_utc_datetime(&(local - chrono::Duration::hours(12))).fix();
        instants.push((local - offset_before).and_utc().into());
    }
    instants
}

#[cfg(test)]
mod tests {
    use chrono_tz::{America, Asia, Australia, Europe};
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    fn moment(text: &str) -> Timestamp {
        Timestamp::parse(text).expect("a time")
    }

    /// Read in Berlin.
    fn read(text: &str, when: &str) -> Option<(Window, Option<String>)> {
        let show = |resets: Timestamp| resets.utc().format("%Y-%m-%dT%H:%M").to_string();
        let notice = read_limit(text, moment(when), Europe::Berlin)?;
        Some((notice.window, notice.resets.map(show)))
    }

    fn opus() -> Window {
        Window::Scoped("Opus".to_owned())
    }

    use Window::{ExtraUsage, FiveHour, Weekly};

    /// All at 2026-07-20T20:00:00Z, a Monday: 22:00 in Berlin, 17:00 in São Paulo, 13:00 in Los Angeles.
    #[rstest]
    #[case("Claude AI usage limit reached|1784584800", FiveHour, "2026-07-20T22:00")]
    #[case("Claude AI usage limit reached|1784800000", Weekly, "2026-07-23T09:46")]
    #[case("Limit reached · resets 7pm (America/Sao_Paulo)", FiveHour, "2026-07-20T22:00")]
    #[case("You've hit your limit · resets 5pm (America/Los_Angeles)", FiveHour, "2026-07-21T00:00")]
    #[case("You've hit your limit · resets 5am (America/Los_Angeles)", Weekly, "2026-07-21T12:00")]
    #[case("You've hit your limit · resets Jul 23 at 6pm (America/Los_Angeles)", Weekly, "2026-07-24T01:00")]
    #[case("You've hit your limit · resets Jul 20 at 3pm (America/Los_Angeles)", Weekly, "2026-07-20T22:00")]
    #[case("You're out of extra usage · resets 2pm (America/Denver)", ExtraUsage, "")]
    #[case("You're out of extra usage · resets 1:30pm (America/Denver)", ExtraUsage, "2026-07-21T19:30")]
    #[case("You're out of extra usage · resets 4pm (America/Denver)", ExtraUsage, "2026-07-20T22:00")]
    #[case("You've hit your session limit · resets 11:45pm", FiveHour, "2026-07-20T21:45")]
    #[case("You've hit your weekly limit · resets Mon 12:00am", Weekly, "2026-07-26T22:00")]
    #[case("You've hit your weekly limit · resets Tue 12:00am", Weekly, "2026-07-20T22:00")]
    #[case("You've hit your Opus limit · resets 3:45pm", opus(), "2026-07-21T13:45")]
    #[case("You've hit your Opus weekly limit · resets Thursday 3:45pm", opus(), "2026-07-23T13:45")]
    #[case("Opus weekly limit reached ∙ resets Jul 23, 6pm", opus(), "2026-07-23T16:00")]
    #[case("5-hour limit reached ∙ resets 3am", FiveHour, "2026-07-21T01:00")]
    #[case("Weekly limit reached • resets Jul 23 6pm (UTC)", Weekly, "2026-07-23T18:00")]
    #[case("Claude usage limit reached. Your limit will reset at 3am (Europe/Berlin).", FiveHour, "2026-07-21T01:00")]
    #[case("You’ve hit your limit • resets 11 PM", FiveHour, "2026-07-20T21:00")]
    #[case("You’ve hit your limit ∙ resets 11:30PM", FiveHour, "2026-07-20T21:30")]
    #[case("You’ve hit your limit - resets 23:30", FiveHour, "2026-07-20T21:30")]
    #[case("YOU'VE HIT YOUR LIMIT · RESETS 11PM", FiveHour, "2026-07-20T21:00")]
    #[case("You've hit your limit · resets\u{202f}11pm (Europe/Berlin)", FiveHour, "2026-07-20T21:00")]
    #[case("You've hit your limit · resets 11pm · /upgrade to Max", FiveHour, "2026-07-20T21:00")]
    #[case(
        "You've hit your limit · resets 11pm\n/extra-usage to finish what you're working on",
        FiveHour,
        "2026-07-20T21:00"
    )]
    #[case("You've hit your limit · resets 12am", FiveHour, "2026-07-20T22:00")]
    #[case("You've hit your session limit · resets 1am (America/Port-au-Prince)", FiveHour, "")]
    fn each_wording_is_read(#[case] text: &str, #[case] window: Window, #[case] resets: &str) {
        let resets = Some(resets.to_owned()).filter(|resets| !resets.is_empty());
        assert_eq!(read(text, "2026-07-20T20:00:00Z"), Some((window, resets)));
    }

    #[rstest]
    #[case("You've hit your session limit · resets 2:50am", Some("2026-07-21T00:50"))]
    #[case("You've hit your session limit · resets 3:10am", Some("2026-07-21T01:10"))]
    #[case("You've hit your session limit · resets 3:11am", None)]
    #[case("You've hit your session limit · resets 9:59pm", None)]
    #[case("You've hit your session limit · resets 10pm", None)]
    #[case("You've hit your limit · resets 9:55pm", None)]
    #[case("You've hit your session limit", None)]
    #[case("You've hit your session limit.", None)]
    #[case("You've hit your session limit · resets 7", None)]
    #[case("You've hit your session limit · resets 13pm", None)]
    #[case("You've hit your session limit · resets 24:00", None)]
    #[case("You've hit your session limit · resets 11:60pm", None)]
    #[case("You've hit your session limit · resets soon", None)]
    #[case("You've hit your session limit · resets 11pm (Nowhere/Else)", None)]
    #[case("You've hit your session limit · resets 11pm (", None)]
    #[case("Claude AI usage limit reached|", None)]
    #[case("Claude AI usage limit reached|99999999999999999999", None)]
    #[case("Claude AI usage limit reached|1784570000", None)]
    fn a_session_limit_may_be_known_without_a_reset_that_can_be(#[case] text: &str, #[case] resets: Option<&str>) {
        assert_eq!(read(text, "2026-07-20T20:00:00Z"), Some((FiveHour, resets.map(str::to_owned))));
    }

    #[rstest]
    #[case("You've hit your limit · resets Jul 19 at 6pm")]
    #[case("You've hit your limit · resets Jul 28 at 11pm")]
    #[case("You've hit your limit · resets Feb 30 at 6pm")]
    #[case("You've hit your weekly limit · resets Jul 23")]
    #[case("You've hit your weekly limit · resets Someday 6pm")]
    #[case("Claude AI weekly limit reached|1785400000")]
    fn a_weekly_limit_resets_within_the_week(#[case] text: &str) {
        let found = read(text, "2026-07-20T20:00:00Z");
        assert!(matches!(found, Some((Weekly | FiveHour, None))), "{found:?}");
    }

    #[rstest]
    #[case("")]
    #[case("   \n ")]
    #[case("Hello")]
    #[case("limit")]
    #[case("You've hit your limit on what I can do here")]
    #[case("You've hit your limit · that is what the message says")]
    #[case("You've hit your rate limit · resets 7pm")]
    #[case("You've hit your monthly spend limit · resets 7pm")]
    #[case("You've hit your")]
    #[case("The limit reached · resets 7pm")]
    #[case("Speed limit reached · resets 7pm")]
    #[case("When the speed limit reached 50 · resets 7pm")]
    #[case("The message reads: You've hit your limit · resets 7pm")]
    #[case("If you see “Limit reached · resets 7pm”, wait.")]
    #[case("API Error: 429 rate_limit_error")]
    fn what_merely_mentions_limits_is_no_notice(#[case] text: &str) {
        assert_eq!(read(text, "2026-07-20T20:00:00Z"), None);
    }

    #[test]
    fn a_long_text_is_no_notice_however_it_begins() {
        let text = format!("You've hit your limit · resets 7pm {}", "and so on ".repeat(30));
        assert_eq!(read(&text, "2026-07-20T20:00:00Z"), None);
    }

    #[rstest]
    // Set forward from 2:00 to 3:00: half past two never is, and is counted as half past three.
    #[case("2:30am", "2026-03-08T08:00:00Z", America::New_York, Some("2026-03-08T07:30:00Z"), false)]
    #[case("2:30am", "2026-03-08T06:00:00Z", America::New_York, Some("2026-03-08T07:30:00Z"), true)]
    // Set back from 2:00 to 1:00: half past one is twice, and the next one counts.
    #[case("1:30am", "2026-11-01T05:00:00Z", America::New_York, Some("2026-11-01T05:30:00Z"), true)]
    #[case("1:30am", "2026-11-01T05:40:00Z", America::New_York, Some("2026-11-01T06:30:00Z"), true)]
    #[case("2:15am", "2026-10-03T14:00:00Z", Australia::Lord_Howe, Some("2026-10-03T15:45:00Z"), true)]
    #[case("12:30am", "2026-12-31T17:00:00Z", Asia::Kathmandu, Some("2026-12-31T18:45:00Z"), true)]
    fn clocks_that_are_changed_change_no_more_than_they_must(
        #[case] time: &str,
        #[case] when: &str,
        #[case] zone: Tz,
        #[case] resets: Option<&str>,
        #[case] ahead: bool,
    ) {
        let notice = read_limit(&format!("Session limit reached · resets {time}"), moment(when), zone);
        let expected = resets.filter(|_| ahead).map(moment);
        assert_eq!(notice, Some(LimitNotice { window: FiveHour, resets: expected }));
    }

    #[test]
    fn a_date_just_after_new_year_is_of_the_next_year() {
        let found = read("You've hit your limit · resets Jan 2 at 6pm (UTC)", "2026-12-30T12:00:00Z");
        assert_eq!(found, Some((Weekly, Some("2027-01-02T18:00".to_owned()))));
    }

    #[test]
    fn a_notice_is_a_reading_of_all_if_it_tells_a_reset() {
        let at = moment("2026-07-20T20:00:00Z");
        let notice = |text| read_limit(text, at, Tz::UTC).expect("is a notice");
        let reading = notice("You've hit your limit · resets 10pm").reading(at).expect("tells a reset");
        assert_eq!((reading.used, reading.resets), (Percent::FULL, Some(moment("2026-07-20T22:00:00Z"))));
        assert_eq!(notice("You've hit your limit").reading(at), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

        #[test]
        fn any_text_at_any_time_is_survived(
            text in "(Limit reached|You've hit your (session |weekly |Opus )?limit|.{0,9})[·|∙ -]{0,3}(resets )?.{0,40}",
            when: i64,
        ) {
            read_limit(&text, Timestamp(when), Europe::Berlin);
        }

        #[test]
        fn any_time_told_lies_ahead_and_within_the_window(
            hour in 0..26_u32, minute in 0..61_u32, half in "(am|PM| pm|)",
            day in "((Mon|Sun|Feb 29|Dec 31|Jul 20)( at|,)? )?",
            zone in "( \\((America/St_Johns|Pacific/Apia|Africa/Casablanca)\\))?",
            seconds in 0..4_000_000_000_i64,
        ) {
            let when = Timestamp(seconds * 1_000_000);
            let text = format!("Limit reached · resets {day}{hour}:{minute:02}{half}{zone}");
            let notice = read_limit(&text, when, Europe::Berlin).expect("is a notice");
            let ahead = notice.resets.map(|resets| resets.0 - when.0);
            prop_assert!(ahead.is_none_or(|ahead| 0 < ahead && ahead <= notice.window.reach()));
        }
    }
}
