//! Phrases of alerts: the remaining amount before the used amount, and times in the viewer's zone.
//!
//! Names come from logs and are untrusted; control characters are removed. Numbers and durations are formatted by
//! [`crate::text::format`].

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use crate::alerts::context::{LimitWindowKind, WindowUsage};
use crate::report::model::Provenance;
use crate::text::{format, phrases, sanitize};

/// The maximum length of a body in characters. Desktops truncate longer ones, each in its own way.
pub const MAX_BODY_LEN: usize = 200;

/// The maximum length of a title in characters: one line of a notification.
pub const MAX_TITLE_LEN: usize = 80;

/// The maximum length of a title inside a list of titles, in characters.
const MAX_LISTED_TITLE_LEN: usize = 60;

/// The maximum length of a name inside a sentence, in characters.
const MAX_NAME_LEN: usize = 40;

/// The maximum length of a session id in characters. Real ids have 36; other logs may contain any text.
const MAX_ID_LEN: usize = 100;

/// Returns a name on one line, sanitized and truncated.
pub(crate) fn sanitize_name(text: &str) -> String {
    sanitize::sanitize_name(text, MAX_NAME_LEN)
}

/// Returns the first characters of a session id. The session can still be found by them.
pub(crate) fn truncate_id(text: &str) -> String {
    text.chars().take(MAX_ID_LEN).collect()
}

/// Joins titles to a body of one line each. If they do not all fit, the last line is `and N more`.
pub(crate) fn join_titles<'a>(titles: impl ExactSizeIterator<Item = &'a str>) -> String {
    /// The space reserved for a last line such as `and 123 more`, in characters.
    const REST_LEN: usize = 14;
    let (total, mut body, mut shown) = (titles.len(), String::new(), 0);
    for title in titles {
        let line = sanitize::sanitize_name(title, MAX_LISTED_TITLE_LEN);
        if body.chars().count() + line.chars().count() + 1 > MAX_BODY_LEN - REST_LEN {
            break;
        }
        body = if body.is_empty() { line } else { format!("{body}\n{line}") };
        shown += 1;
    }
    if shown < total { format!("{body}\nand {} more", total - shown) } else { body }
}

/// Formats a time near now in the viewer's zone: `14:00`, `Mon 14:00` or `Mar 9, 14:00`.
pub(crate) fn format_time(when: DateTime<Utc>, now: DateTime<Utc>, zone: Tz) -> String {
    format::format_upcoming(when, now, zone.into())
}

/// Returns a sentence about the next reset with a leading space, or an empty text if the reset is unknown.
pub(crate) fn reset_sentence(resets_at: Option<DateTime<Utc>>, now: DateTime<Utc>, zone: Tz) -> String {
    resets_at.map_or(String::new(), |when| {
        let left = format::format_duration((when - now).max(TimeDelta::zero()));
        format!(" Resets at {}, in {left}.", format_time(when, now, zone))
    })
}

/// Rounds a share in percent like [`format::format_percent`], but to a number: 1 for a smaller positive share, and 99 for a
/// share just below 100.
pub(crate) fn whole_percent(percent: f64) -> u64 {
    match percent {
        percent if percent > 0.0 && percent < 0.5 => 1,
        percent if (99.5..100.0).contains(&percent) => 99,
        percent => percent.round().max(0.0) as u64,
    }
}

/// Returns the remaining share in whole percent, given the used share in percent.
pub(crate) fn remaining_percent(used_percent: f64) -> u64 {
    100_u64.saturating_sub(whole_percent(used_percent))
}

/// Returns the used share of a window with the limit it refers to: `75% used`, `75% of your largest block`.
pub(crate) fn share_phrase(window: &WindowUsage<'_>) -> String {
    phrases::share_of_limit(window.usage, |limit| match window.kind {
        LimitWindowKind::BlockCost => format::format_dollars(limit),
        LimitWindowKind::Block | LimitWindowKind::Week | LimitWindowKind::Scoped(_) => {
            format::format_tokens(limit as u128)
        }
    })
}

/// Returns the provenance of a figure in parentheses, such as `(official)`.
pub(crate) fn format_label(label: Provenance) -> String {
    format!("({})", label.as_str())
}

/// Returns the name of a window with `this` or `the`.
pub(crate) fn window_name(usage: &WindowUsage<'_>) -> String {
    let name = match usage.kind {
        LimitWindowKind::Block => "this block".to_owned(),
        LimitWindowKind::BlockCost => "this block's cost limit".to_owned(),
        LimitWindowKind::Week => "the week".to_owned(),
        LimitWindowKind::Scoped(scope) => format!("the {} week", sanitize_name(scope)),
    };
    of_account(name, usage.account)
}

/// Returns a name with that of its account, if several accounts are in use.
pub(crate) fn of_account(name: String, account: Option<&str>) -> String {
    match account {
        Some(account) => format!("{name} of {}", sanitize_name(account)),
        None => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_line_and_an_id_is_truncated() {
        assert_eq!(sanitize_name("  the\nlogin\u{0} <b>page</b> "), "the login <b>page</b>");
        assert_eq!(truncate_id(&"é".repeat(100_000)).chars().count(), MAX_ID_LEN);
    }

    #[test]
    fn titles_that_do_not_fit_are_counted() {
        let titles = vec!["a title of some thirty letters"; 20];
        let body = join_titles(titles.iter().copied());
        assert!(body.chars().count() <= MAX_BODY_LEN && body.ends_with("and 14 more"), "{body}");
        assert_eq!(join_titles(["one", "two"].into_iter()), "one\ntwo");
    }

    #[test]
    fn a_reset_is_given_in_the_viewers_time_zone() {
        let at = |text: &str| text.parse().expect("a time");
        let (when, now) = (at("2026-03-01T14:00:00Z"), at("2026-03-01T10:00:00Z"));
        assert_eq!(reset_sentence(Some(when), now, chrono_tz::Asia::Kathmandu), " Resets at 19:45, in 4h.");
        assert_eq!(reset_sentence(None, now, Tz::UTC), "");
    }

    #[test]
    fn a_share_below_100_percent_is_never_stored_as_100() {
        assert_eq!([0.0, 0.2, 89.5, 99.7, 100.0].map(whole_percent), [0, 1, 90, 99, 100]);
    }
}
