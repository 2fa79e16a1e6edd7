//! Prepares the rows that are shared with a team.

use rustc_hash::FxHashMap;
use token_monitor_core::interner::SessionId;
use token_monitor_core::team::{CollectedRow, MAX_ROWS, SharedSession, SharingLevel, TeamRowCollector};
use token_monitor_store::{OutboxRows, Preparation, Store, StoreError, TeamDestination, UtcDay};

use crate::actor::state::Actor;
use crate::api::{ApiError, Response, TeamBatch, TeamRequest};
use crate::ledger_store::LedgerStore;

impl Actor {
    pub(super) fn handle_team_request(&mut self, request: TeamRequest) -> Result<Response, ApiError> {
        let handled = match request {
            TeamRequest::Prepare { destination } => return self.prepare_team_batch(&destination, Preparation::Stored),
            TeamRequest::Preview { destination } => return self.prepare_team_batch(&destination, Preparation::Preview),
            TeamRequest::Confirm { generation, rows } => self.writable_store()?.confirm_team_rows(generation, &rows),
            TeamRequest::Restart { destination, generation } => {
                self.writable_store()?.restart_team_sharing(&destination, generation)
            }
            TeamRequest::Stop => self.writable_store()?.stop_team_sharing(),
            TeamRequest::ReportBudgets { reached } => {
                self.alerts.team_budgets = reached;
                self.evaluate_alerts();
                Ok(())
            }
        };
        self.check_written(handled)?;
        Ok(Response::Done)
    }

    /// Returns the store, if it can be written.
    fn writable_store(&mut self) -> Result<&mut Store, ApiError> {
        self.check_store_file()?;
        self.storage.check_writable()?;
        Ok(&mut self.storage.ledger_store.store)
    }

    fn prepare_team_batch(
        &mut self,
        destination: &TeamDestination,
        preparation: Preparation,
    ) -> Result<Response, ApiError> {
        self.writable_store()?;
        // Rows are made of what is written.
        self.commit_now();
        self.storage.check_writable()?;
        let prepared = prepare_rows(&mut self.storage.ledger_store, destination, preparation);
        let (OutboxRows { state, previous_revision, rows }, skipped_rows) = self.check_written(prepared)?;
        Ok(Response::TeamBatch(Box::new(TeamBatch {
            generation: state.generation,
            is_confirmed: state.is_confirmed,
            previous_revision,
            rows,
            skipped_rows,
        })))
    }

    /// Starts an outage if the store could not be written.
    fn check_written<T>(&mut self, result: Result<T, StoreError>) -> Result<T, ApiError> {
        result.map_err(|error| {
            if matches!(error, StoreError::Disk { .. }) {
                let effects = self.storage.note_error(&error);
                self.apply(effects);
            }
            error.into()
        })
    }
}

/// Returns the next rows, and the number of rows that were left out.
fn prepare_rows(
    ledger_store: &mut LedgerStore,
    destination: &TeamDestination,
    preparation: Preparation,
) -> Result<(OutboxRows, usize), StoreError> {
    let mut days = ledger_store.store.team_days(destination)?.into_iter();
    let mut sessions = FxHashMap::default();
    let mut skipped = 0;
    loop {
        let mut collected = Vec::new();
        let mut count = 0;
        for day in days.by_ref() {
            let (rows, left_out) = collect_day(ledger_store, day, destination.level, &mut sessions)?;
            count += rows.len();
            skipped += left_out;
            collected.push((day, rows));
            if count >= MAX_ROWS {
                break;
            }
        }
        let is_last = days.len() == 0;
        let prepared = ledger_store.store.prepare_team_rows(destination, &collected, MAX_ROWS, preparation)?;
        if is_last || !prepared.rows.is_empty() {
            return Ok((prepared, skipped));
        }
    }
}

/// Returns the rows of a day as they should be at the receiver, and the number of those that were left out.
fn collect_day(
    ledger_store: &LedgerStore,
    day: UtcDay,
    level: SharingLevel,
    sessions: &mut FxHashMap<SessionId, SharedSession>,
) -> Result<(Vec<CollectedRow>, usize), StoreError> {
    let ledger = &ledger_store.ledger;
    let mut collector = TeamRowCollector::new(level);
    for row in ledger_store.store.bucket_sums(day.slots(), |_| true)? {
        let (key, sum) = row?;
        let session = sessions.entry(key.session).or_insert_with(|| shared_session(ledger_store, key.session));
        collector.add(key.slot, &ledger.names.models.text_of(key.model), session, &sum);
    }
    Ok(collector.finish())
}

fn shared_session(ledger_store: &LedgerStore, id: SessionId) -> SharedSession {
    let ledger = &ledger_store.ledger;
    let uuid = ledger.names.sessions.text_of(id);
    let metadata = ledger_store.session_metadata.get(&uuid);
    ledger.sessions.get(&id).map_or_else(SharedSession::default, |session| {
        SharedSession::new(uuid.clone(), session, metadata, &ledger.names)
    })
}
