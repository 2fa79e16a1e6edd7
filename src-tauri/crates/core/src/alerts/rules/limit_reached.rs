//! Limits that were reached, as Claude Code itself said.

use chrono::TimeDelta;

use crate::alerts::candidate::{Finding, Part, Urgency};
use crate::alerts::context::{Sense, Which};
use crate::alerts::settings::AlertSettings;
use crate::alerts::text;
use crate::alerts::threshold_state::{Gauge, Marks};
use crate::alerts::time_window::Span;
use crate::report::model::{AlertRule, QuotaOrigin, QuotaStats, Route, WindowKind};

/// Each limit that was newly hit.
pub(crate) fn find(marks: &mut Marks<'_>, settings: &AlertSettings, sense: &Sense<'_>) -> Vec<Finding> {
    let told = |row: &&QuotaStats| row.origin == QuotaOrigin::LimitMessage && !row.is_stale;
    let rows = sense.snapshot.quota.iter().filter(|_| settings.limit_hit).filter(told);
    rows.filter_map(|row| {
        let gauge = gauge(subject(row), span(row, sense));
        marks.pass(&gauge)?;
        window(row).into_iter().for_each(|rule| marks.note(&Gauge { rule, ..gauge.clone() }));
        Some(say(row, gauge.subject, gauge.span, sense))
    })
    .collect()
}

/// That a limit was reached, once a window.
pub(crate) fn gauge(subject: String, span: Span) -> Gauge<'static> {
    Gauge { rule: AlertRule::LimitHit, subject, span, value: 100.0, steps: &[100], rearms: false }
}

/// The rule that tells of the window's shares, of which all are said then.
fn window(row: &QuotaStats) -> Option<AlertRule> {
    match row.window {
        WindowKind::FiveHour => Some(AlertRule::Block),
        WindowKind::Weekly | WindowKind::WeeklyScoped => Some(AlertRule::Week),
        WindowKind::ExtraUsage => None,
    }
}

/// The same as of the window's thresholds, so that of the two only one is told.
fn subject(row: &QuotaStats) -> String {
    match (row.window, row.scope.as_deref()) {
        (WindowKind::FiveHour, _) => Which::Block.subject(),
        (WindowKind::Weekly, _) => Which::Week.subject(),
        (WindowKind::WeeklyScoped, scope) => Which::Scoped(scope.unwrap_or("scoped")).subject(),
        (WindowKind::ExtraUsage, _) => "extra usage".to_owned(),
    }
}

fn span(row: &QuotaStats, sense: &Sense<'_>) -> Span {
    match (row.window, row.resets_at) {
        (WindowKind::FiveHour, resets) => {
            let end = resets.unwrap_or(row.read_at + TimeDelta::hours(5));
            Span::new(end - TimeDelta::hours(5), end)
        }
        (WindowKind::Weekly | WindowKind::WeeklyScoped | WindowKind::ExtraUsage, resets) => sense.week_span(resets),
    }
}

fn say(row: &QuotaStats, subject: String, span: Span, sense: &Sense<'_>) -> Finding {
    let name = match (row.window, row.scope.as_deref()) {
        (WindowKind::FiveHour, _) => "five-hour limit".to_owned(),
        (WindowKind::Weekly, _) => "weekly limit".to_owned(),
        (WindowKind::WeeklyScoped, scope) => format!("weekly {} limit", text::name(scope.unwrap_or_default())),
        (WindowKind::ExtraUsage, _) => "limit on extra usage".to_owned(),
    };
    let resets = text::resets(row.resets_at, sense.now, sense.zone);
    Finding {
        part: Part { rule: AlertRule::LimitHit, subject, step: 100, span },
        title: format!("The {name} is reached"),
        body: format!("Claude Code said so at {} (official).{resets}", text::clock(row.read_at, sense.now, sense.zone)),
        cause: format!("a message in a log: {name} reached"),
        route: Route::Now,
        urgency: Urgency::Critical,
        at: sense.now,
        until: row.resets_at.unwrap_or(span.end),
        is_muted: false,
    }
}
