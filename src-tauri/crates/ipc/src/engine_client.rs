//! One interface to the engine, wherever it runs.

use std::sync::Arc;

use chrono::NaiveDate;
use serde_json::Value;
use token_monitor_core::report::model::{
    AlertFate, AlertRow, AlertRule, AlertStatus, BlockHistory, History, HistoryBy, Pause, SessionChanges,
    SessionDetail, SessionMetadata, SessionPage, SettingsPage, Snapshot,
};
use token_monitor_engine::{AlertOut, Answer, Ask, Handle, Refusal, RefusalCode, SessionQuery};
use tokio::sync::watch;

use crate::alerts::{Alerts, Source};
use crate::client::Client;

/// The engine: in this process, or at the other end of the socket.
#[derive(Clone, Debug)]
pub enum Core {
    /// In this process.
    Here(Handle),
    /// In the app that runs.
    There(Client),
}

/// Snapshots as they come; the latest wins. Closed when the engine is gone.
pub type Updates = watch::Receiver<Arc<Snapshot>>;

impl Core {
    /// Asks, and waits for the answer.
    pub async fn ask(&self, ask: Ask) -> Result<Answer, Refusal> {
        match self {
            Self::Here(handle) => handle.ask(ask).await,
            Self::There(client) => client.ask(ask).await,
        }
    }

    /// Each new snapshot.
    pub async fn subscribe(&self) -> Result<Updates, Refusal> {
        match self {
            Self::Here(handle) => Ok(handle.subscribe()),
            Self::There(client) => client.subscribe().await,
        }
    }

    /// Has each new alert shown until the engine ends. Whoever shows them tells with [`Ask::AlertFate`] what became of
    /// each.
    pub async fn show_alerts(&self, show: impl Fn(&AlertOut)) {
        match self.alerts_out().await {
            Ok(mut alerts) => {
                while let Some(out) = alerts.next().await {
                    show(&out);
                }
            }
            Err(error) => tracing::warn!(%error, "Nobody hands out alerts."),
        }
    }

    /// Each new alert, for whoever shows them.
    pub async fn alerts_out(&self) -> Result<Alerts, Refusal> {
        match self {
            Self::Here(handle) => Ok(Alerts(Source::Here(handle.alerts()))),
            Self::There(client) => client.alerts().await.map(|alerts| Alerts(Source::There(alerts))),
        }
    }

    /// What surfaces show now.
    pub async fn snapshot(&self) -> Result<Snapshot, Refusal> {
        match self.ask(Ask::Snapshot).await? {
            Answer::Snapshot(snapshot) => Ok(*snapshot),
            other => Err(unexpected(&other)),
        }
    }

    /// A page of the sessions.
    pub async fn sessions(&self, query: SessionQuery) -> Result<SessionPage, Refusal> {
        match self.ask(Ask::Sessions(query)).await? {
            Answer::Sessions(page) => Ok(page),
            other => Err(unexpected(&other)),
        }
    }

    /// One session in detail.
    pub async fn session(&self, session: String) -> Result<SessionDetail, Refusal> {
        match self.ask(Ask::Session { session }).await? {
            Answer::Session(detail) => Ok(*detail),
            other => Err(unexpected(&other)),
        }
    }

    /// Names a session.
    pub async fn rename(&self, session: String, name: String) -> Result<SessionMetadata, Refusal> {
        match self.ask(Ask::Rename { session, name }).await? {
            Answer::Renamed(metadata) => Ok(metadata),
            other => Err(unexpected(&other)),
        }
    }

    /// A page of the blocks.
    pub async fn block_history(&self, offset: usize, limit: usize) -> Result<BlockHistory, Refusal> {
        match self.ask(Ask::BlockHistory { offset, limit }).await? {
            Answer::BlockHistory(history) => Ok(*history),
            other => Err(unexpected(&other)),
        }
    }

    /// The days of a range, divided.
    pub async fn history(
        &self,
        from: Option<NaiveDate>,
        to: Option<NaiveDate>,
        by: HistoryBy,
    ) -> Result<History, Refusal> {
        match self.ask(Ask::History { from, to, by }).await? {
            Answer::History(history) => Ok(*history),
            other => Err(unexpected(&other)),
        }
    }

    /// Changes what a person added to a session.
    pub async fn describe(&self, session: String, changes: SessionChanges) -> Result<SessionMetadata, Refusal> {
        match self.ask(Ask::Describe { session, changes }).await? {
            Answer::Described(metadata) => Ok(metadata),
            other => Err(unexpected(&other)),
        }
    }

    /// The settings and where their values come from.
    pub async fn settings(&self) -> Result<SettingsPage, Refusal> {
        settings_of(self.ask(Ask::Settings).await?)
    }

    /// Saves a setting; without a value it goes back to what the other layers say.
    pub async fn change(&self, key: String, value: Option<Value>) -> Result<SettingsPage, Refusal> {
        settings_of(self.ask(Ask::Change { key, value }).await?)
    }

    /// Past alerts, the latest first.
    pub async fn alerts(&self, limit: usize) -> Result<Vec<AlertRow>, Refusal> {
        match self.ask(Ask::Alerts { limit }).await? {
            Answer::Alerts(rows) => Ok(rows),
            other => Err(unexpected(&other)),
        }
    }

    /// Notes that somebody has seen the alerts that the system did not take.
    pub async fn see_alerts(&self) -> Result<AlertStatus, Refusal> {
        alerts_of(self.ask(Ask::SeeAlerts).await?)
    }

    /// Shows an alert as a rule would.
    pub async fn test_alert(&self, rule: AlertRule) -> Result<AlertStatus, Refusal> {
        alerts_of(self.ask(Ask::TestAlert { rule }).await?)
    }

    /// Keeps alerts back for a while, or not any longer.
    pub async fn pause_alerts(&self, pause: Pause) -> Result<AlertStatus, Refusal> {
        alerts_of(self.ask(Ask::PauseAlerts { pause }).await?)
    }

    /// Notes what became of an alert, and why the system takes none, where it does not.
    pub async fn alert_became(
        &self,
        id: u64,
        fate: AlertFate,
        unavailable: Option<String>,
    ) -> Result<AlertStatus, Refusal> {
        alerts_of(self.ask(Ask::AlertFate { id, fate, unavailable }).await?)
    }

    /// All that helps to find a fault.
    pub async fn diagnostics(&self) -> Result<Value, Refusal> {
        match self.ask(Ask::Diagnostics).await? {
            Answer::Diagnostics(found) => Ok(found),
            other => Err(unexpected(&other)),
        }
    }
}

fn settings_of(answer: Answer) -> Result<SettingsPage, Refusal> {
    match answer {
        Answer::Settings(page) => Ok(*page),
        other => Err(unexpected(&other)),
    }
}

fn alerts_of(answer: Answer) -> Result<AlertStatus, Refusal> {
    match answer {
        Answer::AlertStatus(status) => Ok(status),
        other => Err(unexpected(&other)),
    }
}

fn unexpected(answer: &Answer) -> Refusal {
    tracing::error!(?answer, "An answer of another kind than asked for.");
    Refusal::new(RefusalCode::Internal, "the answer was not understood")
}
