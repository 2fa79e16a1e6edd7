//! The responses to requests.

use serde::{Deserialize, Serialize};
use token_monitor_core::rates::Backtest;
use token_monitor_core::report::model::{
    AlertRow, AlertStatus, BillingBlock, BlockHistory, DayStats, History, ModelStats, Report, SessionDetail,
    SessionMetadata, SessionPage, SettingsPage, Snapshot, Totals,
};

use crate::api::backups::BackupRow;
use crate::api::health::Health;
use crate::api::team::TeamBatch;

/// The response to a request. The exported TypeScript type has only those to requests of the popover's page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "type", content = "data", rename_all = "camelCase")]
pub enum Response {
    /// The confirmation of a request without other results.
    #[cfg_attr(feature = "ts", ts(skip))]
    Done,
    /// The current snapshot.
    Snapshot(Box<Snapshot>),
    /// A page of the session list.
    Sessions(SessionPage),
    /// One session in detail.
    Session(Box<SessionDetail>),
    /// The metadata of a session after an update.
    SessionUpdated(SessionMetadata),
    /// All blocks and gaps, and their totals.
    #[cfg_attr(feature = "ts", ts(skip))]
    Blocks(Vec<BillingBlock>, Totals),
    /// A page of the blocks and gaps.
    BlockHistory(Box<BlockHistory>),
    /// All days, and their totals.
    #[cfg_attr(feature = "ts", ts(skip))]
    Days(Vec<DayStats>, Totals),
    /// The days of a range.
    History(Box<History>),
    /// All models, and their totals.
    #[cfg_attr(feature = "ts", ts(skip))]
    Models(Vec<ModelStats>, Totals),
    /// Usage in groups.
    #[cfg_attr(feature = "ts", ts(skip))]
    Report(Box<Report>),
    /// The accuracy of the forecast.
    #[cfg_attr(feature = "ts", ts(skip))]
    Backtest(Backtest),
    /// All settings.
    Settings(Box<SettingsPage>),
    /// Past alerts.
    Alerts(Vec<AlertRow>),
    /// The status of alerts after a change.
    AlertStatus(AlertStatus),
    /// Backups of the store.
    #[cfg_attr(feature = "ts", ts(skip))]
    Backups(Vec<BackupRow>),
    /// The confirmation that the store was replaced by a backup.
    #[cfg_attr(feature = "ts", ts(skip))]
    BackupRestored {
        /// The path of the backup.
        file: String,
        /// The path of the copy of the store as it was before.
        kept: String,
    },
    /// The next rows for a team.
    #[cfg_attr(feature = "ts", ts(skip))]
    TeamBatch(Box<TeamBatch>),
    /// The health report.
    #[cfg_attr(feature = "ts", ts(skip))]
    Health(Box<Health>),
    /// The diagnostics.
    #[cfg_attr(feature = "ts", ts(skip))]
    Diagnostics(serde_json::Value),
}
