//! When a person is to be told something, and when not.
//!
//! One pure step: what was known before and what holds now go in, what is to be said and what is known then come out
//! (`docs/alerts.md`). Each family of rules has a file that says *what* is worth saying; `manners` decides *whether*
//! it is said: once, not in the night, not too often. Nothing here reads a clock or shows anything.

mod alarms;
mod budget;
mod burn;
mod calendar;
mod cleaning;
mod finding;
mod forecast;
mod limit_hit;
mod manners;
mod memory;
mod pause;
mod reset;
mod sample;
mod sense;
mod session_cost;
mod settings;
mod span;
mod state;
mod streak;
mod window;
mod words;

pub use alarms::{Alarms, Hits, alarms};
pub use calendar::{month_start, week_start};
pub use finding::{Alert, Part, Urgency};
pub use manners::Said;
pub use pause::paused_until;
pub use sample::sample;
pub use sense::{Sense, SessionBill, Unread};
pub use settings::{AlertSettings, Budget, QuietHours};
pub use span::Span;
pub use state::AlertState;
pub use words::{LONGEST_BODY, LONGEST_TITLE};

use crate::figures::Progress;
use finding::Finding;
use memory::Marks;

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
    let said = manners::deliver(&mut state, settings, sense, found);
    (state, said)
}

/// Asks every rule. Of one window only the gravest is told, and of windows only the one that binds.
fn find(state: &mut AlertState, settings: &AlertSettings, sense: &Sense<'_>) -> Vec<Finding> {
    let mut marks = Marks::new(&mut state.episodes, sense.now);
    let mut found = limit_hit::find(&mut marks, settings, sense);
    found.extend(window::find(&mut marks, settings, sense));
    found.extend(forecast::find(&mut marks, &mut state.streaks, settings, sense));
    found.extend(burn::find(&mut marks, &mut state.streaks, settings, sense));
    found.extend(reset::find(&mut marks, &mut state.awaited, settings, sense));
    found.extend(budget::find(&mut marks, settings, sense));
    found.extend(session_cost::find(&mut marks, settings, sense));
    found.extend(cleaning::find(&mut marks, settings, sense));
    window::leave_what_binds(&mut found, sense);
    found
}
