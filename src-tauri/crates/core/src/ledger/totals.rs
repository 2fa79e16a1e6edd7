//! The ledger: counts message observations, each message once.
//!
//! The totals by session, subagent run, day, block and model cannot disagree, because each of them is changed by the
//! same [`Contribution`] in the same step. Earlier state is read through [`LedgerLookup`], and changes are left in a
//! [`Batch`] for the store.

use rustc_hash::FxHashMap;

use crate::interner::{InternTables, SessionId};
use crate::ledger::batch::Batch;
use crate::ledger::bucket::Bucket;
use crate::ledger::contribution::{Contribution, SubagentRunKey};
use crate::ledger::lookup::LedgerLookup;
use crate::ledger::message::{Message, MessageObservation};
use crate::ledger::recent_buckets::RecentBuckets;
use crate::ledger::reported_totals::ReportedTotals;
use crate::ledger::session::{Session, SessionContext};
use crate::ledger::subagent_run::SubagentRun;
use crate::pricing::calculator::CostCalculator;
use crate::time::slot::Slot;
use crate::tokens::UsageSum;
use crate::transcript::title::Title;

/// The totals that are kept in memory: every session, and the buckets of the last days.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// The interned strings.
    pub names: InternTables,
    /// The known sessions.
    pub sessions: FxHashMap<SessionId, Session>,
    /// The buckets of the last days.
    pub recent: RecentBuckets,
    /// The sum of all messages.
    pub total: UsageSum,
    /// The calculator of all costs in the ledger.
    pub pricing: CostCalculator,
    /// The earliest slot that changed since the last call of `take_earliest_change`.
    earliest_change: Option<Slot>,
}

impl Ledger {
    /// Creates a ledger from stored state.
    pub fn new(
        names: InternTables,
        sessions: FxHashMap<SessionId, Session>,
        recent: RecentBuckets,
        pricing: CostCalculator,
    ) -> Self {
        let total = sessions.values().flat_map(|session| session.models.values()).sum();
        Self { names, sessions, recent, total, pricing, earliest_change: None }
    }

    /// Returns the earliest slot that changed since the last call. Figures derived from earlier slots are still valid.
    pub fn take_earliest_change(&mut self) -> Option<Slot> {
        self.earliest_change.take()
    }

    /// Merges an observation into its message and updates the totals.
    ///
    /// If `lookup` fails, the totals are unchanged.
    pub fn count_message<L: LedgerLookup>(
        &mut self,
        observation: &MessageObservation,
        batch: &mut Batch,
        lookup: &L,
    ) -> Result<(), L::Error> {
        let known = match batch.messages.get(&observation.key) {
            Some(known) => Some(*known),
            None => lookup.find_message(observation.key)?,
        };
        let message = Message::merge_observation(known, observation, &self.names);
        if known == Some(message) {
            return Ok(());
        }
        let contribution = |message: Message| message.contribution(&self.pricing, &self.names);
        let (before, after) = (known.map(contribution), contribution(message));
        if before != Some(after) {
            for target in before.iter().chain([&after]) {
                batch.load_targets(target, lookup)?;
            }
            if let Some(before) = &before {
                self.subtract(before, batch);
            }
            self.add(&after, batch);
        }
        batch.messages.insert(observation.key, message);
        Ok(())
    }

    /// Records the time and context of a line with usage in its session and run, even if the message is a copy.
    pub fn record_activity<L: LedgerLookup>(
        &mut self,
        observation: &MessageObservation,
        context: SessionContext,
        batch: &mut Batch,
        lookup: &L,
    ) -> Result<(), L::Error> {
        let occurrence = observation.occurrence;
        let session = self.sessions.entry(occurrence.session).or_default();
        if session.record_activity(occurrence.when, context, &self.names) {
            batch.sessions.insert(occurrence.session);
        }
        if let Some(run) = occurrence.run {
            let key = SubagentRunKey { session: occurrence.session, run };
            batch.load_run(key, lookup)?.record_activity(occurrence.when);
        }
        Ok(())
    }

    /// Records a title of a session.
    pub fn set_title(&mut self, title: &Title<'_>, batch: &mut Batch) {
        let id = self.names.sessions.intern(title.session.as_bytes());
        if self.sessions.entry(id).or_default().update_title(title) {
            batch.sessions.insert(id);
        }
    }

    /// Records the totals that Claude Code reported for a session.
    pub fn set_reported_totals(&mut self, session: &str, totals: &ReportedTotals, batch: &mut Batch) {
        let id = self.names.sessions.intern(session.as_bytes());
        if self.sessions.entry(id).or_default().update_reported_totals(totals) {
            batch.sessions.insert(id);
        }
    }

    /// Sets the agent type of a subagent run.
    pub fn set_agent_type<L: LedgerLookup>(
        &mut self,
        key: SubagentRunKey,
        agent_type: &str,
        batch: &mut Batch,
        lookup: &L,
    ) -> Result<(), L::Error> {
        batch.load_run(key, lookup)?.agent_type = Some(agent_type.to_owned());
        Ok(())
    }

    fn add(&mut self, contribution: &Contribution, batch: &mut Batch) {
        self.total.add(&contribution.priced);
        self.sessions.entry(contribution.bucket.session).or_default().add(contribution);
        self.apply(contribution, batch, Bucket::add, SubagentRun::add);
    }

    fn subtract(&mut self, contribution: &Contribution, batch: &mut Batch) {
        self.total.subtract(&contribution.priced);
        self.sessions.entry(contribution.bucket.session).or_default().subtract(contribution);
        self.apply(contribution, batch, Bucket::subtract, SubagentRun::subtract);
    }

    /// Changes the bucket and the run of a contribution, which must have been loaded into the batch.
    fn apply(
        &mut self,
        contribution: &Contribution,
        batch: &mut Batch,
        change_bucket: impl FnOnce(&mut Bucket, &Contribution),
        change_run: impl FnOnce(&mut SubagentRun, &Contribution),
    ) {
        let bucket = batch.buckets.get_mut(&contribution.bucket).expect("the bucket is loaded before it changes");
        change_bucket(bucket, contribution);
        self.recent.update(contribution.bucket, bucket);
        let slot = contribution.bucket.slot;
        self.earliest_change = Some(self.earliest_change.map_or(slot, |earliest| earliest.min(slot)));
        if let Some(run) = contribution.run {
            let run = batch.runs.get_mut(&run).expect("the run is loaded before it changes");
            change_run(run, contribution);
        }
        batch.sessions.insert(contribution.bucket.session);
    }
}
