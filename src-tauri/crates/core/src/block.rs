//! Five-hour blocks and the gaps between them.
//!
//! Works on buckets: every edge a block can have lies on a ten-minute mark, so a bucket never straddles one.

use std::collections::BTreeSet;

use chrono::{DateTime, Duration, NaiveTime, Timelike, Utc};
use serde::{Deserialize, Serialize};

use crate::bucket::{Bucket, BucketKey};
use crate::figures::{BillingBlock, BlockSource};
use crate::moment::{Moment, Slot};
use crate::names::{Interner, ModelId};
use crate::tokens::Sum;

/// How blocks are placed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Anchor {
    /// By official reset times where they are known, else estimated.
    #[default]
    Auto,
    /// From the messages alone: the first one after a block's end opens the next.
    Estimate,
    /// On the fixed grid of 0, 5, 10, 15 and 20 h UTC, the last of which is four hours long.
    Utc,
}

/// How long a block is.
const LENGTH: Duration = Duration::hours(5);

/// When block edges moved from full hours to ten-minute marks, 2026-04-23: from then on messages that tell a
/// reset name such times.
const FINER_SINCE: DateTime<Utc> = DateTime::from_timestamp(1_776_902_400, 0).expect("is a time");

/// A block, or a gap where it has no messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// When it opened.
    pub start: DateTime<Utc>,
    /// When it closes.
    pub end: DateTime<Utc>,
    /// Its last message; none in a gap.
    pub last: Option<Moment>,
    /// Its sum.
    pub sum: Sum,
    /// Who answered in it.
    pub models: BTreeSet<ModelId>,
}

impl Block {
    fn opened(at: DateTime<Utc>, end: DateTime<Utc>) -> Self {
        Self { start: at, end, last: None, sum: Sum::default(), models: BTreeSet::new() }
    }

    /// Whether it is idle time.
    pub fn is_gap(&self) -> bool {
        self.last.is_none()
    }

    /// Whether an instant lies within it.
    pub fn contains(&self, when: Moment) -> bool {
        !self.is_gap() && Moment::from(self.start) <= when && when < self.end.into()
    }

    /// A block with the same edges and nothing in it.
    pub(crate) fn emptied(&self) -> Self {
        Self::opened(self.start, self.end)
    }

    pub(crate) fn add(&mut self, key: &BucketKey, bucket: &Bucket) {
        self.sum.join(&bucket.sum());
        self.models.insert(key.model);
        self.last = self.last.max(bucket.span(key.slot).map(|(_, last)| last));
    }

    /// As a surface shows it.
    pub fn figures(&self, anchor: Anchor, now: Moment, models: &Interner<ModelId>) -> BillingBlock {
        let start = self.start.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
        BillingBlock {
            id: if self.is_gap() { format!("gap-{start}") } else { start },
            start_time: self.start,
            end_time: self.end,
            is_active: self.contains(now),
            is_gap: self.is_gap(),
            tokens_used: self.sum.tokens.total(),
            cost_usd: None,
            message_count: self.sum.messages,
            models: self.models.iter().map(|&model| models.text(model)).collect(),
            source: match anchor {
                Anchor::Auto | Anchor::Estimate => BlockSource::Estimate,
                Anchor::Utc => BlockSource::Utc,
            },
        }
    }
}

/// Places blocks over buckets that come in order of time.
#[derive(Debug)]
pub struct Blocks {
    anchor: Anchor,
    done: Vec<Block>,
}

impl Blocks {
    /// No blocks yet.
    pub fn new(anchor: Anchor) -> Self {
        Self { anchor, done: Vec::new() }
    }

    /// Adds one bucket; none may follow that lies in an earlier slot.
    pub fn add(&mut self, key: &BucketKey, bucket: &Bucket) {
        let Some((first, _)) = bucket.span(key.slot) else { return };
        let closed = self.done.last().is_none_or(|block| first >= block.end.into());
        if closed {
            self.open(key.slot, first);
        }
        self.done.last_mut().expect("one is open").add(key, bucket);
    }

    /// The blocks and gaps, in order of time.
    pub fn finish(self) -> Vec<Block> {
        self.done
    }

    fn open(&mut self, slot: Slot, first: Moment) {
        let (mut start, mut end) = edges(slot.start().utc(), self.anchor);
        if let Some(before) = self.done.last() {
            if start < before.end {
                (start, end) = (before.end, before.end + LENGTH);
            }
            let idle = before.last.is_some_and(|last| first.utc() - last.utc() > LENGTH);
            if idle && start > before.end {
                self.done.push(Block::opened(before.end, start));
            }
        }
        self.done.push(Block::opened(start, end));
    }
}

/// The block that a message within the five minutes from `at` opens.
fn edges(at: DateTime<Utc>, anchor: Anchor) -> (DateTime<Utc>, DateTime<Utc>) {
    match anchor {
        Anchor::Utc => grid(at),
        Anchor::Auto | Anchor::Estimate => {
            let step = if at < FINER_SINCE { 60 } else { 10 };
            let start = at - Duration::minutes(i64::from(at.minute() % step));
            (start, start + LENGTH)
        }
    }
}

fn grid(at: DateTime<Utc>) -> (DateTime<Utc>, DateTime<Utc>) {
    let midnight = at.date_naive().and_time(NaiveTime::MIN).and_utc();
    let start = midnight + Duration::hours(i64::from(at.hour() / 5 * 5));
    (start, (start + LENGTH).min(midnight + Duration::days(1)))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::bucket::Mark;
    use crate::message::Share;
    use crate::names::SessionId;
    use crate::tokens::Usage;

    fn blocks(anchor: Anchor, times: &[&str]) -> Vec<(String, String, u64)> {
        let mut blocks = Blocks::new(anchor);
        for time in times {
            let when = Moment::parse(time).expect("a time");
            let key = BucketKey { slot: when.slot(), session: SessionId(0), model: ModelId(0) };
            let mut bucket = Bucket::default();
            bucket.add(&Share { bucket: key, mark: Mark::of(when), usage: Usage::default() });
            blocks.add(&key, &bucket);
        }
        let show = |when: DateTime<Utc>| when.format("%dT%H:%M").to_string();
        blocks.finish().iter().map(|block| (show(block.start), show(block.end), block.sum.messages)).collect()
    }

    fn row(start: &str, end: &str, messages: u64) -> (String, String, u64) {
        (start.to_owned(), end.to_owned(), messages)
    }

    #[test]
    fn a_block_opened_on_the_full_hour_before_april_2026_and_on_ten_minutes_since() {
        let before = blocks(Anchor::Estimate, &["2026-04-22T23:59:59Z"]);
        assert_eq!(before, vec![row("22T23:00", "23T04:00", 1)]);
        let since = blocks(Anchor::Estimate, &["2026-04-23T00:19:59Z"]);
        assert_eq!(since, vec![row("23T00:10", "23T05:10", 1)]);
    }

    #[test]
    fn a_block_never_starts_before_the_end_of_the_one_before() {
        let rows = blocks(Anchor::Estimate, &["2026-03-01T10:15:00Z", "2026-03-01T15:00:00Z"]);
        assert_eq!(rows, vec![row("01T10:00", "01T15:00", 1), row("01T15:00", "01T20:00", 1)]);
    }

    #[test]
    fn a_gap_longer_than_five_hours_is_a_row() {
        let rows = blocks(Anchor::Estimate, &["2026-03-01T10:15:00Z", "2026-03-01T18:30:00Z"]);
        assert_eq!(
            rows,
            vec![row("01T10:00", "01T15:00", 1), row("01T15:00", "01T18:00", 0), row("01T18:00", "01T23:00", 1)]
        );
    }

    #[rstest]
    #[case("2026-03-01T15:15:00Z", 2)]
    #[case("2026-03-01T15:15:00.001Z", 2)]
    fn a_gap_never_overlaps_a_block(#[case] second: &str, #[case] rows: usize) {
        let found = blocks(Anchor::Estimate, &["2026-03-01T10:15:00Z", second]);
        assert_eq!(found.len(), rows, "the next block starts where the first ends, so there is no gap to show");
    }

    #[test]
    fn the_last_block_of_the_grid_is_four_hours_long() {
        let rows = blocks(Anchor::Utc, &["2026-03-01T21:00:00Z", "2026-03-02T00:00:00Z"]);
        assert_eq!(rows, vec![row("01T20:00", "02T00:00", 1), row("02T00:00", "02T05:00", 1)]);
    }
}
