//! Windows that were nearly used up: that they start anew soon, and that they have.
//!
//! “Has reset” is the alert others get wrong: a figure that falls is no reset, nor is one that is missing. A reset is
//! told when its time has come and no figure of now says that the window still runs.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::finding::{Finding, Part, Urgency};
use super::memory::{Gauge, Marks};
use super::sense::{Filled, Sense, Which};
use super::settings::AlertSettings;
use super::span::Span;
use super::words;
use crate::figures::{AlertRule, Label, Route};

/// A window that is less full can be waited for without being told.
const NEARLY: f64 = 90.0;

/// So long before a reset it is told.
const SOON: TimeDelta = TimeDelta::minutes(10);

/// Reset times drift; a reset is told once this has passed and nothing speaks against it.
const CERTAIN: TimeDelta = TimeDelta::minutes(2);

/// Later nobody waits for it any more.
const LATE: TimeDelta = TimeDelta::hours(1);

/// How exactly a reset is followed.
const SHARP: TimeDelta = TimeDelta::minutes(1);

/// As many windows are watched.
const MOST: usize = 16;

/// The steps by which memory tells the two apart.
const IS_NEAR: u64 = 1;
const IS_OVER: u64 = 2;

/// A window that was nearly used up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Awaited {
    subject: String,
    name: String,
    span: Span,
    /// How full it was, in whole percents.
    used: u64,
    label: Label,
}

/// What is to be told of resets.
pub(super) fn find(
    marks: &mut Marks<'_>,
    awaited: &mut Vec<Awaited>,
    settings: &AlertSettings,
    sense: &Sense<'_>,
) -> Vec<Finding> {
    let filled = sense.filled();
    filled.iter().for_each(|window| watch(awaited, window));
    if !settings.reset {
        awaited.clear();
    }
    let near = awaited.iter().filter_map(|one| one.near(marks, sense)).collect::<Vec<_>>();
    let (over, running): (Vec<_>, Vec<_>) = awaited.drain(..).partition(|one| one.is_over(sense));
    *awaited = running;
    let over = over.iter().filter_map(|one| one.over(marks, sense));
    near.into_iter().chain(over).collect()
}

/// Follows a window that is nearly used up; one that came down before its reset was refilled and is forgotten.
fn watch(awaited: &mut Vec<Awaited>, window: &Filled<'_>) {
    let (subject, used) = (window.window.subject(), window.used.used_percent);
    let known = awaited.iter().position(|one| one.subject == subject && one.span.overlap(&window.span).is_some());
    match known {
        Some(known) if used < NEARLY - 5.0 => drop(awaited.remove(known)),
        Some(known) => awaited[known].span.follow(window.span, SHARP),
        None if used >= NEARLY && window.resets.is_some() && window.window != Which::BlockCost => {
            awaited.truncate(MOST - 1);
            awaited.push(Awaited {
                subject,
                name: name(window.window),
                span: window.span,
                used: words::used(used),
                label: window.used.label,
            });
        }
        None => {}
    }
}

fn name(window: Which<'_>) -> String {
    match window {
        Which::Block | Which::BlockCost => "block".to_owned(),
        Which::Week => "week".to_owned(),
        Which::Scoped(scope) => format!("{} week", words::name(scope)),
    }
}

impl Awaited {
    fn is_over(&self, sense: &Sense<'_>) -> bool {
        sense.now >= self.span.end + CERTAIN
    }

    fn pass(&self, marks: &mut Marks<'_>, step: u64) -> bool {
        let (subject, span) = (format!("{} {step}", self.subject), self.span);
        let gauge = Gauge { rule: AlertRule::Reset, subject, span, value: step as f64, steps: &[step], rearms: false };
        marks.pass(&gauge).is_some()
    }

    fn near(&self, marks: &mut Marks<'_>, sense: &Sense<'_>) -> Option<Finding> {
        let left = self.span.end - sense.now;
        let is_near = left > TimeDelta::zero() && left <= SOON;
        let (at, label) = (words::clock(self.span.end, sense.now, sense.zone), words::label(self.label));
        (is_near && self.pass(marks, IS_NEAR)).then(|| {
            let title = format!("Your {} resets at {at}", self.name);
            let body = format!("In {}. It came to {} % {label}.", words::length(left), self.used);
            self.say(IS_NEAR, title, body, self.span.end, sense)
        })
    }

    fn over(&self, marks: &mut Marks<'_>, sense: &Sense<'_>) -> Option<Finding> {
        let late = self.span.end + LATE;
        let still_matters = sense.now < late;
        (still_matters && self.pass(marks, IS_OVER)).then(|| {
            let title = format!("Your {} has reset", self.name);
            let at = words::clock(self.span.end, sense.now, sense.zone);
            let body = format!("At {at}. The last one came to {} % {}.", self.used, words::label(self.label));
            self.say(IS_OVER, title, body, late, sense)
        })
    }

    fn say(&self, step: u64, title: String, body: String, until: DateTime<Utc>, sense: &Sense<'_>) -> Finding {
        Finding {
            part: Part { rule: AlertRule::Reset, subject: self.subject.clone(), step, span: self.span },
            title,
            body,
            cause: format!("the {} came to {} %", self.name, self.used),
            route: Route::Now,
            urgency: Urgency::Low,
            at: sense.now,
            until,
            is_muted: false,
        }
    }
}
