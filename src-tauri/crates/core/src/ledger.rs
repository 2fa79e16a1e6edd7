//! Counts sightings, each message once.
//!
//! Pure: it is handed what a store knows and leaves behind what a store should write. Totals by session, by day,
//! by block and by model cannot disagree, because all of them are moved by the same [`Share`] in the same step.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::bucket::{Bucket, BucketKey};
use crate::key::Key;
use crate::line::Title;
use crate::message::{Message, Share, Sighting};
use crate::names::{Names, ProjectId, SessionId};
use crate::recent::Recent;
use crate::session::Session;
use crate::tokens::Sum;

/// Where messages and buckets counted before are looked up.
pub trait Shelf {
    /// Why a look-up may fail.
    type Error;
    /// A message, if it was ever counted.
    fn message(&self, key: Key) -> Result<Option<Message>, Self::Error>;
    /// A bucket, if anything was ever counted in it.
    fn bucket(&self, key: BucketKey) -> Result<Option<Bucket>, Self::Error>;
}

/// What changed since the last commit.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// Messages, as they are now.
    pub messages: FxHashMap<Key, Message>,
    /// Buckets, as they are now; an empty one is to be removed.
    pub buckets: FxHashMap<BucketKey, Bucket>,
    /// Sessions whose row changed.
    pub sessions: FxHashSet<SessionId>,
}

impl Batch {
    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.messages.is_empty() && self.buckets.is_empty() && self.sessions.is_empty()
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
}

impl Ledger {
    /// A ledger from what a store holds.
    pub fn new(names: Names, sessions: FxHashMap<SessionId, Session>, recent: Recent) -> Self {
        let total = sessions.values().fold(Sum::default(), |mut total, session| {
            total.join(&session.sum());
            total
        });
        Self { names, sessions, recent, total }
    }

    /// Counts one sighting.
    pub fn count<S: Shelf>(&mut self, sighting: &Sighting, batch: &mut Batch, shelf: &S) -> Result<(), S::Error> {
        let known = match batch.messages.get(&sighting.key) {
            Some(known) => Some(*known),
            None => shelf.message(sighting.key)?,
        };
        let message = Message::merged(known, sighting, &self.names);
        if known == Some(message) {
            return Ok(());
        }
        let (before, after) = (known.map(|known| known.share()), message.share());
        if before != Some(after) {
            self.load(before.iter().chain([&after]), batch, shelf)?;
            if let Some(before) = &before {
                self.take(before, batch);
            }
            self.add(&after, batch);
        }
        batch.messages.insert(sighting.key, message);
        Ok(())
    }

    /// Notes when and where a session ran, whether or not the line turns out to be a copy.
    pub fn see(&mut self, sighting: &Sighting, project: Option<ProjectId>, batch: &mut Batch) {
        let seen = sighting.seen;
        let session = self.sessions.entry(seen.session).or_default();
        let moved = project.is_some_and(|project| session.ran_in(seen.when, project, &self.names));
        if session.see(seen.when) || moved {
            batch.sessions.insert(seen.session);
        }
    }

    /// Notes a session's title.
    pub fn title(&mut self, title: &Title<'_>, batch: &mut Batch) {
        let id = self.names.sessions.id(title.session.as_bytes());
        if self.sessions.entry(id).or_default().titled(title) {
            batch.sessions.insert(id);
        }
    }

    /// Brings the buckets that are about to change into the batch.
    fn load<'a, S: Shelf>(
        &self,
        shares: impl Iterator<Item = &'a Share>,
        batch: &mut Batch,
        shelf: &S,
    ) -> Result<(), S::Error> {
        for Share { bucket, .. } in shares {
            if !batch.buckets.contains_key(bucket) {
                batch.buckets.insert(*bucket, shelf.bucket(*bucket)?.unwrap_or_default());
            }
        }
        Ok(())
    }

    fn add(&mut self, share: &Share, batch: &mut Batch) {
        self.total.add(share.usage);
        self.sessions.entry(share.bucket.session).or_default().add(share);
        self.touch(share, batch, Bucket::add);
    }

    fn take(&mut self, share: &Share, batch: &mut Batch) {
        self.total.take(share.usage);
        self.sessions.entry(share.bucket.session).or_default().take(share);
        self.touch(share, batch, Bucket::take);
    }

    fn touch(&mut self, share: &Share, batch: &mut Batch, change: impl FnOnce(&mut Bucket, &Share)) {
        let bucket = batch.buckets.get_mut(&share.bucket).expect("loaded before it changes");
        change(bucket, share);
        self.recent.put(share.bucket, bucket);
        batch.sessions.insert(share.bucket.session);
    }
}
