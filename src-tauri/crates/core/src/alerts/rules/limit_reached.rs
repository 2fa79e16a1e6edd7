//! Alerts for limits that a message in a log reports as reached.

use chrono::{DateTime, TimeDelta, Utc};

use crate::alerts::candidate::{AlertCandidate, AlertKey, Urgency};
use crate::alerts::context::{AlertContext, LimitWindowKind, block_ending_at, with_account};
use crate::alerts::settings::AlertSettings;
use crate::alerts::text;
use crate::alerts::threshold_state::{Measurement, ThresholdTracker};
use crate::alerts::time_window::TimeWindow;
use crate::report::model::{AlertRule, QuotaOrigin, QuotaStats, Route, WindowKind};
use crate::text::phrases::limit_name;

/// A limit reported as reached, with or without a reset time.
struct ReachedWindow<'a> {
    window: WindowKind,
    scope: Option<&'a str>,
    reported_at: DateTime<Utc>,
    resets_at: Option<DateTime<Utc>>,
    account: Option<&'a str>,
}

/// Returns a candidate for each limit that was newly reached.
pub(crate) fn find_candidates(
    tracker: &mut ThresholdTracker<'_>,
    settings: &AlertSettings,
    context: &AlertContext<'_>,
) -> Vec<AlertCandidate> {
    let reached = reached_windows(context).into_iter().filter(|_| settings.limit_reached);
    reached
        .filter_map(|row| {
            let measurement = limit_measurement(subject_id(&row), quota_window(&row, context));
            tracker.check_crossing(&measurement)?;
            let threshold_rule = threshold_rule(row.window).into_iter();
            threshold_rule.for_each(|rule| tracker.mark_notified(&Measurement { rule, ..measurement.clone() }));
            Some(build_candidate(&row, measurement.subject, measurement.window, context))
        })
        .collect()
}

fn reached_windows<'a>(context: &'a AlertContext<'_>) -> Vec<ReachedWindow<'a>> {
    let is_reached = |row: &&QuotaStats| row.origin == QuotaOrigin::LimitMessage && !row.is_stale;
    let with_reset = context.snapshot.quota.iter().filter(is_reached).map(|row| ReachedWindow {
        window: row.window,
        scope: row.scope.as_deref(),
        reported_at: row.read_at,
        resets_at: row.resets_at,
        account: row.account.as_deref(),
    });
    let without_reset = context.snapshot.reached_limits.iter().map(|limit| ReachedWindow {
        window: limit.window,
        scope: limit.scope.as_deref(),
        reported_at: limit.reached_at,
        resets_at: None,
        account: None,
    });
    with_reset.chain(without_reset).collect()
}

/// Returns the measurement of a reached limit, which is reported once per window.
pub(crate) fn limit_measurement(subject: String, window: TimeWindow) -> Measurement<'static> {
    let rule = AlertRule::LimitReached;
    Measurement { rule, subject, window, value: 100.0, thresholds: &[100], can_repeat: false }
}

/// Returns the rule for usage thresholds of the same window, all of which count as notified.
fn threshold_rule(window: WindowKind) -> Option<AlertRule> {
    match window {
        WindowKind::FiveHour => Some(AlertRule::Block),
        WindowKind::Weekly | WindowKind::WeeklyScoped => Some(AlertRule::Week),
        WindowKind::ExtraUsage
        | WindowKind::SpendLimit
        | WindowKind::Organization
        | WindowKind::Product
        | WindowKind::Other => None,
    }
}

/// Returns the subject of a window. It equals the subject of its usage thresholds, so that only one of the two alerts
/// is sent.
fn subject_id(row: &ReachedWindow<'_>) -> String {
    let subject = match row.window {
        WindowKind::FiveHour => LimitWindowKind::Block.subject_id(),
        WindowKind::Weekly => LimitWindowKind::Week.subject_id(),
        WindowKind::WeeklyScoped => LimitWindowKind::Scoped(row.scope.unwrap_or("scoped")).subject_id(),
        WindowKind::ExtraUsage => "extra usage".to_owned(),
        WindowKind::SpendLimit => "spend limit".to_owned(),
        WindowKind::Organization => "organization".to_owned(),
        WindowKind::Product | WindowKind::Other => format!("other {}", row.scope.unwrap_or_default()),
    };
    with_account(&subject, row.account)
}

/// Returns the window within which a limit is reported once. Without a reset time it is the day after the report.
fn quota_window(row: &ReachedWindow<'_>, context: &AlertContext<'_>) -> TimeWindow {
    match (row.window, row.resets_at) {
        (WindowKind::FiveHour, Some(end)) => block_ending_at(end),
        (WindowKind::FiveHour, None) => TimeWindow::new(row.reported_at, row.reported_at + TimeDelta::hours(5)),
        (_, Some(_)) => context.week_ending_at(row.resets_at),
        (_, None) => TimeWindow::new(row.reported_at, row.reported_at + TimeDelta::days(1)),
    }
}

fn build_candidate(
    row: &ReachedWindow<'_>,
    subject: String,
    window: TimeWindow,
    context: &AlertContext<'_>,
) -> AlertCandidate {
    let name = text::of_account(limit_name(row.window, row.scope), row.account);
    let read_at = text::format_time(row.reported_at, context.now, context.zone);
    let reset = match row.resets_at {
        Some(_) => text::reset_sentence(row.resets_at, context.now, context.zone),
        None => " No reset time was given.".to_owned(),
    };
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
