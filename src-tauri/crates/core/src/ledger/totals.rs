//! The ledger: counts message observations, each message once.
//!
//! The totals by session, subagent run, day, block and model cannot disagree, because each of them is changed by the
//! same [`Contribution`] in the same step. Earlier state is read through [`LedgerLookup`], and changes are left in a
//! [`Batch`] for the store.

use std::cmp::Reverse;

use rustc_hash::FxHashMap;

use crate::interner::{InternTables, SessionId};
use crate::ledger::batch::Batch;
use crate::ledger::bucket::Bucket;
use crate::ledger::contribution::{Contribution, SubagentRunKey};
use crate::ledger::lookup::LedgerLookup;
use crate::ledger::message::{Message, MessageObservation};
use crate::ledger::message_key::MessageKey;
use crate::ledger::pull_request::PullRequestLink;
use crate::ledger::recent_buckets::RecentBuckets;
use crate::ledger::reported_totals::{ReportedExcess, ReportedTotals};
use crate::ledger::session::{Session, SessionContext};
use crate::ledger::subagent_run::SubagentRun;
use crate::pricing::calculator::CostCalculator;
use crate::time::slot::Slot;
use crate::time::timestamp::Timestamp;
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
    /// The sessions with reported totals by the start of these totals.
    sessions_by_start: FxHashMap<Timestamp, Vec<SessionId>>,
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
        let total = sessions.values().flat_map(|session| session.models.iter()).map(|(_, sum)| sum).sum();
        let mut sessions_by_start: FxHashMap<Timestamp, Vec<SessionId>> = FxHashMap::default();
        for (&id, session) in &sessions {
            if let Some(start) = session.reported_totals.as_ref().and_then(|totals| totals.start) {
                sessions_by_start.entry(start).or_default().push(id);
            }
        }
        Self { names, sessions, recent, total, pricing, sessions_by_start, earliest_change: None }
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
        let key = match observation.copy_key {
            Some(copy_key) => self.unite_keys(observation.key, copy_key, batch, lookup)?,
            None => observation.key,
        };
        let known = batch.find_message(key, lookup)?;
        let message = Message::merge_observation(known, observation, &self.names);
        if known == Some(message) {
            return Ok(());
        }
        let contribution = |message: Message| message.contribution(&self.pricing, &self.names);
        let (before, after) = (known.map(contribution), contribution(message));
        if before != Some(after) {
            self.replace(before.as_slice(), &after, batch, lookup)?;
        }
        batch.messages.insert(key, message);
        Ok(())
    }

    /// Makes two keys the keys of one message, whose observations are merged if both keys had a message. Returns the key
    /// under which it is counted.
    fn unite_keys<L: LedgerLookup>(
        &mut self,
        key: MessageKey,
        copy_key: MessageKey,
        batch: &mut Batch,
        lookup: &L,
    ) -> Result<MessageKey, L::Error> {
        let (key, copy_key) = (batch.resolve_key(key, lookup)?, batch.resolve_key(copy_key, lookup)?);
        if key == copy_key {
            return Ok(key);
        }
        let (kept, other) = (batch.find_message(key, lookup)?, batch.find_message(copy_key, lookup)?);
        match (kept, other) {
            (_, None) => {}
            (None, Some(other)) => drop(batch.messages.insert(key, other)),
            (Some(kept), Some(other)) => {
                let merged = kept.merge(other, &self.names);
                let contribution = |message: Message| message.contribution(&self.pricing, &self.names);
                let (before, after) = ([contribution(kept), contribution(other)], contribution(merged));
                self.replace(&before, &after, batch, lookup)?;
                batch.messages.insert(key, merged);
            }
        }
        if other.is_some() {
            batch.messages.remove(&copy_key);
            batch.removed_messages.insert(copy_key);
        }
        batch.aliases.insert(copy_key, key);
        Ok(key)
    }

    /// Replaces contributions by another one. If `lookup` fails, nothing is changed.
    fn replace<L: LedgerLookup>(
        &mut self,
        before: &[Contribution],
        after: &Contribution,
        batch: &mut Batch,
        lookup: &L,
    ) -> Result<(), L::Error> {
        for target in before.iter().chain([after]) {
            batch.load_targets(target, lookup)?;
        }
        before.iter().for_each(|contribution| self.subtract(contribution, batch));
        self.add(after, batch);
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
        if session.record_activity(occurrence.when, observation.side, context, &self.names) {
            batch.sessions.insert(occurrence.session);
        }
        if let Some(fork) = context.copied_into
            && self.sessions.entry(fork).or_default().record_copy(occurrence.when, occurrence.session, &self.names)
        {
            batch.sessions.insert(fork);
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

    /// Records the folder that a session moved to.
    pub fn set_folder(&mut self, session: &str, folder: &str, when: Timestamp, batch: &mut Batch) {
        let id = self.names.sessions.intern(session.as_bytes());
        let folder = self.names.projects.intern(folder.as_bytes());
        if self.sessions.entry(id).or_default().update_last_folder(when, folder, &self.names) {
            batch.sessions.insert(id);
        }
    }

    /// Records a pull request that a session linked.
    pub fn add_pull_request(&mut self, session: &str, link: PullRequestLink, batch: &mut Batch) {
        let id = self.names.sessions.intern(session.as_bytes());
        if self.sessions.entry(id).or_default().add_pull_request(link) {
            batch.sessions.insert(id);
        }
    }

    /// Records a compaction of a session's context.
    pub fn record_compaction(&mut self, session: &str, when: Timestamp, batch: &mut Batch) {
        let id = self.names.sessions.intern(session.as_bytes());
        if self.sessions.entry(id).or_default().record_compaction(when) {
            batch.sessions.insert(id);
        }
    }

    /// Forgets the last prompts of all but the most recently used sessions.
    pub fn keep_latest_prompts(&mut self, max_count: usize) {
        let times = self.sessions.values().filter_map(|session| session.prompts.as_ref()?.last.map(|last| last.when));
        let mut times: Vec<Timestamp> = times.collect();
        if times.len() <= max_count {
            return;
        }
        let (_, oldest, _) = times.select_nth_unstable_by_key(max_count.saturating_sub(1), |when| Reverse(*when));
        let oldest = *oldest;
        for session in self.sessions.values_mut() {
            session.prompts.take_if(|prompts| prompts.last.is_none_or(|last| last.when < oldest));
        }
    }

    /// Records the totals that Claude Code reported for a session.
    pub fn set_reported_totals(&mut self, session: &str, totals: &ReportedTotals, batch: &mut Batch) {
        let id = self.names.sessions.intern(session.as_bytes());
        let known = self.sessions.entry(id).or_default();
        let start_before = known.reported_totals.as_ref().and_then(|totals| totals.start);
        if known.update_reported_totals(totals) {
            batch.sessions.insert(id);
            if let Some(start) = totals.start.filter(|_| totals.start != start_before) {
                self.sessions_by_start.entry(start).or_default().push(id);
            }
        }
    }

    /// Returns the amount by which the totals that Claude Code reported for a session exceed its counted messages, or
    /// `None` if there is none or if it is not certain.
    pub fn reported_excess(&self, id: SessionId) -> Option<ReportedExcess> {
        self.own_reported_totals(id, Self::MAX_FORK_DEPTH)?.excess_over(&self.sessions.get(&id)?.total_usage())
    }

    /// The number of forks of forks that are followed to find the totals a session started with.
    const MAX_FORK_DEPTH: u32 = 16;

    /// Returns the part of a session's reported totals that belongs to its own calls, or `None` if that is not certain.
    ///
    /// A fork continues the totals of the session it was made from. Those are known if that session made no call after
    /// the fork and its own totals include all of its messages.
    fn own_reported_totals(&self, id: SessionId, depth: u32) -> Option<ReportedTotals> {
        let session = self.sessions.get(&id)?;
        let totals = session.reported_totals.as_deref()?;
        let Some((copied_until, origin)) = session.last_copy else {
            return (!self.shares_start(id, totals)).then_some(*totals);
        };
        let start = totals.start?;
        if start >= copied_until {
            return Some(*totals);
        }
        let origin_session = self.sessions.get(&origin).filter(|_| origin != id && depth > 0)?;
        let origin_totals = origin_session.reported_totals.as_deref().filter(|totals| totals.start == Some(start))?;
        let has_ended = origin_session.span.is_some_and(|(_, last)| last <= copied_until);
        let is_complete = self.own_reported_totals(origin, depth - 1)?.includes(&origin_session.total_usage());
        totals.checked_sub(origin_totals).filter(|_| has_ended && is_complete)
    }

    /// Returns true if another session without copied lines has totals with the same start: one of the two is a fork,
    /// and the logs do not show which.
    fn shares_start(&self, id: SessionId, totals: &ReportedTotals) -> bool {
        let same_start = totals.start.and_then(|start| self.sessions_by_start.get(&start));
        same_start.into_iter().flatten().any(|&other| {
            let session = self.sessions.get(&other).filter(|_| other != id);
            session.is_some_and(|session| {
                session.last_copy.is_none()
                    && session.reported_totals.as_ref().is_some_and(|known| known.start == totals.start)
            })
        })
    }

    /// Sets the start of each fork to that of its first own message. `starts` has the first message of each session.
    pub fn correct_fork_starts(&mut self, starts: &FxHashMap<SessionId, Timestamp>, batch: &mut Batch) {
        for (&id, session) in self.sessions.iter_mut().filter(|(_, session)| session.last_copy.is_some()) {
            let last = session.span.map(|(_, last)| last);
            let span = starts.get(&id).map(|&first| (first, last.map_or(first, |last| last.max(first))));
            if session.span != span {
                session.span = span;
                batch.sessions.insert(id);
            }
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
