//! A burn rate that stays high.

use chrono::TimeDelta;

use crate::alerts::candidate::{Finding, Part, Urgency};
use crate::alerts::context::{self, Sense};
use crate::alerts::settings::AlertSettings;
use crate::alerts::sustained::{self, Streak};
use crate::alerts::text;
use crate::alerts::threshold_state::{Gauge, Marks};
use crate::alerts::time_window::Span;
use crate::report::model::{AlertRule, Route};

/// What is told of a rate is old after this.
const MATTERS: TimeDelta = TimeDelta::minutes(15);

/// Within a block a rate is told again once it has been below its threshold for as long as it had to be above it, and
/// at least for this: a rate breathes with every turn of a conversation.
const CALM: TimeDelta = TimeDelta::minutes(5);

/// What memory knows the two rates by.
pub(crate) const SUBJECTS: [&str; 2] = ["rate", "rate of cost"];

/// The burn rate, once it has been over its threshold for the minutes that the settings name. Where both rates are
/// newly too high, the one that is further over speaks.
pub(crate) fn find(
    marks: &mut Marks<'_>,
    streaks: &mut Vec<Streak>,
    settings: &AlertSettings,
    sense: &Sense<'_>,
) -> Option<Finding> {
    // Between blocks there is hardly a rate.
    let span = context::span_of(sense.snapshot.current_block.as_ref()?);
    let least = TimeDelta::minutes(i64::try_from(settings.burn_minutes).unwrap_or(0).min(24 * 60));
    let mut found: Vec<_> =
        rates(settings, sense).filter(|rate| rate.pass(marks, streaks, least, span, sense)).collect();
    found.sort_by(|a, b| b.share().total_cmp(&a.share()));
    let mut found = found.iter().map(|rate| rate.say(settings, span, sense));
    let mut first = found.next()?;
    found.for_each(|other| first.instead_of(&other));
    Some(first)
}

/// A rate beside its threshold.
struct Rate {
    subject: &'static str,
    value: f64,
    most: u64,
    rate: String,
    threshold: String,
}

/// Those of which the settings have a threshold, and which are known.
fn rates(settings: &AlertSettings, sense: &Sense<'_>) -> impl Iterator<Item = Rate> {
    let (rate, [tokens, cost]) = (&sense.snapshot.burn_rate, SUBJECTS);
    let tokens = settings.burn_tokens.filter(|most| *most > 0).map(|most| Rate {
        subject: tokens,
        value: rate.tokens_per_minute as f64,
        most,
        rate: format!("{} tokens a minute", text::grouped(rate.tokens_per_minute.into())),
        threshold: format!("{} tokens a minute", text::grouped(most.into())),
    });
    let cost = settings.burn_cost.filter(|most| *most > 0).zip(rate.cost_per_hour).map(|(most, value)| Rate {
        subject: cost,
        value,
        most,
        rate: format!("{} an hour, API-equivalent", text::dollars(value)),
        threshold: format!("${} an hour", text::grouped(most.into())),
    });
    tokens.into_iter().chain(cost)
}

impl Rate {
    fn share(&self) -> f64 {
        self.value / self.most as f64
    }

    /// Whether it has newly been too high for long enough. Each threshold has streaks of its own: what held against
    /// one says nothing of another.
    fn pass(
        &self,
        marks: &mut Marks<'_>,
        streaks: &mut Vec<Streak>,
        least: TimeDelta,
        span: Span,
        sense: &Sense<'_>,
    ) -> bool {
        let Self { subject, value, most, .. } = self;
        let (rule, steps) = (AlertRule::BurnRate, &[*most]);
        let gauge = Gauge { rule, subject: (*subject).to_owned(), span, value: *value, steps, rearms: false };
        let is_over = self.share() >= 1.0;
        let mut lasted = |what: &str, holds: bool| {
            sustained::follow(streaks, rule, &format!("{subject} {what} {most}"), holds, sense.now)
        };
        // A calm is followed only where it ends something: what is known is stored, and most of the time it is calm.
        let (high, low) = (lasted("over", is_over), lasted("below", !is_over && marks.is_said(&gauge)));
        if low.is_some_and(|low| low >= least.max(CALM)) {
            marks.leave(&gauge);
        }
        high.is_some_and(|high| high >= least) && marks.pass(&gauge).is_some()
    }

    fn say(&self, settings: &AlertSettings, span: Span, sense: &Sense<'_>) -> Finding {
        let minutes = text::count(settings.burn_minutes, "minute", "minutes");
        let label = text::label(sense.snapshot.burn_rate.label);
        Finding {
            part: Part { rule: AlertRule::BurnRate, subject: self.subject.to_owned(), step: 100, span },
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
