//! The window that will probably be used up before it resets.
//!
//! It speaks only where even the low end of the projection passes the limit, which no burst can lift above the
//! average (`crate::rates::forecast`), and only once that has held for some minutes. `alarms` counts how often that is wrong.
//! Where several windows will run out, the one that stops work first speaks; a limit that is only what past blocks came
//! to stops nothing, and says so.

use chrono::{DateTime, TimeDelta, Utc};

use crate::alerts::candidate::{Finding, Part, Urgency};
use crate::alerts::context::{Filled, Sense, Which};
use crate::alerts::settings::AlertSettings;
use crate::alerts::sustained::{self, Streak};
use crate::alerts::text;
use crate::alerts::threshold_state::{Gauge, Marks};
use crate::report::model::{AlertRule, Route};

/// For so long it must have held: several turns of a conversation.
pub(crate) const HELD: TimeDelta = TimeDelta::minutes(5);

/// The forecast, where it has held.
pub(crate) fn find(
    marks: &mut Marks<'_>,
    streaks: &mut Vec<Streak>,
    settings: &AlertSettings,
    sense: &Sense<'_>,
) -> Option<Finding> {
    let filled = sense.filled();
    let lasting = filled.iter().filter_map(|window| {
        let out = runs_out(window);
        let subject = window.window.subject();
        let held = sustained::follow(streaks, AlertRule::Forecast, &subject, out.is_some(), sense.now)?;
        Some((window, out.filter(|_| held >= HELD)?))
    });
    let (window, out) = lasting.min_by_key(|(window, out)| (window.is_guess(), *out))?;
    (settings.forecast && pass(marks, window)).then(|| say(window, out, sense))
}

/// When it runs out, where even the low end passes the limit. What is used up already is no forecast.
fn runs_out(window: &Filled<'_>) -> Option<DateTime<Utc>> {
    let low = window.used.projected_percent.is_some_and(|range| range.low >= 100.0);
    window.used.runs_out_at.filter(|_| low && window.used.used_percent < 100.0)
}

/// Once a window: a forecast that comes and goes is no news the second time.
fn pass(marks: &mut Marks<'_>, window: &Filled<'_>) -> bool {
    let (subject, span) = (window.window.subject(), window.span);
    marks
        .pass(&Gauge { rule: AlertRule::Forecast, subject, span, value: 100.0, steps: &[100], rearms: false })
        .is_some()
}

fn say(window: &Filled<'_>, out: DateTime<Utc>, sense: &Sense<'_>) -> Finding {
    let low = window.used.projected_percent.map_or(100.0, |range| range.low);
    let resets = text::clock(window.span.end, sense.now, sense.zone);
    Finding {
        part: Part { rule: AlertRule::Forecast, subject: window.window.subject(), step: 100, span: window.span },
        title: title(window, &text::clock(out, sense.now, sense.zone)),
        body: body(window, out, sense),
        cause: format!("at least {low:.0} % of {} by {resets} at this pace", text::window(window.window)),
        route: Route::Now,
        urgency: if window.is_guess() { Urgency::Low } else { Urgency::Normal },
        at: sense.now,
        until: window.span.end,
        is_muted: false,
    }
}

fn title(window: &Filled<'_>, at: &str) -> String {
    match (window.window, window.is_guess()) {
        (Which::BlockCost, false) => format!("This block may reach its cost limit at {at}"),
        (Which::BlockCost, true) => "This block may cost more than usual".to_owned(),
        (which, false) => format!("{} may run out at {at}", text::capital(&text::window(which))),
        (which, true) => format!("{} may be larger than usual", text::capital(&text::window(which))),
    }
}

fn body(window: &Filled<'_>, out: DateTime<Utc>, sense: &Sense<'_>) -> String {
    let (used, label) = (text::used(window.used.used_percent), text::label(window.used.label));
    let (of, at) = (text::of(window.used.basis), text::clock(out, sense.now, sense.zone));
    if window.is_guess() {
        return format!("{used} % {of} {label}. At this pace all of it at {at}; nothing stops then.");
    }
    let (left, before) = (text::left(window.used.used_percent), text::length(window.span.end - out));
    let resets = text::clock(window.span.end, sense.now, sense.zone);
    format!(
        "{left} % left, {used} % {of} {label}. At this pace nothing is left {before} before the reset at {resets} (estimated)."
    )
}
