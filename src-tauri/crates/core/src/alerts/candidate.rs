//! Alert candidates found by the rules, and the alerts made from them.

use std::cmp::Reverse;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::alerts::text;
use crate::alerts::time_window::TimeWindow;
use crate::report::model::{AlertRow, AlertRule, DeliveryStatus, Route};
use crate::text::sanitize::{sanitize_lines, sanitize_name};

/// The urgency of an alert, lowest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Urgency {
    /// An alert for information only.
    Low,
    /// An alert that deserves attention.
    Normal,
    /// An alert about a limit that stops work.
    Critical,
}

/// The identity of an alert: at most one alert is sent for each key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AlertKey {
    /// The rule that produced the alert.
    pub rule: AlertRule,
    /// The window, budget or session, such as `block` or a session id.
    pub subject: String,
    /// The threshold that was crossed, in percent; 100 for rules with a single threshold.
    #[serde(rename = "step")]
    pub threshold: u64,
    /// The window in which it was crossed.
    #[serde(rename = "span")]
    pub window: TimeWindow,
}

/// An alert as it is displayed and listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Alert {
    /// The rule that produced the alert; for combined alerts, the rule of the most urgent one.
    pub rule: AlertRule,
    /// The title: one line of at most [`text::MAX_TITLE_LEN`] characters.
    pub title: String,
    /// The body, at most [`text::MAX_BODY_LEN`] characters; for combined alerts, one line each.
    pub body: String,
    /// The reason for the alert, in one line.
    pub cause: String,
    /// The page the alert opens.
    pub route: Route,
    /// The urgency; for combined alerts, the highest.
    pub urgency: Urgency,
    /// The time of the alert.
    pub at: DateTime<Utc>,
    /// A tag shared by alerts about the same subject; a newer notification replaces an older one with the same tag.
    pub replace_tag: String,
    /// True if the notification plays a sound.
    pub sound: bool,
    /// The keys of all alerts combined in this one.
    pub keys: Vec<AlertKey>,
}

impl Alert {
    /// Returns the alert as a row of the list of past alerts.
    pub fn to_row(&self, id: u64, fate: DeliveryStatus, is_test: bool) -> AlertRow {
        AlertRow {
            id,
            at: self.at,
            rule: self.rule,
            title: self.title.clone(),
            body: self.body.clone(),
            cause: self.cause.clone(),
            route: self.route.clone(),
            fate,
            is_test,
        }
    }
}

/// A possible alert. It is dropped at its expiry time if it was not sent before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AlertCandidate {
    #[serde(rename = "part")]
    pub(crate) key: AlertKey,
    pub(crate) title: String,
    pub(crate) body: String,
    pub(crate) cause: String,
    pub(crate) route: Route,
    pub(crate) urgency: Urgency,
    /// The time at which the rule found it.
    #[serde(rename = "at")]
    pub(crate) created_at: DateTime<Utc>,
    /// The time from which it is no longer relevant.
    #[serde(rename = "until")]
    pub(crate) expires_at: DateTime<Utc>,
    /// True if it is about a muted session.
    pub(crate) is_muted: bool,
}

impl AlertCandidate {
    /// Returns a tag that candidates with the same rule and subject share.
    pub(crate) fn replace_tag(&self) -> String {
        format!("{:?} {}", self.key.rule, self.key.subject)
    }

    /// Appends the cause of a candidate that is not sent because this one replaces it.
    pub(crate) fn append_cause(&mut self, other: &Self) {
        let cause = format!("{}; also {}", self.cause, other.cause);
        self.cause = sanitize_name(&cause, text::MAX_BODY_LEN);
    }

    /// Returns a sort key that puts the most urgent candidate first.
    pub(crate) fn sort_key(&self) -> (Reverse<Urgency>, usize, Reverse<u64>) {
        let by_rule = RULES_BY_SEVERITY.iter().position(|rule| *rule == self.key.rule);
        (Reverse(self.urgency), by_rule.unwrap_or(RULES_BY_SEVERITY.len()), Reverse(self.key.threshold))
    }

    /// Converts the candidate into an alert of its own, with sanitized texts.
    pub(crate) fn into_alert(self, sound: bool) -> Alert {
        Alert {
            rule: self.key.rule,
            replace_tag: self.replace_tag(),
            title: sanitize_name(&self.title, text::MAX_TITLE_LEN),
            body: sanitize_lines(&self.body, text::MAX_BODY_LEN),
            cause: sanitize_name(&self.cause, text::MAX_BODY_LEN),
            route: self.route,
            urgency: self.urgency,
            at: self.created_at,
            sound,
            keys: vec![self.key],
        }
    }
}

/// The rules, most severe first. A full queue drops candidates of the last ones first.
const RULES_BY_SEVERITY: [AlertRule; 11] = [
    AlertRule::LimitReached,
    AlertRule::AgentWaiting,
    AlertRule::Forecast,
    AlertRule::Block,
    AlertRule::Week,
    AlertRule::LogRetention,
    AlertRule::Budget,
    AlertRule::SessionCost,
    AlertRule::Summary,
    AlertRule::BurnRate,
    AlertRule::Reset,
];
