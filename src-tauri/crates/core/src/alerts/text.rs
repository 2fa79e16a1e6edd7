//! What alerts say: quiet sentences, what remains before what is used, times where the viewer is.
//!
//! Names come from logs and are hostile: nothing that a terminal or a notification obeys gets through.

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use chrono_tz::Tz;

use crate::alerts::context::Which;
use crate::report::model::{Label, LimitBasis};
use crate::text::sanitize;

/// Longer bodies are cut by desktops anyway, each in its own way.
pub const LONGEST_BODY: usize = 200;

/// One line of a notification.
pub const LONGEST_TITLE: usize = 80;

/// A name within a sentence.
const LONGEST_NAME: usize = 40;

/// A session's id is as long as whoever wrote the log wanted; theirs have 36 letters.
const LONGEST_ID: usize = 100;

/// A name on one line.
pub(crate) fn name(text: &str) -> String {
    sanitize::line(text, LONGEST_NAME)
}

/// As much of a session's id as is kept and handed on. The session is found by it all the same.
pub(crate) fn id(text: &str) -> String {
    text.chars().take(LONGEST_ID).collect()
}

/// Titles one beneath the other, as many as fit; the last line tells how many do not.
pub(crate) fn lines<'a>(titles: impl ExactSizeIterator<Item = &'a str>) -> String {
    /// What `and 123 more` takes.
    const REST: usize = 14;
    let (all, mut out, mut taken) = (titles.len(), String::new(), 0);
    for title in titles {
        let line = sanitize::line(title, 60);
        if out.chars().count() + line.chars().count() + 1 > LONGEST_BODY - REST {
            break;
        }
        out = if out.is_empty() { line } else { format!("{out}\n{line}") };
        taken += 1;
    }
    if taken < all { format!("{out}\nand {} more", all - taken) } else { out }
}

/// A time of the day; with the weekday where it is another day, with the date where it is another week.
pub(crate) fn clock(when: DateTime<Utc>, now: DateTime<Utc>, zone: Tz) -> String {
    let (when, now) = (when.with_timezone(&zone), now.with_timezone(&zone));
    let days = (when.date_naive() - now.date_naive()).num_days();
    match days {
        0 => when.format("%H:%M").to_string(),
        1..7 => when.format("%a %H:%M").to_string(),
        _ => format!("{} {}", when.day(), when.format("%b %H:%M")),
    }
}

/// A length of time: `3 d 20 h`, `2 h 10 m`, `9 m`.
pub(crate) fn length(length: TimeDelta) -> String {
    let minutes = length.num_minutes().max(0);
    match (minutes / 60, minutes % 60) {
        (0, 0) => "under a minute".to_owned(),
        (0, minutes) => format!("{minutes} m"),
        (hours @ 48.., _) if hours % 24 == 0 => format!("{} d", hours / 24),
        (hours @ 48.., _) => format!("{} d {} h", hours / 24, hours % 24),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} m"),
    }
}

/// When a window starts anew, as a sentence; nothing where that is not known.
pub(crate) fn resets(when: Option<DateTime<Utc>>, now: DateTime<Utc>, zone: Tz) -> String {
    when.map_or(String::new(), |when| format!(" Resets at {}, in {}.", clock(when, now, zone), length(when - now)))
}

/// Whole percents used, never rounded up to what was not reached.
pub(crate) fn used(percent: f64) -> u64 {
    percent.max(0.0).floor() as u64
}

/// Whole percents that remain.
pub(crate) fn left(percent: f64) -> u64 {
    100_u64.saturating_sub(used(percent))
}

/// Where a figure comes from.
pub(crate) fn label(label: Label) -> String {
    format!("({})", label.word())
}

/// What a share is a share of, as words behind its percents.
pub(crate) fn of(basis: LimitBasis) -> &'static str {
    match basis {
        LimitBasis::Official => "used",
        LimitBasis::Number => "of your limit used",
        LimitBasis::Max => "of your largest block used",
        LimitBasis::P90 => "of what nine of ten blocks stay under used",
    }
}

/// What a window is called: with `this` or `the`.
pub(crate) fn window(which: Which<'_>) -> String {
    match which {
        Which::Block => "this block".to_owned(),
        Which::BlockCost => "this block's cost limit".to_owned(),
        Which::Week => "the week".to_owned(),
        Which::Scoped(scope) => format!("the {} week", name(scope)),
    }
}

/// With a capital.
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// Dollars to the cent.
pub(crate) fn dollars(amount: f64) -> String {
    let cents = (amount.max(0.0) * 100.0).round() as u128;
    format!("${}.{:02}", grouped(cents / 100), cents % 100)
}

/// A number with its thousands apart.
pub(crate) fn grouped(number: u128) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A noun with its number.
pub(crate) fn count(number: u64, one: &str, several: &str) -> String {
    format!("{} {}", grouped(number.into()), if number == 1 { one } else { several })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[test]
    fn a_name_is_one_line_and_an_id_has_an_end() {
        assert_eq!(name("  the\nlogin\u{0} <b>page</b> "), "the login <b>page</b>");
        assert_eq!(id(&"é".repeat(100_000)).chars().count(), LONGEST_ID);
    }

    #[rstest]
    #[case(0, "under a minute")]
    #[case(59, "59 m")]
    #[case(130, "2 h 10 m")]
    #[case(24 * 60, "24 h")]
    #[case(92 * 60 + 59, "3 d 20 h")]
    #[case(7 * 24 * 60, "7 d")]
    fn a_length_is_as_exact_as_it_is_short(#[case] minutes: i64, #[case] words: &str) {
        assert_eq!(length(TimeDelta::minutes(minutes)), words);
    }

    #[test]
    fn what_does_not_fit_is_counted() {
        let titles = vec!["a title of some thirty letters"; 20];
        let body = lines(titles.iter().copied());
        assert!(body.chars().count() <= LONGEST_BODY && body.ends_with("and 14 more"), "{body}");
        assert_eq!(lines(["one", "two"].into_iter()), "one\ntwo");
    }

    #[rstest]
    #[case("2026-03-01T14:00:00Z", "14:00")]
    #[case("2026-03-02T00:00:00Z", "Mon 00:00")]
    #[case("2026-03-07T14:00:00Z", "Sat 14:00")]
    #[case("2026-03-09T14:00:00Z", "9 Mar 14:00")]
    fn times_are_as_exact_as_they_are_near(#[case] when: &str, #[case] words: &str) {
        let at = |text: &str| text.parse().expect("a time");
        assert_eq!(clock(at(when), at("2026-03-01T10:00:00Z"), Tz::UTC), words);
    }

    #[test]
    fn a_time_is_the_viewers() {
        let at = |text: &str| text.parse().expect("a time");
        let (when, now) = (at("2026-03-01T14:00:00Z"), at("2026-03-01T10:00:00Z"));
        assert_eq!(clock(when, now, chrono_tz::Asia::Kathmandu), "19:45");
    }

    #[test]
    fn nothing_is_rounded_up_to_what_was_not_reached() {
        assert_eq!([used(89.9), left(89.9), used(112.4), left(112.4)], [89, 11, 112, 0]);
    }
}
