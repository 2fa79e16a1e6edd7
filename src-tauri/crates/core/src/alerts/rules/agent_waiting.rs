//! Alerts for sessions that wait for the user.

use chrono::TimeDelta;

use crate::alerts::candidate::{AlertCandidate, AlertKey, Urgency};
use crate::alerts::context::AlertContext;
use crate::alerts::settings::AlertSettings;
use crate::alerts::text;
use crate::alerts::threshold_state::{Measurement, ThresholdTracker};
use crate::alerts::time_window::TimeWindow;
use crate::report::model::{AgentState, AlertRule, Route, SessionAgent};
use crate::text::format::format_duration;
use crate::text::phrases;

/// The time for which a session has to wait. Most questions are answered sooner by a user at the terminal.
const MIN_WAIT: TimeDelta = TimeDelta::minutes(1);

/// The time for which an alert stays relevant. The tray shows that the session waits for as long as it does.
const EXPIRY: TimeDelta = TimeDelta::minutes(10);

/// Returns a candidate for each session that has waited for a minute, once each time it waits.
pub(crate) fn find_candidates(
    tracker: &mut ThresholdTracker<'_>,
    settings: &AlertSettings,
    context: &AlertContext<'_>,
) -> Vec<AlertCandidate> {
    let agents = context.snapshot.agents.iter().filter(|_| settings.agent_waiting);
    let waiting = agents.filter(|agent| match agent.status.state {
        AgentState::Waiting => context.now - agent.status.since >= MIN_WAIT,
        AgentState::Busy | AgentState::Idle => false,
    });
    waiting.filter(|agent| check_crossing(tracker, agent)).map(|agent| build_candidate(agent, context)).collect()
}

/// Returns true once for each time a session waits.
fn check_crossing(tracker: &mut ThresholdTracker<'_>, agent: &SessionAgent) -> bool {
    let measurement = Measurement {
        rule: AlertRule::AgentWaiting,
        subject: format!("{} {}", text::truncate_id(&agent.session_id), agent.status.since.timestamp_millis()),
        window: TimeWindow::UNBOUNDED,
        value: 1.0,
        thresholds: &[1],
        can_repeat: false,
    };
    tracker.check_crossing(&measurement).is_some()
}

fn build_candidate(agent: &SessionAgent, context: &AlertContext<'_>) -> AlertCandidate {
    let (name, id) = (text::sanitize_name(&agent.display_name), text::truncate_id(&agent.session_id));
    let waited = format_duration(context.now - agent.status.since);
    let reason = phrases::waiting_reason(&agent.status);
    let since = text::format_time(agent.status.since, context.now, context.zone);
    let route = if agent.has_messages { Route::Session { session_id: id.clone() } } else { Route::Sessions };
    AlertCandidate {
        key: AlertKey {
            rule: AlertRule::AgentWaiting,
            subject: id,
            threshold: 100,
            window: TimeWindow::new(agent.status.since, context.now + EXPIRY),
        },
        title: format!("“{name}” waits for you"),
        body: reason.map_or_else(|| format!("Since {since}."), |reason| format!("Since {since}: {reason}.")),
        cause: format!("a session has waited for {waited}"),
        route,
        urgency: Urgency::Normal,
        created_at: context.now,
        expires_at: context.now + EXPIRY,
        is_muted: agent.is_muted,
    }
}
