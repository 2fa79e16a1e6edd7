//! Counts sightings, each message once.
//!
//! Pure: it is handed what a store knows and leaves behind what a store should write. Totals by session, by run, by
//! day, by block and by model cannot disagree, because all of them are moved by the same [`Share`] in the same
//! step.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::interner::{Names, SessionId};
use crate::ledger::bucket::{Bucket, BucketKey};
use crate::ledger::message::{Message, Share, Sighting};
use crate::ledger::message_key::Key;
use crate::ledger::recent_buckets::Recent;
use crate::ledger::reported_totals::Counter;
use crate::ledger::session::{Scene, Session};
use crate::ledger::subagent_run::{Run, RunKey};
use crate::pricing::calculator::Pricing;
use crate::quota::Reading;
use crate::time::timestamp::Slot;
use crate::tokens::Sum;
use crate::transcript::title::Title;

/// Where messages, buckets and runs counted before are looked up.
pub trait LedgerLookup {
    /// Why a look-up may fail.
    type Error;
    /// A message, if it was ever counted.
    fn message(&self, key: Key) -> Result<Option<Message>, Self::Error>;
    /// A bucket, if anything was ever counted in it.
    fn bucket(&self, key: BucketKey) -> Result<Option<Bucket>, Self::Error>;
    /// A run, if it was ever seen.
    fn run(&self, key: RunKey) -> Result<Option<Run>, Self::Error>;
}

/// What changed since the last commit.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// Messages, as they are now.
    pub messages: FxHashMap<Key, Message>,
    /// Buckets, as they are now; an empty one is to be removed.
    pub buckets: FxHashMap<BucketKey, Bucket>,
    /// Runs, as they are now.
    pub runs: FxHashMap<RunKey, Run>,
    /// Sessions whose row changed.
    pub sessions: FxHashSet<SessionId>,
    /// New readings of the vendor's quota.
    pub readings: Vec<Reading>,
}

impl Batch {
    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        let Self { messages, buckets, runs, sessions, readings } = self;
        messages.is_empty() && buckets.is_empty() && runs.is_empty() && sessions.is_empty() && readings.is_empty()
    }

    /// A run, brought in from the shelf where it is not here yet.
    fn run<S: LedgerLookup>(&mut self, key: RunKey, shelf: &S) -> Result<&mut Run, S::Error> {
        use std::collections::hash_map::Entry;
        match self.runs.entry(key) {
            Entry::Occupied(here) => Ok(here.into_mut()),
            Entry::Vacant(room) => Ok(room.insert(shelf.run(key)?.unwrap_or_default())),
        }
    }
}

/// All totals that are kept in memory: a row a session, and the last days' buckets.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// All names there are.
    pub names: Names,
    /// Every session ever seen.
    pub sessions: FxHashMap<SessionId, Session>,
    /// The last days' buckets.
    pub recent: Recent,
    /// Everything ever counted.
    pub total: Sum,
    /// The prices all of it was priced by.
    pub pricing: Pricing,
    /// The earliest slot that changed since somebody asked.
    touched: Option<Slot>,
}

impl Ledger {
    /// A ledger from what a store holds.
    pub fn new(names: Names, sessions: FxHashMap<SessionId, Session>, recent: Recent, pricing: Pricing) -> Self {
        let total = sessions.values().flat_map(|session| session.models.values()).sum();
        Self { names, sessions, recent, total, pricing, touched: None }
    }

    /// The earliest slot that changed since this was asked last: what was worked out of earlier ones alone still holds.
    pub fn take_touched(&mut self) -> Option<Slot> {
        self.touched.take()
    }

    /// Counts one sighting.
    pub fn count<S: LedgerLookup>(
        &mut self,
        sighting: &Sighting,
        batch: &mut Batch,
        shelf: &S,
    ) -> Result<(), S::Error> {
        let known = match batch.messages.get(&sighting.key) {
            Some(known) => Some(*known),
            None => shelf.message(sighting.key)?,
        };
        let message = Message::merged(known, sighting, &self.names);
        if known == Some(message) {
            return Ok(());
        }
        let share = |message: Message| message.share(&self.pricing, &self.names);
        let (before, after) = (known.map(share), share(message));
        if before != Some(after) {
            Self::load(before.iter().chain([&after]), batch, shelf)?;
            if let Some(before) = &before {
                self.take(before, batch);
            }
            self.add(&after, batch);
        }
        batch.messages.insert(sighting.key, message);
        Ok(())
    }

    /// Notes when and where a session ran, whether or not the line turns out to be a copy.
    pub fn see<S: LedgerLookup>(
        &mut self,
        sighting: &Sighting,
        scene: Scene,
        batch: &mut Batch,
        shelf: &S,
    ) -> Result<(), S::Error> {
        let seen = sighting.seen;
        if self.sessions.entry(seen.session).or_default().see(seen.when, scene, &self.names) {
            batch.sessions.insert(seen.session);
        }
        if let Some(run) = seen.run {
            batch.run(RunKey { session: seen.session, run }, shelf)?.see(seen.when);
        }
        Ok(())
    }

    /// Notes a session's title.
    pub fn title(&mut self, title: &Title<'_>, batch: &mut Batch) {
        let id = self.names.sessions.id(title.session.as_bytes());
        if self.sessions.entry(id).or_default().titled(title) {
            batch.sessions.insert(id);
        }
    }

    /// Notes what Claude Code's own counter says of a session.
    pub fn counter(&mut self, session: &str, counter: &Counter, batch: &mut Batch) {
        let id = self.names.sessions.id(session.as_bytes());
        if self.sessions.entry(id).or_default().counted(counter) {
            batch.sessions.insert(id);
        }
    }

    /// Notes what sort of agent a run is.
    pub fn kind<S: LedgerLookup>(
        &mut self,
        key: RunKey,
        kind: &str,
        batch: &mut Batch,
        shelf: &S,
    ) -> Result<(), S::Error> {
        batch.run(key, shelf)?.kind = Some(kind.to_owned());
        Ok(())
    }

    /// Brings the buckets and runs that are about to change into the batch.
    fn load<'a, S: LedgerLookup>(
        shares: impl Iterator<Item = &'a Share>,
        batch: &mut Batch,
        shelf: &S,
    ) -> Result<(), S::Error> {
        for Share { bucket, run, .. } in shares {
            if !batch.buckets.contains_key(bucket) {
                batch.buckets.insert(*bucket, shelf.bucket(*bucket)?.unwrap_or_default());
            }
            if let Some(run) = run {
                batch.run(*run, shelf)?;
            }
        }
        Ok(())
    }

    fn add(&mut self, share: &Share, batch: &mut Batch) {
        self.total.add(&share.charge);
        self.sessions.entry(share.bucket.session).or_default().add(share);
        self.touch(share, batch, Bucket::add, Run::add);
    }

    fn take(&mut self, share: &Share, batch: &mut Batch) {
        self.total.take(&share.charge);
        self.sessions.entry(share.bucket.session).or_default().take(share);
        self.touch(share, batch, Bucket::take, Run::take);
    }

    fn touch(
        &mut self,
        share: &Share,
        batch: &mut Batch,
        change_bucket: impl FnOnce(&mut Bucket, &Share),
        change_run: impl FnOnce(&mut Run, &Share),
    ) {
        let bucket = batch.buckets.get_mut(&share.bucket).expect("loaded before it changes");
        change_bucket(bucket, share);
        self.recent.put(share.bucket, bucket);
        let slot = share.bucket.slot;
        self.touched = Some(self.touched.map_or(slot, |touched| touched.min(slot)));
        if let Some(run) = share.run {
            change_run(batch.runs.get_mut(&run).expect("loaded before it changes"), share);
        }
        batch.sessions.insert(share.bucket.session);
    }
}
