//! Assigns sessions to accounts by the homes of their logs.
//!
//! The store keeps the paths of deleted logs, so their sessions are assigned too.

use rustc_hash::FxHashMap;
use token_monitor_core::interner::{InternTables, SessionId};
use token_monitor_core::quota::AccountId;

use crate::ingest::log_place::session_of_log;
use crate::ingest::quota_files::QuotaFiles;
use crate::platform;

/// Returns the accounts of all sessions whose logs are in a searched home with a known account. Returns nothing if only
/// one account is in use.
pub(crate) fn find_session_accounts(files: &QuotaFiles, names: &InternTables) -> FxHashMap<SessionId, AccountId> {
    if !files.accounts.are_several() {
        return FxHashMap::default();
    }
    let logs = names.logs.added_since(0);
    logs.filter_map(|(_, bytes)| {
        let path = platform::path_from_bytes(bytes);
        let (home, account) = files.home_of_path(&path)?;
        let session = session_of_log(&home.join("projects"), &path)?;
        Some((names.sessions.get(session.as_bytes())?, account))
    })
    .collect()
}
