//! The ledger in memory and the store on disk, kept consistent.
//!
//! Parsed chunks are counted in memory at once and written in batches, together with the cursors of their logs. A
//! failed write is not repeated: the store is reopened, because only the file shows whether the write succeeded, and
//! missing messages are read from the logs again.

mod quota;

use std::ops::Range;
use std::path::Path;

use chrono::{DateTime, Utc};
use rustc_hash::{FxHashMap, FxHashSet};
use token_monitor_core::blocks::{Block, BlockEdges, BlockPlacement, BlockPlacer};
use token_monitor_core::interner::{LogId, SessionId};
use token_monitor_core::ledger::{Batch, Bucket, BucketKey, Contribution, Ledger, SubagentRunKey};
use token_monitor_core::pricing::CostCalculator;
use token_monitor_core::quota::{AccountId, AccountQuotas, CurrentAccounts, Reading};
use token_monitor_core::rates::{Backtest, BacktestRunner};
use token_monitor_core::report::model::SessionMetadata;
use token_monitor_core::report::{SessionMetadataMap, known_blocks};
use token_monitor_core::time::{Slot, Timestamp};
use token_monitor_core::tokens::UsageSum;
use token_monitor_core::transcript::{Cursor, ParseStats, Title, TitleKind, parse_limit_message};
use token_monitor_store::{MetadataPatch, Safety, Store, StoreError, StoredTotals};

use crate::ingest::orphan_titles::OrphanTitles;
use crate::ingest::parsed_chunk::{OwnedNotice, ParsedChunk, PendingTitle};
use crate::ingest::title_resolver::ResolvedTitle;
use crate::loaded_ledger::LoadedLedger;
use crate::platform;

/// The number of messages after which a batch is written during an import.
const MAX_BATCH_MESSAGES: usize = 50_000;

/// The ledger and its open store.
pub(crate) struct LedgerStore {
    pub(crate) store: Store,
    /// The counted messages.
    pub(crate) ledger: Ledger,
    /// The metadata users added to sessions.
    pub(crate) session_metadata: SessionMetadataMap,
    /// The official quota readings.
    pub(crate) quota: AccountQuotas,
    /// The accounts in use.
    pub(crate) accounts: CurrentAccounts,
    /// The limit windows of the account used last whose times Claude Code reported.
    pub(crate) confirmed_windows: Vec<BlockEdges>,
    /// The titles of sessions that are named by a message.
    pub(crate) orphan_titles: OrphanTitles,
    /// True until all logs were read again by the current rules, after an update of the program.
    is_reread_pending: bool,
    /// True if commits were made that become durable with the next durable one.
    has_deferred_commits: bool,
    cursors: FxHashMap<LogId, Cursor>,
    batch: Batch,
    /// The cursors to write with the batch; None to delete one.
    pending_cursors: FxHashMap<LogId, Option<Cursor>>,
}

impl LedgerStore {
    /// Opens the store and loads the ledger. Recomputes all costs if they were computed with other prices.
    pub(crate) fn open(path: &Path, pricing: CostCalculator, now: Timestamp) -> Result<Self, StoreError> {
        Self::check_and_load(Store::open(path)?, pricing, now)
    }

    /// Opens the store like [`Self::open`], but does not write to its file before something is to be saved.
    pub(crate) fn open_to_read(path: &Path, pricing: CostCalculator, now: Timestamp) -> Result<Self, StoreError> {
        Self::check_and_load(Store::open_to_read(path)?, pricing, now)
    }

    fn check_and_load(mut store: Store, pricing: CostCalculator, now: Timestamp) -> Result<Self, StoreError> {
        if store.is_check_due(now)? {
            // Nothing was loaded yet, so a repair needs no reload.
            store.check_integrity(now)?;
        }
        Self::load(store, pricing, now)
    }

    /// Loads the ledger from an open store. Recomputes all costs if they were computed with other prices.
    pub(crate) fn load(mut store: Store, pricing: CostCalculator, now: Timestamp) -> Result<Self, StoreError> {
        let LoadedLedger { ledger, orphan_titles, cursors, is_reread_pending } =
            LoadedLedger::load(&mut store, pricing, now)?;
        let metadata = store.all_metadata()?.into_iter();
        let session_metadata = metadata.map(|metadata| (metadata.uuid.clone(), metadata)).collect();
        let mut ledger_store = Self {
            store,
            ledger,
            session_metadata,
            quota: AccountQuotas::default(),
            accounts: CurrentAccounts::default(),
            confirmed_windows: Vec::new(),
            orphan_titles,
            is_reread_pending,
            has_deferred_commits: false,
            cursors,
            batch: Batch::default(),
            pending_cursors: FxHashMap::default(),
        };
        ledger_store.load_quota(now)?;
        Ok(ledger_store)
    }

    /// Recomputes all costs, unless the prices of all known models stay the same.
    pub(crate) fn reprice(&mut self, pricing: CostCalculator, now: Timestamp) -> Result<(), StoreError> {
        let fingerprint = |pricing: &CostCalculator| pricing.fingerprint(&self.ledger.names);
        let same = fingerprint(&pricing) == fingerprint(&self.ledger.pricing);
        self.commit(Safety::Durable)?;
        self.ledger.pricing = pricing;
        if !same {
            self.store.reprice(&mut self.ledger)?;
            self.ledger.recent = self.store.load_recent(now)?;
        }
        Ok(())
    }

    /// Returns the cursor of a log; None if the log was never read.
    pub(crate) fn cursor_of(&self, path: &Path) -> Option<&Cursor> {
        self.cursors.get(&self.ledger.names.logs.get(platform::path_to_bytes(path))?)
    }

    /// Counts a chunk of a log of `account`. Times in limit messages without a zone are in `zone`.
    pub(crate) fn count_chunk(
        &mut self,
        chunk: &ParsedChunk,
        account: Option<AccountId>,
        zone: chrono_tz::Tz,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let log = self.ledger.names.logs.intern(platform::path_to_bytes(&chunk.path));
        let mut runs = FxHashSet::default();
        for (observation, context) in chunk.observations(log, &mut self.ledger.names) {
            self.ledger.record_activity(&observation, context, &mut self.batch, &self.store)?;
            self.ledger.count_message(&observation, &mut self.batch, &self.store)?;
            let occurrence = &observation.occurrence;
            self.accounts
                .sessions
                .extend(account.filter(|_| self.accounts.are_several()).map(|account| (occurrence.session, account)));
            runs.extend(occurrence.run.map(|run| SubagentRunKey { session: occurrence.session, run }));
        }
        for (kind, run) in chunk.agent_type.iter().flat_map(|kind| runs.iter().map(move |run| (kind, run))) {
            self.ledger.set_agent_type(*run, kind, &mut self.batch, &self.store)?;
        }
        for title in chunk.titles() {
            self.ledger.set_title(&title, &mut self.batch);
        }
        for (session, counter) in &chunk.reported_totals {
            self.ledger.set_reported_totals(session, counter, &mut self.batch);
        }
        for notice in chunk.notices.iter().map(OwnedNotice::as_notice) {
            let limits = parse_limit_message(&notice, zone).into_iter();
            for reading in limits.filter_map(|limit| limit.to_reading(notice.when)) {
                self.record_quota_reading(Reading { account, ..reading }, now);
            }
        }
        for (session, folder, when) in &chunk.folders {
            self.ledger.set_folder(session, folder, *when, &mut self.batch);
        }
        for (session, link) in &chunk.pull_requests {
            self.ledger.add_pull_request(session, link.clone(), &mut self.batch);
        }
        for (session, when) in &chunk.compactions {
            self.ledger.record_compaction(session, *when, &mut self.batch);
        }
        for reading in &chunk.window_ends {
            self.record_quota_reading(Reading { account, ..reading.clone() }, now);
        }
        for title in &chunk.pending_titles {
            self.batch.orphan_titles.extend(self.orphan_titles.add(&chunk.path, log, title));
        }
        if self.cursors.insert(log, chunk.cursor) != Some(chunk.cursor) {
            self.pending_cursors.insert(log, Some(chunk.cursor));
        }
        Ok(())
    }

    /// Sets the titles whose sessions were found.
    pub(crate) fn apply_titles(&mut self, titles: &[ResolvedTitle]) {
        for ResolvedTitle { session, title } in titles {
            let PendingTitle { text, offset, .. } = title;
            let title = Title { session, text, kind: TitleKind::Summary, when: None, offset: *offset };
            self.ledger.set_title(&title, &mut self.batch);
        }
        self.batch.orphan_titles.extend(self.orphan_titles.finish_search());
    }

    /// Corrects the starts of forks once all logs were read again, after an update of the program. Earlier versions
    /// counted copied lines in the fork.
    pub(crate) fn finish_reread(&mut self) -> Result<(), StoreError> {
        if !self.is_reread_pending {
            return Ok(());
        }
        self.commit(Safety::Durable)?;
        let starts = self.store.session_starts()?;
        self.ledger.correct_fork_starts(&starts, &mut self.batch);
        self.commit(Safety::Durable)?;
        self.store.finish_reread()?;
        self.is_reread_pending = false;
        Ok(())
    }

    /// Returns the number of known logs in a folder.
    pub(crate) fn known_logs_below(&self, folder: &Path) -> u64 {
        let names = &self.ledger.names.logs;
        let is_below = |log: &&LogId| platform::path_from_bytes(names.bytes_of(**log)).starts_with(folder);
        self.cursors.keys().filter(is_below).count() as u64
    }

    /// Removes the cursors of missing logs. Messages counted from them stay.
    pub(crate) fn forget_missing_logs(&mut self, is_missing: impl Fn(&Path) -> bool) {
        let names = &self.ledger.names.logs;
        let missing: Vec<LogId> = self
            .cursors
            .keys()
            .copied()
            .filter(|&log| is_missing(&platform::path_from_bytes(names.bytes_of(log))))
            .collect();
        for log in missing {
            self.cursors.remove(&log);
            self.pending_cursors.insert(log, None);
        }
    }

    /// Returns true if there are unwritten changes.
    pub(crate) fn is_dirty(&self) -> bool {
        !self.batch.is_empty() || !self.pending_cursors.is_empty()
    }

    /// Returns true if the batch has reached its maximum size.
    pub(crate) fn is_full(&self) -> bool {
        self.batch.messages.len() >= MAX_BATCH_MESSAGES
    }

    /// Writes all changes in one transaction.
    pub(crate) fn commit(&mut self, safety: Safety) -> Result<(), StoreError> {
        let must_sync = safety == Safety::Durable && self.has_deferred_commits;
        if self.is_dirty() || must_sync {
            self.store.write(&self.batch, &self.ledger, &self.pending_cursors, safety)?;
            self.has_deferred_commits = safety == Safety::Deferred;
            self.batch = Batch::default();
            self.pending_cursors = FxHashMap::default();
        }
        Ok(())
    }

    /// Reloads the recent buckets if they start too early, or without a gap before them. Commits before that.
    pub(crate) fn reload_recent_if_needed(&mut self, now: Timestamp) -> Result<(), StoreError> {
        if self.ledger.recent.misses_older_times() || self.ledger.recent.needs_trim(now) {
            self.commit(Safety::Durable)?;
            self.ledger.recent = self.store.load_recent(now)?;
        }
        Ok(())
    }

    /// Changes a session's metadata and returns the new one.
    pub(crate) fn update_metadata(
        &mut self,
        id: SessionId,
        changes: MetadataPatch,
        now: DateTime<Utc>,
    ) -> Result<SessionMetadata, StoreError> {
        let session = self.ledger.names.sessions.text_of(id);
        let project = self.ledger.sessions.get(&id).and_then(|session| session.project);
        let project = project.map(|(_, project)| self.ledger.names.projects.text_of(project));
        if let Some((first, last)) = self.ledger.sessions.get(&id).and_then(|session| session.span) {
            self.store.mark_session_days(first.slot()..=last.slot())?;
        }
        let metadata = self.store.update_metadata(&session, changes, project, now)?;
        self.session_metadata.insert(session, metadata.clone());
        Ok(metadata)
    }

    /// Returns true if there are unwritten changes older than the recent buckets, or changes that show that there is no gap
    /// before these.
    pub(crate) fn has_unwritten_history(&self) -> bool {
        let recent = &self.ledger.recent;
        recent.misses_older_times() || self.batch.buckets.keys().any(|key| key.slot < recent.start())
    }

    /// Returns the blocks and gaps of an account other than the one used last, without unwritten changes to older
    /// history.
    pub(crate) fn blocks_of_account(
        &self,
        account: AccountId,
        anchor: BlockPlacement,
    ) -> Result<Vec<Block>, StoreError> {
        let windows = self.quota.own(account).map(known_blocks).unwrap_or_default();
        let mut blocks = BlockPlacer::new(anchor, &windows);
        let is_own = |key: &BucketKey| self.accounts.is_session_of(key.session, account);
        for row in self.store.bucket_range(Slot(i32::MIN)..self.ledger.recent.start())? {
            let (key, bucket) = row?;
            if is_own(&key) {
                blocks.add_bucket(&key, &bucket);
            }
        }
        let recent = self.ledger.recent.iter().filter(|(key, _)| is_own(key));
        recent.for_each(|(key, bucket)| blocks.add_bucket(key, bucket));
        Ok(blocks.finish())
    }

    /// Returns the blocks and gaps of the account used last before a slot, without unwritten changes.
    pub(crate) fn blocks_before(&self, until: Slot, anchor: BlockPlacement) -> Result<Vec<Block>, StoreError> {
        let mut blocks = BlockPlacer::new(anchor, &self.confirmed_windows);
        for row in self.store.bucket_range(Slot(i32::MIN)..until)? {
            let (key, bucket) = row?;
            if self.is_of_primary_account(key.session) {
                blocks.add_bucket(&key, &bucket);
            }
        }
        Ok(blocks.finish())
    }

    /// Visits the sums of all buckets in a range that pass a filter, in order of time. Older buckets are read from the
    /// store, so unwritten changes to them are missing, see [`Self::has_unwritten_history`].
    pub(crate) fn for_each_sum(
        &self,
        slots: Range<Slot>,
        filter: impl Fn(&BucketKey) -> bool,
        mut visit: impl FnMut(&BucketKey, &UsageSum),
    ) -> Result<(), StoreError> {
        let recent = &self.ledger.recent;
        let older = slots.start..slots.end.min(recent.start());
        if older.start < older.end {
            for row in self.store.bucket_sums(older, &filter)? {
                let (key, sum) = row?;
                visit(&key, &sum);
            }
        }
        let rows = recent.from_slot(slots.start).take_while(|(key, _)| key.slot < slots.end);
        rows.filter(|(key, _)| filter(key)).for_each(|(key, bucket)| visit(key, &bucket.sum));
        Ok(())
    }

    /// Visits the buckets in a range that pass a filter, in order of time. Unwritten changes to older buckets are missing, as
    /// in [`Self::for_each_sum`].
    pub(crate) fn for_each_bucket(
        &self,
        slots: Range<Slot>,
        filter: impl Fn(&BucketKey) -> bool,
        mut visit: impl FnMut(&BucketKey, &Bucket),
    ) -> Result<(), StoreError> {
        let recent = &self.ledger.recent;
        let older = slots.start..slots.end.min(recent.start());
        if older.start < older.end {
            for row in self.store.bucket_range(older)? {
                let (key, bucket) = row?;
                if filter(&key) {
                    visit(&key, &bucket);
                }
            }
        }
        let rows = recent.from_slot(slots.start).take_while(|(key, _)| key.slot < slots.end);
        rows.filter(|(key, _)| filter(key)).for_each(|(key, bucket)| visit(key, bucket));
        Ok(())
    }

    /// Visits the contributions of all written messages, in an unspecified order.
    pub(crate) fn for_each_contribution(&self, mut visit: impl FnMut(&Contribution)) -> Result<(), StoreError> {
        for message in self.store.all_messages()? {
            visit(&message?.contribution(&self.ledger.pricing, &self.ledger.names));
        }
        Ok(())
    }

    /// Returns the accuracy of the forecast on completed blocks of the account used last, without unwritten changes.
    pub(crate) fn run_backtest(&self, anchor: BlockPlacement, now: Timestamp) -> Result<Backtest, StoreError> {
        let mut runner = BacktestRunner::new(anchor, &self.confirmed_windows);
        for row in self.store.all_buckets()? {
            let (key, bucket) = row?;
            if self.is_of_primary_account(key.session) {
                runner.add_bucket(key, bucket);
            }
        }
        Ok(runner.finish(now))
    }

    /// Returns the number of bytes read of the current logs, and their parse statistics.
    pub(crate) fn read_progress(&self) -> (u64, ParseStats) {
        let (mut bytes, mut stats) = (0, ParseStats::default());
        for cursor in self.cursors.values() {
            bytes += cursor.offset;
            stats.merge(&cursor.stats);
        }
        (bytes, stats)
    }

    /// Returns the number of messages ever counted.
    pub(crate) fn message_count(&self) -> u64 {
        self.ledger.total.messages
    }

    /// Commits and compacts the store, which frees the space of a large import.
    pub(crate) fn compact(&mut self) -> Result<(), StoreError> {
        self.commit(Safety::Durable)?;
        self.store.compact()
    }

    /// Commits, opens the store again with a small cache, and moves the ledger to another part of the heap. After a large
    /// import, it is scattered among the memory of what was read, which cannot be returned to the system.
    pub(crate) fn reload_after_import(&mut self, now: Timestamp) -> Result<(), StoreError> {
        self.commit(Safety::Durable)?;
        self.store.reopen()?;
        let pricing = self.ledger.pricing.clone();
        // Without a thread the ledger stays where it is.
        if let Some(loaded) = LoadedLedger::load_on_thread(&mut self.store, pricing, now)? {
            (self.ledger, self.orphan_titles, self.cursors) = (loaded.ledger, loaded.orphan_titles, loaded.cursors);
        }
        Ok(())
    }

    /// Commits and closes the store.
    pub(crate) fn close(mut self) -> Result<(), StoreError> {
        self.commit(Safety::Durable)?;
        self.store.close()
    }

    /// Drops the ledger and loads it from the file again. Unwritten changes are lost, except metadata, which is added
    /// to the file if it is missing there.
    pub(crate) fn reopen(&mut self, now: Timestamp) -> Result<(), StoreError> {
        let (path, pricing) = (self.store.path().to_owned(), self.ledger.pricing.clone());
        self.store.step_aside();
        match Self::open(&path, pricing, now) {
            Ok(reopened) => self.replace_by(reopened),
            Err(error) => {
                // If that fails too, lookups fail until the next attempt.
                let _ = self.store.resume();
                Err(error)
            }
        }
    }

    /// Replaces the ledger and its store by those of another file. Metadata in memory is added to it.
    pub(crate) fn replace_by(&mut self, mut other: Self) -> Result<(), StoreError> {
        other.merge_metadata(self.session_metadata.values().cloned())?;
        *self = other;
        Ok(())
    }

    /// Returns the totals that a copy of the store must have once all changes are written.
    pub(crate) fn stored_totals(&self) -> StoredTotals {
        StoredTotals::of_ledger(&self.ledger, self.session_metadata.len())
    }

    /// Adds the metadata of another copy of the store.
    pub(crate) fn merge_metadata(
        &mut self,
        others: impl IntoIterator<Item = SessionMetadata>,
    ) -> Result<(), StoreError> {
        self.store.merge_metadata(others)?;
        let metadata = self.store.all_metadata()?.into_iter();
        self.session_metadata = metadata.map(|metadata| (metadata.uuid.clone(), metadata)).collect();
        Ok(())
    }
}
