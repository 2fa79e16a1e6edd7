//! Five-hour blocks and the gaps between them.
//!
//! Works on buckets: every edge a block can have lies on a ten-minute mark, so a bucket never straddles one.

use std::collections::BTreeSet;

use chrono::{DateTime, Duration, NaiveTime, Timelike, Utc};
use serde::{Deserialize, Serialize};

use crate::interner::{Interner, ModelId};
use crate::ledger::bucket::{Bucket, BucketKey};
use crate::rates::minute_series::Peak;
use crate::report::model::{BillingBlock, BlockSource};
use crate::time::timestamp::{Slot, Timestamp};
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

/// The edges of a block, and where they come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edges {
    /// When it opens.
    pub start: DateTime<Utc>,
    /// When it closes.
    pub end: DateTime<Utc>,
    /// Who says so.
    pub source: BlockSource,
}

impl Edges {
    fn hold(&self, when: DateTime<Utc>) -> bool {
        self.start <= when && when < self.end
    }
}

/// A block, or a gap where it has no messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// When it opens and closes.
    pub edges: Edges,
    /// Whether it is idle time.
    pub is_gap: bool,
    /// Its last message.
    pub last: Option<Timestamp>,
    /// Its sum.
    pub sum: Sum,
    /// Who answered in it.
    pub models: BTreeSet<ModelId>,
    /// Its busiest minute.
    pub(crate) peak: Peak,
}

impl Block {
    /// A block with nothing in it.
    pub(crate) fn empty(edges: Edges) -> Self {
        let (sum, models, peak) = (Sum::default(), BTreeSet::new(), Peak::default());
        Self { edges, is_gap: false, last: None, sum, models, peak }
    }

    fn gap(edges: Edges) -> Self {
        Self { is_gap: true, ..Self::empty(edges) }
    }

    /// Whether an instant lies within it.
    pub fn contains(&self, when: Timestamp) -> bool {
        !self.is_gap && self.edges.hold(when.utc())
    }

    /// Whether it is over.
    pub fn is_complete(&self, now: Timestamp) -> bool {
        !self.is_gap && now >= self.edges.end.into()
    }

    pub(crate) fn add(&mut self, key: &BucketKey, bucket: &Bucket) {
        self.sum.join(&bucket.sum);
        self.models.insert(key.model);
        self.peak.add(key.slot, bucket);
        self.last = self.last.max(bucket.span(key.slot).map(|(_, last)| last));
    }

    fn peak_tokens(&self) -> Option<u64> {
        (!self.is_gap).then(|| u64::try_from(self.peak.most()).unwrap_or(u64::MAX))
    }

    /// As a surface shows it.
    pub fn figures(&self, now: Timestamp, models: &Interner<ModelId>) -> BillingBlock {
        let Edges { start, end, source } = self.edges;
        let spelled = start.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
        let tokens_used = self.sum.tokens.total();
        BillingBlock {
            peak_tokens_per_minute: self.peak_tokens(),
            id: if self.is_gap { format!("gap-{spelled}") } else { spelled },
            start_time: start,
            end_time: end,
            is_active: self.contains(now),
            is_gap: self.is_gap,
            tokens_used,
            cost_usd: self.sum.bill.dollars(tokens_used),
            unpriced_tokens: self.sum.bill.unpriced,
            message_count: self.sum.messages,
            models: self.models.iter().map(|&model| models.text(model)).collect(),
            source,
            label: source.label(),
        }
    }
}

/// Places blocks over buckets that come in order of time.
#[derive(Debug)]
pub struct Blocks<'a> {
    anchor: Anchor,
    /// Windows whose times Claude Code named, in order of time, none overlapping another.
    known: &'a [Edges],
    done: Vec<Block>,
}

impl<'a> Blocks<'a> {
    /// No blocks yet. The known windows count only with [`Anchor::Auto`].
    pub fn new(anchor: Anchor, known: &'a [Edges]) -> Self {
        let known = match anchor {
            Anchor::Auto => known,
            Anchor::Estimate | Anchor::Utc => &[],
        };
        Self { anchor, known, done: Vec::new() }
    }

    /// Goes on after blocks that are over before any bucket yet to come.
    pub fn after(self, done: Vec<Block>) -> Self {
        Self { done, ..self }
    }

    /// Adds one bucket; none may follow that lies in an earlier slot.
    pub fn add(&mut self, key: &BucketKey, bucket: &Bucket) {
        let Some((first, _)) = bucket.span(key.slot) else { return };
        let closed = self.done.last().is_none_or(|block| first >= block.edges.end.into());
        if closed {
            self.open(key.slot, first);
        }
        self.done.last_mut().expect("one is open").add(key, bucket);
    }

    /// Takes out all rows that no later bucket can change, in order of time: all but the last.
    pub(crate) fn take_closed(&mut self) -> Vec<Block> {
        let open = self.done.len().saturating_sub(1);
        self.done.drain(..open).collect()
    }

    /// The blocks and gaps, in order of time.
    pub fn finish(self) -> Vec<Block> {
        self.done
    }

    /// The known window that now lies in, though nothing was used in it here.
    pub(crate) fn unused(&self, now: Timestamp) -> Option<Block> {
        self.known.iter().find(|edges| edges.hold(now.utc())).map(|edges| Block::empty(*edges))
    }

    fn open(&mut self, slot: Slot, first: Timestamp) {
        let edges = self.edges(slot.start().utc());
        if let Some(before) = self.done.last() {
            let closed = before.edges.end;
            let idle = before.last.is_some_and(|last| first.utc() - last.utc() > LENGTH);
            if idle && edges.start > closed {
                self.done.push(Block::gap(Edges { start: closed, end: edges.start, source: edges.source }));
            }
        }
        self.done.push(Block::empty(edges));
    }

    /// The block that a message within the five minutes from `at` opens: the known window it lies in, else one
    /// worked out, which neither begins before the end of one that came before nor reaches into a known one.
    fn edges(&self, at: DateTime<Utc>) -> Edges {
        let upcoming = self.known.partition_point(|edges| edges.end <= at);
        if let Some(known) = self.known.get(upcoming).filter(|known| known.start <= at) {
            return *known;
        }
        let ends = self.done.last().map(|block| block.edges.end);
        let ends = ends.max(upcoming.checked_sub(1).map(|before| self.known[before].end));
        let mut edges = worked_out(at, self.anchor);
        if let Some(end) = ends.filter(|end| edges.start < *end) {
            (edges.start, edges.end) = (end, end + LENGTH);
        }
        if let Some(next) = self.known.get(upcoming) {
            edges.end = edges.end.min(next.start);
        }
        edges
    }
}

/// The block that a message within the five minutes from `at` opens, by itself.
fn worked_out(at: DateTime<Utc>, anchor: Anchor) -> Edges {
    match anchor {
        Anchor::Utc => grid(at),
        Anchor::Auto | Anchor::Estimate => {
            let step = if at < FINER_SINCE { 60 } else { 10 };
            let start = at - Duration::minutes(i64::from(at.minute() % step));
            Edges { start, end: start + LENGTH, source: BlockSource::Estimate }
        }
    }
}

fn grid(at: DateTime<Utc>) -> Edges {
    let midnight = at.date_naive().and_time(NaiveTime::MIN).and_utc();
    let start = midnight + Duration::hours(i64::from(at.hour() / 5 * 5));
    let end = (start + LENGTH).min(midnight + Duration::days(1));
    Edges { start, end, source: BlockSource::Utc }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::interner::SessionId;
    use crate::ledger::message::Share;
    use crate::tokens::Usage;

    fn blocks(anchor: Anchor, times: &[&str]) -> Vec<(String, String, u64)> {
        placed(anchor, &[], times)
    }

    fn placed(anchor: Anchor, known: &[Edges], times: &[&str]) -> Vec<(String, String, u64)> {
        let mut blocks = Blocks::new(anchor, known);
        for time in times {
            let when = Timestamp::parse(time).expect("a time");
            let key = BucketKey { slot: when.slot(), session: SessionId(0), model: ModelId(0) };
            let mut bucket = Bucket::default();
            bucket.add(&Share::made_up(key, when, Usage::default()));
            blocks.add(&key, &bucket);
        }
        let show = |when: DateTime<Utc>| when.format("%dT%H:%M").to_string();
        blocks
            .finish()
            .iter()
            .map(|block| (show(block.edges.start), show(block.edges.end), block.sum.messages))
            .collect()
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

    fn known(start: &str, source: BlockSource) -> Edges {
        let start = Timestamp::parse(start).expect("a time").utc();
        Edges { start, end: start + LENGTH, source }
    }

    #[test]
    fn a_known_reset_places_the_block() {
        let known = [known("2026-06-01T09:50:00Z", BlockSource::Official)];
        let times = ["2026-06-01T10:37:00Z", "2026-06-01T14:49:59Z", "2026-06-01T14:50:00Z"];
        let rows = placed(Anchor::Auto, &known, &times);
        assert_eq!(rows, vec![row("01T09:50", "01T14:50", 2), row("01T14:50", "01T19:50", 1)]);
        let rows = placed(Anchor::Estimate, &known, &times);
        assert_eq!(rows, vec![row("01T10:30", "01T15:30", 3)], "who wants estimates gets them");
    }

    #[test]
    fn an_estimated_block_ends_where_a_known_one_begins_and_starts_after_one_that_ended() {
        let known = [
            known("2026-06-01T05:30:00Z", BlockSource::LimitMessage),
            known("2026-06-01T12:00:00Z", BlockSource::Official),
        ];
        let times = ["2026-06-01T10:37:00Z", "2026-06-01T12:01:00Z"];
        let rows = placed(Anchor::Auto, &known, &times);
        assert_eq!(rows, vec![row("01T10:30", "01T12:00", 1), row("01T12:00", "01T17:00", 1)]);
        let rows = placed(Anchor::Auto, &known, &["2026-06-01T10:31:00Z"]);
        assert_eq!(rows[0].0, "01T10:30", "the known one before ended just then, without messages here");
    }

    #[test]
    fn a_known_window_is_open_before_anything_is_used_in_it() {
        let known = [known("2026-06-01T09:50:00Z", BlockSource::Official)];
        let unused =
            Blocks::new(Anchor::Auto, &known).unused(Timestamp::parse("2026-06-01T10:00:00Z").expect("a time"));
        assert!(unused.is_some_and(|block| block.sum.messages == 0 && !block.is_gap));
    }
}
