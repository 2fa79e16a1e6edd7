//! Listing, making and restoring backups on request.

use std::path::{Path, PathBuf};

use token_monitor_store::{Backup, backup_folder, list_backups};

use crate::actor::effects::Effects;
use crate::actor::state::Actor;
use crate::api::{ApiError, BackupRow, ErrorCode, Response};
use crate::clock;
use crate::outage::describe;

impl Actor {
    /// Lists the backups, the newest first.
    pub(super) fn list_backups(&self) -> Result<Response, ApiError> {
        let path = self.storage.ledger_store.store.path();
        let listed = list_backups(path).map_err(|error| {
            let folder = backup_folder(path);
            ApiError::new(ErrorCode::Busy, format!("cannot read {}: {error}", folder.display()))
        });
        Ok(Response::Backups(listed?.iter().map(BackupRow::from).collect()))
    }

    /// Makes a backup now.
    pub(super) fn create_backup(&mut self) -> Result<Response, ApiError> {
        self.check_store_file()?;
        self.storage.check_writable()?;
        let backup = self.storage.back_up(clock::now());
        self.apply(Effects::PUBLISH);
        let backup = backup.map_err(|error| ApiError::new(ErrorCode::Busy, describe(&error)))?;
        Ok(Response::Backups(vec![BackupRow::from(&backup)]))
    }

    /// Replaces the store by a backup, given by its path or its name in the folder of backups.
    pub(super) fn restore_backup(&mut self, file: &str) -> Result<Response, ApiError> {
        self.check_store_file()?;
        self.storage.check_writable()?;
        let backup = self.find_backup(file)?;
        let restored = self.storage.restore_backup(&backup, clock::now());
        let kept = match restored {
            Ok(kept) => kept,
            Err(error) if error.is_damage() && !self.storage.is_damaged() => {
                let error = ApiError::new(ErrorCode::BadValue, format!("{} is no sound backup", backup.display()));
                return Err(error.with_hint("Nothing was changed. token-monitor backups lists others."));
            }
            Err(error) => {
                let effects = self.storage.note_error(&error);
                self.apply(effects);
                return Err(ApiError::new(ErrorCode::Busy, describe(&error)));
            }
        };
        self.continue_after_reload();
        self.apply(Effects::CHANGED);
        Ok(Response::BackupRestored { file: backup.display().to_string(), kept: kept.display().to_string() })
    }

    fn find_backup(&self, file: &str) -> Result<PathBuf, ApiError> {
        let path = Path::new(file);
        let in_folder = backup_folder(self.storage.ledger_store.store.path()).join(path);
        let found = [path.to_owned(), in_folder].into_iter().find(|path| path.is_absolute() && path.is_file());
        found.ok_or_else(|| {
            let error = ApiError::new(ErrorCode::NotFound, format!("there is no backup “{file}”"));
            error.with_hint("token-monitor backups lists all of them.")
        })
    }
}

impl From<&Backup> for BackupRow {
    fn from(backup: &Backup) -> Self {
        let Backup { path, made_at, bytes, .. } = backup;
        Self { path: path.display().to_string(), made_at: *made_at, bytes: *bytes }
    }
}
