//! The ledger and the store, kept in step.
//!
//! Harvests are counted in memory at once and written in batches. A failed write is never repeated: the books are
//! closed and opened again, because only the file knows whether the write arrived, and what it lacks is read from
//! the logs once more.

use std::ops::Range;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use rustc_hash::{FxHashMap, FxHashSet};
use token_monitor_core::alerts::AlertState;
use token_monitor_core::blocks::{Anchor, Block, Blocks, Edges};
use token_monitor_core::interner::{LogId, RunId, SessionId};
use token_monitor_core::ledger::{Batch, BucketKey, Ledger, Run, RunKey};
use token_monitor_core::pricing::Pricing;
use token_monitor_core::quota::{Quota, Reading};
use token_monitor_core::rates::{Backtest, Replay};
use token_monitor_core::report::model::{AlertRow, SessionMetadata};
use token_monitor_core::report::{Given, known_edges};
use token_monitor_core::time::{Slot, Timestamp};
use token_monitor_core::tokens::Sum;
use token_monitor_core::transcript::{Cursor, Tally, Title, TitleKind, read_limit};
use token_monitor_store::{Changes, Safety, Store, StoreError};

use crate::ingest::parsed_chunk::{Harvest, LeafTitle};
use crate::ingest::title_resolver::Named;

/// As many messages are counted before a batch is written while a large history is read.
const LARGE_BATCH: usize = 50_000;

/// The open books.
pub(crate) struct Books {
    store: Store,
    /// What is counted.
    pub(crate) ledger: Ledger,
    /// What people gave their sessions.
    pub(crate) given: Given,
    /// The vendor's own figures.
    pub(crate) quota: Quota,
    /// The windows whose times it knows.
    pub(crate) known: Vec<Edges>,
    /// Titles whose sessions are still to be found, and the logs they stand in.
    pub(crate) summaries: Vec<(PathBuf, LeafTitle)>,
    cursors: FxHashMap<LogId, Cursor>,
    batch: Batch,
    moved: FxHashMap<LogId, Option<Cursor>>,
}

impl Books {
    /// Opens the books at an instant. Costs that were worked out by other prices are worked out anew.
    pub(crate) fn open(path: &Path, pricing: Pricing, now: Timestamp) -> Result<Self, StoreError> {
        let mut store = Store::open(path)?;
        let loaded = store.load()?;
        let mut ledger = Ledger::new(loaded.names, loaded.sessions, store.recent(now)?, pricing);
        let priced = loaded.priced_by == Some(ledger.pricing.fingerprint(&ledger.names));
        if !priced && !ledger.sessions.is_empty() {
            store.reprice(&mut ledger)?;
            ledger.recent = store.recent(now)?;
        }
        let given = store.all_metadata()?.into_iter();
        let given = given.map(|metadata| (metadata.uuid.clone(), metadata)).collect();
        let mut books = Self {
            store,
            ledger,
            given,
            quota: Quota::default(),
            known: Vec::new(),
            summaries: Vec::new(),
            cursors: loaded.cursors,
            batch: Batch::default(),
            moved: FxHashMap::default(),
        };
        books.recall_readings(now)?;
        Ok(books)
    }

    fn recall_readings(&mut self, now: Timestamp) -> Result<(), StoreError> {
        let readings = self.store.readings()?;
        for reading in &readings {
            self.quota.take(reading.clone(), now);
        }
        let stale: Vec<Reading> = readings.into_iter().filter(|reading| !self.quota.needs(reading)).collect();
        if !stale.is_empty() {
            self.store.drop_readings(&stale)?;
        }
        self.known = known_edges(&self.quota);
        Ok(())
    }

    /// Takes a reading of the vendor's quota. Says whether it was news.
    pub(crate) fn read_quota(&mut self, reading: Reading, now: Timestamp) -> bool {
        let news = self.quota.take(reading.clone(), now);
        if news {
            self.batch.readings.push(reading);
            self.known = known_edges(&self.quota);
        }
        news
    }

    /// Works out all costs anew, unless the new prices are the same for all models there are.
    pub(crate) fn reprice(&mut self, pricing: Pricing, now: Timestamp) -> Result<(), StoreError> {
        let print = |pricing: &Pricing| pricing.fingerprint(&self.ledger.names);
        let same = print(&pricing) == print(&self.ledger.pricing);
        self.commit(Safety::Durable)?;
        self.ledger.pricing = pricing;
        if !same {
            self.store.reprice(&mut self.ledger)?;
            self.ledger.recent = self.store.recent(now)?;
        }
        Ok(())
    }

    /// How far a log is read.
    pub(crate) fn cursor(&self, path: &Path) -> Option<&Cursor> {
        self.cursors.get(&self.ledger.names.logs.known(bytes(path))?)
    }

    /// Counts a harvest. Times that a limit message tells without a zone are the viewer's.
    pub(crate) fn count(&mut self, harvest: &Harvest, zone: chrono_tz::Tz, now: Timestamp) -> Result<(), StoreError> {
        let log = self.ledger.names.logs.id(bytes(&harvest.path));
        let mut runs = FxHashSet::default();
        for (sighting, scene) in harvest.sightings(log, &mut self.ledger.names) {
            self.ledger.see(&sighting, scene, &mut self.batch, &self.store)?;
            self.ledger.count(&sighting, &mut self.batch, &self.store)?;
            runs.extend(sighting.seen.run.map(|run| RunKey { session: sighting.seen.session, run }));
        }
        for (kind, run) in harvest.kind.iter().flat_map(|kind| runs.iter().map(move |run| (kind, run))) {
            self.ledger.kind(*run, kind, &mut self.batch, &self.store)?;
        }
        for title in harvest.titles() {
            self.ledger.title(&title, &mut self.batch);
        }
        for (session, counter) in &harvest.counters {
            self.ledger.counter(session, counter, &mut self.batch);
        }
        for (when, text) in &harvest.notices {
            let limit = read_limit(text, *when, zone);
            if let Some(reading) = limit.and_then(|limit| limit.reading(*when)) {
                self.read_quota(reading, now);
            }
        }
        self.summaries.extend(harvest.summaries.iter().map(|title| (harvest.path.clone(), title.clone())));
        if self.cursors.insert(log, harvest.cursor) != Some(harvest.cursor) {
            self.moved.insert(log, Some(harvest.cursor));
        }
        Ok(())
    }

    /// Notes the titles whose sessions were found.
    pub(crate) fn name_all(&mut self, named: &[Named]) {
        for Named { session, title } in named {
            let LeafTitle { text, offset, .. } = title;
            let title = Title { session, text, kind: TitleKind::Summary, when: None, offset: *offset };
            self.ledger.title(&title, &mut self.batch);
        }
    }

    /// Forgets the cursors of logs that are gone. What was counted from them stays.
    pub(crate) fn forget_logs(&mut self, is_gone: impl Fn(&Path) -> bool) {
        let names = &self.ledger.names.logs;
        let gone: Vec<LogId> =
            self.cursors.keys().copied().filter(|&log| is_gone(&path_of(names.spelling(log)))).collect();
        for log in gone {
            self.cursors.remove(&log);
            self.moved.insert(log, None);
        }
    }

    /// Whether something waits to be written.
    pub(crate) fn is_dirty(&self) -> bool {
        !self.batch.is_empty() || !self.moved.is_empty()
    }

    /// Whether so much waits that it had better be written.
    pub(crate) fn is_full(&self) -> bool {
        self.batch.messages.len() >= LARGE_BATCH
    }

    /// Writes what waits.
    pub(crate) fn commit(&mut self, safety: Safety) -> Result<(), StoreError> {
        if self.is_dirty() {
            self.store.write(&self.batch, &self.ledger, &self.moved, safety)?;
            self.batch = Batch::default();
            self.moved = FxHashMap::default();
        }
        Ok(())
    }

    /// Gathers the last days anew, where they no longer reach back far enough or reach back too far.
    pub(crate) fn refresh(&mut self, now: Timestamp) -> Result<(), StoreError> {
        if self.ledger.recent.is_torn() || self.ledger.recent.is_overgrown(now) {
            self.commit(Safety::Durable)?;
            self.ledger.recent = self.store.recent(now)?;
        }
        Ok(())
    }

    /// Changes what a person added to a session.
    pub(crate) fn describe(
        &mut self,
        id: SessionId,
        changes: Changes,
        now: DateTime<Utc>,
    ) -> Result<SessionMetadata, StoreError> {
        let session = self.ledger.names.sessions.text(id);
        let project = self.ledger.sessions.get(&id).and_then(|session| session.project);
        let project = project.map(|(_, project)| self.ledger.names.projects.text(project));
        let metadata = self.store.describe(&session, changes, project, now)?;
        self.given.insert(session, metadata.clone());
        Ok(metadata)
    }

    /// The session that was given a name.
    pub(crate) fn named(&self, name: &str) -> Result<Option<String>, StoreError> {
        self.store.named(name)
    }

    /// Whether something waits to be written that is too old for what is kept in memory, or that shows that this does
    /// not begin with a pause.
    pub(crate) fn waits_before_recent(&self) -> bool {
        let recent = &self.ledger.recent;
        recent.is_torn() || self.batch.buckets.keys().any(|key| key.slot < recent.start())
    }

    /// The blocks and gaps before a slot, as far as they are written.
    pub(crate) fn blocks_before(&self, until: Slot, anchor: Anchor) -> Result<Vec<Block>, StoreError> {
        let mut blocks = Blocks::new(anchor, &self.known);
        for row in self.store.buckets(Slot(i32::MIN)..until)? {
            let (key, bucket) = row?;
            blocks.add(&key, &bucket);
        }
        Ok(blocks.finish())
    }

    /// Goes through the sums of a range's buckets that are wanted, in order of time: the older ones as far as they are
    /// written, the recent ones as they are.
    pub(crate) fn each_sum(
        &self,
        slots: Range<Slot>,
        wanted: impl Fn(&BucketKey) -> bool,
        mut take: impl FnMut(&BucketKey, &Sum),
    ) -> Result<(), StoreError> {
        let recent = &self.ledger.recent;
        let older = slots.start..slots.end.min(recent.start());
        if older.start < older.end {
            for row in self.store.sums(older, &wanted)? {
                let (key, sum) = row?;
                take(&key, &sum);
            }
        }
        let rows = recent.since(slots.start).take_while(|(key, _)| key.slot < slots.end);
        rows.filter(|(key, _)| wanted(key)).for_each(|(key, bucket)| take(key, &bucket.sum));
        Ok(())
    }

    /// How good the forecast was on the blocks that are over, as far as they are written.
    pub(crate) fn backtest(&self, anchor: Anchor, now: Timestamp) -> Result<Backtest, StoreError> {
        let mut replay = Replay::new(anchor, &self.known);
        for row in self.store.all_buckets()? {
            let (key, bucket) = row?;
            replay.add(key, bucket);
        }
        Ok(replay.finish(now))
    }

    /// The runs of a session's subagents, as far as they are written.
    pub(crate) fn runs_of(&self, session: SessionId) -> Result<Vec<(RunId, Run)>, StoreError> {
        self.store.runs_of(session)
    }

    /// How much was read of the logs there are, and what was found in them.
    pub(crate) fn read_so_far(&self) -> (u64, Tally) {
        let mut all = (0, Tally::default());
        for cursor in self.cursors.values() {
            all.0 += cursor.offset;
            all.1.join(&cursor.tally);
        }
        all
    }

    /// How many messages were ever counted.
    pub(crate) fn message_count(&self) -> u64 {
        self.ledger.total.messages
    }

    /// The settings a person saved.
    pub(crate) fn settings(&self) -> Result<std::collections::BTreeMap<String, String>, StoreError> {
        self.store.settings()
    }

    /// Saves a setting, or forgets it.
    pub(crate) fn save_setting(&mut self, key: &str, json: Option<&str>) -> Result<(), StoreError> {
        self.store.save_setting(key, json)
    }

    /// What is known of alerts.
    pub(crate) fn alert_state(&self) -> Result<Option<AlertState>, StoreError> {
        self.store.alert_state()
    }

    /// Past alerts, the latest first.
    pub(crate) fn alerts(&self, limit: usize) -> Result<Vec<AlertRow>, StoreError> {
        self.store.alerts(limit)
    }

    /// One alert.
    pub(crate) fn alert(&self, id: u64) -> Result<Option<AlertRow>, StoreError> {
        self.store.alert(id)
    }

    /// The number the next alert gets.
    pub(crate) fn next_alert(&self) -> Result<u64, StoreError> {
        self.store.next_alert()
    }

    /// The number of the last alert that somebody has seen in the list.
    pub(crate) fn alerts_seen(&self) -> Result<u64, StoreError> {
        self.store.alerts_seen()
    }

    /// Notes the number of the last alert that somebody has seen in the list.
    pub(crate) fn see_alerts(&mut self, last: u64) -> Result<(), StoreError> {
        self.store.see_alerts(last)
    }

    /// Writes what is known of alerts and the alerts that came of it.
    pub(crate) fn write_alerts(&mut self, state: &AlertState, rows: &[AlertRow]) -> Result<(), StoreError> {
        self.store.write_alerts(state, rows)
    }

    /// Writes what became of alerts.
    pub(crate) fn put_alerts(&mut self, rows: &[AlertRow]) -> Result<(), StoreError> {
        self.store.put_alerts(rows)
    }

    /// Where they are.
    pub(crate) fn path(&self) -> &Path {
        self.store.path()
    }

    /// Gives the space back that a large import left.
    pub(crate) fn compact(&mut self) -> Result<(), StoreError> {
        self.commit(Safety::Durable)?;
        self.store.compact()
    }

    /// Writes what waits and closes them.
    pub(crate) fn close(mut self) -> Result<(), StoreError> {
        self.commit(Safety::Durable)?;
        self.store.close()
    }

    /// Drops what is in memory and reads the file again.
    pub(crate) fn reopen(&mut self, now: Timestamp) -> Result<(), StoreError> {
        let (path, pricing) = (self.path().to_owned(), self.ledger.pricing.clone());
        self.store.let_go();
        *self = Self::open(&path, pricing, now)?;
        Ok(())
    }
}

#[cfg(unix)]
fn bytes(path: &Path) -> &[u8] {
    std::os::unix::ffi::OsStrExt::as_bytes(path.as_os_str())
}

#[cfg(unix)]
fn path_of(bytes: &[u8]) -> PathBuf {
    PathBuf::from(<std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(bytes))
}

#[cfg(not(unix))]
fn bytes(path: &Path) -> &[u8] {
    path.as_os_str().as_encoded_bytes()
}

#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}
