//! Alerts for limits that a message in a log reports as reached.

use chrono::TimeDelta;

use crate::alerts::candidate::{AlertCandidate, AlertKey, Urgency};
use crate::alerts::context::{AlertContext, LimitWindowKind};
use crate::alerts::settings::AlertSettings;
use crate::alerts::text;
use crate::alerts::threshold_state::{Measurement, ThresholdTracker};
use crate::alerts::time_window::TimeWindow;
use crate::report::model::{AlertRule, QuotaOrigin, QuotaStats, Route, WindowKind};

/// Returns a candidate for each limit that was newly reached.
pub(crate) fn find_candidates(
    tracker: &mut ThresholdTracker<'_>,
    settings: &AlertSettings,
    context: &AlertContext<'_>,
) -> Vec<AlertCandidate> {
    let is_reached = |row: &&QuotaStats| row.origin == QuotaOrigin::LimitMessage && !row.is_stale;
    let rows = context.snapshot.quota.iter().filter(|_| settings.limit_reached).filter(is_reached);
    rows.filter_map(|row| {
        let measurement = limit_measurement(subject_id(row), quota_window(row, context));
        tracker.check_crossing(&measurement)?;
        let threshold_rule = threshold_rule(row);
        threshold_rule.into_iter().for_each(|rule| tracker.mark_notified(&Measurement { rule, ..measurement.clone() }));
        Some(build_candidate(row, measurement.subject, measurement.window, context))
    })
    .collect()
}

/// Returns the measurement of a reached limit, which is reported once per window.
pub(crate) fn limit_measurement(subject: String, window: TimeWindow) -> Measurement<'static> {
    let rule = AlertRule::LimitReached;
    Measurement { rule, subject, window, value: 100.0, thresholds: &[100], can_repeat: false }
}

/// Returns the rule for usage thresholds of the same window, all of which count as notified.
fn threshold_rule(row: &QuotaStats) -> Option<AlertRule> {
    match row.window {
        WindowKind::FiveHour => Some(AlertRule::Block),
        WindowKind::Weekly | WindowKind::WeeklyScoped => Some(AlertRule::Week),
        WindowKind::ExtraUsage => None,
    }
}

/// Returns the subject of a window. It equals the subject of its usage thresholds, so that only one of the two alerts
/// is sent.
fn subject_id(row: &QuotaStats) -> String {
    match (row.window, row.scope.as_deref()) {
        (WindowKind::FiveHour, _) => LimitWindowKind::Block.subject_id(),
        (WindowKind::Weekly, _) => LimitWindowKind::Week.subject_id(),
        (WindowKind::WeeklyScoped, scope) => LimitWindowKind::Scoped(scope.unwrap_or("scoped")).subject_id(),
        (WindowKind::ExtraUsage, _) => "extra usage".to_owned(),
    }
}

fn quota_window(row: &QuotaStats, context: &AlertContext<'_>) -> TimeWindow {
    match (row.window, row.resets_at) {
        (WindowKind::FiveHour, resets_at) => {
            let end = resets_at.unwrap_or(row.read_at + TimeDelta::hours(5));
            TimeWindow::new(end - TimeDelta::hours(5), end)
        }
        (WindowKind::Weekly | WindowKind::WeeklyScoped | WindowKind::ExtraUsage, resets_at) => {
            context.week_ending_at(resets_at)
        }
    }
}

fn build_candidate(
    row: &QuotaStats,
    subject: String,
    window: TimeWindow,
    context: &AlertContext<'_>,
) -> AlertCandidate {
    let name = match (row.window, row.scope.as_deref()) {
        (WindowKind::FiveHour, _) => "five-hour limit".to_owned(),
        (WindowKind::Weekly, _) => "weekly limit".to_owned(),
        (WindowKind::WeeklyScoped, scope) => format!("weekly {} limit", text::sanitize_name(scope.unwrap_or_default())),
        (WindowKind::ExtraUsage, _) => "limit on extra usage".to_owned(),
    };
    let read_at = text::format_time(row.read_at, context.now, context.zone);
    let reset = text::reset_sentence(row.resets_at, context.now, context.zone);
    AlertCandidate {
        key: AlertKey { rule: AlertRule::LimitReached, subject, threshold: 100, window },
        title: format!("The {name} is reached"),
        body: format!("Reported by Claude Code at {read_at} (official).{reset}"),
        cause: format!("a message in a log: {name} reached"),
        route: Route::Now,
        urgency: Urgency::Critical,
        created_at: context.now,
        expires_at: row.resets_at.unwrap_or(window.end),
        is_muted: false,
    }
}
