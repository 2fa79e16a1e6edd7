//! What the engine holds of alerts: what is known of them, the list of past ones, and who listens.
//!
//! An alert is on disk, with what is known because of it, before anybody hears of it: a crash between the two loses one
//! alert rather than telling it twice. While the store fails alerts go on in memory: then `books` is none.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use token_monitor_core::alert::{Alert, AlertSettings, AlertState, Said};
use token_monitor_core::figures::{AlertFate, AlertRow, AlertStatus};
use token_monitor_store::{MOST_ALERTS, StoreError};
use tokio::sync::broadcast;

use crate::books::Books;
use crate::hook::Hook;

/// As many alerts may wait for a listener; at most one a minute comes.
const MOST_UNHEARD: usize = 16;

/// As many rows wait for a store that fails.
const MOST_UNWRITTEN: usize = 100;

/// An alert on its way to those who show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertOut {
    /// Its number: what its fate is told by.
    pub id: u64,
    /// What it says.
    pub alert: Alert,
    /// Whether somebody only wanted to see one.
    pub is_test: bool,
}

/// What the engine holds of alerts.
#[derive(Debug)]
pub(crate) struct Alerting {
    pub(crate) state: AlertState,
    next: u64,
    /// The last alert that somebody has seen in the list.
    seen: u64,
    unseen: u32,
    unavailable: Option<String>,
    /// What could not be written yet.
    unwritten: Vec<AlertRow>,
    /// Whether the store lacks something.
    owes: bool,
    listeners: broadcast::Sender<Arc<AlertOut>>,
    hook: Hook,
}

impl Alerting {
    /// As the store has it.
    pub(crate) fn open(books: &Books) -> Result<(Self, broadcast::Receiver<Arc<AlertOut>>), StoreError> {
        let (listeners, listener) = broadcast::channel(MOST_UNHEARD);
        let mut alerting = Self {
            state: books.alert_state()?.unwrap_or_default(),
            next: books.next_alert()?,
            seen: books.alerts_seen()?,
            unseen: 0,
            unavailable: None,
            unwritten: Vec::new(),
            owes: false,
            listeners,
            hook: Hook::default(),
        };
        alerting.count_unseen(books)?;
        Ok((alerting, listener))
    }

    /// What surfaces show of alerts.
    pub(crate) fn status(&self, now: DateTime<Utc>) -> AlertStatus {
        AlertStatus { paused_until: self.state.pause(now), unseen: self.unseen, unavailable: self.unavailable.clone() }
    }

    /// Whether anybody would show an alert. One receiver is the handle's own, which only makes others.
    pub(crate) fn is_heard(&self) -> bool {
        self.listeners.receiver_count() > 1
    }

    /// Takes what was decided: writes it, then hands out what is to be shown.
    pub(crate) fn decided(
        &mut self,
        state: AlertState,
        said: Vec<Said>,
        settings: &AlertSettings,
        books: Option<&mut Books>,
    ) -> Result<(), StoreError> {
        let mut out = Vec::new();
        for Said { alert, fate } in said {
            let row = self.number(&alert, fate, false);
            out.push((alert, row));
        }
        self.state = state;
        let written = self.write(out.iter().map(|(_, row)| row.clone()).collect(), books);
        for (alert, row) in out.into_iter() {
            self.hand_out(alert, &row, settings);
        }
        written
    }

    /// Whether the store lacks something that it was to be told.
    pub(crate) fn owes(&self) -> bool {
        self.owes
    }

    /// Hands out an alert that somebody wants to see.
    pub(crate) fn test(
        &mut self,
        alert: Alert,
        settings: &AlertSettings,
        books: Option<&mut Books>,
    ) -> Result<(), StoreError> {
        let row = self.number(&alert, AlertFate::Sent, true);
        let written = self.write(vec![row.clone()], books);
        self.hand_out(alert, &row, settings);
        written
    }

    /// Pauses alerts, or ends a pause.
    pub(crate) fn pause(&mut self, until: Option<DateTime<Utc>>, books: Option<&mut Books>) -> Result<(), StoreError> {
        self.state = self.state.paused(until);
        self.write(Vec::new(), books)
    }

    /// Notes what became of an alert. Where the system takes none, `unavailable` says why.
    pub(crate) fn became(
        &mut self,
        id: u64,
        fate: AlertFate,
        unavailable: Option<String>,
        books: Option<&mut Books>,
    ) -> Result<(), StoreError> {
        self.unavailable = unavailable;
        if let Some(waiting) = self.unwritten.iter_mut().find(|row| row.id == id) {
            waiting.fate = fate;
            return Ok(());
        }
        let Some(books) = books else { return Ok(()) };
        let Some(row) = books.alert(id)? else { return Ok(()) };
        books.put_alerts(&[AlertRow { fate, ..row }])?;
        self.count_unseen(books)
    }

    /// Notes that somebody looks at the list.
    pub(crate) fn see(&mut self, books: Option<&mut Books>) -> Result<(), StoreError> {
        (self.seen, self.unseen) = (self.next.saturating_sub(1), 0);
        books.map_or(Ok(()), |books| books.see_alerts(self.seen))
    }

    /// Gives an alert its number. One that nobody would show has failed before it was sent.
    fn number(&mut self, alert: &Alert, fate: AlertFate, is_test: bool) -> AlertRow {
        let nobody = fate == AlertFate::Sent && !self.is_heard();
        let fate = if nobody { AlertFate::Failed } else { fate };
        self.unseen += u32::from(nobody);
        let id = self.next;
        self.next += 1;
        alert.row(id, fate, is_test)
    }

    fn write(&mut self, rows: Vec<AlertRow>, books: Option<&mut Books>) -> Result<(), StoreError> {
        self.unwritten.extend(rows);
        let too_many = self.unwritten.len().saturating_sub(MOST_UNWRITTEN);
        self.unwritten.drain(..too_many);
        self.owes = true;
        let Some(books) = books else { return Ok(()) };
        books.write_alerts(&self.state, &self.unwritten)?;
        self.unwritten.clear();
        self.owes = false;
        Ok(())
    }

    fn hand_out(&mut self, alert: Alert, row: &AlertRow, settings: &AlertSettings) {
        match row.fate {
            AlertFate::Sent | AlertFate::Failed => {
                self.hook.run(&settings.command, row);
                // Nobody may listen; then it stands in the list as failed.
                let _ = self.listeners.send(Arc::new(AlertOut { id: row.id, alert, is_test: row.is_test }));
            }
            AlertFate::Shown | AlertFate::Quiet | AlertFate::Paused | AlertFate::Muted | AlertFate::Limited => {}
        }
    }

    fn count_unseen(&mut self, books: &Books) -> Result<(), StoreError> {
        let rows = books.alerts(MOST_ALERTS)?;
        let unseen = rows.iter().filter(|row| row.id > self.seen && row.fate == AlertFate::Failed).count();
        self.unseen = u32::try_from(unseen).unwrap_or(u32::MAX);
        Ok(())
    }
}
