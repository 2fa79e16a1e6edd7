//! Alerts for thresholds of a team's budgets, which the hub of the team has reported.

use chrono_tz::Tz;

use crate::alerts::budget_period::month_window;
use crate::alerts::candidate::{AlertCandidate, AlertKey, Urgency};
use crate::alerts::context::AlertContext;
use crate::alerts::text;
use crate::alerts::threshold_state::{Measurement, ThresholdTracker};
use crate::alerts::time_window::TimeWindow;
use crate::money::Usd;
use crate::report::model::{AlertRule, Route};
use crate::team::ReachedBudget;
use crate::text::format::format_usd;

/// The maximum number of budgets, so that they cannot displace the user's own ones from the recorded thresholds.
const MAX_BUDGETS: usize = 20;

/// Returns a candidate for each budget of the current UTC month that newly crossed a threshold.
pub(crate) fn find_candidates(tracker: &mut ThresholdTracker<'_>, context: &AlertContext<'_>) -> Vec<AlertCandidate> {
    let window = month_window(context.now.date_naive(), Tz::UTC);
    let highest = highest_thresholds(context, window);
    let crossed = highest.into_iter().filter(|budget| check_crossing(tracker, budget, window));
    crossed.map(|budget| build_candidate(budget, window, context)).collect()
}

/// Returns the highest reached threshold of each budget.
fn highest_thresholds<'a>(context: &AlertContext<'a>, window: TimeWindow) -> Vec<&'a ReachedBudget> {
    let mut highest: Vec<&ReachedBudget> = Vec::new();
    for reached in context.team_budgets {
        if month_window(reached.month, Tz::UTC) != window {
            continue;
        }
        match highest.iter_mut().find(|known| known.budget == reached.budget) {
            Some(known) if known.threshold < reached.threshold => *known = reached,
            Some(_) => {}
            None => highest.push(reached),
        }
    }
    highest.truncate(MAX_BUDGETS);
    highest
}

/// Returns true once for each threshold and month.
fn check_crossing(tracker: &mut ThresholdTracker<'_>, budget: &ReachedBudget, window: TimeWindow) -> bool {
    let measurement = Measurement {
        rule: AlertRule::Budget,
        subject: subject_of(budget),
        window,
        value: budget.threshold as f64,
        thresholds: &[budget.threshold],
        can_repeat: false,
    };
    tracker.check_crossing(&measurement).is_some()
}

fn subject_of(budget: &ReachedBudget) -> String {
    format!("team {}", text::truncate_id(&budget.budget))
}

fn build_candidate(budget: &ReachedBudget, window: TimeWindow, context: &AlertContext<'_>) -> AlertCandidate {
    let (threshold, limit) = (budget.threshold, format_usd(Usd(budget.monthly_cost_nanos)));
    let name = match &budget.cost_center {
        Some(name) => format!("the team's budget of “{}”", text::sanitize_name(name)),
        None => "the team's budget".to_owned(),
    };
    AlertCandidate {
        key: AlertKey { rule: AlertRule::Budget, subject: subject_of(budget), threshold, window },
        title: match threshold {
            100.. => "A team's budget is used up".to_owned(),
            _ => format!("{threshold}% of a team's budget used"),
        },
        body: format!("{threshold}% of {limit} used of {name} this month, API-equivalent (measured)."),
        cause: format!("{threshold}% of {name}, as the hub reported"),
        route: Route::History,
        urgency: Urgency::Normal,
        created_at: context.now,
        expires_at: window.end,
        is_muted: false,
    }
}
