//! What the engine holds of alerts: what is known of them, the list of past ones, and who listens.
//!
//! An alert is on disk, with what is known because of it, before anybody hears of it: a crash between the two loses one
//! alert rather than telling it twice. While the store fails alerts go on in memory: then `books` is none.
//!
//! Whoever shows an alert tells what became of it. Of one that nobody tells anything of, for whatever reason, nobody
//! knows that it was shown: it has failed, and surfaces say so.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use token_monitor_core::alerts::{Alert, AlertSettings, AlertState, Said};
use token_monitor_core::report::model::{AlertFate, AlertRow, AlertStatus};
use token_monitor_store::{MOST_ALERTS, StoreError};
use tokio::sync::broadcast;

use crate::alert_command::Hook;
use crate::handle::Conduct;
use crate::ledger_store::Books;

/// As many alerts may wait for a listener; at most one a minute comes.
const MOST_UNHEARD: usize = 16;

/// As many rows wait for a store that fails.
const MOST_UNWRITTEN: usize = 100;

/// So long whoever shows alerts may take to tell what became of one: a session bus that has to start first is slow.
const PATIENCE: Duration = Duration::from_secs(60);

/// Somebody looks at a button meanwhile.
const PATIENCE_WITH_TESTS: Duration = Duration::from_secs(5);

/// What is known of why such an alert was not shown.
const NO_ANSWER: &str = "Whoever shows notifications has not answered.";

/// The same of one that nobody was there for.
const NOBODY: &str = "No Token Monitor sits in the tray to show it.";

/// An alert on its way to those who show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
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
    /// What was handed out and nobody has told anything of, and until when that is waited for.
    pending: Vec<(AlertRow, Instant)>,
    /// What could not be written yet.
    unwritten: Vec<AlertRow>,
    /// Whether the store lacks something.
    owes: bool,
    listeners: broadcast::Sender<Arc<AlertOut>>,
    hook: Hook,
}

impl Alerting {
    /// As the store has it. What an engine before this one handed out and learned no more of has failed.
    pub(crate) fn open(
        books: &mut Books,
        conduct: Conduct,
    ) -> Result<(Self, broadcast::Receiver<Arc<AlertOut>>), StoreError> {
        if conduct == Conduct::Live {
            give_up_all(books)?;
        }
        let (mut alerting, listener) = Self::new(books.next_alert()?);
        alerting.state = books.alert_state()?.unwrap_or_default();
        alerting.seen = books.alerts_seen()?;
        let rows = books.alerts(MOST_ALERTS)?;
        rows.iter().for_each(|row| alerting.recount(row.id, AlertFate::Sent, row.fate));
        Ok((alerting, listener))
    }

    /// Before anything is known. `next` is the number of the first alert.
    fn new(next: u64) -> (Self, broadcast::Receiver<Arc<AlertOut>>) {
        let (listeners, listener) = broadcast::channel(MOST_UNHEARD);
        let alerting = Self {
            state: AlertState::default(),
            next,
            seen: 0,
            unseen: 0,
            unavailable: None,
            pending: Vec::new(),
            unwritten: Vec::new(),
            owes: false,
            listeners,
            hook: Hook::default(),
        };
        (alerting, listener)
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
    ) -> (u64, Result<(), StoreError>) {
        let row = self.number(&alert, AlertFate::Sent, true);
        let written = self.write(vec![row.clone()], books);
        self.hand_out(alert, &row, settings);
        (row.id, written)
    }

    /// Whether nobody has told yet what became of an alert.
    pub(crate) fn is_pending(&self, id: u64) -> bool {
        self.pending.iter().any(|(row, _)| row.id == id)
    }

    /// When somebody has waited long enough for an alert's fate.
    pub(crate) fn due(&self) -> Option<Instant> {
        self.pending.iter().map(|(_, due)| *due).min()
    }

    /// Gives up waiting for what is due.
    pub(crate) fn give_up(&mut self, now: Instant, books: Option<&mut Books>) -> Result<(), StoreError> {
        let given_up: Vec<_> = self.pending.extract_if(.., |(_, due)| *due <= now).collect();
        if !given_up.is_empty() {
            self.unavailable = Some(NO_ANSWER.to_owned());
        }
        let rows = given_up.into_iter().map(|(row, _)| self.with_fate(row, AlertFate::Failed)).collect();
        self.write(rows, books)
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
        let pending = self.pending.extract_if(.., |(row, _)| row.id == id).map(|(row, _)| row).next();
        let known = pending.or_else(|| self.unwritten.iter().find(|row| row.id == id).cloned());
        let known = match (known, &books) {
            (None, Some(books)) => books.alert(id)?,
            (known, _) => known,
        };
        let Some(row) = known else { return Ok(()) };
        let row = self.with_fate(row, fate);
        self.write(vec![row], books)
    }

    /// Notes that somebody looks at the list.
    pub(crate) fn see(&mut self, books: Option<&mut Books>) -> Result<(), StoreError> {
        (self.seen, self.unseen) = (self.next.saturating_sub(1), 0);
        books.map_or(Ok(()), |books| books.see_alerts(self.seen))
    }

    /// Gives an alert its number. One that nobody would show has failed before it was sent.
    fn number(&mut self, alert: &Alert, fate: AlertFate, is_test: bool) -> AlertRow {
        let nobody = fate == AlertFate::Sent && !self.is_heard();
        if nobody {
            self.unavailable = Some(NOBODY.to_owned());
        }
        let fate = if nobody { AlertFate::Failed } else { fate };
        let id = self.next;
        self.next += 1;
        self.recount(id, AlertFate::Sent, fate);
        alert.row(id, fate, is_test)
    }

    fn with_fate(&mut self, row: AlertRow, fate: AlertFate) -> AlertRow {
        self.recount(row.id, row.fate, fate);
        AlertRow { fate, ..row }
    }

    /// Counts what nobody has seen, where an alert's fate changes.
    fn recount(&mut self, id: u64, was: AlertFate, is: AlertFate) {
        let counts = |fate| id > self.seen && fate == AlertFate::Failed;
        match (counts(was), counts(is)) {
            (false, true) => self.unseen += 1,
            (true, false) => self.unseen = self.unseen.saturating_sub(1),
            (true, true) | (false, false) => {}
        }
    }

    fn write(&mut self, rows: Vec<AlertRow>, books: Option<&mut Books>) -> Result<(), StoreError> {
        // Of an alert the latest word is written.
        self.unwritten.retain(|old| rows.iter().all(|new| new.id != old.id));
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
                if row.fate == AlertFate::Sent {
                    let patience = if row.is_test { PATIENCE_WITH_TESTS } else { PATIENCE };
                    self.pending.push((row.clone(), Instant::now() + patience));
                }
                // Nobody may listen; then it stands in the list as failed.
                let _ = self.listeners.send(Arc::new(AlertOut { id: row.id, alert, is_test: row.is_test }));
            }
            AlertFate::Shown | AlertFate::Quiet | AlertFate::Paused | AlertFate::Muted | AlertFate::Limited => {}
        }
    }
}

/// What was handed out, and whoever waited for its fate ended.
fn give_up_all(books: &mut Books) -> Result<(), StoreError> {
    let rows = books.alerts(MOST_ALERTS)?.into_iter().filter(|row| row.fate == AlertFate::Sent);
    let failed: Vec<_> = rows.map(|row| AlertRow { fate: AlertFate::Failed, ..row }).collect();
    if failed.is_empty() { Ok(()) } else { books.put_alerts(&failed) }
}

#[cfg(test)]
mod tests {
    use token_monitor_core::alerts::sample;
    use token_monitor_core::report::model::AlertRule;

    use super::*;

    /// Somebody listens, and the store fails.
    fn without_a_store() -> (Alerting, [broadcast::Receiver<Arc<AlertOut>>; 2]) {
        let (alerting, listener) = Alerting::new(1);
        let another = listener.resubscribe();
        (alerting, [listener, another])
    }

    fn send(alerting: &mut Alerting) -> u64 {
        let alert = sample(AlertRule::Block, DateTime::UNIX_EPOCH, chrono_tz::UTC, false);
        let said = vec![Said { alert, fate: AlertFate::Sent }];
        let state = alerting.state.clone();
        alerting.decided(state, said, &AlertSettings::default(), None).expect("nothing is written");
        alerting.next - 1
    }

    fn tell(alerting: &mut Alerting, id: u64, fate: AlertFate) {
        alerting.became(id, fate, None, None).expect("nothing is written");
    }

    fn fates(alerting: &Alerting) -> Vec<AlertFate> {
        alerting.unwritten.iter().map(|row| row.fate).collect()
    }

    #[test]
    fn one_that_failed_while_the_store_did_is_unseen() {
        let (mut alerting, _listeners) = without_a_store();
        let id = send(&mut alerting);
        tell(&mut alerting, id, AlertFate::Failed);
        assert_eq!((alerting.unseen, fates(&alerting)), (1, vec![AlertFate::Failed]));
        tell(&mut alerting, id, AlertFate::Failed);
        assert_eq!(alerting.unseen, 1, "once");
        alerting.see(None).expect("nothing is written");
        tell(&mut alerting, id, AlertFate::Failed);
        assert_eq!(alerting.unseen, 0, "somebody has looked since");
    }

    #[test]
    fn a_fate_that_came_while_the_store_failed_is_not_forgotten() {
        let (mut alerting, _listeners) = without_a_store();
        let id = send(&mut alerting);
        // It was written before the store failed.
        alerting.unwritten.clear();
        tell(&mut alerting, id, AlertFate::Shown);
        assert_eq!(fates(&alerting), [AlertFate::Shown]);
        assert!(alerting.owes());
    }

    #[test]
    fn of_what_nobody_tells_anything_it_is_given_up_and_a_late_word_still_counts() {
        let (mut alerting, _listeners) = without_a_store();
        let id = send(&mut alerting);
        let due = alerting.due().expect("it is waited for");
        alerting.give_up(due - Duration::from_millis(1), None).expect("nothing is written");
        assert!(alerting.is_pending(id) && alerting.unseen == 0 && alerting.unavailable.is_none());
        alerting.give_up(due, None).expect("nothing is written");
        assert_eq!((alerting.unseen, alerting.due(), alerting.unavailable.as_deref()), (1, None, Some(NO_ANSWER)));
        tell(&mut alerting, id, AlertFate::Shown);
        assert_eq!((alerting.unseen, fates(&alerting)), (0, vec![AlertFate::Shown]));
        assert_eq!(alerting.unavailable, None);
    }

    #[test]
    fn one_that_nobody_would_show_is_not_waited_for() {
        let (mut alerting, _listener) = Alerting::new(1);
        send(&mut alerting);
        assert_eq!((alerting.unseen, alerting.due(), fates(&alerting)), (1, None, vec![AlertFate::Failed]));
        assert_eq!(alerting.unavailable.as_deref(), Some(NOBODY));
    }
}
