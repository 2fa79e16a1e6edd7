//! Alerts for budgets of a calendar day, week or month.

use crate::alerts::budget_period::{day_window, month_window, week_window};
use crate::alerts::candidate::{AlertCandidate, AlertKey, Urgency};
use crate::alerts::context::AlertContext;
use crate::alerts::settings::{AlertSettings, Budget};
use crate::alerts::text;
use crate::alerts::threshold_state::{Measurement, ThresholdTracker};
use crate::alerts::time_window::TimeWindow;
use crate::report::model::{AlertRule, Amount, Route};
use crate::text::format::{format_dollars, format_number, format_tokens};
use crate::text::phrases::capitalize;
use crate::time::calendar;

/// The thresholds of a budget, in percent.
const THRESHOLDS: [u64; 2] = [80, 100];

/// A calendar period with its budget and usage.
struct BudgetUsage {
    subject: &'static str,
    name: &'static str,
    window: TimeWindow,
    budget: Budget,
    used: Amount,
}

/// Returns a candidate for each budget that newly crossed a threshold.
pub(crate) fn find_candidates(
    tracker: &mut ThresholdTracker<'_>,
    settings: &AlertSettings,
    context: &AlertContext<'_>,
) -> Vec<AlertCandidate> {
    let usages = budget_usages(settings, context);
    usages.iter().filter_map(|usage| Some(usage.build_candidate(usage.check_crossing(tracker)?, context))).collect()
}

/// Returns the periods that have a budget and whose usage is known.
fn budget_usages(settings: &AlertSettings, context: &AlertContext<'_>) -> Vec<BudgetUsage> {
    let (now, zone) = (context.now, context.zone);
    let today = calendar::local_date(now.into(), zone);
    let totals = &context.snapshot.today.totals;
    // The snapshot may be from yesterday, just after midnight.
    let is_today = context.snapshot.today.date == today;
    let used_today = is_today.then_some(Amount { tokens: totals.total_tokens, cost: totals.total_cost });
    let day = day_window(today, zone);
    let week = week_window(today, context.week_start, zone);
    let month = month_window(today, zone);
    let rows = [
        ("day", "today's budget", day, settings.daily_budget, used_today),
        ("week", "this week's budget", week, settings.weekly_budget, context.week_usage),
        ("month", "this month's budget", month, settings.monthly_budget, context.month_usage),
    ];
    rows.into_iter()
        .filter_map(|(subject, name, window, budget, used)| {
            Some(BudgetUsage { subject, name, window, budget: budget?, used: used? })
        })
        .collect()
}

impl BudgetUsage {
    /// Returns the used share in percent, or `None` if the budget is in dollars and the usage has no price.
    fn used_percent(&self) -> Option<f64> {
        match self.budget {
            Budget::Tokens(limit) => Some(self.used.tokens as f64 * 100.0 / limit.max(1) as f64),
            Budget::Dollars(limit) => Some(self.used.cost? * 100.0 / limit.max(1) as f64),
        }
    }

    fn check_crossing(&self, tracker: &mut ThresholdTracker<'_>) -> Option<u64> {
        tracker.check_crossing(&Measurement {
            rule: AlertRule::Budget,
            subject: self.subject.to_owned(),
            window: self.window,
            value: self.used_percent()?,
            thresholds: &THRESHOLDS,
            can_repeat: true,
        })
    }

    /// Returns the remaining amount, the used amount and the budget as text.
    fn format_amounts(&self) -> [String; 3] {
        match self.budget {
            Budget::Tokens(limit) => {
                let left = u128::from(limit).saturating_sub(self.used.tokens);
                [format_tokens(left), format_number(self.used.tokens), format_tokens(limit.into())]
            }
            Budget::Dollars(limit) => {
                let used = self.used.cost.unwrap_or_default();
                [format_dollars(limit as f64 - used), format_dollars(used), format!("${}", format_number(limit.into()))]
            }
        }
    }

    fn build_candidate(&self, threshold: u64, context: &AlertContext<'_>) -> AlertCandidate {
        let [left, used, limit] = self.format_amounts();
        let label = match self.budget {
            Budget::Tokens(_) => "(measured)",
            Budget::Dollars(_) => "API-equivalent (measured)",
        };
        let percent = text::whole_percent(self.used_percent().unwrap_or_default());
        let subject = self.subject.to_owned();
        AlertCandidate {
            key: AlertKey { rule: AlertRule::Budget, subject, threshold, window: self.window },
            title: match threshold {
                100.. => format!("{} is used up", capitalize(self.name)),
                _ => format!("{left} of {} left", self.name),
            },
            body: format!("{used} of {limit} used, {label}."),
            cause: format!("{percent}% of {}, threshold {threshold}%", self.name),
            route: Route::History,
            urgency: Urgency::Normal,
            created_at: context.now,
            expires_at: self.window.end,
            is_muted: false,
        }
    }
}
