//! Alerts for a burn rate that stays above its threshold.

use chrono::TimeDelta;

use crate::alerts::candidate::{AlertCandidate, AlertKey, Urgency};
use crate::alerts::context::{self, AlertContext};
use crate::alerts::settings::AlertSettings;
use crate::alerts::sustained::{self, Streak};
use crate::alerts::text;
use crate::alerts::threshold_state::{BURN_RATE_SUBJECTS, Measurement, ThresholdTracker};
use crate::alerts::time_window::TimeWindow;
use crate::report::model::{AlertRule, Route};
use crate::text::format::{format_count, format_dollars, format_number, format_tokens};

/// The time for which an alert about a rate stays relevant.
const EXPIRY: TimeDelta = TimeDelta::minutes(15);

/// The minimum time below the threshold before a rate can be reported again in the same block. If the rate has to be
/// above the threshold for longer than this, that time applies. A rate varies with every turn of a conversation.
const MIN_CALM: TimeDelta = TimeDelta::minutes(5);

/// The maximum of the time above the threshold.
const MAX_DURATION_MINUTES: i64 = 24 * 60;

/// Returns a candidate once a rate has been above its threshold for the configured time. If both rates are, the one
/// with the higher ratio to its threshold is reported.
pub(crate) fn find_candidate(
    tracker: &mut ThresholdTracker<'_>,
    streaks: &mut Vec<Streak>,
    settings: &AlertSettings,
    context: &AlertContext<'_>,
) -> Option<AlertCandidate> {
    // Without a block there is hardly any usage.
    let window = context::block_window(context.snapshot.current_block.as_ref()?);
    let mut exceeded: Vec<_> = monitored_rates(settings, context)
        .filter(|rate| rate.check_crossing(tracker, streaks, settings, window, context))
        .collect();
    exceeded.sort_by(|a, b| b.threshold_ratio().total_cmp(&a.threshold_ratio()));
    let mut candidates = exceeded.iter().map(|rate| rate.build_candidate(settings, window, context));
    let mut first = candidates.next()?;
    candidates.for_each(|other| first.append_cause(&other));
    Some(first)
}

/// A burn rate with its threshold.
struct MonitoredRate {
    subject: &'static str,
    value: f64,
    threshold: u64,
    value_text: String,
    threshold_text: String,
}

/// Returns the rates that are known and have a threshold.
fn monitored_rates(settings: &AlertSettings, context: &AlertContext<'_>) -> impl Iterator<Item = MonitoredRate> {
    let (rate, [tokens, cost]) = (&context.snapshot.burn_rate, BURN_RATE_SUBJECTS);
    let tokens = settings.max_tokens_per_minute.filter(|threshold| *threshold > 0).map(|threshold| MonitoredRate {
        subject: tokens,
        value: rate.tokens_per_minute as f64,
        threshold,
        value_text: format!("{} per minute", format_tokens(rate.tokens_per_minute.into())),
        threshold_text: format!("{} per minute", format_tokens(threshold.into())),
    });
    let cost_threshold = settings.max_dollars_per_hour.filter(|threshold| *threshold > 0);
    let cost = cost_threshold.zip(rate.cost_per_hour).map(|(threshold, value)| MonitoredRate {
        subject: cost,
        value,
        threshold,
        value_text: format!("{} per hour, API-equivalent", format_dollars(value)),
        threshold_text: format!("${} per hour", format_number(threshold.into())),
    });
    tokens.into_iter().chain(cost)
}

impl MonitoredRate {
    fn threshold_ratio(&self) -> f64 {
        self.value / self.threshold as f64
    }

    /// Returns true if the rate has newly been above its threshold for long enough. Each threshold has streaks of its
    /// own, because a streak for one threshold does not apply to another.
    fn check_crossing(
        &self,
        tracker: &mut ThresholdTracker<'_>,
        streaks: &mut Vec<Streak>,
        settings: &AlertSettings,
        window: TimeWindow,
        context: &AlertContext<'_>,
    ) -> bool {
        let (rule, subject, threshold) = (AlertRule::BurnRate, self.subject.to_owned(), self.threshold);
        let (value, thresholds) = (self.value, &[threshold]);
        let measurement = Measurement { rule, subject, window, value, thresholds, can_repeat: false };
        let mut streak_length = |side: &str, is_met: bool| {
            let subject = format!("{} {side} {threshold}", self.subject);
            sustained::update_streak(streaks, rule, &subject, is_met, context.now)
        };
        let min_duration = min_duration(settings);
        let is_over = self.threshold_ratio() >= 1.0;
        let over = streak_length("over", is_over);
        // A calm streak is only stored while it can end an episode, because the rate is calm most of the time.
        let calm = streak_length("below", !is_over && tracker.is_notified(&measurement));
        if calm.is_some_and(|calm| calm >= min_duration.max(MIN_CALM)) {
            tracker.clear(&measurement);
        }
        over.is_some_and(|over| over >= min_duration) && tracker.check_crossing(&measurement).is_some()
    }

    fn build_candidate(
        &self,
        settings: &AlertSettings,
        window: TimeWindow,
        context: &AlertContext<'_>,
    ) -> AlertCandidate {
        let minutes = format_count(settings.burn_rate_minutes.into(), "minute", "minutes");
        let label = text::format_label(context.snapshot.burn_rate.label);
        let subject = self.subject.to_owned();
        AlertCandidate {
            key: AlertKey { rule: AlertRule::BurnRate, subject, threshold: 100, window },
            title: format!("A high burn rate for {minutes}"),
            body: format!("{} {label}. Your threshold is {}.", self.value_text, self.threshold_text),
            cause: format!("{} for {minutes}, threshold {}", self.value_text, self.threshold_text),
            route: Route::Now,
            urgency: Urgency::Normal,
            created_at: context.now,
            expires_at: context.now + EXPIRY,
            is_muted: false,
        }
    }
}

fn min_duration(settings: &AlertSettings) -> TimeDelta {
    let minutes = i64::try_from(settings.burn_rate_minutes).unwrap_or(0);
    TimeDelta::minutes(minutes.min(MAX_DURATION_MINUTES))
}
