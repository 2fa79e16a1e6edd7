//! Sessions that cost more than they should.

use chrono::TimeDelta;

use super::finding::{Finding, Part, Urgency};
use super::memory::{Gauge, Marks};
use super::sense::{Sense, SessionBill};
use super::settings::AlertSettings;
use super::span::Span;
use super::words;
use crate::figures::{AlertRule, Route};

/// A session that went on costing is seen in the list; after a day nobody needs to be told.
const MATTERS: TimeDelta = TimeDelta::days(1);

/// Each session that is newly too dear.
pub(super) fn find(marks: &mut Marks<'_>, settings: &AlertSettings, sense: &Sense<'_>) -> Vec<Finding> {
    let Some(most) = settings.session_cost.filter(|most| *most > 0) else { return Vec::new() };
    let dear = sense.sessions.iter().filter(|session| pass(marks, session, most));
    dear.map(|session| say(session, most, sense)).collect()
}

/// Once a session, and once more where the settings have allowed it more meanwhile.
fn pass(marks: &mut Marks<'_>, session: &SessionBill, most: u64) -> bool {
    let (subject, value, steps) = (words::id(&session.id), session.cost, &[most]);
    let gauge = Gauge { rule: AlertRule::SessionCost, subject, span: Span::ALWAYS, value, steps, rearms: false };
    marks.pass(&gauge).is_some()
}

fn say(session: &SessionBill, most: u64, sense: &Sense<'_>) -> Finding {
    let (name, cost, most) = (words::name(&session.name), words::dollars(session.cost), words::grouped(most.into()));
    let id = words::id(&session.id);
    Finding {
        part: Part { rule: AlertRule::SessionCost, subject: id.clone(), step: 100, span: Span::ALWAYS },
        title: format!("A session costs over ${most}"),
        body: format!("“{name}”: {cost} so far, API-equivalent (measured)."),
        cause: format!("{cost} in one session, threshold ${most}"),
        route: Route::Session { session_id: id },
        urgency: Urgency::Normal,
        at: sense.now,
        until: sense.now + MATTERS,
        is_muted: session.is_muted,
    }
}
