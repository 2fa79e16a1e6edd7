//! The reasons why a file or folder cannot be read, for diagnostics and problems.

use std::io;
use std::path::PathBuf;

use crate::platform;

/// The reason why a file or folder cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ReadFailure {
    /// The user has no permission.
    NoPermission,
    /// The process, or the whole system, has too many open files.
    TooManyOpenFiles,
    /// The disk reports an error.
    DiskError,
    /// The file was deleted after it was found. No usage is missing because of this.
    Gone,
    /// Another reason.
    Other,
}

/// A file or folder that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UnreadPath {
    /// The path.
    pub(crate) path: PathBuf,
    /// The reason.
    pub(crate) failure: ReadFailure,
}

impl ReadFailure {
    /// Returns the reason as text for a list of paths by reason.
    pub(crate) fn description(self) -> &'static str {
        match self {
            Self::NoPermission => "without permission to read",
            Self::TooManyOpenFiles => "not read, too many files are open",
            Self::DiskError => "not read, the disk reports an error",
            Self::Gone => "gone while looking",
            Self::Other => "unreadable",
        }
    }

    /// Returns what the user can do, as a sentence. `what` is a noun with its article, such as `the folder`.
    pub(crate) fn hint(self, what: &str) -> String {
        match self {
            Self::NoPermission => format!("Grant read permission to {what} to include its usage."),
            Self::TooManyOpenFiles => {
                "Too many files are open. Raise the limit of open files (ulimit -n), or close programs.".to_owned()
            }
            Self::DiskError => "The disk reports an error. Check the disk and its connection.".to_owned(),
            Self::Gone | Self::Other => "Run token-monitor doctor for the reasons.".to_owned(),
        }
    }
}

impl From<&io::Error> for ReadFailure {
    fn from(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::PermissionDenied => Self::NoPermission,
            io::ErrorKind::NotFound => Self::Gone,
            _ if platform::is_out_of_files(error) => Self::TooManyOpenFiles,
            _ if platform::is_disk_error(error) => Self::DiskError,
            _ => Self::Other,
        }
    }
}
