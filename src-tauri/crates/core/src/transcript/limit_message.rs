//! Parsing of the messages that Claude Code writes to a log when a usage limit is reached.
//!
//! Their wording changes every few versions, so the parser accepts exactly the wordings that have been seen. Text
//! that merely mentions limits does not match. Details that cannot be parsed are omitted. The author of the text is
//! not checked: the caller only passes synthetic messages.

use std::ops::RangeInclusive;

use chrono::{Datelike, Days, Month, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone, Weekday};
use chrono_tz::Tz;

use crate::quota::{Percent, QuotaSource, QuotaWindow, Reading};
use crate::time::calendar;
use crate::time::timestamp::Timestamp;
use crate::time::units::{MICROS_PER_MINUTE, MICROS_PER_SECOND};

/// The maximum length of a limit message in bytes, with hints and a long zone name.
const MAX_MESSAGE_BYTES: usize = 320;

/// The maximum distance of a reset time without a date, in microseconds. A time further ahead has just passed: the
/// message was written a little late.
const MAX_UNDATED_AHEAD: i64 = (24 * 60 - 10) * MICROS_PER_MINUTE;

/// A notice that Claude Code logged in place of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice<'a> {
    /// The time of the record.
    pub when: Timestamp,
    /// The text.
    pub text: &'a str,
    /// The window that rejected the request, if the record names it.
    pub rejection: Option<Rejection>,
}

/// The window that rejected a request, as recorded beside a notice.
///
/// The window is not reliable: notices about a spending limit name the five-hour window. The text determines the limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// The window, if its name is known.
    pub window: Option<QuotaWindow>,
    /// The reset time, if given.
    pub resets_at: Option<Timestamp>,
}

/// A limit that a message reports as reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitMessage {
    /// The window whose limit was reached.
    pub window: QuotaWindow,
    /// The reset time, or `None` if it is missing, was not understood or is impossible.
    pub resets: Option<Timestamp>,
}

impl LimitMessage {
    /// Converts the message to a reading of 100%. Without a reset time it only records that the limit was reached, see
    /// [`Reading::is_open_limit_hit`].
    pub fn to_reading(self, at: Timestamp) -> Option<Reading> {
        let source = QuotaSource::LimitMessage;
        let reading =
            Reading { window: self.window, used: Percent::FULL, resets_at: self.resets, at, source, account: None };
        reading.validate().is_ok().then_some(reading)
    }
}

/// Parses a limit message. Returns the reached limits, or nothing for any other text. `zone` is used if the text names no
/// time zone.
///
/// The text determines the limit; the reset time is that of the rejection, otherwise that of the text. An impossible reset
/// time is omitted rather than corrected: if it is further ahead than the window lasts (for a session limit, more than
/// 5 h 10 min), the message was written late or the clock was wrong. If the text does not name the limit, the window of the
/// rejection is used; without one, the reset time decides: with a date, or more than five hours ahead, it is the weekly
/// limit.
pub fn parse_limit_message(notice: &Notice<'_>, zone: Tz) -> Vec<LimitMessage> {
    let first = notice.text.trim().lines().next().filter(|first| first.len() <= MAX_MESSAGE_BYTES);
    let line = normalize_punctuation(first.unwrap_or_default());
    let mut parts = strip_context(&line).split(SEPARATOR).map(str::trim);
    let head = parts.next().unwrap_or_default();
    let (words, epoch) = head.split_once('|').map_or((head, None), |(words, epoch)| (words, Some(epoch)));
    let Some(limit) = parse_limit(words.trim().trim_end_matches('.')) else { return Vec::new() };
    let hints: Vec<&str> = parts.collect();
    let own_reset = hints.iter().find_map(|hint| find_reset_text(hint));
    let plan_reset = hints.iter().find_map(|hint| find_plan_reset(hint));
    let is_complete = hints.is_empty() || epoch.is_some() || own_reset.is_some() || plan_reset.is_some();
    if !is_complete && !hints.first().is_some_and(|hint| is_advice(hint)) {
        return Vec::new();
    }
    let reset = match (epoch, own_reset) {
        (Some(epoch), _) => ResetTime::from_epoch(epoch),
        (None, Some(text)) => ResetTime::from_text(text, notice.when, zone),
        (None, None) => ResetTime::default(),
    };
    let plan_reset = plan_reset.map(|(window, text)| (window, ResetTime::from_text(text, notice.when, zone)));
    reached_limits(notice, limit, &reset, plan_reset)
}

/// Combines the limit of the text, its reset time and that of a plan window named after it with the rejection.
fn reached_limits(
    notice: &Notice<'_>,
    limit: LimitName,
    reset: &ResetTime,
    plan_reset: Option<(QuotaWindow, ResetTime)>,
) -> Vec<LimitMessage> {
    let (when, rejection) = (notice.when, notice.rejection.as_ref());
    let rejected = rejection.and_then(|rejection| rejection.window.clone());
    let moment = rejection.and_then(|rejection| rejection.resets_at);
    let limit = match (limit, &rejected) {
        (LimitName::Unnamed, Some(window)) => LimitName::Window(window.clone()),
        (limit, _) => limit,
    };
    if let Some((window, reset)) = plan_reset {
        // The moment is that of the plan window, which can be used again first.
        return vec![combine(limit, &ResetTime::default(), when), limit_until(window, moment, &reset, when)];
    }
    let message = combine(limit, reset, when);
    match message.window {
        QuotaWindow::SpendLimit | QuotaWindow::Organization => vec![message],
        // Credits are used once a window of the plan is used up, and last until it resets.
        QuotaWindow::ExtraUsage => {
            let plan = rejected.filter(|window| window.is_plan() && moment.is_some());
            let plan = plan.map(|window| limit_until(window, moment, reset, when));
            [limit_until(message.window, moment, reset, when)].into_iter().chain(plan).collect()
        }
        window => vec![limit_until(window, moment, reset, when)],
    }
}

/// Returns a reached limit with the reset time of the rejection or, if that is missing or impossible, of the text.
fn limit_until(window: QuotaWindow, moment: Option<Timestamp>, reset: &ResetTime, when: Timestamp) -> LimitMessage {
    let resets = [moment, reset.when].into_iter().flatten().find(|resets| is_possible_reset(&window, *resets, when));
    LimitMessage { window, resets }
}

fn is_possible_reset(window: &QuotaWindow, resets: Timestamp, when: Timestamp) -> bool {
    (1..=window.max_reset_distance()).contains(&resets.0.saturating_sub(when.0))
}

/// Removes what Claude Code puts before a limit message.
fn strip_context(line: &str) -> &str {
    const COMPACTION: &str = "automatic compaction failed: ";
    let lower = line.to_ascii_lowercase();
    let after_compaction = lower.starts_with("prompt is too long").then(|| lower.find(COMPACTION)).flatten();
    let line = after_compaction.map_or(line, |at| &line[at + COMPACTION.len()..]);
    strip_start(line, "api error: ").unwrap_or(line)
}

/// Returns true for a hint what to do, as opposed to prose.
fn is_advice(hint: &str) -> bool {
    const VERBS: [&str; 13] = [
        "run ", "raise ", "ask ", "contact ", "switch ", "upgrade", "visit ", "add ", "buy ", "enable ", "try ",
        "wait", "/",
    ];
    VERBS.iter().any(|verb| strip_start(hint, verb).is_some())
}

/// Returns the plan window and the text of its reset time, such as `your session limit resets 7pm`.
fn find_plan_reset(hint: &str) -> Option<(QuotaWindow, &str)> {
    let rest = strip_start(hint, "your ")?;
    let at = rest.to_ascii_lowercase().find(" limit resets ")?;
    let window = match parse_limit_name(&rest[..at], 1..=2)? {
        LimitName::Window(window) => Some(window).filter(QuotaWindow::is_plan)?,
        LimitName::Unnamed => return None,
    };
    Some((window, rest[at + " limit resets ".len()..].trim_end_matches('.')))
}

const SEPARATOR: char = '·';

/// Replaces the variants of apostrophes, spaces and separators with one form.
fn normalize_punctuation(line: &str) -> String {
    let letter = |c: char| match c {
        '’' | 'ʼ' | '‘' => '\'',
        '∙' | '•' | '⋅' => SEPARATOR,
        '\u{a0}' | '\u{202f}' => ' ',
        other => other,
    };
    let line: String = line.chars().map(letter).collect();
    [" - ", " – ", " — ", ". "].iter().fold(line, |line, dash| line.replace(dash, " · "))
}

/// Returns the text of the reset time of the limit itself, if a hint has one.
fn find_reset_text(hint: &str) -> Option<&str> {
    strip_start(hint, "resets ")
        .or_else(|| strip_start(hint, "your limit will reset "))
        .map(|text| text.trim_end_matches('.'))
}

/// Returns the rest of a text that starts with `start`, ignoring case.
fn strip_start<'a>(text: &'a str, start: &str) -> Option<&'a str> {
    let head = text.get(..start.len())?;
    head.eq_ignore_ascii_case(start).then(|| &text[start.len()..])
}

/// Returns the part of a text before `end`, ignoring case.
fn strip_end<'a>(text: &'a str, end: &str) -> Option<&'a str> {
    let at = text.len().checked_sub(end.len())?;
    text.get(at..)?.eq_ignore_ascii_case(end).then(|| &text[..at])
}

/// The limit named in a message.
enum LimitName {
    /// The limit of this window.
    Window(QuotaWindow),
    /// A limit without a name.
    Unnamed,
}

/// Parses the words before the reset time. All words must match.
fn parse_limit(words: &str) -> Option<LimitName> {
    let is = |texts: &[&str]| texts.iter().any(|text| words.eq_ignore_ascii_case(text));
    let starts = |texts: &[&str]| texts.iter().any(|text| strip_start(words, text).is_some());
    let needs_credits = strip_end(words, "requires usage credits").is_some_and(|model| !model.is_empty());
    if needs_credits || is(&["you're out of extra usage", "you're out of usage credits"]) {
        return Some(LimitName::Window(QuotaWindow::ExtraUsage));
    }
    let is_organization = is(&["your org is out of usage", "your organization is out of usage"])
        || starts(&[
            "your seat type doesn't include ",
            "your usage allocation has been disabled",
            "your group's usage limit is set to $0",
        ]);
    if is_organization {
        return Some(LimitName::Window(QuotaWindow::Organization));
    }
    let rest = ["you've hit your ", "you've reached your "].iter().find_map(|start| strip_start(words, start));
    match rest {
        Some(rest) => parse_limit_name(strip_end(rest, "limit")?, 1..=2),
        None => parse_limit_name(strip_end(words, "limit reached")?, 2..=2),
    }
}

/// Parses a limit name: `session`, `5-hour`, `weekly`, `monthly spend`, no name, or a model family with or without its
/// version.
///
/// A family is distinguished from prose by its capital letter and by the number of words. A form that could start a
/// sentence must include `weekly`.
fn parse_limit_name(name: &str, family_word_count: RangeInclusive<usize>) -> Option<LimitName> {
    let is_version = |word: &str| word.chars().all(|c| c.is_ascii_digit() || c == '.');
    let is_filler = |word: &str| ["claude", "ai", "usage"].iter().any(|filler| word.eq_ignore_ascii_case(filler));
    let words: Vec<&str> = name.split_whitespace().filter(|word| !is_filler(word) && !is_version(word)).collect();
    let is = |word: &str, names: &[&str]| names.iter().any(|name| word.eq_ignore_ascii_case(name));
    match words.as_slice() {
        [] => Some(LimitName::Unnamed),
        [word] if is(word, &["session", "5-hour", "five-hour"]) => Some(LimitName::Window(QuotaWindow::FiveHour)),
        [word] if is(word, &["weekly", "7-day"]) => Some(LimitName::Window(QuotaWindow::Weekly)),
        [word] if is(word, &["extra"]) => Some(LimitName::Window(QuotaWindow::ExtraUsage)),
        [.., word] if is(word, &["credit", "credits"]) => Some(LimitName::Window(QuotaWindow::ExtraUsage)),
        [.., word] if is(word, &["spend", "spending"]) => Some(LimitName::Window(QuotaWindow::SpendLimit)),
        [owner, ..] if is(owner, &["org's", "organization's", "team's", "group's"]) => {
            Some(LimitName::Window(QuotaWindow::Organization))
        }
        [family, rest @ ..] if family_word_count.contains(&words.len()) => {
            let weekly = rest.iter().all(|word| is(word, &["weekly"]));
            let family =
                Some(family).filter(|family| weekly && family.starts_with(|c: char| c.is_ascii_uppercase()))?;
            QuotaWindow::for_model_family(family).map(LimitName::Window)
        }
        _ => None,
    }
}

/// The reset time named in a message.
#[derive(Default)]
struct ResetTime {
    when: Option<Timestamp>,
    /// True if the text includes a day.
    dated: bool,
}

impl ResetTime {
    fn from_epoch(seconds: &str) -> Self {
        let seconds = seconds.trim().parse::<i64>().ok();
        Self { when: seconds.and_then(|s| s.checked_mul(MICROS_PER_SECOND)).map(Timestamp), dated: false }
    }

    fn from_text(text: &str, when: Timestamp, zone: Tz) -> Self {
        let Some((day, time, zone)) = parse_reset_time(text, zone) else { return Self::default() };
        let next = next_occurrence(day, time, zone, when);
        let has_passed = |next: &Timestamp| day == ResetDay::Undated && next.0 - when.0 > MAX_UNDATED_AHEAD;
        Self { when: next.filter(|next| !has_passed(next)), dated: day != ResetDay::Undated }
    }
}

/// Combines the limit and its reset time.
fn combine(limit: LimitName, reset: &ResetTime, when: Timestamp) -> LimitMessage {
    let ahead = reset.when.map(|resets| resets.0.saturating_sub(when.0)).filter(|ahead| *ahead > 0);
    let five_hours = ahead.is_none_or(|ahead| ahead <= QuotaWindow::FiveHour.max_reset_distance());
    let window = match limit {
        LimitName::Window(window) => window,
        LimitName::Unnamed if reset.dated || !five_hours => QuotaWindow::Weekly,
        LimitName::Unnamed => QuotaWindow::FiveHour,
    };
    let resets = reset.when.filter(|resets| is_possible_reset(&window, *resets, when));
    LimitMessage { window, resets }
}

/// The day of a reset time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ResetDay {
    /// The next occurrence of the time, because no day is named.
    Undated,
    Weekday(Weekday),
    Date(Month, u32),
}

/// Parses a reset time such as `7pm`, `Mon 12:00am`, `Jul 23 at 6pm` or `Jul 23, 6 PM (America/Denver)`. An unknown
/// zone is an error, because the viewer's zone could be hours off.
fn parse_reset_time(text: &str, zone: Tz) -> Option<(ResetDay, NaiveTime, Tz)> {
    let (clock, named) = text.split_once('(').map_or((text, None), |(clock, zone)| (clock, Some(zone)));
    let zone = match named {
        Some(named) => named.split(')').next()?.trim().parse().ok()?,
        None => zone,
    };
    let words = clock.split(|c: char| c == ',' || c.is_whitespace()).filter(|word| !word.is_empty());
    let words: Vec<&str> = words.filter(|word| !["at", "on"].contains(word)).collect();
    let has_separate_half =
        words.last().is_some_and(|last| ["am", "pm"].iter().any(|half| last.eq_ignore_ascii_case(half)));
    let (day, time) = words.split_at_checked(words.len().checked_sub(1 + usize::from(has_separate_half))?)?;
    Some((parse_day(day)?, parse_time_of_day(&time.concat())?, zone))
}

fn parse_day(words: &[&str]) -> Option<ResetDay> {
    match words {
        [] => Some(ResetDay::Undated),
        [weekday] => weekday.parse().ok().map(ResetDay::Weekday),
        [month, day] => {
            Some(ResetDay::Date(month.parse().ok()?, day.parse().ok().filter(|day| (1..=31).contains(day))?))
        }
        _ => None,
    }
}

/// Parses a time of day such as `7pm`, `3:45PM` or `15:45`. A bare number does not match.
fn parse_time_of_day(text: &str) -> Option<NaiveTime> {
    let half = strip_end(text, "am").map(|clock| (clock, 0)).or_else(|| strip_end(text, "pm").map(|clock| (clock, 12)));
    let clock = half.map_or(text, |(clock, _)| clock);
    let (hour, minute) = clock.split_once(':').or(half.map(|_| (clock, "0")))?;
    let (hour, minute) = (hour.parse::<u32>().ok()?, minute.parse().ok()?);
    match half {
        Some((_, noon)) => (1..=12).contains(&hour).then(|| NaiveTime::from_hms_opt(hour % 12 + noon, minute, 0))?,
        None => NaiveTime::from_hms_opt(hour, minute, 0),
    }
}

/// Returns the first such time after `when`.
fn next_occurrence(day: ResetDay, time: NaiveTime, zone: Tz, when: Timestamp) -> Option<Timestamp> {
    let today = calendar::local_date(when, zone);
    candidate_dates(day, today)
        .into_iter()
        .flat_map(|date| local_instants(date.and_time(time), zone))
        .find(|next| *next > when)
}

/// Returns the matching dates from today on. There is one more than needed, because today's time may have passed and
/// clocks may change.
fn candidate_dates(day: ResetDay, today: NaiveDate) -> Vec<NaiveDate> {
    let ahead = |days| today.checked_add_days(Days::new(days));
    match day {
        ResetDay::Undated => (0..=2).filter_map(ahead).collect(),
        ResetDay::Weekday(weekday) => (0..=8).filter_map(ahead).filter(|date| date.weekday() == weekday).collect(),
        ResetDay::Date(month, day) => {
            let in_year = |year| NaiveDate::from_ymd_opt(year, month.number_from_month(), day);
            [today.year(), today.year() + 1].into_iter().filter_map(in_year).collect()
        }
    }
}

/// Returns the instants at which clocks show a local time: two if the clock is set back over it, and the instant with
/// the offset before the change if the clock is set forward over it.
fn local_instants(local: NaiveDateTime, zone: Tz) -> Vec<Timestamp> {
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

    fn timestamp(text: &str) -> Timestamp {
        Timestamp::parse(text).expect("a time")
    }

    /// Parses a message in the zone of Berlin.
    fn parse_in_berlin(text: &str, when: &str) -> Option<(QuotaWindow, Option<String>)> {
        let show = |resets: Timestamp| resets.to_utc().format("%Y-%m-%dT%H:%M").to_string();
        let mut messages = parse(text, timestamp(when), Europe::Berlin);
        assert!(messages.len() < 2, "{messages:?}");
        messages.pop().map(|message| (message.window, message.resets.map(show)))
    }

    fn parse(text: &str, when: Timestamp, zone: Tz) -> Vec<LimitMessage> {
        parse_limit_message(&Notice { when, text, rejection: None }, zone)
    }

    fn opus() -> QuotaWindow {
        QuotaWindow::Scoped("Opus".to_owned())
    }

    fn fable() -> QuotaWindow {
        QuotaWindow::Scoped("Fable".to_owned())
    }

    use QuotaWindow::{ExtraUsage, FiveHour, Organization, SpendLimit, Weekly};

    /// The current time is 2026-07-20T20:00:00Z, a Monday: 22:00 in Berlin, 17:00 in São Paulo, 13:00 in Los Angeles.
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
    #[case("API Error: You've hit your weekly limit · resets Jul 23, 6pm (UTC)", Weekly, "2026-07-23T18:00")]
    #[case(
        "Prompt is too long · automatic compaction failed: You've hit your session limit · resets 11:30pm (UTC)",
        FiveHour,
        "2026-07-20T23:30"
    )]
    #[case(
        "Prompt is too long · Automatic compaction failed: API Error: You've reached your session limit · resets 11pm",
        FiveHour,
        "2026-07-20T21:00"
    )]
    #[case("You're out of usage credits · resets Jul 24, 10:30pm (UTC)", ExtraUsage, "2026-07-24T22:30")]
    #[case("You're out of usage credits · resets 10:30pm (UTC)", ExtraUsage, "2026-07-20T22:30")]
    #[case("You've hit your Fable 5 limit · resets Jul 23, 6pm (UTC)", fable(), "2026-07-23T18:00")]
    #[case("You've reached your Opus 5.5 limit · resets Jul 23, 6pm (UTC)", opus(), "2026-07-23T18:00")]
    #[case("Opus 5 weekly limit reached ∙ resets Jul 23, 6pm (UTC)", opus(), "2026-07-23T18:00")]
    #[case("You've hit your monthly spend limit · resets Aug 1, 12am (UTC)", SpendLimit, "2026-08-01T00:00")]
    #[case("You've hit your monthly spend limit · raise it at claude.ai/settings/usage", SpendLimit, "")]
    #[case(
        "You've hit your individual spend limit · run /usage-credits to ask your admin for a higher limit",
        SpendLimit,
        ""
    )]
    #[case(
        "You've reached your Fable 5 limit. Run /usage-credits to continue or switch models with /model.",
        fable(),
        ""
    )]
    #[case("You've hit your session limit · /upgrade to Max", FiveHour, "")]
    #[case("You're out of usage credits", ExtraUsage, "")]
    #[case("Fable 5 requires usage credits", ExtraUsage, "")]
    #[case("You're out of extra usage · add more at claude.ai/settings/usage", ExtraUsage, "")]
    #[case("Your org is out of usage", Organization, "")]
    #[case("Your org is out of usage · contact your admin", Organization, "")]
    #[case("You've hit your org's monthly usage limit", Organization, "")]
    #[case("Your seat type doesn't include usage", Organization, "")]
    #[case("Your seat type doesn't include extra usage · ask your admin", Organization, "")]
    #[case("Your usage allocation has been disabled by your admin", Organization, "")]
    #[case("Your group's usage limit is set to $0. Contact your admin.", Organization, "")]
    fn every_known_wording_is_parsed(#[case] text: &str, #[case] window: QuotaWindow, #[case] resets: &str) {
        let resets = Some(resets.to_owned()).filter(|resets| !resets.is_empty());
        assert_eq!(parse_in_berlin(text, "2026-07-20T20:00:00Z"), Some((window, resets)));
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
    fn impossible_reset_times_of_a_session_limit_are_omitted(#[case] text: &str, #[case] resets: Option<&str>) {
        assert_eq!(parse_in_berlin(text, "2026-07-20T20:00:00Z"), Some((FiveHour, resets.map(str::to_owned))));
    }

    #[rstest]
    #[case("You've hit your limit · resets Jul 19 at 6pm")]
    #[case("You've hit your limit · resets Jul 28 at 11pm")]
    #[case("You've hit your limit · resets Feb 30 at 6pm")]
    #[case("You've hit your weekly limit · resets Jul 23")]
    #[case("You've hit your weekly limit · resets Someday 6pm")]
    #[case("Claude AI weekly limit reached|1785400000")]
    fn a_weekly_limit_resets_within_the_week(#[case] text: &str) {
        let found = parse_in_berlin(text, "2026-07-20T20:00:00Z");
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
    #[case("You've used 85% of your session limit · resets 7pm")]
    #[case("You're now using usage credits · your session limit resets 7pm")]
    #[case("API Error: Request rejected (429) · You've hit your session limit · resets 7pm")]
    #[case("API Error: Request rejected (429) · This request would exceed your organization's rate limit")]
    #[case("You're close to your weekly limit · resets Jul 23, 6pm")]
    #[case("You've hit your")]
    #[case("The limit reached · resets 7pm")]
    #[case("Speed limit reached · resets 7pm")]
    #[case("When the speed limit reached 50 · resets 7pm")]
    #[case("The message reads: You've hit your limit · resets 7pm")]
    #[case("If you see “Limit reached · resets 7pm”, wait.")]
    #[case("API Error: 429 rate_limit_error")]
    fn text_that_mentions_limits_is_not_a_limit_message(#[case] text: &str) {
        assert_eq!(parse_in_berlin(text, "2026-07-20T20:00:00Z"), None);
    }

    #[test]
    fn a_long_text_is_not_a_limit_message() {
        let text = format!("You've hit your limit · resets 7pm {}", "and so on ".repeat(30));
        assert_eq!(parse_in_berlin(&text, "2026-07-20T20:00:00Z"), None);
    }

    #[rstest]
    // The clock is set forward from 2:00 to 3:00: 2:30 does not exist and counts as 3:30.
    #[case("2:30am", "2026-03-08T08:00:00Z", America::New_York, Some("2026-03-08T07:30:00Z"), false)]
    #[case("2:30am", "2026-03-08T06:00:00Z", America::New_York, Some("2026-03-08T07:30:00Z"), true)]
    // The clock is set back from 2:00 to 1:00: 1:30 occurs twice, and the next occurrence counts.
    #[case("1:30am", "2026-11-01T05:00:00Z", America::New_York, Some("2026-11-01T05:30:00Z"), true)]
    #[case("1:30am", "2026-11-01T05:40:00Z", America::New_York, Some("2026-11-01T06:30:00Z"), true)]
    #[case("2:15am", "2026-10-03T14:00:00Z", Australia::Lord_Howe, Some("2026-10-03T15:45:00Z"), true)]
    #[case("12:30am", "2026-12-31T17:00:00Z", Asia::Kathmandu, Some("2026-12-31T18:45:00Z"), true)]
    fn reset_times_are_correct_around_clock_changes(
        #[case] time: &str,
        #[case] when: &str,
        #[case] zone: Tz,
        #[case] resets: Option<&str>,
        #[case] ahead: bool,
    ) {
        let messages = parse(&format!("Session limit reached · resets {time}"), timestamp(when), zone);
        let expected = resets.filter(|_| ahead).map(timestamp);
        assert_eq!(messages, vec![LimitMessage { window: FiveHour, resets: expected }]);
    }

    #[test]
    fn a_january_date_in_december_is_in_the_next_year() {
        let found = parse_in_berlin("You've hit your limit · resets Jan 2 at 6pm (UTC)", "2026-12-30T12:00:00Z");
        assert_eq!(found, Some((Weekly, Some("2027-01-02T18:00".to_owned()))));
    }

    #[test]
    fn a_message_is_a_reading_of_100_percent() {
        let at = timestamp("2026-07-20T20:00:00Z");
        let reading = |text| parse(text, at, Tz::UTC).remove(0).to_reading(at).expect("is valid");
        let with_reset = reading("You've hit your limit · resets 10pm");
        assert_eq!((with_reset.used, with_reset.resets_at), (Percent::FULL, Some(timestamp("2026-07-20T22:00:00Z"))));
        assert!(!with_reset.is_open_limit_hit() && reading("You've hit your limit").is_open_limit_hit());
    }

    /// The rejection names the five-hour window and 22:30 UTC.
    #[rstest]
    #[case("You've hit your session limit · resets 3:30pm", &[(FiveHour, "20T22:30")])]
    #[case("You've hit your session limit · resets 11pm (Nowhere/Else)", &[(FiveHour, "20T22:30")])]
    #[case("You've hit your session limit", &[(FiveHour, "20T22:30")])]
    #[case("You've hit your limit · resets Jul 23 at 6pm", &[(FiveHour, "20T22:30")])]
    #[case("You've hit your weekly limit · resets 3:30pm", &[(Weekly, "20T22:30")])]
    #[case("You've reached your Fable 5 limit. Run /usage-credits to continue.", &[(fable(), "20T22:30")])]
    #[case("You're out of usage credits · resets 3:30pm", &[(ExtraUsage, "20T22:30"), (FiveHour, "20T22:30")])]
    #[case("You've hit your monthly spend limit · raise it at claude.ai/settings/usage", &[(SpendLimit, "")])]
    #[case("Your org is out of usage", &[(Organization, "")])]
    #[case(
        "You've hit your individual spend limit · run /usage-credits to ask · your session limit resets 3:30pm",
        &[(SpendLimit, ""), (FiveHour, "20T22:30")]
    )]
    #[case("You've used 85% of your session limit · resets 3:30pm", &[])]
    fn the_rejection_gives_the_moment_and_the_text_the_limit(
        #[case] text: &str,
        #[case] expected: &[(QuotaWindow, &str)],
    ) {
        let (when, resets_at) = (timestamp("2026-07-20T20:00:00Z"), Some(timestamp("2026-07-20T22:30:00Z")));
        let rejection = Some(Rejection { window: Some(FiveHour), resets_at });
        let messages = parse_limit_message(&Notice { when, text, rejection }, Europe::Berlin);
        let show = |resets: Option<Timestamp>| {
            resets.map_or_else(String::new, |at| at.to_utc().format("%dT%H:%M").to_string())
        };
        let rows: Vec<_> = messages.into_iter().map(|message| (message.window, show(message.resets))).collect();
        let expected: Vec<_> = expected.iter().map(|(window, resets)| (window.clone(), (*resets).to_owned())).collect();
        assert_eq!(rows, expected);
    }

    #[test]
    fn the_window_named_after_a_spend_limit_is_used_up_too() {
        let text = "You've hit your individual spend limit · run /usage-credits to ask your admin for a higher limit · \
            your weekly limit resets Jul 23, 6pm (UTC)";
        let messages = parse(text, timestamp("2026-07-20T20:00:00Z"), Europe::Berlin);
        let resets = Some(timestamp("2026-07-23T18:00:00Z"));
        let expected = [LimitMessage { window: SpendLimit, resets: None }, LimitMessage { window: Weekly, resets }];
        assert_eq!(messages, expected);
    }

    #[test]
    fn an_impossible_moment_is_ignored() {
        let (when, text) = (timestamp("2026-07-20T20:00:00Z"), "You've hit your session limit · resets 11:30pm");
        for moment in ["2026-07-20T19:00:00Z", "2026-07-21T02:00:00Z"] {
            let rejection = Some(Rejection { window: None, resets_at: Some(timestamp(moment)) });
            let messages = parse_limit_message(&Notice { when, text, rejection }, Europe::Berlin);
            assert_eq!(messages, [LimitMessage { window: FiveHour, resets: Some(timestamp("2026-07-20T21:30:00Z")) }]);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

        #[test]
        fn no_text_causes_a_panic(
            text in "(Limit reached|You've hit your (session |weekly |Opus )?limit|.{0,9})[·|∙ -]{0,3}(resets )?.{0,40}",
            when: i64,
        ) {
            parse(&text, Timestamp(when), Europe::Berlin);
        }

        #[test]
        fn reset_times_are_in_the_future_and_within_the_window(
            hour in 0..26_u32, minute in 0..61_u32, half in "(am|PM| pm|)",
            day in "((Mon|Sun|Feb 29|Dec 31|Jul 20)( at|,)? )?",
            zone in "( \\((America/St_Johns|Pacific/Apia|Africa/Casablanca)\\))?",
            seconds in 0..4_000_000_000_i64,
        ) {
            let when = Timestamp(seconds * 1_000_000);
            let text = format!("Limit reached · resets {day}{hour}:{minute:02}{half}{zone}");
            let message = parse(&text, when, Europe::Berlin).pop().expect("it is a limit message");
            let ahead = message.resets.map(|resets| resets.0 - when.0);
            prop_assert!(ahead.is_none_or(|ahead| 0 < ahead && ahead <= message.window.max_reset_distance()));
        }
    }
}
