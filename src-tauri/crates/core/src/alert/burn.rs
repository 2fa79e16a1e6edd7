//! A burn rate that stays high.

use chrono::TimeDelta;

use super::finding::{Finding, Part, Urgency};
use super::memory::{Gauge, Marks};
use super::sense::{self, Sense};
use super::settings::AlertSettings;
use super::span::Span;
use super::streak::{self, Streak};
use super::words;
use crate::figures::{AlertRule, Route};

/// What is told of a rate is old after this.
const MATTERS: TimeDelta = TimeDelta::minutes(15);

/// The burn rate, once it has been over its threshold for the minutes that the settings name.
pub(super) fn find(
    marks: &mut Marks<'_>,
    streaks: &mut Vec<Streak>,
    settings: &AlertSettings,
    sense: &Sense<'_>,
) -> Option<Finding> {
    let over = Over::worst(settings, sense)?;
    let least = TimeDelta::minutes(i64::try_from(settings.burn_minutes).unwrap_or(0).min(24 * 60));
    let long_enough = if over.percent >= 100.0 {
        streak::holds(streaks, AlertRule::BurnRate, sense.now) >= least
    } else {
        streak::ends(streaks, AlertRule::BurnRate);
        false
    };
    // Before it has lasted it may calm, but not alert.
    let value = if long_enough { over.percent } else { over.percent.min(99.0) };
    let span = sense.snapshot.current_block.as_ref().map_or_else(|| today(sense), sense::span_of);
    let subject = "rate".to_owned();
    let gauge = Gauge { rule: AlertRule::BurnRate, subject, span, value, steps: &[100], rearms: true };
    marks.pass(&gauge).map(|_| over.say(settings, span, sense))
}

/// Between blocks there is hardly a rate; whatever there is belongs to the day.
fn today(sense: &Sense<'_>) -> Span {
    let midnight = sense::midnight(sense.now);
    Span::new(midnight, midnight + TimeDelta::days(1))
}

/// A rate beside its threshold.
struct Over {
    percent: f64,
    rate: String,
    threshold: String,
}

impl Over {
    /// The one that is furthest over, or nearest to, its threshold.
    fn worst(settings: &AlertSettings, sense: &Sense<'_>) -> Option<Self> {
        let rate = &sense.snapshot.burn_rate;
        let tokens = settings.burn_tokens.filter(|most| *most > 0).map(|most| Self {
            percent: rate.tokens_per_minute as f64 * 100.0 / most as f64,
            rate: format!("{} tokens a minute", words::grouped(rate.tokens_per_minute.into())),
            threshold: format!("{} tokens a minute", words::grouped(most.into())),
        });
        let cost = settings.burn_cost.filter(|most| *most > 0).zip(rate.cost_per_hour).map(|(most, cost)| Self {
            percent: cost * 100.0 / most as f64,
            rate: format!("{} an hour, API-equivalent", words::dollars(cost)),
            threshold: format!("${} an hour", words::grouped(most.into())),
        });
        let worst = |a: Self, b: Self| if b.percent > a.percent { b } else { a };
        tokens.into_iter().chain(cost).reduce(worst)
    }

    fn say(self, settings: &AlertSettings, span: Span, sense: &Sense<'_>) -> Finding {
        let minutes = words::count(settings.burn_minutes, "minute", "minutes");
        let label = words::label(sense.snapshot.burn_rate.label);
        Finding {
            part: Part { rule: AlertRule::BurnRate, subject: "rate".to_owned(), step: 100, span },
            title: format!("A high burn rate for {minutes}"),
            body: format!("{} {label}. Your threshold is {}.", self.rate, self.threshold),
            cause: format!("{} for {minutes}, threshold {}", self.rate, self.threshold),
            route: Route::Now,
            urgency: Urgency::Normal,
            at: sense.now,
            until: sense.now + MATTERS,
            is_muted: false,
        }
    }
}
