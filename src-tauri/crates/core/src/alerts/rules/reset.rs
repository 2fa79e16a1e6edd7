//! Alerts for the reset of a nearly used-up window: one shortly before it, and one when it has happened.
//!
//! A lower or missing figure does not mean a reset. A reset is reported when its time has passed. If a current figure
//! shows that the window continues, the reset time moves with it.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::alerts::candidate::{AlertCandidate, AlertKey, Urgency};
use crate::alerts::context::{AlertContext, LimitWindowKind, WindowUsage, with_account};
use crate::alerts::settings::AlertSettings;
use crate::alerts::text;
use crate::alerts::threshold_state::{Measurement, ThresholdTracker};
use crate::alerts::time_window::TimeWindow;
use crate::report::model::{AlertRule, Provenance, Route};
use crate::text::format::format_duration;

/// The usage from which a reset is reported if no usage thresholds are set, in percent.
const DEFAULT_THRESHOLD: u64 = 90;

/// The drop below the threshold that means a refill, in percentage points. The reset is then not reported.
const REFILL_MARGIN: f64 = 5.0;

/// The time before a reset at which it is announced.
const LEAD_TIME: TimeDelta = TimeDelta::minutes(10);

/// The time to wait after a reset before it is reported, because reset times can still move.
const SETTLE_TIME: TimeDelta = TimeDelta::minutes(2);

/// The time after a reset from which it is no longer reported.
const EXPIRY: TimeDelta = TimeDelta::hours(1);

/// The minimum shift of a reset time that is stored.
const EDGE_PRECISION: TimeDelta = TimeDelta::minutes(1);

/// The maximum number of pending resets.
const MAX_PENDING: usize = 16;

/// The threshold value of the announcement in the stored state.
const STEP_UPCOMING: u64 = 1;

/// The threshold value of the report afterwards in the stored state.
const STEP_PASSED: u64 = 2;

/// A nearly used-up window whose reset will be reported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PendingReset {
    subject: String,
    name: String,
    #[serde(rename = "span")]
    window: TimeWindow,
    /// The highest usage so far, in whole percent.
    #[serde(rename = "used")]
    peak_percent: u64,
    label: Provenance,
}

/// Updates the pending resets and returns a candidate for each reset that is near or has passed.
pub(crate) fn find_candidates(
    tracker: &mut ThresholdTracker<'_>,
    pending: &mut Vec<PendingReset>,
    settings: &AlertSettings,
    context: &AlertContext<'_>,
) -> Vec<AlertCandidate> {
    // States of earlier versions contain blocks that were compared with past blocks, which are no limit.
    pending.retain(|reset| reset.label != Provenance::Estimated);
    let usages = context.window_usages();
    fullest_per_subject(&usages)
        .into_iter()
        .for_each(|usage| track_window(pending, usage, min_percent(settings, usage)));
    if !settings.reset {
        pending.clear();
    }
    let mut candidates: Vec<_> =
        pending.iter().filter_map(|reset| reset.upcoming_candidate(tracker, context)).collect();
    let passed = pending.extract_if(.., |reset| reset.has_passed(context));
    candidates.extend(passed.filter_map(|reset| reset.passed_candidate(tracker, context)));
    candidates
}

/// Returns the usage from which the reset of a window is reported: the highest usage threshold below 100%, so that only
/// windows with an earlier alert are reported.
fn min_percent(settings: &AlertSettings, usage: &WindowUsage<'_>) -> f64 {
    let thresholds = usage.kind.thresholds(settings);
    let highest_below_full = thresholds.iter().filter(|threshold| **threshold < 100).max();
    highest_below_full.or(thresholds.iter().min()).copied().unwrap_or(DEFAULT_THRESHOLD) as f64
}

/// Returns the windows with a reset time. Of the tokens and the cost of a block, which reset together, only the higher
/// usage is returned.
fn fullest_per_subject<'a>(usages: &'a [WindowUsage<'a>]) -> Vec<&'a WindowUsage<'a>> {
    let mut fullest: Vec<&WindowUsage<'_>> = Vec::new();
    for usage in usages.iter().filter(|usage| usage.resets_at.is_some()) {
        match fullest.iter_mut().find(|other| subject_id(other) == subject_id(usage)) {
            Some(other) if other.usage.used_percent < usage.usage.used_percent => *other = usage,
            Some(_) => {}
            None => fullest.push(usage),
        }
    }
    fullest
}

/// Adds, updates or removes the pending reset of a window. A window whose usage dropped before its reset was refilled,
/// and its reset is no longer reported.
fn track_window(pending: &mut Vec<PendingReset>, usage: &WindowUsage<'_>, min_percent: f64) {
    let (subject, percent) = (subject_id(usage), usage.usage.used_percent);
    let is_same = |reset: &PendingReset| reset.subject == subject && reset.window.overlap_with(&usage.window).is_some();
    match pending.iter().position(is_same) {
        Some(known) if percent < min_percent - REFILL_MARGIN => drop(pending.remove(known)),
        Some(known) => pending[known].update_from(usage),
        None if percent >= min_percent => {
            pending.truncate(MAX_PENDING - 1);
            let (name, label) = (window_noun(usage), usage.usage.label);
            let (window, peak_percent) = (usage.window, text::whole_percent(percent));
            pending.push(PendingReset { subject, name, window, peak_percent, label });
        }
        None => {}
    }
}

fn subject_id(usage: &WindowUsage<'_>) -> String {
    match usage.kind {
        LimitWindowKind::Block | LimitWindowKind::BlockCost => {
            with_account(&LimitWindowKind::Block.subject_id(), usage.account)
        }
        LimitWindowKind::Week | LimitWindowKind::Scoped(_) => usage.subject_id(),
    }
}

fn window_noun(usage: &WindowUsage<'_>) -> String {
    let noun = match usage.kind {
        LimitWindowKind::Block | LimitWindowKind::BlockCost => "block".to_owned(),
        LimitWindowKind::Week => "week".to_owned(),
        LimitWindowKind::Scoped(scope) => format!("{} week", text::sanitize_name(scope)),
    };
    text::of_account(noun, usage.account)
}

impl PendingReset {
    fn update_from(&mut self, usage: &WindowUsage<'_>) {
        self.window.move_to(usage.window, EDGE_PRECISION);
        let used = text::whole_percent(usage.usage.used_percent);
        if used >= self.peak_percent {
            (self.peak_percent, self.label) = (used, usage.usage.label);
        }
    }

    fn has_passed(&self, context: &AlertContext<'_>) -> bool {
        context.now >= self.window.end + SETTLE_TIME
    }

    fn check_crossing(&self, tracker: &mut ThresholdTracker<'_>, step: u64) -> bool {
        let measurement = Measurement {
            rule: AlertRule::Reset,
            subject: format!("{} {step}", self.subject),
            window: self.window,
            value: step as f64,
            thresholds: &[step],
            can_repeat: false,
        };
        tracker.check_crossing(&measurement).is_some()
    }

    fn upcoming_candidate(
        &self,
        tracker: &mut ThresholdTracker<'_>,
        context: &AlertContext<'_>,
    ) -> Option<AlertCandidate> {
        let left = self.window.end - context.now;
        let is_near = left > TimeDelta::zero() && left <= LEAD_TIME;
        (is_near && self.check_crossing(tracker, STEP_UPCOMING)).then(|| {
            let title = format!("Your {} resets at {}", self.name, self.reset_time(context));
            let label = text::format_label(self.label);
            let body = format!("In {}. Peak usage: {}% {label}.", format_duration(left), self.peak_percent);
            self.build_candidate(STEP_UPCOMING, title, body, self.window.end, context)
        })
    }

    fn passed_candidate(
        &self,
        tracker: &mut ThresholdTracker<'_>,
        context: &AlertContext<'_>,
    ) -> Option<AlertCandidate> {
        let expires_at = self.window.end + EXPIRY;
        let is_relevant = context.now < expires_at;
        (is_relevant && self.check_crossing(tracker, STEP_PASSED)).then(|| {
            let title = format!("Your {} has reset", self.name);
            let (at, label) = (self.reset_time(context), text::format_label(self.label));
            let body = format!("At {at}. Peak usage before: {}% {label}.", self.peak_percent);
            self.build_candidate(STEP_PASSED, title, body, expires_at, context)
        })
    }

    fn reset_time(&self, context: &AlertContext<'_>) -> String {
        text::format_time(self.window.end, context.now, context.zone)
    }

    fn build_candidate(
        &self,
        threshold: u64,
        title: String,
        body: String,
        expires_at: DateTime<Utc>,
        context: &AlertContext<'_>,
    ) -> AlertCandidate {
        let (subject, window) = (self.subject.clone(), self.window);
        AlertCandidate {
            key: AlertKey { rule: AlertRule::Reset, subject, threshold, window },
            title,
            body,
            cause: format!("{}% of the {} used before its reset", self.peak_percent, self.name),
            route: Route::Now,
            urgency: Urgency::Low,
            created_at: context.now,
            expires_at,
            is_muted: false,
        }
    }
}
