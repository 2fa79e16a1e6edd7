//! What a day, a week or a month may use.

use crate::alerts::budget_period;
use crate::alerts::candidate::{Finding, Part, Urgency};
use crate::alerts::context::Sense;
use crate::alerts::settings::{AlertSettings, Budget};
use crate::alerts::text;
use crate::alerts::threshold_state::{Gauge, Marks};
use crate::alerts::time_window::Span;
use crate::report::model::{AlertRule, Amount, Route};
use crate::time::calendar;

/// Nearly used up, and used up, in percent.
const STEPS: [u64; 2] = [80, 100];

/// A span of the calendar, what it may use and what it used.
struct Purse {
    subject: &'static str,
    name: &'static str,
    span: Span,
    budget: Budget,
    used: Amount,
}

/// The budgets that are newly nearly used up, or used up.
pub(crate) fn find(marks: &mut Marks<'_>, settings: &AlertSettings, sense: &Sense<'_>) -> Vec<Finding> {
    let purses = purses(settings, sense);
    purses.iter().filter_map(|purse| Some(purse.say(purse.pass(marks)?, sense))).collect()
}

/// Those that are set, and of which is known what was used.
fn purses(settings: &AlertSettings, sense: &Sense<'_>) -> Vec<Purse> {
    let today = calendar::date(sense.now.into(), sense.zone);
    let totals = &sense.snapshot.today.totals;
    // A snapshot of yesterday says nothing of today.
    let is_today = sense.snapshot.today.date == today;
    let used_today = is_today.then_some(Amount { tokens: totals.total_tokens, cost: totals.total_cost });
    let week = budget_period::week_of(today, sense.week_start, sense.zone);
    let rows = [
        ("day", "today's budget", budget_period::day_of(today, sense.zone), settings.daily_budget, used_today),
        ("week", "this week's budget", week, settings.weekly_budget, sense.week),
        (
            "month",
            "this month's budget",
            budget_period::month_of(today, sense.zone),
            settings.monthly_budget,
            sense.month,
        ),
    ];
    rows.into_iter()
        .filter_map(|(subject, name, span, budget, used)| {
            Some(Purse { subject, name, span, budget: budget?, used: used? })
        })
        .collect()
}

impl Purse {
    /// None where nothing that was used has a price.
    fn percent(&self) -> Option<f64> {
        match self.budget {
            Budget::Tokens(most) => Some(self.used.tokens as f64 * 100.0 / most.max(1) as f64),
            Budget::Dollars(most) => Some(self.used.cost? * 100.0 / most.max(1) as f64),
        }
    }

    fn pass(&self, marks: &mut Marks<'_>) -> Option<u64> {
        let (subject, value) = (self.subject.to_owned(), self.percent()?);
        let gauge = Gauge { rule: AlertRule::Budget, subject, span: self.span, value, steps: &STEPS, rearms: true };
        marks.pass(&gauge)
    }

    /// What is left, what was used, and what it was to be.
    fn amounts(&self) -> (String, String, String) {
        match self.budget {
            Budget::Tokens(most) => {
                let left = u128::from(most).saturating_sub(self.used.tokens);
                let [left, used, most] = [left, self.used.tokens, most.into()].map(text::grouped);
                (format!("{left} tokens"), used, format!("{most} tokens"))
            }
            Budget::Dollars(most) => {
                let used = self.used.cost.unwrap_or_default();
                (text::dollars(most as f64 - used), text::dollars(used), format!("${}", text::grouped(most.into())))
            }
        }
    }

    fn say(&self, step: u64, sense: &Sense<'_>) -> Finding {
        let (left, used, most) = self.amounts();
        let kind = match self.budget {
            Budget::Tokens(_) => "(measured)",
            Budget::Dollars(_) => "API-equivalent (measured)",
        };
        Finding {
            part: Part { rule: AlertRule::Budget, subject: self.subject.to_owned(), step, span: self.span },
            title: match step {
                100.. => format!("{} is used up", text::capital(self.name)),
                _ => format!("{left} of {} left", self.name),
            },
            body: format!("{used} of {most} used, {kind}."),
            cause: format!("{} % of {}, threshold {step} %", text::used(self.percent().unwrap_or_default()), self.name),
            route: Route::History,
            urgency: Urgency::Normal,
            at: sense.now,
            until: self.span.end,
            is_muted: false,
        }
    }
}
