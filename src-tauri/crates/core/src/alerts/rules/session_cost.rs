//! Alerts for sessions whose cost exceeds a threshold.

use chrono::TimeDelta;

use crate::alerts::candidate::{AlertCandidate, AlertKey, Urgency};
use crate::alerts::context::{AlertContext, CostlySession};
use crate::alerts::settings::AlertSettings;
use crate::alerts::text;
use crate::alerts::threshold_state::{Measurement, ThresholdTracker};
use crate::alerts::time_window::TimeWindow;
use crate::report::model::{AlertRule, Route};
use crate::text::format::{format_dollars, format_number};

/// The time for which an alert stays relevant. Later the session list shows the cost.
const EXPIRY: TimeDelta = TimeDelta::days(1);

/// Returns a candidate for each session that newly exceeds the threshold.
pub(crate) fn find_candidates(
    tracker: &mut ThresholdTracker<'_>,
    settings: &AlertSettings,
    context: &AlertContext<'_>,
) -> Vec<AlertCandidate> {
    let Some(threshold) = settings.session_cost.filter(|threshold| *threshold > 0) else { return Vec::new() };
    let exceeding = context.costly_sessions.iter().filter(|session| check_crossing(tracker, session, threshold));
    exceeding.map(|session| build_candidate(session, threshold, context)).collect()
}

/// Returns true once per session, and again after the threshold was raised and crossed.
fn check_crossing(tracker: &mut ThresholdTracker<'_>, session: &CostlySession, threshold: u64) -> bool {
    let measurement = Measurement {
        rule: AlertRule::SessionCost,
        subject: text::truncate_id(&session.id),
        window: TimeWindow::UNBOUNDED,
        value: session.cost,
        thresholds: &[threshold],
        can_repeat: false,
    };
    tracker.check_crossing(&measurement).is_some()
}

fn build_candidate(session: &CostlySession, threshold: u64, context: &AlertContext<'_>) -> AlertCandidate {
    let (name, cost) = (text::sanitize_name(&session.name), format_dollars(session.cost));
    let (id, threshold) = (text::truncate_id(&session.id), format_number(threshold.into()));
    let (rule, window) = (AlertRule::SessionCost, TimeWindow::UNBOUNDED);
    AlertCandidate {
        key: AlertKey { rule, subject: id.clone(), threshold: 100, window },
        title: format!("A session costs over ${threshold}"),
        body: format!("“{name}”: {cost} so far, API-equivalent (measured)."),
        cause: format!("{cost} in one session, threshold ${threshold}"),
        route: Route::Session { session_id: id },
        urgency: Urgency::Normal,
        created_at: context.now,
        expires_at: context.now + EXPIRY,
        is_muted: session.is_muted,
    }
}
