//! Windows that were over a threshold: that they start anew soon, and that they have.
//!
//! “Has reset” is the alert others get wrong: a figure that falls is no reset, nor is one that is missing. A reset is
//! told when its time has come. A figure of now that says the window runs on moves that time, and is waited for.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::alerts::candidate::{Finding, Part, Urgency};
use crate::alerts::context::{Filled, Sense, Which};
use crate::alerts::settings::AlertSettings;
use crate::alerts::text;
use crate::alerts::threshold_state::{Gauge, Marks};
use crate::alerts::time_window::Span;
use crate::report::model::{AlertRule, Label, Route};

/// How full a window has to be for its reset to be worth a word, where its thresholds are all turned off.
const NEARLY: u64 = 90;

/// So many points below that it was refilled, and nobody waits for it any more.
const REFILLED: f64 = 5.0;

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

/// A window that was full enough.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Awaited {
    subject: String,
    name: String,
    span: Span,
    /// How full it was, in whole percents.
    used: u64,
    label: Label,
}

/// What is to be told of resets.
pub(crate) fn find(
    marks: &mut Marks<'_>,
    awaited: &mut Vec<Awaited>,
    settings: &AlertSettings,
    sense: &Sense<'_>,
) -> Vec<Finding> {
    let filled = sense.filled();
    fullest(&filled).into_iter().for_each(|window| watch(awaited, window, worth(settings, window)));
    if !settings.reset {
        awaited.clear();
    }
    let near = awaited.iter().filter_map(|one| one.near(marks, sense)).collect::<Vec<_>>();
    let (over, running): (Vec<_>, Vec<_>) = awaited.drain(..).partition(|one| one.is_over(sense));
    *awaited = running;
    let over = over.iter().filter_map(|one| one.over(marks, sense));
    near.into_iter().chain(over).collect()
}

/// How full a window has to be: the highest of the user's own thresholds that leaves something, so that only windows
/// somebody was told of are told of again.
fn worth(settings: &AlertSettings, window: &Filled<'_>) -> f64 {
    let steps = window.window.steps(settings);
    let leaves_something = steps.iter().filter(|step| **step < 100).max();
    leaves_something.or(steps.iter().min()).copied().unwrap_or(NEARLY) as f64
}

/// Of each window that has a reset the fullest figure: tokens and cost of a block start anew together.
fn fullest<'a>(filled: &'a [Filled<'a>]) -> Vec<&'a Filled<'a>> {
    let mut found: Vec<&Filled<'_>> = Vec::new();
    for window in filled.iter().filter(|window| window.resets.is_some()) {
        match found.iter_mut().find(|other| subject(other.window) == subject(window.window)) {
            Some(other) if other.used.used_percent < window.used.used_percent => *other = window,
            Some(_) => {}
            None => found.push(window),
        }
    }
    found
}

/// Follows a window that is full enough; one that came down before its reset was refilled and is forgotten.
fn watch(awaited: &mut Vec<Awaited>, window: &Filled<'_>, worth: f64) {
    let (subject, percent) = (subject(window.window), window.used.used_percent);
    let known = awaited.iter().position(|one| one.subject == subject && one.span.overlap(&window.span).is_some());
    match known {
        Some(known) if percent < worth - REFILLED => drop(awaited.remove(known)),
        Some(known) => awaited[known].follow(window),
        None if percent >= worth => {
            awaited.truncate(MOST - 1);
            let (name, span) = (name(window.window), window.span);
            awaited.push(Awaited { subject, name, span, used: text::used(percent), label: window.used.label });
        }
        None => {}
    }
}

fn subject(window: Which<'_>) -> String {
    match window {
        Which::Block | Which::BlockCost => Which::Block.subject(),
        Which::Week | Which::Scoped(_) => window.subject(),
    }
}

fn name(window: Which<'_>) -> String {
    match window {
        Which::Block | Which::BlockCost => "block".to_owned(),
        Which::Week => "week".to_owned(),
        Which::Scoped(scope) => format!("{} week", text::name(scope)),
    }
}

impl Awaited {
    /// The latest words on it; what it came to is the most it came to.
    fn follow(&mut self, window: &Filled<'_>) {
        self.span.follow(window.span, SHARP);
        let used = text::used(window.used.used_percent);
        if used >= self.used {
            (self.used, self.label) = (used, window.used.label);
        }
    }

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
        let (at, label) = (text::clock(self.span.end, sense.now, sense.zone), text::label(self.label));
        (is_near && self.pass(marks, IS_NEAR)).then(|| {
            let title = format!("Your {} resets at {at}", self.name);
            let body = format!("In {}. It came to {} % {label}.", text::length(left), self.used);
            self.say(IS_NEAR, title, body, self.span.end, sense)
        })
    }

    fn over(&self, marks: &mut Marks<'_>, sense: &Sense<'_>) -> Option<Finding> {
        let late = self.span.end + LATE;
        let still_matters = sense.now < late;
        (still_matters && self.pass(marks, IS_OVER)).then(|| {
            let title = format!("Your {} has reset", self.name);
            let at = text::clock(self.span.end, sense.now, sense.zone);
            let body = format!("At {at}. The last one came to {} % {}.", self.used, text::label(self.label));
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
