//! Folders of a user are private by inherited permissions. Links are refused as on Unix.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::Path;

use super::Refusal;

pub(super) fn create_missing_folders(folder: &Path) -> io::Result<()> {
    if folder.as_os_str().is_empty() { Ok(()) } else { fs::create_dir_all(folder) }
}

pub(super) fn check_shared_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}

pub(super) fn check_own_folder(folder: &Path) -> io::Result<()> {
    let metadata = fs::symlink_metadata(folder)?;
    match (metadata.is_symlink(), metadata.is_dir()) {
        (true, _) => Err(Refusal::SymbolicLink.into()),
        (false, false) => Err(Refusal::NotAFolder.into()),
        (false, true) => Ok(()),
    }
}

pub(super) fn check_closed_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}

pub(super) fn create_file(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create_new(true).open(path)
}

pub(super) fn open_file(path: &Path, append: bool) -> io::Result<File> {
    check_file(path)?;
    OpenOptions::new().read(!append).write(!append).append(append).open(path)
}

pub(super) fn open_own_file(path: &Path) -> io::Result<File> {
    check_file(path)?;
    File::open(path)
}

/// Accepts every file: those in a user's folders are private.
pub(super) fn check_private_file(_metadata: &fs::Metadata) -> io::Result<()> {
    Ok(())
}

fn check_file(path: &Path) -> io::Result<()> {
    let metadata = fs::symlink_metadata(path)?;
    match (metadata.is_symlink(), metadata.is_file()) {
        (true, _) => Err(Refusal::SymbolicLink.into()),
        (false, false) => Err(Refusal::NotAFile.into()),
        (false, true) => Ok(()),
    }
}

/// Does nothing: the entries of a folder cannot be synced here.
pub(super) fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}
