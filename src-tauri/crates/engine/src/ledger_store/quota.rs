//! The quota readings and the accounts of a ledger store.

use token_monitor_core::interner::SessionId;
use token_monitor_core::quota::{CurrentAccounts, Reading};
use token_monitor_core::report::known_blocks;
use token_monitor_core::time::Timestamp;
use token_monitor_store::StoreError;

use crate::ledger_store::LedgerStore;

impl LedgerStore {
    /// Loads the quota readings and deletes those that are no longer needed.
    pub(super) fn load_quota(&mut self, now: Timestamp) -> Result<(), StoreError> {
        let readings = self.store.load_readings()?;
        for reading in &readings {
            self.quota.insert(reading.clone(), now);
        }
        let stale: Vec<Reading> = readings.into_iter().filter(|reading| !self.quota.is_needed(reading)).collect();
        if !stale.is_empty() {
            self.store.delete_readings(&stale)?;
        }
        self.refresh_confirmed_windows();
        Ok(())
    }

    fn refresh_confirmed_windows(&mut self) {
        let quota = if self.accounts.are_several() { self.quota.primary(&self.accounts) } else { self.quota.all() };
        self.confirmed_windows = known_blocks(quota);
    }

    /// Sets the accounts in use. The accounts of sessions are added to the known ones. Returns true if anything
    /// changed.
    pub(crate) fn set_accounts(&mut self, mut accounts: CurrentAccounts) -> bool {
        if accounts.are_several() {
            for (session, account) in &self.accounts.sessions {
                accounts.sessions.entry(*session).or_insert(*account);
            }
        }
        let changed = self.accounts != accounts;
        if changed {
            self.accounts = accounts;
            self.refresh_confirmed_windows();
        }
        changed
    }

    /// Returns true if a session counts for the account used last, or if only one account is in use.
    pub(crate) fn is_of_primary_account(&self, session: SessionId) -> bool {
        let primary = self.accounts.primary().filter(|_| self.accounts.are_several());
        primary.is_none_or(|account| self.accounts.is_session_of(session, account))
    }

    /// Records a quota reading. Returns true if it is new.
    pub(crate) fn record_quota_reading(&mut self, reading: Reading, now: Timestamp) -> bool {
        let news = self.quota.insert(reading.clone(), now);
        if news {
            self.batch.readings.push(reading);
            self.refresh_confirmed_windows();
        }
        news
    }
}
