//! Evaluates all rules for one snapshot and applies the delivery policy.

use crate::alerts::candidate::AlertCandidate;
use crate::alerts::context::AlertContext;
use crate::alerts::delivery_policy::{DeliveryDecision, apply_delivery_policy};
use crate::alerts::rules::{
    agent_waiting, budget, burn_rate, forecast, limit_reached, log_retention, reset, session_cost, team_budget,
    usage_threshold,
};
use crate::alerts::settings::AlertSettings;
use crate::alerts::state::AlertState;
use crate::alerts::sustained::remove_interrupted_streaks;
use crate::alerts::threshold_state::ThresholdTracker;
use crate::report::model::Progress;

/// Returns the state after one snapshot, and a decision for each alert that was sent or suppressed.
///
/// During an import of existing logs the state is returned unchanged. Until the app was opened
/// once, or an hour has passed since the first evaluation, conditions are recorded as notified, so that the first contact
/// of a new user is not an alert.
pub fn evaluate_alerts(
    before: &AlertState,
    settings: &AlertSettings,
    context: &AlertContext<'_>,
) -> (AlertState, Vec<DeliveryDecision>) {
    let mut state = before.clone();
    if matches!(context.snapshot.progress, Progress::Importing { .. }) {
        return (state, Vec::new());
    }
    if !settings.enabled {
        state.discard_pending();
        return (state, Vec::new());
    }
    let candidates = collect_candidates(&mut state, settings, context);
    if !before.is_primed {
        state.prime(context.now);
        return (state, Vec::new());
    }
    let decisions = apply_delivery_policy(&mut state, settings, context, candidates);
    (state, decisions)
}

/// Runs every rule. Of the candidates about limit windows, only the most urgent one is kept.
fn collect_candidates(
    state: &mut AlertState,
    settings: &AlertSettings,
    context: &AlertContext<'_>,
) -> Vec<AlertCandidate> {
    remove_interrupted_streaks(&mut state.streaks, context.now);
    let mut tracker = ThresholdTracker::new(&mut state.episodes, context.now);
    let mut candidates = limit_reached::find_candidates(&mut tracker, settings, context);
    candidates.extend(usage_threshold::find_candidates(&mut tracker, settings, context));
    candidates.extend(forecast::find_candidate(&mut tracker, &mut state.streaks, settings, context));
    candidates.extend(burn_rate::find_candidate(&mut tracker, &mut state.streaks, settings, context));
    candidates.extend(reset::find_candidates(&mut tracker, &mut state.pending_resets, settings, context));
    candidates.extend(budget::find_candidates(&mut tracker, settings, context));
    candidates.extend(team_budget::find_candidates(&mut tracker, context));
    candidates.extend(session_cost::find_candidates(&mut tracker, settings, context));
    candidates.extend(agent_waiting::find_candidates(&mut tracker, settings, context));
    candidates.extend(log_retention::find_candidates(&mut tracker, settings, context));
    usage_threshold::keep_most_urgent(&mut candidates, context);
    candidates
}
