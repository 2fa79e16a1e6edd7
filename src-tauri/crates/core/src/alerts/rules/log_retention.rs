//! Alerts for logs that Claude Code's log cleanup will delete before they can be read, so that they are never counted.

use chrono::TimeDelta;

use crate::alerts::candidate::{AlertCandidate, AlertKey, Urgency};
use crate::alerts::context::{self, AlertContext};
use crate::alerts::settings::AlertSettings;
use crate::alerts::text;
use crate::alerts::threshold_state::{Measurement, ThresholdTracker};
use crate::alerts::time_window::TimeWindow;
use crate::report::model::{AlertRule, Route};
use crate::text::format::format_count;

/// The time without such logs after which new ones are reported again.
const EPISODE_LENGTH: TimeDelta = TimeDelta::days(3);

/// Returns a candidate for unreadable logs and one for unreadable folders, each once per episode.
pub(crate) fn find_candidates(
    tracker: &mut ThresholdTracker<'_>,
    settings: &AlertSettings,
    context: &AlertContext<'_>,
) -> Vec<AlertCandidate> {
    if !settings.log_retention {
        return Vec::new();
    }
    let today = context::utc_midnight(context.now);
    let window = TimeWindow::new(today, today + EPISODE_LENGTH);
    let candidates = [logs_candidate(window, context), folders_candidate(window, context)];
    candidates.into_iter().flatten().filter(|candidate| check_crossing(tracker, &candidate.key)).collect()
}

fn check_crossing(tracker: &mut ThresholdTracker<'_>, key: &AlertKey) -> bool {
    let measurement = Measurement {
        rule: key.rule,
        subject: key.subject.clone(),
        window: key.window,
        value: 100.0,
        thresholds: &[100],
        can_repeat: false,
    };
    tracker.check_crossing(&measurement).is_some()
}

fn logs_candidate(window: TimeWindow, context: &AlertContext<'_>) -> Option<AlertCandidate> {
    let (count, first) = context.expiring_logs.logs.filter(|(count, _)| *count > 0)?;
    let logs = format_count(count.into(), "log", "logs");
    let deleted_at = text::format_time(first, context.now, context.zone);
    let title = format!("{logs} will be deleted before {} read", if count == 1 { "it is" } else { "they are" });
    let body = format!(
        "Claude Code deletes logs after {} days. First deletion: {deleted_at}. Run token-monitor doctor for the reason.",
        context.expiring_logs.retention_days
    );
    let cause = format!("{logs} not read, first deletion: {deleted_at}");
    Some(build_candidate("logs", title, body, cause, window, context))
}

fn folders_candidate(window: TimeWindow, context: &AlertContext<'_>) -> Option<AlertCandidate> {
    let count = Some(context.expiring_logs.unreadable_folders).filter(|count| *count > 0)?;
    let folders = format_count(count.into(), "log folder", "log folders");
    let title = format!("Cannot read {folders}");
    let body = format!(
        "Claude Code deletes logs after {} days, read or not. Run token-monitor doctor for details.",
        context.expiring_logs.retention_days
    );
    let cause = format!("no permission to read {folders}");
    Some(build_candidate("folders", title, body, cause, window, context))
}

fn build_candidate(
    subject: &str,
    title: String,
    body: String,
    cause: String,
    window: TimeWindow,
    context: &AlertContext<'_>,
) -> AlertCandidate {
    AlertCandidate {
        key: AlertKey { rule: AlertRule::LogRetention, subject: subject.to_owned(), threshold: 100, window },
        title,
        body,
        cause,
        route: Route::Now,
        urgency: Urgency::Normal,
        created_at: context.now,
        expires_at: window.end,
        is_muted: false,
    }
}
