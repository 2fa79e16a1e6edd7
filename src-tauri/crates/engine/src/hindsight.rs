//! What past blocks came to, worked out again only when it may have changed.
//!
//! All of history is gone through for it, so it waits until a block ended, an hour passed or older messages turned
//! up, and never happens while a large history is being read.

use chrono::Utc;
use token_monitor_core::{Moment, Past};
use token_monitor_store::Safety;

use crate::actor::Actor;

/// However little happens, a block may have ended meanwhile.
const OFTEN: i64 = 3_600_000_000;

/// Messages younger than this belong to the open block, or to one that has just ended.
const YOUNG: i64 = 6 * 3_600_000_000;

/// What past blocks came to, and until when that holds.
#[derive(Debug, Default)]
pub(crate) struct Hindsight {
    pub(crate) found: Past,
    holds_until: Option<Moment>,
}

impl Hindsight {
    /// Messages were counted, the oldest of which is this old.
    pub(crate) fn may_have_changed(&mut self, oldest: Option<Moment>) {
        let young = Moment::from(Utc::now()).earlier(YOUNG);
        if oldest.is_some_and(|oldest| oldest < young) {
            self.holds_until = None;
        }
    }
}

impl Actor {
    /// Looks back over past blocks, if what is known of them may no longer hold.
    pub(crate) fn look_back(&mut self, now: Moment) {
        if self.is_importing() || self.past.holds_until.is_some_and(|until| now < until) {
            return;
        }
        self.commit(Safety::Durable);
        if let Ok(found) = self.books.past(self.settings.anchor, now) {
            self.past = Hindsight { found, holds_until: Some(Moment(now.0 + OFTEN)) };
        }
    }
}
