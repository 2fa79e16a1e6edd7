//! Alerts for a window that is likely to be used up before its reset.
//!
//! A candidate requires that even the low end of the forecast exceeds the limit, which a single burst cannot raise above
//! the average (`crate::rates::forecast`), continuously for some minutes. `forecast_accuracy` measures how often this is
//! wrong. If several windows will run out, the one that stops work first is reported. While nothing runs there is no forecast.

use chrono::{DateTime, TimeDelta, Utc};

use crate::alerts::candidate::{AlertCandidate, AlertKey, Urgency};
use crate::alerts::context::{AlertContext, LimitWindowKind, WindowUsage};
use crate::alerts::settings::AlertSettings;
use crate::alerts::sustained::{self, Streak};
use crate::alerts::text;
use crate::alerts::threshold_state::{Measurement, ThresholdTracker};
use crate::report::model::{AlertRule, Route};
use crate::text::format::format_duration;
use crate::text::phrases::capitalize;

/// The time for which the condition has to hold, equal to several turns of a conversation.
pub(crate) const MIN_DURATION: TimeDelta = TimeDelta::minutes(5);

/// Returns a candidate for the window that runs out first, once its forecast has held for [`MIN_DURATION`].
pub(crate) fn find_candidate(
    tracker: &mut ThresholdTracker<'_>,
    streaks: &mut Vec<Streak>,
    settings: &AlertSettings,
    context: &AlertContext<'_>,
) -> Option<AlertCandidate> {
    let usages = context.window_usages();
    let sustained = usages.iter().filter_map(|usage| {
        let (runs_out_at, subject) = (certain_exhaustion(usage), usage.subject_id());
        let is_met = runs_out_at.is_some();
        let length = sustained::update_streak(streaks, AlertRule::Forecast, &subject, is_met, context.now)?;
        Some((usage, runs_out_at.filter(|_| length >= MIN_DURATION)?))
    });
    let (usage, runs_out_at) = sustained.min_by_key(|(_, runs_out_at)| *runs_out_at)?;
    let is_new = settings.forecast && check_crossing(tracker, usage);
    is_new.then(|| build_candidate(usage, runs_out_at, context))
}

/// Returns the time at which a window runs out if even the low end of the forecast exceeds the limit. A window that is
/// already used up has none.
fn certain_exhaustion(usage: &WindowUsage<'_>) -> Option<DateTime<Utc>> {
    let is_certain = usage.usage.projected_percent.is_some_and(|range| range.low >= 100.0);
    usage.usage.runs_out_at.filter(|_| is_certain && usage.usage.used_percent < 100.0)
}

/// Returns true once per window, because a forecast may come and go.
fn check_crossing(tracker: &mut ThresholdTracker<'_>, usage: &WindowUsage<'_>) -> bool {
    let measurement = Measurement {
        rule: AlertRule::Forecast,
        subject: usage.subject_id(),
        window: usage.window,
        value: 100.0,
        thresholds: &[100],
        can_repeat: false,
    };
    tracker.check_crossing(&measurement).is_some()
}

fn build_candidate(usage: &WindowUsage<'_>, runs_out_at: DateTime<Utc>, context: &AlertContext<'_>) -> AlertCandidate {
    let low = usage.usage.projected_percent.map_or(100.0, |range| range.low);
    let (name, window) = (text::window_name(usage), usage.window);
    let reset = text::format_time(window.end, context.now, context.zone);
    let subject = usage.subject_id();
    AlertCandidate {
        key: AlertKey { rule: AlertRule::Forecast, subject, threshold: 100, window },
        title: title_text(usage, &text::format_time(runs_out_at, context.now, context.zone)),
        body: body_text(usage, runs_out_at, context),
        cause: format!("at least {low:.0}% of {name} by {reset} at this pace"),
        route: Route::Now,
        urgency: Urgency::Normal,
        created_at: context.now,
        expires_at: window.end,
        is_muted: false,
    }
}

fn title_text(usage: &WindowUsage<'_>, runs_out_at: &str) -> String {
    let name = capitalize(&text::window_name(usage));
    match usage.kind {
        LimitWindowKind::BlockCost if usage.account.is_none() => {
            format!("This block may reach its cost limit at {runs_out_at}")
        }
        LimitWindowKind::Block | LimitWindowKind::BlockCost | LimitWindowKind::Week | LimitWindowKind::Scoped(_) => {
            format!("{name} may run out at {runs_out_at}")
        }
    }
}

fn body_text(usage: &WindowUsage<'_>, runs_out_at: DateTime<Utc>, context: &AlertContext<'_>) -> String {
    let format_time = |when| text::format_time(when, context.now, context.zone);
    let share = format!("{} {}", text::share_phrase(usage), text::format_label(usage.usage.label));
    let left = text::remaining_percent(usage.usage.used_percent);
    let before = format_duration(usage.window.end - runs_out_at);
    let reset = format_time(usage.window.end);
    format!("{left}% left, {share}. At this pace nothing is left {before} before the reset at {reset} (estimated).")
}
