//! The outbox of alerts: decided alerts on their way to the notifier, their delivery status, and the user's command.
//!
//! An alert is written to the store before it is sent, so a crash may lose one but never repeats one. During an outage
//! of the store, alerts continue in memory; the `store` argument of each method is None then.
//!
//! The notifier reports the delivery status of each alert. An alert without a report has failed after a timeout,
//! because it is unknown whether it was shown.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use token_monitor_core::alerts::{Alert, AlertSettings, AlertState, DeliveryDecision};
use token_monitor_core::report::model::{AlertRow, AlertStatus, DeliveryStatus};
use token_monitor_store::{MAX_ALERTS, Store, StoreError};
use tokio::sync::broadcast;

use crate::alert_command::AlertCommand;
use crate::engine_mode::EngineMode;

/// The number of alerts queued for a slow subscriber. At most one a minute is sent.
const MAX_QUEUED_ALERTS: usize = 16;

/// The number of rows kept in memory during an outage of the store; the oldest are dropped.
const MAX_UNWRITTEN_ROWS: usize = 100;

/// The time in which the notifier has to report the delivery status. A session bus that has to start first is slow.
const DELIVERY_TIMEOUT: Duration = Duration::from_secs(60);

/// The same for a test alert, for which the user is waiting.
const TEST_DELIVERY_TIMEOUT: Duration = Duration::from_secs(5);

/// The reason shown for an alert without a report.
const NO_RESPONSE: &str = "The notification service did not respond.";

/// The reason shown for an alert without a notifier.
const NO_NOTIFIER: &str = "Token Monitor is not running in the tray.";

/// An alert for the notifier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OutgoingAlert {
    /// The id to report the delivery status with.
    pub id: u64,
    /// The alert.
    pub alert: Alert,
    /// True if it is a test alert.
    pub is_test: bool,
}

/// The state of all alerts.
#[derive(Debug)]
pub(crate) struct AlertOutbox {
    pub(crate) state: AlertState,
    next_id: u64,
    /// The id of the last alert the user has seen in the list.
    last_seen: u64,
    /// The number of failed alerts after it.
    unseen: u32,
    unavailable: Option<String>,
    /// The alerts whose delivery status is not reported yet, with their timeouts.
    pending: Vec<(AlertRow, Instant)>,
    /// The rows that could not be written yet.
    unwritten: Vec<AlertRow>,
    has_unsaved: bool,
    subscribers: broadcast::Sender<Arc<OutgoingAlert>>,
    command: AlertCommand,
}

impl AlertOutbox {
    /// Loads the state from the store. Alerts that a previous engine sent without getting a report have failed.
    pub(crate) fn open(
        store: &mut Store,
        mode: EngineMode,
    ) -> Result<(Self, broadcast::Receiver<Arc<OutgoingAlert>>), StoreError> {
        if mode == EngineMode::Live {
            fail_unfinished(store)?;
        }
        let (mut outbox, receiver) = Self::new(store.next_alert_id()?);
        outbox.state = store.alert_state()?.unwrap_or_default();
        outbox.last_seen = store.last_seen_alert()?;
        let rows = store.list_alerts(MAX_ALERTS)?;
        rows.iter().for_each(|row| outbox.recount_unseen(row.id, DeliveryStatus::Sent, row.fate));
        Ok((outbox, receiver))
    }

    /// Continues in a store that was opened again, which may be an earlier copy. Ids are not used twice.
    pub(crate) fn continue_in(&mut self, store: &Store) -> Result<(), StoreError> {
        self.next_id = self.next_id.max(store.next_alert_id()?);
        self.has_unsaved = true;
        Ok(())
    }

    /// Creates an empty outbox whose first alert gets the id `next_id`.
    fn new(next_id: u64) -> (Self, broadcast::Receiver<Arc<OutgoingAlert>>) {
        let (subscribers, receiver) = broadcast::channel(MAX_QUEUED_ALERTS);
        let outbox = Self {
            state: AlertState::default(),
            next_id,
            last_seen: 0,
            unseen: 0,
            unavailable: None,
            pending: Vec::new(),
            unwritten: Vec::new(),
            has_unsaved: false,
            subscribers,
            command: AlertCommand::default(),
        };
        (outbox, receiver)
    }

    /// Returns the status that surfaces show.
    pub(crate) fn alert_status(&self, now: DateTime<Utc>) -> AlertStatus {
        AlertStatus {
            paused_until: self.state.active_pause(now),
            unseen: self.unseen,
            unavailable: self.unavailable.clone(),
        }
    }

    /// Returns true if a notifier is subscribed. One receiver is the handle's own, which only makes others.
    pub(crate) fn has_subscriber(&self) -> bool {
        self.subscribers.receiver_count() > 1
    }

    /// Returns true if the store does not have the latest state.
    pub(crate) fn has_unsaved(&self) -> bool {
        self.has_unsaved
    }

    /// Writes the result of an evaluation, then sends the alerts in it.
    pub(crate) fn apply_decisions(
        &mut self,
        state: AlertState,
        decisions: Vec<DeliveryDecision>,
        settings: &AlertSettings,
        store: Option<&mut Store>,
    ) -> Result<(), StoreError> {
        let mut alerts = Vec::new();
        for DeliveryDecision { alert, status } in decisions {
            let row = self.create_row(&alert, status, false);
            alerts.push((alert, row));
        }
        self.state = state;
        let written = self.write_rows(alerts.iter().map(|(_, row)| row.clone()).collect(), store);
        for (alert, row) in alerts {
            self.send_alert(alert, &row, settings);
        }
        written
    }

    /// Sends a test alert and returns its id.
    pub(crate) fn send_test(
        &mut self,
        alert: Alert,
        settings: &AlertSettings,
        store: Option<&mut Store>,
    ) -> (u64, Result<(), StoreError>) {
        let row = self.create_row(&alert, DeliveryStatus::Sent, true);
        let written = self.write_rows(vec![row.clone()], store);
        self.send_alert(alert, &row, settings);
        (row.id, written)
    }

    /// Returns true if the delivery status of an alert is not reported yet.
    pub(crate) fn is_pending(&self, id: u64) -> bool {
        self.pending.iter().any(|(row, _)| row.id == id)
    }

    /// Returns when the next delivery times out.
    pub(crate) fn next_expiry(&self) -> Option<Instant> {
        self.pending.iter().map(|(_, due)| *due).min()
    }

    /// Fails the deliveries that timed out.
    pub(crate) fn expire_pending(&mut self, now: Instant, store: Option<&mut Store>) -> Result<(), StoreError> {
        let expired: Vec<_> = self.pending.extract_if(.., |(_, due)| *due <= now).collect();
        if !expired.is_empty() {
            self.unavailable = Some(NO_RESPONSE.to_owned());
        }
        let rows = expired.into_iter().map(|(row, _)| self.with_status(row, DeliveryStatus::Failed)).collect();
        self.write_rows(rows, store)
    }

    /// Pauses alerts until a time, or ends a pause.
    pub(crate) fn set_pause(
        &mut self,
        until: Option<DateTime<Utc>>,
        store: Option<&mut Store>,
    ) -> Result<(), StoreError> {
        self.state = self.state.with_pause(until);
        self.write_rows(Vec::new(), store)
    }

    /// Records that the app was opened. Later calls change nothing.
    pub(crate) fn mark_app_opened(&mut self, store: Option<&mut Store>) -> Result<(), StoreError> {
        if self.state.was_app_opened() {
            return Ok(());
        }
        self.state = self.state.with_app_opened();
        self.write_rows(Vec::new(), store)
    }

    /// Records the delivery status of an alert. `unavailable` is the reason if notifications do not work.
    pub(crate) fn set_delivery_status(
        &mut self,
        id: u64,
        status: DeliveryStatus,
        unavailable: Option<String>,
        store: Option<&mut Store>,
    ) -> Result<(), StoreError> {
        self.unavailable = unavailable;
        let pending = self.pending.extract_if(.., |(row, _)| row.id == id).map(|(row, _)| row).next();
        let known = pending.or_else(|| self.unwritten.iter().find(|row| row.id == id).cloned());
        let known = match (known, &store) {
            (None, Some(store)) => store.find_alert(id)?,
            (known, _) => known,
        };
        let Some(row) = known else { return Ok(()) };
        let row = self.with_status(row, status);
        self.write_rows(vec![row], store)
    }

    /// Marks all alerts as seen.
    pub(crate) fn mark_seen(&mut self, store: Option<&mut Store>) -> Result<(), StoreError> {
        (self.last_seen, self.unseen) = (self.next_id.saturating_sub(1), 0);
        store.map_or(Ok(()), |store| store.mark_alerts_seen(self.last_seen))
    }

    /// Creates the row of a new alert. An alert to be sent fails at once if no notifier is subscribed.
    fn create_row(&mut self, alert: &Alert, status: DeliveryStatus, is_test: bool) -> AlertRow {
        let is_undeliverable = status == DeliveryStatus::Sent && !self.has_subscriber();
        if is_undeliverable {
            self.unavailable = Some(NO_NOTIFIER.to_owned());
        }
        let status = if is_undeliverable { DeliveryStatus::Failed } else { status };
        let id = self.next_id;
        self.next_id += 1;
        self.recount_unseen(id, DeliveryStatus::Sent, status);
        alert.to_row(id, status, is_test)
    }

    fn with_status(&mut self, row: AlertRow, status: DeliveryStatus) -> AlertRow {
        self.recount_unseen(row.id, row.fate, status);
        AlertRow { fate: status, ..row }
    }

    /// Updates the number of unseen failed alerts when the status of one changes.
    fn recount_unseen(&mut self, id: u64, before: DeliveryStatus, after: DeliveryStatus) {
        let is_unseen = |status| id > self.last_seen && status == DeliveryStatus::Failed;
        match (is_unseen(before), is_unseen(after)) {
            (false, true) => self.unseen += 1,
            (true, false) => self.unseen = self.unseen.saturating_sub(1),
            (true, true) | (false, false) => {}
        }
    }

    /// Writes the state and rows, or keeps them for later if there is no store. Of each alert the latest row is kept.
    fn write_rows(&mut self, rows: Vec<AlertRow>, store: Option<&mut Store>) -> Result<(), StoreError> {
        self.unwritten.retain(|old| rows.iter().all(|new| new.id != old.id));
        self.unwritten.extend(rows);
        let excess = self.unwritten.len().saturating_sub(MAX_UNWRITTEN_ROWS);
        self.unwritten.drain(..excess);
        self.has_unsaved = true;
        let Some(store) = store else { return Ok(()) };
        store.write_alerts(&self.state, &self.unwritten)?;
        self.unwritten.clear();
        self.has_unsaved = false;
        Ok(())
    }

    /// Sends an alert to the user's command and the subscribers, unless its delivery was suppressed.
    fn send_alert(&mut self, alert: Alert, row: &AlertRow, settings: &AlertSettings) {
        match row.fate {
            DeliveryStatus::Sent | DeliveryStatus::Failed => {
                self.command.enqueue(&settings.command, row);
                if row.fate == DeliveryStatus::Sent {
                    let timeout = if row.is_test { TEST_DELIVERY_TIMEOUT } else { DELIVERY_TIMEOUT };
                    self.pending.push((row.clone(), Instant::now() + timeout));
                }
                // Without a subscriber the alert is in the list as failed.
                let _ = self.subscribers.send(Arc::new(OutgoingAlert { id: row.id, alert, is_test: row.is_test }));
            }
            DeliveryStatus::Shown
            | DeliveryStatus::QuietHours
            | DeliveryStatus::Paused
            | DeliveryStatus::Muted
            | DeliveryStatus::RateLimited => {}
        }
    }
}

/// Fails the alerts that a previous engine sent without getting a report.
fn fail_unfinished(store: &mut Store) -> Result<(), StoreError> {
    let rows = store.list_alerts(MAX_ALERTS)?.into_iter().filter(|row| row.fate == DeliveryStatus::Sent);
    let failed: Vec<_> = rows.map(|row| AlertRow { fate: DeliveryStatus::Failed, ..row }).collect();
    if failed.is_empty() { Ok(()) } else { store.update_alerts(&failed) }
}

#[cfg(test)]
mod tests {
    use token_monitor_core::alerts::sample_alert;
    use token_monitor_core::report::model::AlertRule;

    use super::*;

    /// Creates an outbox with a subscriber, during an outage of the store.
    fn outbox_with_subscriber() -> (AlertOutbox, [broadcast::Receiver<Arc<OutgoingAlert>>; 2]) {
        let (outbox, receiver) = AlertOutbox::new(1);
        let subscriber = receiver.resubscribe();
        (outbox, [receiver, subscriber])
    }

    fn send_sample(outbox: &mut AlertOutbox) -> u64 {
        let alert = sample_alert(AlertRule::Block, DateTime::UNIX_EPOCH, chrono_tz::UTC, false);
        let decisions = vec![DeliveryDecision { alert, status: DeliveryStatus::Sent }];
        let state = outbox.state.clone();
        outbox.apply_decisions(state, decisions, &AlertSettings::default(), None).expect("nothing is written");
        outbox.next_id - 1
    }

    fn report(outbox: &mut AlertOutbox, id: u64, status: DeliveryStatus) {
        outbox.set_delivery_status(id, status, None, None).expect("nothing is written");
    }

    fn unwritten_statuses(outbox: &AlertOutbox) -> Vec<DeliveryStatus> {
        outbox.unwritten.iter().map(|row| row.fate).collect()
    }

    #[test]
    fn an_alert_that_failed_during_an_outage_is_unseen() {
        let (mut outbox, _receivers) = outbox_with_subscriber();
        let id = send_sample(&mut outbox);
        report(&mut outbox, id, DeliveryStatus::Failed);
        assert_eq!((outbox.unseen, unwritten_statuses(&outbox)), (1, vec![DeliveryStatus::Failed]));
        report(&mut outbox, id, DeliveryStatus::Failed);
        assert_eq!(outbox.unseen, 1, "it is counted once");
        outbox.mark_seen(None).expect("nothing is written");
        report(&mut outbox, id, DeliveryStatus::Failed);
        assert_eq!(outbox.unseen, 0, "it was seen since");
    }

    #[test]
    fn a_status_reported_during_an_outage_is_kept() {
        let (mut outbox, _receivers) = outbox_with_subscriber();
        let id = send_sample(&mut outbox);
        // The alert was written before the outage.
        outbox.unwritten.clear();
        report(&mut outbox, id, DeliveryStatus::Shown);
        assert_eq!(unwritten_statuses(&outbox), [DeliveryStatus::Shown]);
        assert!(outbox.has_unsaved());
    }

    #[test]
    fn an_unacknowledged_alert_times_out_and_a_late_report_still_counts() {
        let (mut outbox, _receivers) = outbox_with_subscriber();
        let id = send_sample(&mut outbox);
        let due = outbox.next_expiry().expect("it is pending");
        outbox.expire_pending(due - Duration::from_millis(1), None).expect("nothing is written");
        assert!(outbox.is_pending(id) && outbox.unseen == 0 && outbox.unavailable.is_none());
        outbox.expire_pending(due, None).expect("nothing is written");
        let unavailable = outbox.unavailable.as_deref();
        assert_eq!((outbox.unseen, outbox.next_expiry(), unavailable), (1, None, Some(NO_RESPONSE)));
        report(&mut outbox, id, DeliveryStatus::Shown);
        assert_eq!((outbox.unseen, unwritten_statuses(&outbox)), (0, vec![DeliveryStatus::Shown]));
        assert_eq!(outbox.unavailable, None);
    }

    #[test]
    fn an_alert_without_a_notifier_fails_at_once() {
        let (mut outbox, _receiver) = AlertOutbox::new(1);
        send_sample(&mut outbox);
        let statuses = unwritten_statuses(&outbox);
        assert_eq!((outbox.unseen, outbox.next_expiry(), statuses), (1, None, vec![DeliveryStatus::Failed]));
        assert_eq!(outbox.unavailable.as_deref(), Some(NO_NOTIFIER));
    }
}
