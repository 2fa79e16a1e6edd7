//! Sums the usage of a session by its pull requests.
//!
//! Each message of a session with pull requests is counted for exactly one of them, see
//! [`link_of_slot`](crate::ledger::link_of_slot), so the totals add up to those of the session.

use crate::ledger::pull_request::{PullRequestLink, link_of_slot};
use crate::report::model::{PullRequestStats, Totals};
use crate::time::Slot;
use crate::tokens::UsageSum;

/// The sums of a session's pull requests.
#[derive(Debug)]
pub struct PullRequestSums<'a> {
    links: &'a [PullRequestLink],
    sums: Vec<UsageSum>,
}

impl<'a> PullRequestSums<'a> {
    /// Creates empty sums for the links of a session.
    pub fn new(links: &'a [PullRequestLink]) -> Self {
        Self { links, sums: vec![UsageSum::default(); links.len()] }
    }

    /// Adds the usage of the session in a slot.
    pub fn add(&mut self, slot: Slot, sum: &UsageSum) {
        if let Some(index) = link_of_slot(self.links, slot) {
            self.sums[index].merge(sum);
        }
    }

    /// Returns the figures of the pull requests, earliest first.
    pub fn finish(self) -> Vec<PullRequestStats> {
        let row = |(link, sum): (&PullRequestLink, &UsageSum)| PullRequestStats {
            url: link.url.to_string(),
            repository: link.repository.as_deref().map(str::to_owned),
            number: link.number,
            linked_at: link.when.to_utc(),
            totals: Totals::from(sum),
        };
        self.links.iter().zip(&self.sums).map(row).collect()
    }
}
