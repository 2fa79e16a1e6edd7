//! Decides which candidates are sent: none during a pause or in quiet hours, at most one alert per minute and six per
//! hour. Several candidates that are due at the same time are combined into one alert.
//!
//! Candidates wait in one queue, the most urgent first. Each one leaves it by being sent, by expiring, or by being
//! displaced by more urgent ones.

use chrono::{DateTime, TimeDelta, Timelike, Utc};
use chrono_tz::Tz;

use crate::alerts::candidate::{Alert, AlertCandidate, AlertKey, Urgency};
use crate::alerts::context::AlertContext;
use crate::alerts::settings::{AlertSettings, QuietHours};
use crate::alerts::state::AlertState;
use crate::alerts::text;
use crate::alerts::time_window::TimeWindow;
use crate::report::model::{AlertRule, DeliveryStatus, Route};
use crate::text::format::format_count;
use crate::text::sanitize::sanitize_name;

/// The minimum time between two alerts.
const MIN_SEND_INTERVAL: TimeDelta = TimeDelta::minutes(1);

/// The maximum number of alerts within an hour.
const MAX_PER_HOUR: usize = 6;

/// The maximum number of queued candidates, and of candidates deferred by quiet hours.
const MAX_QUEUED: usize = 12;

/// An alert and the decision about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryDecision {
    /// The alert.
    pub alert: Alert,
    /// The decision: [`DeliveryStatus::Sent`] if the alert is to be shown, otherwise the reason for suppressing it.
    pub status: DeliveryStatus,
}

/// Decides about new and queued candidates.
pub(crate) fn apply_delivery_policy(
    state: &mut AlertState,
    settings: &AlertSettings,
    context: &AlertContext<'_>,
    candidates: Vec<AlertCandidate>,
) -> Vec<DeliveryDecision> {
    let now = context.now;
    let (muted, candidates): (Vec<_>, Vec<_>) = candidates.into_iter().partition(|candidate| candidate.is_muted);
    let mut decisions = decide_all(muted, DeliveryStatus::Muted);
    if let Some(status) = suppression_status(state, settings, context) {
        decisions.extend(decide_all(take_expired(&mut state.queued, now), status));
        if status == DeliveryStatus::QuietHours && settings.quiet_summary {
            candidates.iter().for_each(|candidate| enqueue(&mut state.deferred, candidate.clone()));
            // The decisions below already list them.
            drop(take_overflow(&mut state.deferred));
        }
        decisions.extend(decide_all(candidates, status));
        return decisions;
    }
    let deferred = std::mem::take(&mut state.deferred);
    let summary = settings.quiet_summary.then(|| summarize_deferred(&deferred, now)).flatten();
    candidates.into_iter().chain(summary).for_each(|candidate| enqueue(&mut state.queued, candidate));
    let dropped = take_expired(&mut state.queued, now).into_iter().chain(take_overflow(&mut state.queued));
    decisions.extend(decide_all(dropped.collect(), DeliveryStatus::RateLimited));
    if !state.queued.is_empty() && is_send_allowed(state, now) {
        state.sent_at.push(now);
        let alert = combine_candidates(std::mem::take(&mut state.queued), settings.sound, now);
        decisions.push(DeliveryDecision { alert, status: DeliveryStatus::Sent });
    }
    decisions
}

/// Returns the status of new candidates during a pause or in quiet hours, otherwise `None`.
fn suppression_status(
    state: &AlertState,
    settings: &AlertSettings,
    context: &AlertContext<'_>,
) -> Option<DeliveryStatus> {
    let is_paused = state.active_pause(context.now).is_some();
    let is_quiet = is_quiet_time(settings.quiet_hours, context.now, context.zone);
    is_paused.then_some(DeliveryStatus::Paused).or(is_quiet.then_some(DeliveryStatus::QuietHours))
}

fn decide_all(candidates: Vec<AlertCandidate>, status: DeliveryStatus) -> Vec<DeliveryDecision> {
    candidates.into_iter().map(|candidate| DeliveryDecision { alert: candidate.into_alert(false), status }).collect()
}

/// Adds a candidate to a queue. It replaces an earlier one about the same subject, whose cause is appended.
fn enqueue(queue: &mut Vec<AlertCandidate>, mut candidate: AlertCandidate) {
    let tag = candidate.replace_tag();
    let (replaced, others): (Vec<_>, Vec<_>) = queue.drain(..).partition(|other| other.replace_tag() == tag);
    replaced.iter().for_each(|other| candidate.append_cause(other));
    *queue = others;
    queue.push(candidate);
}

/// Removes and returns the candidates that are no longer relevant.
fn take_expired(queue: &mut Vec<AlertCandidate>, now: DateTime<Utc>) -> Vec<AlertCandidate> {
    queue.extract_if(.., |candidate| candidate.expires_at <= now).collect()
}

/// Sorts a queue by urgency, and removes and returns the candidates beyond its maximum length.
fn take_overflow(queue: &mut Vec<AlertCandidate>) -> Vec<AlertCandidate> {
    queue.sort_by_key(AlertCandidate::sort_key);
    queue.split_off(queue.len().min(MAX_QUEUED))
}

/// Returns true if the rate limit permits an alert now. Send times in the future come from a clock that was wrong and
/// are replaced by the current time.
fn is_send_allowed(state: &mut AlertState, now: DateTime<Utc>) -> bool {
    state.sent_at.iter_mut().for_each(|sent| *sent = (*sent).min(now));
    state.sent_at.retain(|sent| now - *sent < TimeDelta::hours(1));
    let is_too_soon = state.sent_at.iter().any(|sent| now - *sent < MIN_SEND_INTERVAL);
    !is_too_soon && state.sent_at.len() < MAX_PER_HOUR
}

/// Returns true if the local time is within quiet hours. A local hour skipped by a clock change does not occur; a
/// repeated one is quiet both times.
fn is_quiet_time(quiet_hours: Option<QuietHours>, now: DateTime<Utc>, zone: Tz) -> bool {
    let local = now.with_timezone(&zone);
    let minute = u16::try_from(local.hour() * 60 + local.minute()).unwrap_or_default();
    quiet_hours.is_some_and(|hours| hours.contains(minute))
}

/// Returns one candidate that lists the deferred ones that are still relevant, or `None` if there are none.
fn summarize_deferred(deferred: &[AlertCandidate], now: DateTime<Utc>) -> Option<AlertCandidate> {
    let relevant: Vec<&AlertCandidate> = deferred.iter().filter(|candidate| candidate.expires_at > now).collect();
    let last_expiry = relevant.iter().map(|candidate| candidate.expires_at).max()?;
    let count = format_count(relevant.len() as u128, "alert", "alerts");
    let (subject, window) = ("quiet".to_owned(), TimeWindow::new(now, last_expiry));
    Some(AlertCandidate {
        key: AlertKey { rule: AlertRule::Summary, subject, threshold: 0, window },
        title: format!("{count} during quiet hours"),
        body: text::join_titles(relevant.iter().map(|candidate| candidate.title.as_str())),
        cause: format!("{count} deferred by quiet hours and still relevant"),
        route: Route::Alerts,
        urgency: Urgency::Low,
        created_at: now,
        expires_at: last_expiry,
        is_muted: false,
    })
}

/// Combines all queued candidates into one alert. The queue is never empty.
fn combine_candidates(mut queue: Vec<AlertCandidate>, sound: bool, now: DateTime<Utc>) -> Alert {
    if queue.len() == 1 {
        return Alert { at: now, ..queue.remove(0).into_alert(sound) };
    }
    let causes: Vec<&str> = queue.iter().map(|candidate| candidate.cause.as_str()).collect();
    Alert {
        rule: queue[0].key.rule,
        title: format_count(queue.len() as u128, "alert", "alerts"),
        body: text::join_titles(queue.iter().map(|candidate| candidate.title.as_str())),
        cause: sanitize_name(&causes.join("; "), text::MAX_BODY_LEN),
        route: Route::Alerts,
        urgency: queue.iter().map(|candidate| candidate.urgency).max().unwrap_or(Urgency::Normal),
        at: now,
        replace_tag: "several".to_owned(),
        sound,
        keys: queue.into_iter().map(|candidate| candidate.key).collect(),
    }
}
