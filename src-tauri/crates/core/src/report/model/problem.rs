//! Problems that the user should know about, and if they leave the figures incomplete.

use serde::{Deserialize, Serialize};

use crate::report::model::is_false;

/// A problem and a hint how to solve it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// The kind of problem.
    #[serde(default)]
    pub code: ProblemCode,
    /// The problem, as a sentence.
    pub message: String,
    /// The suggested action.
    pub hint: String,
}

/// The kind of problem, for programs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub enum ProblemCode {
    /// A limit is reached, and its reset time is unknown.
    LimitReached,
    /// The store cannot be written; counting continues in memory.
    StoreUnavailable,
    /// The store was damaged, and a new one was created. Shown until the damaged file is deleted or moved.
    StoreUnreadable,
    /// The daily backup of the store failed.
    BackupFailed,
    /// The store was deleted while it was in use, and was written again.
    StoreRestored,
    /// The store was replaced by another file while it was in use.
    StoreReplaced,
    /// The contents of the store were overwritten while it was in use.
    StoreOverwritten,
    /// A log folder has vanished.
    FolderMissing,
    /// A folder cannot be read.
    FolderUnreadable,
    /// A log cannot be read.
    LogUnreadable,
    /// The folder for figures from the status line is not used.
    InboxRefused,
    /// The system's time zone is unknown.
    ZoneUnknown,
    /// The shortcut that opens the popover is not available.
    ShortcutUnavailable,
    /// The web dashboard is turned on, and cannot be served.
    DashboardUnavailable,
    /// The collector did not receive the metrics; they are sent with the next.
    MetricsNotSent,
    /// The hub of the team did not receive the usage; it is sent later.
    UsageNotShared,
    /// A setting or the settings file is invalid.
    SettingInvalid,
    /// A problem that another version of the program reported.
    #[default]
    // The generator of the TypeScript types cannot parse this attribute.
    #[cfg_attr(not(feature = "ts"), serde(other))]
    Other,
}

impl ProblemCode {
    /// Returns true if usage in logs that exist may be missing in the figures while the problem lasts. A folder that has
    /// vanished may have been deleted, and what was counted from it stays.
    pub fn hides_usage(self) -> bool {
        match self {
            Self::FolderUnreadable | Self::LogUnreadable => true,
            Self::LimitReached
            | Self::FolderMissing
            | Self::StoreUnavailable
            | Self::StoreUnreadable
            | Self::BackupFailed
            | Self::StoreRestored
            | Self::StoreReplaced
            | Self::StoreOverwritten
            | Self::InboxRefused
            | Self::ZoneUnknown
            | Self::ShortcutUnavailable
            | Self::DashboardUnavailable
            | Self::MetricsNotSent
            | Self::UsageNotShared
            | Self::SettingInvalid
            | Self::Other => false,
        }
    }
}

/// The completeness of figures: if usage that was logged may be missing in them, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ReportCompleteness {
    /// True if folders or logs could not be read; omitted otherwise.
    #[serde(default, skip_serializing_if = "is_false")]
    #[cfg_attr(feature = "ts", ts(optional, as = "Option<bool>"))]
    pub incomplete: bool,
    /// The reasons; omitted without any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "ts", ts(optional, as = "Option<Vec<Problem>>"))]
    pub problems: Vec<Problem>,
}

impl ReportCompleteness {
    /// Returns the completeness of figures while these problems last. Those that hide no usage are left out.
    pub fn from_problems(problems: impl IntoIterator<Item = Problem>) -> Self {
        let problems: Vec<Problem> = problems.into_iter().filter(|problem| problem.code.hides_usage()).collect();
        Self { incomplete: !problems.is_empty(), problems }
    }
}
