//! Blocks and weeks that passed a share of their limit.

use chrono::TimeDelta;

use crate::alerts::candidate::{Finding, Part, Urgency};
use crate::alerts::context::{Filled, Sense};
use crate::alerts::rules::limit_reached;
use crate::alerts::settings::AlertSettings;
use crate::alerts::text;
use crate::alerts::threshold_state::{Gauge, Marks};
use crate::report::model::{AlertRule, LimitBasis, Route};

/// For how long a window without a known end is worth a word.
const WITHOUT_END: TimeDelta = TimeDelta::hours(5);

/// What is newly passed, of every window whose figure is one of now.
pub(crate) fn find(marks: &mut Marks<'_>, settings: &AlertSettings, sense: &Sense<'_>) -> Vec<Finding> {
    let filled = sense.filled();
    let passed = filled.iter().filter_map(|window| Some((window, pass(marks, settings, window)?)));
    passed.map(|(window, step)| say(window, step, sense)).collect()
}

/// A share up to this is good to know and no more.
const CALM: u64 = 50;

/// A share that is newly passed. That all of an official limit is used says what a limit message would say: it is told
/// once, by whichever comes first.
fn pass(marks: &mut Marks<'_>, settings: &AlertSettings, window: &Filled<'_>) -> Option<u64> {
    let (rule, steps) = (window.window.rule(), window.window.steps(settings));
    let (subject, span, value) = (window.window.subject(), window.span, window.used.used_percent);
    let gauge = Gauge { rule, subject, span, value, steps, rearms: true };
    let step = marks.pass(&gauge)?;
    if step >= 100 && window.used.basis == LimitBasis::Official {
        marks.note(&limit_reached::gauge(gauge.subject, span));
    }
    Some(step)
}

fn say(window: &Filled<'_>, step: u64, sense: &Sense<'_>) -> Finding {
    let (percent, which) = (window.used.used_percent, text::window(window.window));
    let (used, left, label) = (text::used(percent), text::left(percent), text::label(window.used.label));
    let title = match (left, window.used.basis) {
        (1.., _) => format!("{left} % of {which} left"),
        (0, LimitBasis::Official | LimitBasis::Number) => format!("Nothing of {which} left"),
        (0, LimitBasis::Max | LimitBasis::P90) => format!("{}: more than usual", text::capital(&which)),
    };
    let official = window.used.basis == LimitBasis::Official;
    Finding {
        part: Part { rule: window.window.rule(), subject: window.window.subject(), step, span: window.span },
        title,
        body: format!(
            "{used} % {} {label}.{}",
            text::of(window.used.basis),
            text::resets(window.resets, sense.now, sense.zone)
        ),
        cause: format!("{used} % of {which}, threshold {step} %"),
        route: Route::Now,
        urgency: match step {
            ..=CALM => Urgency::Low,
            100.. if official => Urgency::Critical,
            _ => Urgency::Normal,
        },
        at: sense.now,
        until: window.resets.unwrap_or(sense.now + WITHOUT_END),
        is_muted: false,
    }
}

/// Leaves one of several findings about windows: of one window the gravest, of several windows the one that stops
/// work first. What is left out counts as said; the one that is left names it.
pub(crate) fn leave_what_binds(found: &mut Vec<Finding>, sense: &Sense<'_>) {
    let about_windows =
        |one: &Finding| matches!(one.part.rule, AlertRule::Block | AlertRule::Week | AlertRule::LimitHit);
    let (mut windows, others): (Vec<_>, Vec<_>) = found.drain(..).partition(about_windows);
    let filled = sense.filled();
    windows.sort_by(|a, b| place(a, &filled).partial_cmp(&place(b, &filled)).unwrap_or(std::cmp::Ordering::Equal));
    let mut windows = windows.into_iter();
    if let Some(mut first) = windows.next() {
        let subject = first.part.subject.clone();
        for other in windows.filter(|other| other.part.subject != subject) {
            let too = format!("{} Also: {}.", first.body, other.title);
            if too.chars().count() <= text::LONGEST_BODY {
                first.body = too;
            }
            first.instead_of(&other);
        }
        found.push(first);
    }
    found.extend(others);
}

/// A limit that was hit stops work now; else the window that runs out first, else the fullest. One whose limit nobody
/// set stops nothing.
fn place(one: &Finding, filled: &[Filled<'_>]) -> (bool, bool, f64, f64) {
    let window = filled.iter().find(|window| window.window.subject() == one.part.subject);
    let out = window.and_then(|window| window.used.runs_out_at).map_or(f64::MAX, |out| out.timestamp() as f64);
    let used = window.map_or(0.0, |window| window.used.used_percent);
    let is_guess = window.is_some_and(Filled::is_guess);
    (one.part.rule != AlertRule::LimitHit, is_guess, out, -used)
}
