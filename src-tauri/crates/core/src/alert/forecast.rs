//! The block that will probably be used up before it resets.
//!
//! It speaks only where even the low end of the projection passes the limit, which no burst can lift above the
//! average (`crate::forecast`), and only once that has held for some minutes. `alarms` counts how often that is wrong.

use chrono::TimeDelta;

use super::finding::{Finding, Part, Urgency};
use super::memory::{Gauge, Marks};
use super::sense::{Filled, Sense, Which};
use super::settings::AlertSettings;
use super::streak::{self, Streak};
use super::words;
use crate::figures::{AlertRule, Route};

/// For so long it must have held: several turns of a conversation.
pub(super) const HELD: TimeDelta = TimeDelta::minutes(5);

/// The forecast, where it has held.
pub(super) fn find(
    marks: &mut Marks<'_>,
    streaks: &mut Vec<Streak>,
    settings: &AlertSettings,
    sense: &Sense<'_>,
) -> Option<Finding> {
    let filled = sense.filled();
    let block = filled.iter().find(|window| window.window == Which::Block).filter(|_| settings.forecast)?;
    if !runs_out(block) {
        streak::ends(streaks, AlertRule::Forecast);
        return None;
    }
    let has_held = streak::holds(streaks, AlertRule::Forecast, sense.now) >= HELD;
    (has_held && binds(&filled) && pass(marks, block)).then(|| say(block, sense)).flatten()
}

/// Whether even the low end passes the limit. What is used up already is no forecast.
fn runs_out(block: &Filled<'_>) -> bool {
    let low = block.used.projected_percent.is_some_and(|range| range.low >= 100.0);
    low && block.used.runs_out_at.is_some() && block.used.used_percent < 100.0
}

/// Whether no week stops work before the block does.
fn binds(filled: &[Filled<'_>]) -> bool {
    let out = |window: &&Filled<'_>| window.used.runs_out_at;
    filled
        .iter()
        .filter(|window| out(window).is_some())
        .min_by_key(out)
        .is_some_and(|first| matches!(first.window, Which::Block | Which::BlockCost))
}

/// Once a block: a forecast that comes and goes is no news the second time.
fn pass(marks: &mut Marks<'_>, block: &Filled<'_>) -> bool {
    let subject = block.window.subject();
    let gauge =
        Gauge { rule: AlertRule::Forecast, subject, span: block.span, value: 100.0, steps: &[100], rearms: false };
    marks.pass(&gauge).is_some()
}

fn say(block: &Filled<'_>, sense: &Sense<'_>) -> Option<Finding> {
    let (out, low) = (block.used.runs_out_at?, block.used.projected_percent?.low);
    let (at, label) = (words::clock(out, sense.now, sense.zone), words::label(block.used.label));
    let resets = words::clock(block.span.end, sense.now, sense.zone);
    let before = words::length(block.span.end - out);
    let (used, left) = (words::used(block.used.used_percent), words::left(block.used.used_percent));
    Some(Finding {
        part: Part { rule: AlertRule::Forecast, subject: block.window.subject(), step: 100, span: block.span },
        title: format!("This block may run out at {at}"),
        body: format!(
            "{left} % left, {used} % used {label}. At this pace nothing is left {before} before the reset at {resets} (estimated)."
        ),
        cause: format!("at least {low:.0} % of the block by {resets} at this pace"),
        route: Route::Now,
        urgency: Urgency::Normal,
        at: sense.now,
        until: block.span.end,
        is_muted: false,
    })
}
