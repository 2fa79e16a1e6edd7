//! Private folders and files: created for their owner only, and never taken over from another user.
//!
//! Every file the program creates outside of Claude Code's folders is created here: the store and its backups, locks,
//! log files, notes and the socket's folder. On Unix:
//!
//! - Folders are created with mode 0700 and files with mode 0600, whatever the umask is.
//! - The last component of a path is never followed if it is a symbolic link.
//! - A folder or file that belongs to another user is refused with a [`Refusal`]. A folder may also belong to root, and
//!   so may a file that is only read.
//!
//! On other systems, files are private by the inherited permissions of the user's folders.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

#[cfg(not(unix))]
mod other;
#[cfg(unix)]
mod unix;

#[cfg(not(unix))]
use other as platform;
#[cfg(unix)]
use unix as platform;

#[cfg(unix)]
pub use unix::user_id;

/// The reason for not using a folder or file that exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The owner is another user.
    #[error("it belongs to another user")]
    ForeignOwner,
    /// A symbolic link, which may have been planted.
    #[error("it is a symbolic link")]
    SymbolicLink,
    /// A pipe, a device or a folder in the place of a file.
    #[error("it is not a regular file")]
    NotAFile,
    /// A file in the place of a folder.
    #[error("it is not a folder")]
    NotAFolder,
    /// A folder in which other users can replace files.
    #[error("other users can write to it")]
    WritableByOthers,
    /// A folder that other users can enter.
    #[error("it is open to other users")]
    OpenToOthers,
}

impl Refusal {
    /// Returns the refusal that caused an error, or `None` if the system reported the error.
    pub fn from_error(error: &io::Error) -> Option<Self> {
        error.get_ref()?.downcast_ref().copied()
    }
}

impl From<Refusal> for io::Error {
    fn from(refusal: Refusal) -> Self {
        io::Error::new(io::ErrorKind::PermissionDenied, refusal)
    }
}

/// Creates a folder and its missing parents. An existing folder is not changed; it is refused if it belongs to another
/// user.
pub fn create_folder(folder: &Path) -> io::Result<()> {
    platform::create_missing_folders(folder)?;
    platform::check_shared_folder(folder)
}

/// Creates a folder for files of this program only. An existing one is refused under the conditions of
/// [`check_own_folder`].
pub fn create_own_folder(folder: &Path) -> io::Result<()> {
    platform::create_missing_folders(folder)?;
    platform::check_own_folder(folder)
}

/// Checks a folder for files of this program only. It is refused if it is a symbolic link, belongs to another user, or
/// is writable by others.
pub fn check_own_folder(folder: &Path) -> io::Result<()> {
    platform::check_own_folder(folder)
}

/// Checks a folder like [`check_own_folder`]. It is also refused if other users can enter it.
pub fn check_private_folder(folder: &Path) -> io::Result<()> {
    platform::check_own_folder(folder)?;
    platform::check_closed_folder(folder)
}

/// Creates a file for writing. Fails if the name is taken, also by a symbolic link.
pub fn create_file(path: &Path) -> io::Result<File> {
    platform::create_file(path)
}

/// Opens a file for reading and writing, and creates it if it does not exist. Permissions of other users are removed
/// from an existing file.
pub fn open_or_create_file(path: &Path) -> io::Result<File> {
    match platform::create_file(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => platform::open_file(path, false),
        result => result,
    }
}

/// Opens a file for appending, and creates it if it does not exist. Permissions of other users are removed from an
/// existing file.
pub fn append_to_file(path: &Path) -> io::Result<File> {
    match platform::create_file(path) {
        Ok(_) => platform::open_file(path, true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => platform::open_file(path, true),
        Err(error) => Err(error),
    }
}

/// Opens a file for reading that only this user can have written.
pub fn open_own_file(path: &Path) -> io::Result<File> {
    platform::open_own_file(path)
}

/// Opens a file for reading like [`open_own_file`]. It is also refused if other users can read it, as with a secret.
pub fn open_private_file(path: &Path) -> io::Result<File> {
    let file = platform::open_own_file(path)?;
    platform::check_private_file(&file.metadata()?)?;
    Ok(file)
}

/// Replaces a file by new contents. A reader sees the old contents or the new ones.
pub fn replace_file(path: &Path, contents: &[u8]) -> io::Result<()> {
    write_and_rename(path, |file| file.write_all(contents))
}

/// Copies a file. A file at the new path is replaced.
pub fn copy_file(from: &Path, to: &Path) -> io::Result<()> {
    write_copy(&mut open_own_file(from)?, to)
}

/// Writes the rest of an open file to a path. A file at the path is replaced.
pub fn write_copy(source: &mut impl Read, to: &Path) -> io::Result<()> {
    write_and_rename(to, |file| copy_contents(source, file))?;
    platform::sync_folder(to.parent().unwrap_or(Path::new(".")))
}

fn copy_contents(source: &mut impl Read, file: &mut File) -> io::Result<()> {
    io::copy(source, file)?;
    file.sync_all()
}

/// Renames a file that was synced, and syncs its folder, so that a power cut leaves the old name or the new one.
pub fn rename_durably(from: &Path, to: &Path) -> io::Result<()> {
    std::fs::rename(from, to)?;
    platform::sync_folder(to.parent().unwrap_or(Path::new(".")))
}

fn write_and_rename(path: &Path, write: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.tmp", std::process::id()));
    let temporary = path.with_file_name(name);
    // A file left behind by an earlier process with the same id.
    let _ = std::fs::remove_file(&temporary);
    let result =
        create_file(&temporary).and_then(|mut file| write(&mut file)).and_then(|()| std::fs::rename(&temporary, path));
    if result.is_err() {
        let _ = std::fs::remove_file(&temporary);
    }
    result
}
