//! What Claude Code will delete and that could not be read: it would never be counted.

use chrono::TimeDelta;

use crate::alerts::candidate::{Finding, Part, Urgency};
use crate::alerts::context::{self, Sense};
use crate::alerts::settings::AlertSettings;
use crate::alerts::text;
use crate::alerts::threshold_state::{Gauge, Marks};
use crate::alerts::time_window::Span;
use crate::report::model::{AlertRule, Route};

/// As long as there are such logs it is one episode, which ends when there were none for so long.
const EPISODE: TimeDelta = TimeDelta::days(3);

/// The logs and the folders, each once.
pub(crate) fn find(marks: &mut Marks<'_>, settings: &AlertSettings, sense: &Sense<'_>) -> Vec<Finding> {
    if !settings.cleaning {
        return Vec::new();
    }
    let today = context::midnight(sense.now);
    let span = Span::new(today, today + EPISODE);
    let mut is_news = |subject: &str| {
        let subject = subject.to_owned();
        let gauge = Gauge { rule: AlertRule::Cleaning, subject, span, value: 100.0, steps: &[100], rearms: false };
        marks.pass(&gauge).is_some()
    };
    let logs = logs(span, sense).filter(|one| is_news(&one.part.subject));
    let folders = folders(span, sense).filter(|one| is_news(&one.part.subject));
    logs.into_iter().chain(folders).collect()
}

fn logs(span: Span, sense: &Sense<'_>) -> Option<Finding> {
    let (number, first) = sense.unread.logs.filter(|(number, _)| *number > 0)?;
    let (logs, goes) = (text::count(number, "log", "logs"), text::clock(first, sense.now, sense.zone));
    let title = format!("{logs} will be deleted before {} read", if number == 1 { "it is" } else { "they are" });
    let body = format!(
        "Claude Code deletes logs after {} days, the first of these on {goes}. token-monitor doctor says why they cannot be read.",
        sense.unread.kept_days
    );
    Some(say("logs", title, body, format!("{logs} unread, the first to go on {goes}"), span, sense))
}

fn folders(span: Span, sense: &Sense<'_>) -> Option<Finding> {
    let number = Some(sense.unread.folders).filter(|number| *number > 0)?;
    let folders = text::count(number, "folder", "folders");
    let title = format!("{folders} of logs cannot be looked into");
    let body = format!(
        "Claude Code deletes logs after {} days, read or not. token-monitor doctor names the folder.",
        sense.unread.kept_days
    );
    Some(say("folders", title, body, format!("{folders} of logs without permission to read"), span, sense))
}

fn say(subject: &str, title: String, body: String, cause: String, span: Span, sense: &Sense<'_>) -> Finding {
    Finding {
        part: Part { rule: AlertRule::Cleaning, subject: subject.to_owned(), step: 100, span },
        title,
        body,
        cause,
        route: Route::Now,
        urgency: Urgency::Normal,
        at: sense.now,
        until: span.end,
        is_muted: false,
    }
}
