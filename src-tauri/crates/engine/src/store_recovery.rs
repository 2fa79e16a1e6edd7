//! Recovery from a store whose file was deleted, replaced or overwritten while it is open.
//!
//! - A deleted file is written again from the open one, which still has all data.
//! - A file that replaced ours is used if it has more messages, as a restored backup does. Otherwise ours is written
//!   again. The other one is kept beside it under another name, and the metadata of both is merged.
//! - If our contents were overwritten, the store is opened or created again. Metadata comes from memory, and messages are
//!   read from the logs.

use std::fs;
use std::path::Path;

use token_monitor_core::report::model::{Problem, ProblemCode, SessionMetadata};
use token_monitor_store::{FileState, Safety, Store, StoreError, reserve_aside_path};
use tracing::warn;

use crate::clock;
use crate::damage::restore_latest_backup;
use crate::ledger_store::LedgerStore;
use crate::outage::move_aside;

/// The end of a recovery.
pub(crate) struct Recovery {
    /// The problem to show.
    pub(crate) problem: Problem,
    /// True if memory was loaded from another file, so that the logs have to be read from its cursors.
    pub(crate) is_reloaded: bool,
}

/// Restores the store according to the state of its file. After an error, the store is used as before if possible.
pub(crate) fn recover_store(ledger_store: &mut LedgerStore, state: FileState) -> Result<Recovery, StoreError> {
    let path = ledger_store.store.path().to_owned();
    warn!(store = %path.display(), ?state, "The store's file was changed by another program.");
    match state {
        FileState::Intact | FileState::Missing => restore_deleted(ledger_store, &path),
        FileState::Replaced if is_empty_file(&path) => restore_deleted(ledger_store, &path),
        FileState::Replaced => resolve_replaced(ledger_store, &path),
        FileState::Overwritten => reload_overwritten(ledger_store, &path),
    }
}

fn restore_deleted(ledger_store: &mut LedgerStore, path: &Path) -> Result<Recovery, StoreError> {
    ledger_store.commit(Safety::Durable)?;
    ledger_store.store.rewrite_file()?;
    let message =
        format!("The store {} was deleted while it was in use. It was written again with all data.", path.display());
    Ok(Recovery::kept(ProblemCode::StoreRestored, message, "Check which program deletes it.".to_owned()))
}

fn resolve_replaced(ledger_store: &mut LedgerStore, path: &Path) -> Result<Recovery, StoreError> {
    ledger_store.commit(Safety::Durable)?;
    let code = ProblemCode::StoreReplaced;
    let replaced = format!("The store {} was replaced by another file while it was in use.", path.display());
    let other = match open_other(path) {
        Ok(other) => other,
        Err(StoreError::Corrupt { .. } | StoreError::BadRow { .. } | StoreError::NewerFormat { .. }) => {
            let aside = move_aside(path, "replaced")?;
            ledger_store.store.rewrite_file()?;
            let message = format!("{replaced} The store was written again with all data.");
            let hint = format!("The other file, which cannot be used, was renamed to {}.", aside.display());
            return Ok(Recovery::kept(code, message, hint));
        }
        Err(error) => return Err(error),
    };
    if other.messages > ledger_store.store.message_count()? {
        let aside = reserve_aside_path(path, "replaced", clock::now())?;
        ledger_store.store.save_copy(&aside)?;
        ledger_store.reopen(clock::now().into())?;
        let message = format!("{replaced} The other file has more messages and is used now.");
        let hint = format!("The previous store was saved as {}. Names and tags of both are merged.", aside.display());
        return Ok(Recovery { problem: Problem { code, message, hint }, is_reloaded: true });
    }
    let aside = move_aside(path, "replaced")?;
    ledger_store.store.rewrite_file()?;
    ledger_store.merge_metadata(other.metadata)?;
    let message = format!("{replaced} The store was written again with all data.");
    let hint = format!("The other file was renamed to {}. Names and tags of both are merged.", aside.display());
    Ok(Recovery::kept(code, message, hint))
}

fn reload_overwritten(ledger_store: &mut LedgerStore, path: &Path) -> Result<Recovery, StoreError> {
    ledger_store.store.detach_file();
    let aside = match ledger_store.reopen(clock::now().into()) {
        Err(StoreError::Corrupt { .. } | StoreError::BadRow { .. } | StoreError::NewerFormat { .. }) => {
            let aside = move_aside(path, "overwritten")?;
            restore_latest_backup(path);
            ledger_store.reopen(clock::now().into())?;
            Some(aside)
        }
        reopened => {
            reopened?;
            None
        }
    };
    let overwritten = format!("The store {} was overwritten while it was in use.", path.display());
    let kept = "Names and tags are kept, and messages still in the logs are counted again.";
    let hint = match aside {
        Some(aside) => format!("The file, which cannot be used, was renamed to {}.", aside.display()),
        None => "Older messages come from the new contents of the file.".to_owned(),
    };
    let problem = Problem { code: ProblemCode::StoreOverwritten, message: format!("{overwritten} {kept}"), hint };
    Ok(Recovery { problem, is_reloaded: true })
}

impl Recovery {
    fn kept(code: ProblemCode, message: String, hint: String) -> Self {
        Self { problem: Problem { code, message, hint }, is_reloaded: false }
    }
}

/// The relevant contents of a store that replaced ours.
struct OtherStore {
    messages: u64,
    metadata: Vec<SessionMetadata>,
}

fn open_other(path: &Path) -> Result<OtherStore, StoreError> {
    let other = match Store::open(path) {
        // A link or a folder is no store of ours, but it can be renamed.
        Err(StoreError::Refused { .. }) => return Err(StoreError::BadRow { table: "file" }),
        opened => opened?,
    };
    let contents = OtherStore { messages: other.message_count()?, metadata: other.all_metadata()? };
    other.close()?;
    Ok(contents)
}

fn is_empty_file(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_file() && metadata.len() == 0)
}
