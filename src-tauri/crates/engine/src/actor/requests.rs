//! Handling requests of clients.

use chrono::NaiveDate;
use chrono_tz::Tz;
use token_monitor_core::blocks::{Block, BlockPlacement};
use token_monitor_core::report::model::{Grouping, HistoryBy, ReportQuery, SessionChanges};
use token_monitor_core::time::Timestamp;
use token_monitor_store::{MetadataPatch, Safety, StoreError, catch_panic};
use tracing::warn;

use crate::actor::effects::Effects;
use crate::actor::input::{Reply, send_reply};
use crate::actor::queries::{self, EngineView};
use crate::actor::reported_problems::ReportedProblems;
use crate::actor::state::Actor;
use crate::api::{ApiError, ErrorCode, Request, Response};
use crate::clock;

/// The result of a request.
type RequestResult = Result<Response, ApiError>;

impl Actor {
    /// Handles a request. A change is published before its response is sent.
    pub(super) fn handle_request(&mut self, request: Request, reply: Reply) {
        match request {
            Request::Sync => self.start_sync(reply),
            Request::TestAlert { rule } => self.send_test_alert(rule, reply),
            request => {
                let result = self.respond_or_report_damage(request);
                self.alerts.answer_finished_tests();
                send_reply(reply, result);
            }
        }
    }

    /// Responds to a request. A panic over impossible figures is an error of the store, which is checked after it.
    fn respond_or_report_damage(&mut self, request: Request) -> RequestResult {
        let responded = catch_panic(|| self.respond(request));
        let store = &self.storage.ledger_store.store;
        if let Err(panic) = &responded {
            warn!(panic, "The figures are impossible; the store is checked.");
            store.mark_damaged();
        }
        match responded {
            Ok(result) if !store.is_damaged() || self.storage.is_out() => result,
            Ok(_) | Err(_) => Err(ApiError::new(ErrorCode::Busy, "the store is damaged and is being replaced")
                .with_hint("Try again in a moment.")),
        }
    }

    fn respond(&mut self, request: Request) -> RequestResult {
        let now = Timestamp::from(clock::now());
        match request {
            // These are answered later, see `handle_request`.
            Request::Sync | Request::TestAlert { .. } => Ok(Response::Done),
            Request::UpdateSession { session, changes } => {
                self.change_store(|actor| actor.update_session(&session, &changes))
            }
            Request::SetSetting { key, value } => self.change_store(|actor| actor.set_setting(&key, value.as_ref())),
            Request::MarkAppOpened => self.change(Self::mark_app_opened),
            Request::MarkAlertsSeen => self.change(Self::mark_alerts_seen),
            Request::PauseAlerts { pause } => self.change(|actor| actor.pause_alerts(pause)),
            Request::ReportAlertStatus { id, status, unavailable } => {
                self.change(|actor| actor.report_alert_status(id, status, unavailable))
            }
            Request::ReportShortcutStatus { unavailable } => {
                self.change_reported(|reported| reported.set_shortcut(unavailable))
            }
            Request::ReportBackgroundStatus { command, problem } => {
                self.change_reported(|reported| reported.set_background(command, problem))
            }
            Request::Snapshot => Ok(self.fresh_snapshot(now)),
            Request::Sessions(query) => Ok(Response::Sessions(queries::session_page(&self.view(), &query, now))),
            Request::Session { session } => self.session_detail(&session, now),
            Request::Blocks { anchor } => self.with_blocks(anchor, |view, blocks| queries::blocks(view, blocks, now)),
            Request::BlockHistory { offset, limit } => self.with_blocks(None, |view, blocks| {
                Response::BlockHistory(Box::new(queries::block_history(view, blocks, (offset, limit), now)))
            }),
            Request::Days { zone } => self.days(zone),
            Request::History { from, to, by } => self.daily_history((from, to), by, now),
            Request::Models => Ok(queries::models(&self.view(), now)),
            Request::Report(query) => self.report(&query, now),
            Request::Backtest => self.backtest(now),
            Request::Settings => Ok(self.current_settings_page()),
            Request::Alerts { limit } => self.past_alerts(limit),
            Request::Health => Ok(Response::Health(Box::new(queries::health(&self.view())))),
            Request::Diagnostics => Ok(Response::Diagnostics(queries::diagnostics(&self.view()))),
            Request::Backups => self.list_backups(),
            Request::CreateBackup => self.create_backup(),
            Request::RestoreBackup { file } => self.restore_backup(&file),
            Request::Team(request) => self.handle_team_request(request),
        }
    }

    fn start_sync(&mut self, reply: Reply) {
        self.sync_waiters.push(reply);
        self.scanner.request_sweep();
    }

    /// Runs a handler that changes something and applies its effects.
    fn change(&mut self, handler: impl FnOnce(&mut Self) -> (RequestResult, Effects)) -> RequestResult {
        let (result, effects) = handler(self);
        self.apply(effects);
        result
    }

    /// Runs a handler that changes the store. A change succeeds only if the store's file still has its path afterwards.
    fn change_store(&mut self, handler: impl FnOnce(&mut Self) -> (RequestResult, Effects)) -> RequestResult {
        self.check_store_file()?;
        self.storage.check_writable()?;
        let response = self.change(handler)?;
        self.check_store_file()?;
        self.storage.note_change();
        Ok(response)
    }

    fn update_session(&mut self, session: &str, changes: &SessionChanges) -> (RequestResult, Effects) {
        let id = match queries::find_session(&self.view(), session) {
            Ok(id) => id,
            Err(error) => return (Err(error), Effects::NONE),
        };
        let store = &mut self.storage.ledger_store;
        match MetadataPatch::new(changes).and_then(|patch| store.update_metadata(id, patch, clock::now())) {
            Ok(metadata) => (Ok(Response::SessionUpdated(metadata)), Effects::CHANGED),
            Err(error @ StoreError::Disk { .. }) => {
                let effects = self.storage.note_error(&error);
                (Err(error.into()), effects)
            }
            Err(error) => (Err(error.into()), Effects::NONE),
        }
    }

    /// Changes the reported problems by a function that returns true if it changes anything.
    fn change_reported(&mut self, change: impl FnOnce(&mut ReportedProblems) -> bool) -> RequestResult {
        let has_changed = change(&mut self.reported);
        self.apply(if has_changed { Effects::CHANGED } else { Effects::NONE });
        Ok(Response::Done)
    }

    fn fresh_snapshot(&mut self, now: Timestamp) -> Response {
        self.refresh_history(now);
        Response::Snapshot(Box::new(queries::snapshot(&self.view(), now)))
    }

    fn session_detail(&mut self, session: &str, now: Timestamp) -> RequestResult {
        let id = queries::find_session(&self.view(), session)?;
        self.commit_now();
        Ok(Response::Session(Box::new(queries::session_detail(&self.view(), id, now)?)))
    }

    fn backtest(&mut self, now: Timestamp) -> RequestResult {
        self.commit_now();
        let placement = self.live.settings.anchor;
        Ok(Response::Backtest(self.storage.ledger_store.run_backtest(placement, now)?))
    }

    fn past_alerts(&self, limit: usize) -> RequestResult {
        Ok(Response::Alerts(self.storage.ledger_store.store.list_alerts(limit)?))
    }

    fn current_settings_page(&mut self) -> Response {
        self.reload_config_file();
        self.settings_page()
    }

    fn days(&mut self, zone: Option<Tz>) -> RequestResult {
        self.write_history();
        let zone = zone.unwrap_or(self.live.zone);
        Ok(queries::days(&self.view(), zone)?)
    }

    fn daily_history(
        &mut self,
        range: (Option<NaiveDate>, Option<NaiveDate>),
        by: HistoryBy,
        now: Timestamp,
    ) -> RequestResult {
        self.write_history();
        Ok(Response::History(Box::new(queries::history(&self.view(), range, by, now)?)))
    }

    fn report(&mut self, query: &ReportQuery, now: Timestamp) -> RequestResult {
        if query.by.contains(&Grouping::Agent) {
            // Only messages know their agents, and they are read from the store.
            self.commit_now();
            self.storage.check_complete()?;
        } else {
            self.write_history();
        }
        let placement = query.anchor.unwrap_or(self.live.settings.anchor);
        let blocks = match query.by.contains(&Grouping::Block) {
            true => self.history.all_blocks(&self.storage.ledger_store, placement)?,
            false => Vec::new(),
        };
        Ok(Response::Report(Box::new(queries::report(&self.view(), query, &blocks, now)?)))
    }

    /// Commits pending changes, so that a query finds them in the store.
    pub(super) fn commit_now(&mut self) {
        // An error is shown as an outage, which the commit respects.
        let _ = self.check_store_file();
        let effects = self.storage.commit(Safety::Durable);
        self.apply(effects);
    }

    /// Writes changes to older history, which queries read from the store.
    fn write_history(&mut self) {
        let effects = self.storage.write_history();
        self.apply(effects);
    }

    /// Answers a query with all blocks and gaps.
    fn with_blocks(
        &mut self,
        placement: Option<BlockPlacement>,
        query: impl FnOnce(&EngineView<'_>, &[Block]) -> Response,
    ) -> RequestResult {
        self.write_history();
        let placement = placement.unwrap_or(self.live.settings.anchor);
        let blocks = self.history.all_blocks(&self.storage.ledger_store, placement)?;
        Ok(query(&self.view(), &blocks))
    }
}
