//! Replaces a damaged store: the file is set aside, and a new one is filled from the latest sound backup and the logs.
//!
//! The problem is shown, also by later processes, until the file that was set aside is deleted or moved.

use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};

use token_monitor_core::pricing::CostCalculator;
use token_monitor_core::report::model::{Problem, ProblemCode};
use token_monitor_store::{Salvage, Store, StoreError, copy_backup, fs_permissions, list_backups, set_aside};
use tracing::warn;

use crate::clock;
use crate::ledger_store::LedgerStore;

/// The reason in the name of a damaged file.
pub(crate) const REASON: &str = "corrupt";

/// Returns the file at a path before it is opened, to recognize it when it turns out to be damaged.
pub(crate) fn file_at(path: &Path) -> Option<Metadata> {
    fs::symlink_metadata(path).ok()
}

/// Sets a damaged store aside and opens a new one, filled from the latest sound backup and from what can be read of the
/// damaged file. Returns `None` if the file at the path is not the one that was `judged`, or is in use.
pub(crate) fn replace_damaged(
    path: &Path,
    judged: Option<&Metadata>,
    calculator: &CostCalculator,
) -> Result<Option<LedgerStore>, StoreError> {
    let Some(judged) = judged else { return Ok(None) };
    let Some(aside) = set_aside(path, judged, REASON, clock::now())? else { return Ok(None) };
    warn!(store = %path.display(), aside = %aside.display(), "The store is damaged and was renamed.");
    let salvage = Store::salvage(&aside);
    restore_latest_backup(path);
    let mut ledger_store = LedgerStore::open(path, calculator.clone(), clock::now().into())?;
    add_salvage(&mut ledger_store, salvage)?;
    Ok(Some(ledger_store))
}

/// Puts a copy of the latest sound backup in the place of the store, if there is one.
pub(crate) fn restore_latest_backup(path: &Path) {
    for backup in list_backups(path).unwrap_or_default() {
        let copied = copy_backup(&backup.path, path);
        match copied.and_then(|copy| rename(&copy, path)) {
            Ok(()) => {
                warn!(backup = %backup.path.display(), "The store was filled from a backup.");
                return;
            }
            Err(error) => warn!(
                backup = %backup.path.display(),
                error = &error as &dyn std::error::Error,
                "A backup could not be used.",
            ),
        }
    }
}

/// Renames a copy to the path of the store.
pub(crate) fn rename(copy: &Path, path: &Path) -> Result<(), StoreError> {
    fs_permissions::rename_durably(copy, path).map_err(|error| StoreError::from_io(path, error))
}

fn add_salvage(ledger_store: &mut LedgerStore, salvage: Salvage) -> Result<(), StoreError> {
    ledger_store.merge_metadata(salvage.metadata)?;
    let stored = ledger_store.store.load_settings()?;
    for (key, value) in salvage.settings.iter().filter(|(key, _)| !stored.contains_key(*key)) {
        ledger_store.store.save_setting(key, Some(value))?;
    }
    Ok(())
}

/// Returns the problem to show while there are damaged files beside the store.
pub(crate) fn set_aside_problem(files: &[PathBuf]) -> Option<Problem> {
    let first = files.first()?.display();
    let message = match files.len() {
        1 => format!("The store was damaged and was renamed to {first}."),
        count => format!("The store was damaged {count} times; the files were renamed, such as to {first}."),
    };
    let hint = "A new store was filled from the latest backup and the logs. Check the disk; delete or move the renamed \
                file to end this message.";
    Some(Problem { code: ProblemCode::StoreUnreadable, message, hint: hint.to_owned() })
}
