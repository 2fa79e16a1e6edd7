//! Migration of stores with an earlier format.
//!
//! A migration only adds tables: rows can be decoded in every version. All cursors are removed, so that data that
//! earlier versions did not store is read from the logs that still exist. Reading is idempotent: nothing is counted
//! twice, and counts of deleted logs are kept. The file is backed up before the first change.

use std::io;
use std::path::{Path, PathBuf};

use redb::{ReadableTable, WriteTransaction};

use crate::error::DbError;
use crate::fs_permissions;
use crate::schema::{FORMAT, LOGS, META, QUOTA, RULES_PENDING, RUNS};

/// Backs up a store of an earlier format in the same folder, unless there is a backup.
pub(crate) fn back_up(path: &Path, format: u32) -> io::Result<()> {
    let copy = backup_path(path, format);
    if copy.exists() { Ok(()) } else { fs_permissions::copy_file(path, &copy) }
}

/// Returns the path of the backup of a store with an earlier format.
fn backup_path(path: &Path, format: u32) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".format-{format}"));
    path.with_file_name(name)
}

/// Migrates a store to the current format.
pub(crate) fn migrate(write: &WriteTransaction) -> Result<(), DbError> {
    write.open_table(RUNS)?;
    write.open_table(QUOTA)?;
    write.open_table(META)?.insert("format", u64::from(FORMAT))?;
    request_reread(write)
}

/// Makes all existing logs be read again, because a store with earlier rules assigned some lines to the wrong session or
/// skipped them.
pub(crate) fn request_reread(write: &WriteTransaction) -> Result<(), DbError> {
    // A log without a cursor is read from its start.
    write.open_table(LOGS)?.retain(|_, _| false)?;
    write.open_table(META)?.insert("rules", RULES_PENDING)?;
    Ok(())
}

/// Reads the version of the rules from the `meta` table, or returns 0 if it is missing.
pub(crate) fn read_rules(meta: &impl ReadableTable<&'static str, u64>) -> Result<u64, DbError> {
    Ok(meta.get("rules")?.map_or(0, |rules| rules.value()))
}

/// Reads the format from the `meta` table, or returns `None` if it is missing.
pub(crate) fn read_format(meta: &impl ReadableTable<&'static str, u64>) -> Result<Option<u32>, DbError> {
    let format = meta.get("format")?;
    Ok(format.map(|format| u32::try_from(format.value()).unwrap_or(u32::MAX)))
}
