//! The accounts of the searched homes and of the files that were read.

use std::collections::BTreeMap;
use std::path::Path;

use token_monitor_core::quota::{AccountId, CurrentAccounts};

use crate::config::shorten_path;
use crate::ingest::claude_homes::ClaudeHome;
use crate::ingest::dirs::UserDirs;
use crate::ingest::discover::FoundLog;
use crate::ingest::quota_files::QuotaFiles;

/// The time for which the account used last stays the same while it is in use beside another one, in nanoseconds.
const ACCOUNT_SWITCH_NANOS: i64 = 5 * 60 * 1_000_000_000;

impl QuotaFiles {
    /// Returns the account of the home to which a path belongs.
    pub(crate) fn account_of_path(&self, path: &Path) -> Option<AccountId> {
        self.home_of_path(path).map(|(_, account)| account)
    }

    /// Returns the home to which a path belongs, if its account is known.
    pub(crate) fn home_of_path(&self, path: &Path) -> Option<(&Path, AccountId)> {
        let homes = self.homes.iter().filter(|(home, _)| path.starts_with(home));
        let (home, account) = homes.max_by_key(|(home, _)| home.as_os_str().len())?;
        Some((home, (*account)?))
    }

    pub(super) fn update_accounts(&mut self, homes: &[ClaudeHome], logs: &[FoundLog], dirs: &UserDirs) {
        let account_of = |home: &ClaudeHome| home.claude_json.iter().find_map(|file| self.known.get(file)?.account);
        self.homes = homes.iter().map(|home| (home.path.clone(), account_of(home))).collect();
        let mut names = BTreeMap::new();
        for (home, account) in &self.homes {
            if let Some(account) = account {
                names.entry(*account).or_insert_with(|| shorten_path(home, dirs));
            }
        }
        let latest = if names.len() > 1 { self.latest_account(logs) } else { names.keys().next().copied() };
        self.accounts = CurrentAccounts { names, latest, ..CurrentAccounts::default() };
    }

    /// Returns the account of the log written last. If two accounts are used at the same time, the previous one is kept.
    fn latest_account(&self, logs: &[FoundLog]) -> Option<AccountId> {
        let last_write = |account: Option<AccountId>| {
            let own = logs.iter().filter(|log| account.is_none() || self.account_of_path(&log.path) == account);
            own.max_by_key(|log| log.stat.modified)
        };
        let latest = last_write(None)?;
        let previous = self.accounts.latest.filter(|account| {
            let write = last_write(Some(*account));
            write.is_some_and(|log| log.stat.modified.saturating_add(ACCOUNT_SWITCH_NANOS) >= latest.stat.modified)
        });
        previous.or_else(|| self.account_of_path(&latest.path))
    }

    /// Returns true for the file of the default home if its logs are not searched and its account is not one of those
    /// that are.
    pub(super) fn is_of_another_account(&self, path: &Path, homes: &[ClaudeHome]) -> bool {
        let names = &self.accounts.names;
        let account = self.known.get(path).and_then(|file| file.account);
        let is_of_home = homes.iter().any(|home| home.claude_json.iter().any(|file| file == path));
        !is_of_home && !names.is_empty() && account.is_some_and(|account| !names.contains_key(&account))
    }

    pub(super) fn account_of_file(&self, path: &Path, logs: &[FoundLog]) -> Option<AccountId> {
        let file = self.known.get(path)?;
        let of_organization = || {
            let organization = file.organization?;
            let members = self.known.values().filter(|other| other.organization == Some(organization));
            members.filter_map(|other| other.account).next()
        };
        let of_session = || {
            let session = file.session.as_ref()?;
            self.account_of_path(&logs.iter().find(|log| log.is_of_session(session))?.path)
        };
        file.account.or_else(of_session).or_else(of_organization)
    }
}
