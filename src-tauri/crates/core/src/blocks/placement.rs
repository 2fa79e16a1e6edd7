//! Places blocks over the time line of messages.
//!
//! Works on buckets. Every edge of a block is on a ten-minute mark, so no bucket crosses an edge. Blocks never overlap, and
//! a gap is a row between two blocks that are more than five hours of inactivity apart.

use chrono::{DateTime, Duration, NaiveTime, Timelike, Utc};
use serde::{Deserialize, Serialize};

use crate::blocks::block::{Block, BlockEdges, BlockSource};
use crate::ledger::{Bucket, BucketKey};
use crate::time::slot::Slot;
use crate::time::timestamp::Timestamp;

/// The rule by which blocks are placed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum BlockPlacement {
    /// Official reset times if known, otherwise estimated.
    #[default]
    Auto,
    /// Messages alone: the first message after the end of a block opens the next one.
    Estimate,
    /// The fixed grid of 0, 5, 10, 15 and 20 h UTC; the last block of a day has four hours.
    Utc,
}

/// The length of a block.
const BLOCK_LENGTH: Duration = Duration::hours(5);

/// The day on which block edges moved from full hours to ten-minute marks, 2026-04-23: since then, reset times in limit
/// messages are on such marks.
const TEN_MINUTE_EDGES_SINCE: DateTime<Utc> = DateTime::from_timestamp(1_776_902_400, 0).expect("is a time");

/// Places blocks over buckets in order of time.
#[derive(Debug)]
pub struct BlockPlacer<'a> {
    placement: BlockPlacement,
    /// Windows whose times Claude Code reported, in order of time and without overlaps.
    known_windows: &'a [BlockEdges],
    rows: Vec<Block>,
}

impl<'a> BlockPlacer<'a> {
    /// Creates a placer without blocks. It ignores the known windows unless the placement is [`BlockPlacement::Auto`].
    pub fn new(placement: BlockPlacement, known: &'a [BlockEdges]) -> Self {
        let known_windows = match placement {
            BlockPlacement::Auto => known,
            BlockPlacement::Estimate | BlockPlacement::Utc => &[],
        };
        Self { placement, known_windows, rows: Vec::new() }
    }

    /// Starts with rows that were placed before; all further buckets must come after them.
    #[must_use]
    pub fn resume_after(self, rows: Vec<Block>) -> Self {
        Self { rows, ..self }
    }

    /// Adds a bucket, which must not be in an earlier slot than the one before.
    pub fn add_bucket(&mut self, key: &BucketKey, bucket: &Bucket) {
        let Some((first, _)) = bucket.time_span(key.slot) else { return };
        self.block_at(key.slot, first).add_bucket(key, bucket);
    }

    /// Adds the times of a bucket without its usage: they decide where later blocks begin.
    pub(crate) fn add_times(&mut self, slot: Slot, first: Timestamp, last: Timestamp) {
        let block = self.block_at(slot, first);
        block.last_message = block.last_message.max(Some(last));
    }

    /// Removes and returns the rows that no later bucket can change, in order of time: all but the last.
    pub(crate) fn take_closed(&mut self) -> Vec<Block> {
        let open = self.rows.len().saturating_sub(1);
        self.rows.drain(..open).collect()
    }

    /// Returns the blocks and gaps, in order of time.
    pub fn finish(self) -> Vec<Block> {
        self.rows
    }

    /// Returns the known window around `now` as a block without messages, if there is one.
    pub(crate) fn unused_known_window(&self, now: Timestamp) -> Option<Block> {
        self.known_windows
            .iter()
            .find(|edges| edges.contains(now.to_utc()))
            .map(|edges| Block::without_messages(*edges))
    }

    /// Returns the open block for a message in a slot. A block that has ended before it is followed by another one.
    fn block_at(&mut self, slot: Slot, first: Timestamp) -> &mut Block {
        let closed = self.rows.last().is_none_or(|block| first >= block.edges.end.into());
        if closed {
            self.open_block(slot, first);
        }
        self.rows.last_mut().expect("a block is open")
    }

    fn open_block(&mut self, slot: Slot, first: Timestamp) {
        let edges = self.edges_at(slot.start().to_utc());
        if let Some(before) = self.rows.last() {
            let closed = before.edges.end;
            let idle = before.last_message.is_some_and(|last| first.to_utc() - last.to_utc() > BLOCK_LENGTH);
            if idle && edges.start > closed {
                self.rows.push(Block::new_gap(BlockEdges { start: closed, end: edges.start, source: edges.source }));
            }
        }
        self.rows.push(Block::without_messages(edges));
    }

    /// Returns the edges of the block that a message within the five minutes from `at` opens: the known window around it,
    /// otherwise an estimate that neither starts before the end of the block before nor reaches into a known window.
    fn edges_at(&self, at: DateTime<Utc>) -> BlockEdges {
        let upcoming = self.known_windows.partition_point(|edges| edges.end <= at);
        if let Some(known) = self.known_windows.get(upcoming).filter(|known| known.start <= at) {
            return *known;
        }
        let previous_end = self.rows.last().map(|block| block.edges.end);
        let previous_end = previous_end.max(upcoming.checked_sub(1).map(|before| self.known_windows[before].end));
        let mut edges = estimate_edges(at, self.placement);
        if let Some(end) = previous_end.filter(|end| edges.start < *end) {
            (edges.start, edges.end) = (end, end + BLOCK_LENGTH);
        }
        if let Some(next) = self.known_windows.get(upcoming) {
            edges.end = edges.end.min(next.start);
        }
        edges
    }
}

/// Returns the edges of the block that a message within the five minutes from `at` opens, regardless of other blocks.
fn estimate_edges(at: DateTime<Utc>, placement: BlockPlacement) -> BlockEdges {
    match placement {
        BlockPlacement::Utc => utc_grid_edges(at),
        BlockPlacement::Auto | BlockPlacement::Estimate => {
            let step = if at < TEN_MINUTE_EDGES_SINCE { 60 } else { 10 };
            let start = at - Duration::minutes(i64::from(at.minute() % step));
            BlockEdges { start, end: start + BLOCK_LENGTH, source: BlockSource::Estimate }
        }
    }
}

fn utc_grid_edges(at: DateTime<Utc>) -> BlockEdges {
    let midnight = at.date_naive().and_time(NaiveTime::MIN).and_utc();
    let start = midnight + Duration::hours(i64::from(at.hour() / 5 * 5));
    let end = (start + BLOCK_LENGTH).min(midnight + Duration::days(1));
    BlockEdges { start, end, source: BlockSource::Utc }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::interner::{ModelId, SessionId};
    use crate::ledger::Contribution;
    use crate::tokens::Usage;

    fn place_blocks(placement: BlockPlacement, times: &[&str]) -> Vec<(String, String, u64)> {
        place_with_known_windows(placement, &[], times)
    }

    fn place_with_known_windows(
        placement: BlockPlacement,
        known: &[BlockEdges],
        times: &[&str],
    ) -> Vec<(String, String, u64)> {
        let mut blocks = BlockPlacer::new(placement, known);
        for time in times {
            let when = Timestamp::parse(time).expect("a time");
            let key = BucketKey { slot: when.slot(), session: SessionId(0), model: ModelId(0) };
            let mut bucket = Bucket::default();
            bucket.add(&Contribution::unpriced(key, when, Usage::default()));
            blocks.add_bucket(&key, &bucket);
        }
        let show = |when: DateTime<Utc>| when.format("%dT%H:%M").to_string();
        blocks
            .finish()
            .iter()
            .map(|block| (show(block.edges.start), show(block.edges.end), block.sum.messages))
            .collect()
    }

    fn expected_row(start: &str, end: &str, messages: u64) -> (String, String, u64) {
        (start.to_owned(), end.to_owned(), messages)
    }

    #[test]
    fn blocks_open_on_full_hours_before_2026_04_23_and_on_ten_minute_marks_since() {
        let before = place_blocks(BlockPlacement::Estimate, &["2026-04-22T23:59:59Z"]);
        assert_eq!(before, vec![expected_row("22T23:00", "23T04:00", 1)]);
        let since = place_blocks(BlockPlacement::Estimate, &["2026-04-23T00:19:59Z"]);
        assert_eq!(since, vec![expected_row("23T00:10", "23T05:10", 1)]);
    }

    #[test]
    fn a_block_never_starts_before_the_end_of_the_previous_one() {
        let rows = place_blocks(BlockPlacement::Estimate, &["2026-03-01T10:15:00Z", "2026-03-01T15:00:00Z"]);
        assert_eq!(rows, vec![expected_row("01T10:00", "01T15:00", 1), expected_row("01T15:00", "01T20:00", 1)]);
    }

    #[test]
    fn a_gap_longer_than_five_hours_is_a_row() {
        let rows = place_blocks(BlockPlacement::Estimate, &["2026-03-01T10:15:00Z", "2026-03-01T18:30:00Z"]);
        assert_eq!(
            rows,
            vec![
                expected_row("01T10:00", "01T15:00", 1),
                expected_row("01T15:00", "01T18:00", 0),
                expected_row("01T18:00", "01T23:00", 1)
            ]
        );
    }

    #[rstest]
    #[case("2026-03-01T15:15:00Z", 2)]
    #[case("2026-03-01T15:15:00.001Z", 2)]
    fn a_gap_never_overlaps_a_block(#[case] second: &str, #[case] rows: usize) {
        let found = place_blocks(BlockPlacement::Estimate, &["2026-03-01T10:15:00Z", second]);
        assert_eq!(found.len(), rows, "the next block starts where the first ends, so there is no gap to show");
    }

    #[test]
    fn the_last_block_of_the_utc_grid_has_four_hours() {
        let rows = place_blocks(BlockPlacement::Utc, &["2026-03-01T21:00:00Z", "2026-03-02T00:00:00Z"]);
        assert_eq!(rows, vec![expected_row("01T20:00", "02T00:00", 1), expected_row("02T00:00", "02T05:00", 1)]);
    }

    fn known_window(start: &str, source: BlockSource) -> BlockEdges {
        let start = Timestamp::parse(start).expect("a time").to_utc();
        BlockEdges { start, end: start + BLOCK_LENGTH, source }
    }

    #[test]
    fn a_known_window_places_the_block() {
        let known = [known_window("2026-06-01T09:50:00Z", BlockSource::Official)];
        let times = ["2026-06-01T10:37:00Z", "2026-06-01T14:49:59Z", "2026-06-01T14:50:00Z"];
        let rows = place_with_known_windows(BlockPlacement::Auto, &known, &times);
        assert_eq!(rows, vec![expected_row("01T09:50", "01T14:50", 2), expected_row("01T14:50", "01T19:50", 1)]);
        let rows = place_with_known_windows(BlockPlacement::Estimate, &known, &times);
        assert_eq!(rows, vec![expected_row("01T10:30", "01T15:30", 3)], "the estimate ignores known windows");
    }

    #[test]
    fn an_estimated_block_never_overlaps_a_known_window() {
        let known = [
            known_window("2026-06-01T05:30:00Z", BlockSource::LimitMessage),
            known_window("2026-06-01T12:00:00Z", BlockSource::Official),
        ];
        let times = ["2026-06-01T10:37:00Z", "2026-06-01T12:01:00Z"];
        let rows = place_with_known_windows(BlockPlacement::Auto, &known, &times);
        assert_eq!(rows, vec![expected_row("01T10:30", "01T12:00", 1), expected_row("01T12:00", "01T17:00", 1)]);
        let rows = place_with_known_windows(BlockPlacement::Auto, &known, &["2026-06-01T10:31:00Z"]);
        assert_eq!(rows[0].0, "01T10:30", "a known window without messages ended just then");
    }

    #[test]
    fn a_known_window_is_open_before_its_first_message() {
        let known = [known_window("2026-06-01T09:50:00Z", BlockSource::Official)];
        let unused = BlockPlacer::new(BlockPlacement::Auto, &known)
            .unused_known_window(Timestamp::parse("2026-06-01T10:00:00Z").expect("a time"));
        assert!(unused.is_some_and(|block| block.sum.messages == 0 && !block.is_gap));
    }
}
