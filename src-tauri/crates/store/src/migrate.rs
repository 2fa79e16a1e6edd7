//! Stores of earlier formats.
//!
//! Upgrading only adds: rows are read in whatever version they were written in. What earlier versions did not note
//! is read from the logs again, as far as they are still there; reading is idempotent, so nothing counts twice and
//! what the logs no longer hold stays as it is. Before anything is changed the file is copied beside itself.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use redb::{ReadableTable, WriteTransaction};

use crate::read::Trouble;
use crate::schema::{FORMAT, LOGS, META, QUOTA, RUNS};

/// Copies a store of an earlier format beside itself, unless that was done before.
pub(crate) fn back_up(path: &Path, format: u32) -> io::Result<()> {
    let copy = copy_of(path, format);
    if copy.exists() {
        return Ok(());
    }
    let half = copy.with_extension("part");
    fs::copy(path, &half)?;
    fs::rename(&half, &copy)
}

/// Where the copy of a store of an earlier format is.
fn copy_of(path: &Path, format: u32) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".format-{format}"));
    path.with_file_name(name)
}

/// Brings a store to today's format.
pub(crate) fn upgrade(write: &WriteTransaction) -> Result<(), Trouble> {
    write.open_table(RUNS)?;
    write.open_table(QUOTA)?;
    // Everything that is still there is read again.
    write.open_table(LOGS)?.retain(|_, _| false)?;
    write.open_table(META)?.insert("format", u64::from(FORMAT))?;
    Ok(())
}

/// The format a store says it has.
pub(crate) fn format_of(meta: &impl ReadableTable<&'static str, u64>) -> Result<Option<u32>, Trouble> {
    let format = meta.get("format")?;
    Ok(format.map(|format| u32::try_from(format.value()).unwrap_or(u32::MAX)))
}
