//! Logs that Claude Code will soon delete and that could not be read: what is in them would never be counted.

use chrono::TimeDelta;

use super::finding::{Finding, Part, Urgency};
use super::memory::{Gauge, Marks};
use super::sense::{self, Sense, Unread};
use super::settings::AlertSettings;
use super::span::Span;
use super::words;
use crate::figures::{AlertRule, Route};

/// As long as there are such logs it is one episode, which ends when there were none for so long.
const EPISODE: TimeDelta = TimeDelta::days(3);

/// The logs, once.
pub(super) fn find(marks: &mut Marks<'_>, settings: &AlertSettings, sense: &Sense<'_>) -> Option<Finding> {
    let unread = sense.unread.filter(|unread| settings.cleaning && unread.logs > 0)?;
    let today = sense::midnight(sense.now);
    let (subject, span) = ("logs".to_owned(), Span::new(today, today + EPISODE));
    let gauge = Gauge { rule: AlertRule::Cleaning, subject, span, value: 100.0, steps: &[100], rearms: false };
    marks.pass(&gauge).map(|_| say(unread, span, sense))
}

fn say(unread: Unread, span: Span, sense: &Sense<'_>) -> Finding {
    let logs = words::count(unread.logs, "log", "logs");
    let days = unread.kept_days;
    let goes = words::clock(unread.first_goes, sense.now, sense.zone);
    Finding {
        part: Part { rule: AlertRule::Cleaning, subject: "logs".to_owned(), step: 100, span },
        title: format!("{logs} will be deleted before they are read"),
        body: format!(
            "Claude Code deletes logs after {days} days, the first of these on {goes}. token-monitor doctor says why they cannot be read."
        ),
        cause: format!("{logs} unread, the first to go on {goes}"),
        route: Route::Now,
        urgency: Urgency::Normal,
        at: sense.now,
        until: span.end,
        is_muted: false,
    }
}
