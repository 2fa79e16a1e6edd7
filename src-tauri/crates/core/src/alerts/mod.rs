//! When a person is to be told something, and when not.
//!
//! One pure step: what was known before and what holds now go in, what is to be said and what is known then come out
//! (`docs/alerts.md`). Each family of rules has a file that says *what* is worth saying; `manners` decides *whether*
//! it is said: once, not in the night, not too often. Nothing here reads a clock or shows anything.

pub(crate) mod forecast_accuracy;
pub(crate) mod rules;

pub(crate) mod budget_period;

pub(crate) mod candidate;

pub(crate) mod delivery_policy;
pub(crate) mod pause;
pub(crate) mod threshold_state;

pub(crate) mod context;
pub(crate) mod sample;

pub(crate) mod settings;
pub(crate) mod state;
pub(crate) mod sustained;
pub(crate) mod time_window;

pub(crate) mod text;

pub use budget_period::{month_start, week_start};
pub use candidate::{Alert, Part, Urgency};
pub use context::{Sense, SessionBill, Unread};
pub use delivery_policy::Said;
pub use forecast_accuracy::{Alarms, Hits, alarms};
pub use pause::paused_until;
pub use sample::sample;
pub use settings::{AlertSettings, Budget, QuietHours};
pub use state::AlertState;
pub use text::{LONGEST_BODY, LONGEST_TITLE};
pub use time_window::Span;

use crate::report::model::Progress;
use candidate::Finding;
use rules::{budget, burn_rate, forecast, limit_reached, log_retention, reset, session_cost, usage_threshold};
use threshold_state::Marks;

/// Goes on by one snapshot: what is known then, and what is to be said.
///
/// While a history is being read nothing is said and nothing forgotten. What holds when somebody starts for the first
/// time is no news: it is noted as said.
pub fn step(before: &AlertState, settings: &AlertSettings, sense: &Sense<'_>) -> (AlertState, Vec<Said>) {
    let mut state = before.clone();
    if matches!(sense.snapshot.progress, Progress::Importing { .. }) {
        return (state, Vec::new());
    }
    if !settings.enabled {
        state.hush();
        return (state, Vec::new());
    }
    let found = find(&mut state, settings, sense);
    if !before.is_primed {
        state.is_primed = true;
        return (state, Vec::new());
    }
    let said = delivery_policy::deliver(&mut state, settings, sense, found);
    (state, said)
}

/// Asks every rule. Of one window only the gravest is told, and of windows only the one that binds.
fn find(state: &mut AlertState, settings: &AlertSettings, sense: &Sense<'_>) -> Vec<Finding> {
    let mut marks = Marks::new(&mut state.episodes, sense.now);
    let mut found = limit_reached::find(&mut marks, settings, sense);
    found.extend(usage_threshold::find(&mut marks, settings, sense));
    found.extend(forecast::find(&mut marks, &mut state.streaks, settings, sense));
    found.extend(burn_rate::find(&mut marks, &mut state.streaks, settings, sense));
    found.extend(reset::find(&mut marks, &mut state.awaited, settings, sense));
    found.extend(budget::find(&mut marks, settings, sense));
    found.extend(session_cost::find(&mut marks, settings, sense));
    found.extend(log_retention::find(&mut marks, settings, sense));
    usage_threshold::leave_what_binds(&mut found, sense);
    found
}
