//! Alerts for blocks and weeks whose usage crosses a percentage of their limit.

use std::cmp::Ordering;

use chrono::TimeDelta;

use crate::alerts::candidate::{AlertCandidate, AlertKey, Urgency};
use crate::alerts::context::{AlertContext, WindowUsage};
use crate::alerts::rules::limit_reached;
use crate::alerts::settings::AlertSettings;
use crate::alerts::text;
use crate::alerts::threshold_state::{Measurement, ThresholdTracker};
use crate::report::model::{AlertRule, LimitBasis, Route};

/// The time for which an alert about a window without a known reset stays relevant.
const DEFAULT_EXPIRY: TimeDelta = TimeDelta::hours(5);

/// The highest threshold with low urgency, in percent.
const MAX_LOW_URGENCY: u64 = 50;

/// Returns a candidate for each window that newly crossed a threshold.
pub(crate) fn find_candidates(
    tracker: &mut ThresholdTracker<'_>,
    settings: &AlertSettings,
    context: &AlertContext<'_>,
) -> Vec<AlertCandidate> {
    let usages = context.window_usages();
    let crossed = usages.iter().filter_map(|usage| Some((usage, check_crossing(tracker, settings, usage)?)));
    crossed.map(|(usage, threshold)| build_candidate(usage, threshold, context)).collect()
}

/// Returns the threshold that a window newly crossed. Reaching 100% of an official limit also counts as the alert for
/// a reached limit, so that only one of the two is sent.
fn check_crossing(
    tracker: &mut ThresholdTracker<'_>,
    settings: &AlertSettings,
    usage: &WindowUsage<'_>,
) -> Option<u64> {
    let measurement = Measurement {
        rule: usage.kind.threshold_rule(),
        subject: usage.subject_id(),
        window: usage.window,
        value: usage.usage.used_percent,
        thresholds: usage.kind.thresholds(settings),
        can_repeat: true,
    };
    let threshold = tracker.check_crossing(&measurement)?;
    if threshold >= 100 && usage.usage.basis == LimitBasis::Official {
        tracker.mark_notified(&limit_reached::limit_measurement(measurement.subject, measurement.window));
    }
    Some(threshold)
}

fn build_candidate(usage: &WindowUsage<'_>, threshold: u64, context: &AlertContext<'_>) -> AlertCandidate {
    let (rule, subject, window) = (usage.kind.threshold_rule(), usage.subject_id(), usage.window);
    let (basis, label) = (usage.usage.basis, text::format_label(usage.usage.label));
    let used = text::whole_percent(usage.usage.used_percent);
    let reset = text::reset_sentence(usage.resets_at, context.now, context.zone);
    let name = text::window_name(usage);
    AlertCandidate {
        key: AlertKey { rule, subject, threshold, window },
        title: title_text(usage),
        body: format!("{} {label}.{reset}", text::share_phrase(usage)),
        cause: format!("{used}% of {name}, threshold {threshold}%"),
        route: Route::Now,
        urgency: match threshold {
            ..=MAX_LOW_URGENCY => Urgency::Low,
            100.. if basis == LimitBasis::Official => Urgency::Critical,
            _ => Urgency::Normal,
        },
        created_at: context.now,
        expires_at: usage.resets_at.unwrap_or(context.now + DEFAULT_EXPIRY),
        is_muted: false,
    }
}

fn title_text(usage: &WindowUsage<'_>) -> String {
    let (left, name) = (text::remaining_percent(usage.usage.used_percent), text::window_name(usage));
    match left {
        1.. => format!("{left}% of {name} left"),
        0 => format!("Nothing left of {name}"),
    }
}

/// Keeps only the most urgent candidate about limit windows. Those that are removed count as notified; the remaining
/// one lists them.
pub(crate) fn keep_most_urgent(candidates: &mut Vec<AlertCandidate>, context: &AlertContext<'_>) {
    let is_about_window = |candidate: &AlertCandidate| {
        matches!(candidate.key.rule, AlertRule::Block | AlertRule::Week | AlertRule::LimitReached)
    };
    let (mut about_windows, others): (Vec<_>, Vec<_>) = candidates.drain(..).partition(is_about_window);
    let usages = context.window_usages();
    let order = |candidate: &AlertCandidate| urgency_order(candidate, &usages);
    about_windows.sort_by(|a, b| order(a).partial_cmp(&order(b)).unwrap_or(Ordering::Equal));
    let mut about_windows = about_windows.into_iter();
    if let Some(mut first) = about_windows.next() {
        let subject = first.key.subject.clone();
        for other in about_windows.filter(|other| other.key.subject != subject) {
            let extended = format!("{} Also: {}.", first.body, other.title);
            if extended.chars().count() <= text::MAX_BODY_LEN {
                first.body = extended;
            }
            first.append_cause(&other);
        }
        candidates.push(first);
    }
    candidates.extend(others);
}

/// Returns a sort key that puts the most urgent window first: a reached limit, then the window that runs out first, then
/// the one with the highest usage.
fn urgency_order(candidate: &AlertCandidate, usages: &[WindowUsage<'_>]) -> (bool, f64, f64) {
    let usage = usages.iter().find(|usage| usage.subject_id() == candidate.key.subject);
    let runs_out_at = usage.and_then(|usage| usage.usage.runs_out_at).map_or(f64::MAX, |at| at.timestamp() as f64);
    let used_percent = usage.map_or(0.0, |usage| usage.usage.used_percent);
    (candidate.key.rule != AlertRule::LimitReached, runs_out_at, -used_percent)
}
