//! Five-hour blocks and the gaps between them.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::blocks::usage_curve::UsageCurve;
use crate::interner::ModelId;
use crate::ledger::{Bucket, BucketKey};
use crate::quota::AccountId;
use crate::rates::minute_series::PeakMinute;
use crate::time::timestamp::Timestamp;
use crate::tokens::UsageSum;

/// The source of a block's edges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub enum BlockSource {
    /// Claude Code reported the reset time.
    Official,
    /// A limit message in the logs named the reset time.
    LimitMessage,
    /// Derived from the times of messages.
    Estimate,
    /// The fixed grid of 0, 5, 10, 15 and 20 h UTC.
    Utc,
}

/// The start and end of a block, and their source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockEdges {
    /// The first instant of the block.
    pub start: DateTime<Utc>,
    /// The first instant after the block.
    pub end: DateTime<Utc>,
    /// The source of both.
    pub source: BlockSource,
}

impl BlockEdges {
    pub(crate) fn contains(&self, when: DateTime<Utc>) -> bool {
        self.start <= when && when < self.end
    }
}

/// A block with its usage, or a gap without messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// The start and end.
    pub edges: BlockEdges,
    /// True for a gap between two blocks.
    pub is_gap: bool,
    /// The time of the last message.
    pub last_message: Option<Timestamp>,
    /// The usage of all messages.
    pub sum: UsageSum,
    /// The models used.
    pub models: BTreeSet<ModelId>,
    /// The minute with the most tokens.
    pub(crate) peak: PeakMinute,
    /// The growth of the usage.
    pub(crate) curve: UsageCurve,
    /// The account; `None` if only one account is in use.
    pub account: Option<AccountId>,
}

impl Block {
    /// Creates a block without messages.
    pub(crate) fn without_messages(edges: BlockEdges) -> Self {
        Self {
            edges,
            is_gap: false,
            last_message: None,
            sum: UsageSum::default(),
            models: BTreeSet::new(),
            peak: PeakMinute::default(),
            curve: UsageCurve::default(),
            account: None,
        }
    }

    /// Creates a gap.
    pub(crate) fn new_gap(edges: BlockEdges) -> Self {
        Self { is_gap: true, ..Self::without_messages(edges) }
    }

    /// Returns true if an instant is within the block. A gap contains no instant.
    pub fn contains(&self, when: Timestamp) -> bool {
        !self.is_gap && self.edges.contains(when.to_utc())
    }

    /// Returns true if the block has ended. A gap is never complete.
    pub fn is_complete(&self, now: Timestamp) -> bool {
        !self.is_gap && now >= self.edges.end.into()
    }

    /// Adds the usage of a bucket within the block.
    pub(crate) fn add_bucket(&mut self, key: &BucketKey, bucket: &Bucket) {
        self.sum.merge(&bucket.sum);
        self.models.insert(key.model);
        self.peak.add_bucket(key.slot, bucket);
        self.curve.add_bucket(self.edges.start.into(), key, bucket);
        self.last_message = self.last_message.max(bucket.time_span(key.slot).map(|(_, last)| last));
    }

    /// Returns the tokens used by the end of each quarter of an hour, up to `now`; none for a gap.
    pub(crate) fn usage_curve(&self, now: Timestamp) -> Vec<u64> {
        let [start, end] = [self.edges.start, self.edges.end].map(Timestamp::from);
        if self.is_gap { Vec::new() } else { self.curve.cumulative(start, end.min(now)) }
    }

    /// Returns the most tokens used in one minute; `None` for a gap.
    pub(crate) fn peak_tokens_per_minute(&self) -> Option<u64> {
        (!self.is_gap).then(|| u64::try_from(self.peak.max_tokens()).unwrap_or(u64::MAX))
    }
}
