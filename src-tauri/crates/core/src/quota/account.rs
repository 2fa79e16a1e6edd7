//! The accounts to which quota figures belong, and the readings of each.
//!
//! Readings without a known account count for the account in use. As long as only one account is in use, all figures are
//! its figures.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::interner::SessionId;
use crate::quota::account_id::AccountId;
use crate::quota::reading::Reading;
use crate::quota::state::Quota;
use crate::time::Timestamp;

/// The maximum number of accounts whose readings are kept.
const MAX_ACCOUNTS: usize = 16;

/// The accounts that are in use on this computer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CurrentAccounts {
    /// The name of each account, which is that of its folder.
    pub names: BTreeMap<AccountId, String>,
    /// The account that was used last.
    pub latest: Option<AccountId>,
    /// The accounts of the sessions whose logs are in a known home.
    pub sessions: FxHashMap<SessionId, AccountId>,
}

impl CurrentAccounts {
    /// Returns true if figures have to be told apart by account.
    pub fn are_several(&self) -> bool {
        self.names.len() > 1
    }

    /// Returns the other accounts.
    pub fn others(&self) -> impl Iterator<Item = AccountId> {
        let primary = self.primary();
        self.names.keys().copied().filter(move |account| Some(*account) != primary)
    }

    /// Returns the name of an account if there are several.
    pub fn name_if_several(&self, account: AccountId) -> Option<&str> {
        self.names.get(&account).filter(|_| self.are_several()).map(String::as_str)
    }

    /// Returns true if a session counts for an account. Sessions of no known account count for the primary one.
    pub fn is_session_of(&self, session: SessionId, account: AccountId) -> bool {
        match self.sessions.get(&session).filter(|owner| self.names.contains_key(owner)) {
            Some(owner) => *owner == account,
            None => self.primary() == Some(account),
        }
    }

    /// Returns the account whose figures apply to the current block: the one used last, otherwise the first.
    pub fn primary(&self) -> Option<AccountId> {
        self.latest.filter(|latest| self.names.contains_key(latest)).or_else(|| self.names.keys().next().copied())
    }
}

/// The readings of one account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct AccountQuota {
    own: Quota,
    with_unassigned: Quota,
}

/// The readings of all accounts.
///
/// The result does not depend on the order of insertions, and restoring works as for a [`Quota`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountQuotas {
    all: Quota,
    unassigned: Quota,
    by_account: BTreeMap<AccountId, AccountQuota>,
}

impl AccountQuotas {
    /// Inserts a reading. Returns true if it changed the state and has to be stored.
    pub fn insert(&mut self, reading: Reading, now: Timestamp) -> bool {
        let changed = match reading.account {
            None => {
                for quota in self.by_account.values_mut() {
                    quota.with_unassigned.insert(reading.clone(), now);
                }
                self.unassigned.insert(reading.clone(), now)
            }
            Some(account) => self.insert_for_account(account, &reading, now),
        };
        self.all.insert(reading, now) || changed
    }

    fn insert_for_account(&mut self, account: AccountId, reading: &Reading, now: Timestamp) -> bool {
        let is_full = self.by_account.len() >= MAX_ACCOUNTS && !self.by_account.contains_key(&account);
        let is_invalid = || !Quota::default().insert(reading.clone(), now);
        if is_full || is_invalid() {
            return false;
        }
        let unassigned = &self.unassigned;
        let new = || AccountQuota { own: Quota::default(), with_unassigned: unassigned.clone() };
        let quota = self.by_account.entry(account).or_insert_with(new);
        quota.with_unassigned.insert(reading.clone(), now);
        quota.own.insert(reading.clone(), now)
    }

    /// Returns the readings of all accounts together.
    pub fn all(&self) -> &Quota {
        &self.all
    }

    /// Returns the quota that applies to the current block.
    pub fn primary(&self, accounts: &CurrentAccounts) -> &Quota {
        let account = accounts.primary().and_then(|account| self.by_account.get(&account));
        let unknown = if accounts.names.is_empty() { &self.all } else { &self.unassigned };
        account.map_or(unknown, |account| &account.with_unassigned)
    }

    /// Returns the readings of an account other than the primary one.
    pub fn own(&self, account: AccountId) -> Option<&Quota> {
        self.by_account.get(&account).map(|quota| &quota.own)
    }

    /// Returns true if a reading is part of the state. Other readings may be deleted from the store.
    pub fn is_needed(&self, reading: &Reading) -> bool {
        let of_account = match reading.account {
            None => Some(&self.unassigned),
            Some(account) => self.by_account.get(&account).map(|quota| &quota.own),
        };
        self.all.is_needed(reading) || of_account.is_some_and(|quota| quota.is_needed(reading))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quota::{Percent, QuotaSource, QuotaWindow};
    use crate::time::MICROS_PER_MINUTE;

    /// 2026-07-17T12:00:00Z.
    const NOON: Timestamp = Timestamp(1_784_289_600_000_000);

    fn reading(account: Option<&str>, percent: u32, minute: i64) -> Reading {
        Reading {
            window: QuotaWindow::FiveHour,
            used: Percent::from_thousandths(percent * 1000),
            resets_at: Some(Timestamp(NOON.0 + 120 * MICROS_PER_MINUTE)),
            at: Timestamp(NOON.0 + minute * MICROS_PER_MINUTE),
            source: QuotaSource::CachedUsage,
            account: account.and_then(AccountId::from_uuid),
        }
    }

    fn current(accounts: &[&str]) -> CurrentAccounts {
        let id = |name: &&str| AccountId::from_uuid(name).expect("is not empty");
        let names = accounts.iter().map(|name| (id(name), (*name).to_owned())).collect();
        CurrentAccounts { names, latest: accounts.first().map(id), ..CurrentAccounts::default() }
    }

    fn quotas(readings: &[Reading]) -> AccountQuotas {
        let mut quotas = AccountQuotas::default();
        for reading in readings {
            quotas.insert(reading.clone(), Timestamp(i64::MAX));
        }
        quotas
    }

    fn used(quota: &Quota) -> Option<f64> {
        let now = Timestamp(NOON.0 + 10 * MICROS_PER_MINUTE);
        quota.current_usage(&QuotaWindow::FiveHour, now).map(|usage| usage.used.percent())
    }

    #[test]
    fn each_account_has_its_own_figures() {
        let quotas = quotas(&[reading(Some("a"), 10, 0), reading(Some("b"), 95, 1), reading(Some("old"), 99, 2)]);
        assert_eq!(used(quotas.primary(&current(&["a"]))), Some(10.0), "another account does not override it");
        let both = current(&["b", "a"]);
        let primary_name = both.primary().and_then(|primary| both.name_if_several(primary));
        assert_eq!((primary_name, used(quotas.primary(&both))), (Some("b"), Some(95.0)));
        assert_eq!(both.others().map(|other| quotas.own(other).and_then(used)).collect::<Vec<_>>(), [Some(10.0)]);
        assert_eq!(used(quotas.primary(&CurrentAccounts::default())), Some(99.0), "no account is known");
    }

    #[test]
    fn readings_without_an_account_count_for_the_primary_one_in_any_order() {
        let (own, unassigned) = (reading(Some("a"), 10, 0), reading(None, 12, 1));
        for readings in [[own.clone(), unassigned.clone()], [unassigned, own]] {
            let quotas = quotas(&readings);
            assert_eq!(used(quotas.primary(&current(&["a", "b"]))), Some(12.0));
            assert!(readings.iter().all(|reading| quotas.is_needed(reading)));
            let other = AccountId::from_uuid("a").and_then(|account| quotas.own(account));
            assert_eq!(other.and_then(used), Some(10.0));
        }
    }

    #[test]
    fn sessions_of_an_unknown_account_count_for_the_primary_one() {
        let [a, b, gone] = ["a", "b", "gone"].map(|name| AccountId::from_uuid(name).expect("is not empty"));
        let sessions = [(SessionId(1), a), (SessionId(2), b), (SessionId(3), gone)].into_iter().collect();
        let accounts = CurrentAccounts { sessions, ..current(&["b", "a"]) };
        let of = |account| (1..=4).filter(|id| accounts.is_session_of(SessionId(*id), account)).collect::<Vec<_>>();
        assert_eq!((of(a), of(b)), (vec![1], vec![2, 3, 4]));
    }

    #[test]
    fn an_invalid_reading_creates_no_account() {
        let mut quotas = AccountQuotas::default();
        let passed = Reading { resets_at: Some(Timestamp(0)), ..reading(Some("a"), 10, 0) };
        assert!(!quotas.insert(passed, Timestamp(i64::MAX)));
        assert_eq!(quotas, AccountQuotas::default());
    }
}
