//! Finds and reads the files with official quota figures on this computer.
//!
//! Each call checks the metadata of all files and opens only changed ones. It reads regular files only and keeps nothing
//! but the figures. A missing file is not a problem; an unreadable or implausible one is counted and does not stop the
//! others.

mod accounts;
mod inbox;
mod paths;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use token_monitor_core::quota::{
    AccountId, CurrentAccounts, ParsedReadings, QuotaNote, Reading, SessionNote, parse_cached_usage,
    parse_desktop_history, parse_inbox,
};
use token_monitor_core::report::SessionNotes;
use token_monitor_core::transcript::FileStat;
use token_monitor_store::fs_permissions::{self, Refusal};

use crate::api::IgnoredPath;
use crate::ingest::claude_homes;
use crate::ingest::dirs::UserDirs;
use crate::ingest::discover::{self, FoundLog};
pub(crate) use crate::ingest::quota_files::inbox::remove_old_inbox_files;
use crate::ingest::quota_files::paths::quota_paths;
use crate::regular_file::read_file_contents;

/// The largest file that is read, in bytes. Claude Code's own file contains prompts and can have several MB.
const MAX_FILE_BYTES: u64 = 64 << 20;

/// The largest inbox file that is read, in bytes. An inbox file has a few numbers.
const MAX_INBOX_FILE_BYTES: u64 = 1 << 20;

/// The kind of a file, which determines its parser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum QuotaFileKind {
    ClaudeJson,
    DesktopHistory,
    Inbox,
}

impl QuotaFileKind {
    fn read(self, bytes: &[u8]) -> ParsedReadings {
        match self {
            Self::ClaudeJson => parse_cached_usage(bytes),
            Self::DesktopHistory => parse_desktop_history(bytes),
            Self::Inbox => parse_inbox(bytes),
        }
    }

    fn max_bytes(self) -> u64 {
        match self {
            Self::ClaudeJson | Self::DesktopHistory => MAX_FILE_BYTES,
            Self::Inbox => MAX_INBOX_FILE_BYTES,
        }
    }
}

/// The known files and their problems.
#[derive(Debug, Default)]
pub(crate) struct QuotaFiles {
    known: BTreeMap<PathBuf, KnownFile>,
    /// The accounts of the searched homes.
    pub(crate) accounts: CurrentAccounts,
    /// The context and prompt cache that the status line passed on, by session id.
    pub(crate) session_notes: SessionNotes,
    /// The searched homes with their accounts.
    homes: Vec<(PathBuf, Option<AccountId>)>,
    /// The inbox that is not read, and the reason.
    refused_inbox: Option<(PathBuf, Refusal)>,
    /// The number of opened files, for tests.
    #[cfg(test)]
    opened: usize,
}

/// A file that was read before.
#[derive(Debug, Default)]
struct KnownFile {
    /// The metadata when it was read; None to read it again.
    stat: Option<FileStat>,
    problems: BTreeMap<&'static str, u64>,
    /// The account, organization and session that the file names.
    account: Option<AccountId>,
    organization: Option<AccountId>,
    session: Option<String>,
    /// The context and prompt cache of the session, and its id.
    note: Option<(String, SessionNote)>,
}

impl KnownFile {
    fn with_problem(reason: &'static str) -> Self {
        Self { problems: BTreeMap::from([(reason, 1)]), ..Self::default() }
    }
}

impl QuotaFiles {
    /// Reads all files that changed since the last call, and returns their figures with the accounts they belong to.
    ///
    /// `roots` are the searched folders, `logs` the logs found in them, and `inbox` is the folder of the app's own files.
    pub(crate) fn read_changed(
        &mut self,
        dirs: &UserDirs,
        roots: &[PathBuf],
        logs: &[FoundLog],
        inbox: &Path,
    ) -> Vec<Reading> {
        let refusal = fs_permissions::check_own_folder(inbox).err().and_then(|error| Refusal::from_error(&error));
        self.refused_inbox = refusal.map(|refusal| (inbox.to_owned(), refusal));
        let homes = claude_homes::homes_of_roots(roots, dirs);
        let places = quota_paths(dirs, &homes, self.refused_inbox.is_none().then_some(inbox));
        self.known.retain(|path, _| places.contains_key(path));
        let found: Vec<(PathBuf, Vec<Reading>)> =
            places.into_iter().map(|(path, kind)| (path.clone(), self.check_file(path, kind))).collect();
        self.update_accounts(&homes, logs, dirs);
        self.session_notes = self.known.values().filter_map(|file| file.note.clone()).collect();
        let mut readings = Vec::new();
        for (path, found) in found.into_iter().filter(|(path, _)| !self.is_of_another_account(path, &homes)) {
            let account = self.account_of_file(&path, logs);
            readings.extend(found.into_iter().map(|reading| Reading { account, ..reading }));
        }
        readings
    }

    /// Returns the inbox that is not read, and the reason; `None` if it is read or does not exist.
    pub(crate) fn refused_inbox(&self) -> Option<(&Path, Refusal)> {
        self.refused_inbox.as_ref().map(|(inbox, refusal)| (inbox.as_path(), *refusal))
    }

    /// Returns the problems of the current files by reason.
    pub(crate) fn problems(&self) -> Vec<IgnoredPath> {
        let mut rows: BTreeMap<&str, (u64, &Path)> = BTreeMap::new();
        for (path, seen) in &self.known {
            for (reason, count) in &seen.problems {
                rows.entry(reason).or_insert((0, path)).0 += count;
            }
        }
        let row = |(reason, (count, example)): (&str, (u64, &Path))| IgnoredPath {
            reason: reason.to_owned(),
            count,
            example: example.display().to_string(),
        };
        rows.into_iter().map(row).collect()
    }

    fn check_file(&mut self, path: PathBuf, kind: QuotaFileKind) -> Vec<Reading> {
        let metadata = match fs::metadata(&path) {
            Ok(metadata) => metadata,
            Err(error) => return self.record_error(path, &error),
        };
        if !metadata.is_file() {
            return self.remember_file(path, KnownFile::with_problem("quota files that are no files"));
        }
        let stat = discover::file_stat(&metadata);
        let unchanged = self.known.get(&path).is_some_and(|seen| seen.stat == Some(stat));
        if unchanged { Vec::new() } else { self.read_file(path, kind) }
    }

    fn read_file(&mut self, path: PathBuf, kind: QuotaFileKind) -> Vec<Reading> {
        #[cfg(test)]
        {
            self.opened += 1;
        }
        match read_file_contents(&path, kind.max_bytes()) {
            Ok((stat, Some(bytes))) => {
                let found = kind.read(&bytes);
                let problems = found.rejected.iter().map(|(why, count)| (why.description(), *count)).collect();
                let ParsedReadings { account, organization, session, .. } = found;
                let note = (kind == QuotaFileKind::Inbox).then(|| QuotaNote::parse_figures(&bytes)).flatten();
                let file = KnownFile { stat: Some(stat), problems, account, organization, session, note };
                self.remember_file(path, file);
                found.readings
            }
            Ok((stat, None)) => {
                let seen = KnownFile { stat: Some(stat), ..KnownFile::with_problem("quota files too large to read") };
                self.remember_file(path, seen)
            }
            Err(error) => self.record_error(path, &error),
        }
    }

    fn record_error(&mut self, path: PathBuf, error: &io::Error) -> Vec<Reading> {
        if error.kind() == io::ErrorKind::NotFound {
            self.known.remove(&path);
            return Vec::new();
        }
        let reason = match error.kind() {
            io::ErrorKind::PermissionDenied => "quota files without permission to read",
            io::ErrorKind::InvalidInput => "quota files that are no files",
            _ => "quota files that are unreadable",
        };
        self.remember_file(path, KnownFile::with_problem(reason))
    }

    fn remember_file(&mut self, path: PathBuf, seen: KnownFile) -> Vec<Reading> {
        self.known.insert(path, seen);
        Vec::new()
    }
}

#[cfg(test)]
mod tests;
