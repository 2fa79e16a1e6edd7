//! What is known of the past, worked out again only when it may have changed.
//!
//! What past blocks came to takes all of history, so it waits until a block ended, an hour passed or older messages
//! turned up, and never happens while a large history is being read. What is usual on a day holds until the day ends
//! or one of the days before it changes.

use std::ops::Range;

use chrono_tz::Tz;
use token_monitor_core::blocks::{Anchor, Block, Blocks, Edges};
use token_monitor_core::report::model::Amount;
use token_monitor_core::report::{Past, usual, usual_slots};
use token_monitor_core::time::{Slot, Timestamp, calendar};
use token_monitor_store::{Safety, StoreError};

use crate::actor::Actor;

/// However little happens, a block may have ended meanwhile.
const OFTEN: i64 = 3_600_000_000;

/// Messages younger than this belong to the open block, or to one that has just ended.
const YOUNG: i64 = 6 * 3_600_000_000;

/// What past blocks came to, and until when that holds; what is usual on a day.
#[derive(Debug, Default)]
pub(crate) struct Hindsight {
    pub(crate) found: Past,
    pub(crate) usual: Option<Amount>,
    holds_until: Option<Timestamp>,
    /// The days it was worked out of, and whose they are.
    usual_of: Option<(Range<Slot>, Tz)>,
    older: Option<Older>,
}

/// The blocks that are over before the recent buckets begin. All of history is gone through for them, so they are
/// kept while somebody looks at them, at the longest until the next look back.
#[derive(Debug)]
struct Older {
    until: Slot,
    anchor: Anchor,
    known: Vec<Edges>,
    blocks: Vec<Block>,
}

impl Hindsight {
    /// Messages were counted, or counted anew; this is the earliest slot that changed.
    pub(crate) fn may_have_changed(&mut self, touched: Option<Slot>, now: Timestamp) {
        let Some(touched) = touched else { return };
        if touched.start() < now.earlier(YOUNG) {
            self.holds_until = None;
        }
        if self.usual_of.as_ref().is_some_and(|(days, _)| touched < days.end) {
            self.usual_of = None;
        }
        if self.older.as_ref().is_some_and(|older| touched < older.until) {
            self.older = None;
        }
    }

    /// Everything may have changed, costs for one.
    pub(crate) fn forget(&mut self) {
        (self.holds_until, self.usual_of, self.older) = (None, None, None);
    }
}

impl Actor {
    /// Looks back over past blocks and days, if what is known of them may no longer hold.
    pub(crate) fn look_back(&mut self, now: Timestamp) {
        self.look_at_usual_days(now);
        if self.is_importing() || self.past.holds_until.is_some_and(|until| now < until) {
            return;
        }
        if let Ok(blocks) = self.blocks(self.settings.anchor) {
            self.past.found = Past::of(&blocks, now);
            self.past.holds_until = Some(Timestamp(now.0 + OFTEN));
            self.past.older = None;
        }
    }

    /// Works out what is usual on a day, if that may no longer hold.
    pub(crate) fn look_at_usual_days(&mut self, now: Timestamp) {
        let days = (usual_slots(now, self.zone), self.zone);
        if self.is_importing() || self.past.usual_of.as_ref() == Some(&days) {
            return;
        }
        self.write_older();
        let mut sums = calendar::ByDay::new(self.zone);
        let read = self.books.each_sum(days.0.clone(), |_| true, |key, sum| sums.add(key, sum));
        if read.is_ok() {
            (self.past.usual, self.past.usual_of) = (usual(&sums.sums()), Some(days));
        }
    }

    /// All blocks and gaps, in order of time.
    pub(crate) fn blocks(&mut self, anchor: Anchor) -> Result<Vec<Block>, StoreError> {
        self.write_older();
        let (until, books) = (self.books.ledger.recent.start(), &self.books);
        let holds = |older: &Older| older.until == until && older.anchor == anchor && older.known == books.known;
        let older = match self.past.older.take().filter(holds) {
            Some(older) => older,
            None => Older { until, anchor, known: books.known.clone(), blocks: books.blocks_before(until, anchor)? },
        };
        let mut blocks = Blocks::new(anchor, &books.known).after(older.blocks.clone());
        books.ledger.recent.iter().for_each(|(key, bucket)| blocks.add(key, bucket));
        self.past.older = Some(older);
        Ok(blocks.finish())
    }

    /// Writes what waits, if some of it lies before what is kept in memory: that is read from the store.
    pub(crate) fn write_older(&mut self) {
        if self.books.waits_before_recent() {
            self.commit(Safety::Durable);
        }
    }
}
