//! Something worth saying, and how it is said.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::alerts::text;
use crate::alerts::time_window::Span;
use crate::report::model::{AlertFate, AlertRow, AlertRule, Route};
use crate::text::sanitize;

/// How much something presses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Urgency {
    /// Good to know.
    Low,
    /// Worth a look.
    Normal,
    /// Work stops.
    Critical,
}

/// What an alert is about, exactly: of each of these there is one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Part {
    /// The rule.
    pub rule: AlertRule,
    /// Which window, budget or session.
    pub subject: String,
    /// The step that was passed, in percent, where the rule has several.
    pub step: u64,
    /// The window.
    pub span: Span,
}

/// What a person is to be told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Alert {
    /// What it is about; of several, the gravest.
    pub rule: AlertRule,
    /// What it says first.
    pub title: String,
    /// What it says beneath: at most 200 characters, a line for each of several.
    pub body: String,
    /// What caused it.
    pub cause: String,
    /// The page it opens.
    pub route: Route,
    /// How much it presses.
    pub urgency: Urgency,
    /// When it came.
    pub at: DateTime<Utc>,
    /// The same for alerts of which the later replaces the earlier.
    pub replaces: String,
    /// Whether it makes a sound.
    pub sound: bool,
    /// All that it says.
    pub parts: Vec<Part>,
}

impl Alert {
    /// As it stands in the list of past alerts.
    pub fn row(&self, id: u64, fate: AlertFate, is_test: bool) -> AlertRow {
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

/// Something worth saying, until it no longer matters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Finding {
    pub(crate) part: Part,
    pub(crate) title: String,
    pub(crate) body: String,
    pub(crate) cause: String,
    pub(crate) route: Route,
    pub(crate) urgency: Urgency,
    /// When it came.
    pub(crate) at: DateTime<Utc>,
    /// From when on nobody needs to know it.
    pub(crate) until: DateTime<Utc>,
    /// Whether its session is muted.
    pub(crate) is_muted: bool,
}

impl Finding {
    pub(crate) fn tag(&self) -> String {
        format!("{:?} {}", self.part.rule, self.part.subject)
    }

    /// Notes among its reasons what is not said by itself because of it.
    pub(crate) fn instead_of(&mut self, other: &Self) {
        let cause = format!("{}; also {}", self.cause, other.cause);
        self.cause = sanitize::line(&cause, text::LONGEST_BODY);
    }

    /// The gravest first.
    pub(crate) fn rank(&self) -> (std::cmp::Reverse<Urgency>, usize, std::cmp::Reverse<u64>) {
        let place = GRAVEST.iter().position(|rule| *rule == self.part.rule).unwrap_or(GRAVEST.len());
        (std::cmp::Reverse(self.urgency), place, std::cmp::Reverse(self.part.step))
    }

    /// By itself.
    pub(crate) fn alert(self, sound: bool) -> Alert {
        Alert {
            rule: self.part.rule,
            replaces: self.tag(),
            title: sanitize::line(&self.title, text::LONGEST_TITLE),
            body: sanitize::lines(&self.body, text::LONGEST_BODY),
            cause: sanitize::line(&self.cause, text::LONGEST_BODY),
            route: self.route,
            urgency: self.urgency,
            at: self.at,
            sound,
            parts: vec![self.part],
        }
    }
}

/// The rules, the gravest first: what of several is held on to longest.
const GRAVEST: [AlertRule; 10] = [
    AlertRule::LimitHit,
    AlertRule::Forecast,
    AlertRule::Block,
    AlertRule::Week,
    AlertRule::Cleaning,
    AlertRule::Budget,
    AlertRule::SessionCost,
    AlertRule::Summary,
    AlertRule::BurnRate,
    AlertRule::Reset,
];
