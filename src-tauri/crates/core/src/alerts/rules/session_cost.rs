//! Sessions that cost more than they should.

use chrono::TimeDelta;

use crate::alerts::candidate::{Finding, Part, Urgency};
use crate::alerts::context::{Sense, SessionBill};
use crate::alerts::settings::AlertSettings;
use crate::alerts::text;
use crate::alerts::threshold_state::{Gauge, Marks};
use crate::alerts::time_window::Span;
use crate::report::model::{AlertRule, Route};

/// A session that went on costing is seen in the list; after a day nobody needs to be told.
const MATTERS: TimeDelta = TimeDelta::days(1);

/// Each session that is newly too dear.
pub(crate) fn find(marks: &mut Marks<'_>, settings: &AlertSettings, sense: &Sense<'_>) -> Vec<Finding> {
    let Some(most) = settings.session_cost.filter(|most| *most > 0) else { return Vec::new() };
    let dear = sense.sessions.iter().filter(|session| pass(marks, session, most));
    dear.map(|session| say(session, most, sense)).collect()
}

/// Once a session, and once more where the settings have allowed it more meanwhile.
fn pass(marks: &mut Marks<'_>, session: &SessionBill, most: u64) -> bool {
    let (subject, value, steps) = (text::id(&session.id), session.cost, &[most]);
    let gauge = Gauge { rule: AlertRule::SessionCost, subject, span: Span::ALWAYS, value, steps, rearms: false };
    marks.pass(&gauge).is_some()
}

fn say(session: &SessionBill, most: u64, sense: &Sense<'_>) -> Finding {
    let (name, cost, most) = (text::name(&session.name), text::dollars(session.cost), text::grouped(most.into()));
    let id = text::id(&session.id);
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
