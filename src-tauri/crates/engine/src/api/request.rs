//! The requests of clients.

use chrono::NaiveDate;
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use token_monitor_core::blocks::BlockPlacement;
use token_monitor_core::report::model::{
    AlertRule, BackgroundCommand, DeliveryStatus, HistoryBy, Pause, ReportQuery, SessionChanges, SessionSort,
};

use crate::api::team::TeamRequest;

/// A request to the engine.
///
/// A `session` field is a session's id, its name, or a unique prefix of its id. The exported TypeScript type has
/// only the requests the popover's page may send, see [`Request::is_allowed_from_page`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Request {
    /// Reads everything logged so far. The response is sent once it is counted.
    #[cfg_attr(feature = "ts", ts(skip))]
    Sync,
    /// Returns the current snapshot.
    Snapshot,
    /// Returns a page of the session list.
    Sessions(SessionQuery),
    /// Returns one session in detail.
    Session {
        /// The session.
        session: String,
    },
    /// Changes what the user added to a session: name, tags, description and flags.
    UpdateSession {
        /// The session.
        session: String,
        /// The changes.
        changes: SessionChanges,
    },
    /// Returns all blocks and gaps.
    #[cfg_attr(feature = "ts", ts(skip))]
    Blocks {
        /// The placement of blocks; the configured one by default.
        anchor: Option<BlockPlacement>,
    },
    /// Returns a page of the blocks and gaps, the latest first, with statistics of all of them.
    BlockHistory {
        /// The number of blocks to skip.
        offset: usize,
        /// The largest number of blocks to return.
        limit: usize,
    },
    /// Returns all days with messages.
    #[cfg_attr(feature = "ts", ts(skip))]
    Days {
        /// The zone of the days; the configured one by default.
        zone: Option<Tz>,
    },
    /// Returns the days of a range, each divided into parts.
    History {
        /// The first day; the first with messages by default.
        #[cfg_attr(feature = "ts", ts(type = "string | null"))]
        from: Option<NaiveDate>,
        /// The last day; today by default.
        #[cfg_attr(feature = "ts", ts(type = "string | null"))]
        to: Option<NaiveDate>,
        /// The property that divides the days.
        by: HistoryBy,
    },
    /// Returns all models.
    #[cfg_attr(feature = "ts", ts(skip))]
    Models,
    /// Returns usage of selected messages in groups.
    #[cfg_attr(feature = "ts", ts(skip))]
    Report(Box<ReportQuery>),
    /// Returns the accuracy of the forecast on past blocks.
    #[cfg_attr(feature = "ts", ts(skip))]
    Backtest,
    /// Returns all settings with their origins.
    Settings,
    /// Saves a setting, or resets it to the value of the other layers.
    SetSetting {
        /// The key, such as `blocks.token_limit`.
        key: String,
        /// The new value; null resets the setting.
        #[cfg_attr(feature = "ts", ts(type = "unknown"))]
        value: Option<serde_json::Value>,
    },
    /// Returns past alerts, the latest first.
    Alerts {
        /// The largest number of alerts to return.
        limit: usize,
    },
    /// Records that the app was opened. Before that, a new installation sends no alerts. Sent by the popover's process.
    #[cfg_attr(feature = "ts", ts(skip))]
    MarkAppOpened,
    /// Marks all alerts as seen.
    MarkAlertsSeen,
    /// Sends a test alert. The response is sent once its delivery status is known.
    TestAlert {
        /// The rule to imitate.
        rule: AlertRule,
    },
    /// Pauses alerts for a while, or ends a pause.
    PauseAlerts {
        /// The length of the pause.
        pause: Pause,
    },
    /// Reports the delivery status of an alert. Sent by the notifier.
    #[cfg_attr(feature = "ts", ts(skip))]
    ReportAlertStatus {
        /// The id of the alert.
        id: u64,
        /// The delivery status.
        status: DeliveryStatus,
        /// The reason why notifications are unavailable, as a sentence; null if they are available.
        unavailable: Option<String>,
    },
    /// Reports whether the shortcut that opens the popover is available. Sent by the tray.
    #[cfg_attr(feature = "ts", ts(skip))]
    ReportShortcutStatus {
        /// The reason why it is unavailable, as a sentence; null if it is available or none is set.
        unavailable: Option<String>,
    },
    /// Reports whether a background command works. Sent by the tray and by the command.
    #[cfg_attr(feature = "ts", ts(skip))]
    ReportBackgroundStatus {
        /// The command.
        command: BackgroundCommand,
        /// The reason why it does not work, as a sentence; null if it works or is turned off.
        problem: Option<String>,
    },
    /// Returns the backups of the store, the newest first.
    #[cfg_attr(feature = "ts", ts(skip))]
    Backups,
    /// Backs up the store now.
    #[cfg_attr(feature = "ts", ts(skip))]
    CreateBackup,
    /// Replaces the store by a backup. Names and tags of both are merged, and the logs are read again.
    #[cfg_attr(feature = "ts", ts(skip))]
    RestoreBackup {
        /// The path of the backup, or its name in the folder of backups.
        file: String,
    },
    /// Prepares or confirms usage that is shared with a team.
    #[cfg_attr(feature = "ts", ts(skip))]
    Team(TeamRequest),
    /// Returns the health report of `token-monitor doctor`.
    #[cfg_attr(feature = "ts", ts(skip))]
    Health,
    /// Returns the diagnostics as JSON, without names, titles or paths of the user.
    #[cfg_attr(feature = "ts", ts(skip))]
    Diagnostics,
}

/// A page of the session list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct SessionQuery {
    /// The number of sessions to skip.
    pub offset: usize,
    /// The largest number of sessions to return.
    pub limit: usize,
    /// The words to search for in names, ids, projects, branches, worktrees, tags, descriptions and models. A
    /// session must contain all of them. A search includes hidden sessions.
    pub search: Option<String>,
    /// True to include hidden sessions and those unused for longer than the configured retention.
    #[serde(default)]
    pub include_hidden: bool,
    /// The order.
    #[serde(default)]
    pub sort: SessionSort,
}
