//! Permissions and owners on Unix. Permissions are set on creation, so that a file is never readable by others.

use std::fs::{self, DirBuilder, File, Metadata, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use super::Refusal;

/// The id of root, whose folders and files are trusted: root can change everything anyway.
const ROOT: u32 = 0;

/// The permissions of a private file.
const FILE_MODE: u32 = 0o600;

/// The permissions of a private folder.
const FOLDER_MODE: u32 = 0o700;

/// Creates a folder and its missing parents, from the top down.
pub(super) fn create_missing_folders(folder: &Path) -> io::Result<()> {
    if folder.as_os_str().is_empty() || folder.is_dir() {
        return Ok(());
    }
    if let Some(parent) = folder.parent() {
        create_missing_folders(parent)?;
    }
    match DirBuilder::new().mode(FOLDER_MODE).create(folder) {
        Ok(()) => restore_owner_bits(folder),
        // Another process may have created it in the meantime.
        Err(_) if folder.is_dir() => Ok(()),
        Err(error) => Err(error),
    }
}

/// Restores permissions of the owner that the umask removed.
fn restore_owner_bits(folder: &Path) -> io::Result<()> {
    match fs::symlink_metadata(folder)?.mode() & FOLDER_MODE {
        FOLDER_MODE => Ok(()),
        _ => fs::set_permissions(folder, Permissions::from_mode(FOLDER_MODE)),
    }
}

/// Checks a folder that may hold files of other programs: it belongs to this user or to root.
pub(super) fn check_shared_folder(folder: &Path) -> io::Result<()> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let metadata = fs::metadata(folder)?;
    match metadata.uid() == ROOT || metadata.uid() == user_id() {
        true => Ok(()),
        false => Err(Refusal::ForeignOwner.into()),
    }
}

/// Checks a folder that holds only files of this program.
pub(super) fn check_own_folder(folder: &Path) -> io::Result<()> {
    let metadata = fs::symlink_metadata(folder)?;
    let refusal = if metadata.is_symlink() {
        Refusal::SymbolicLink
    } else if !metadata.is_dir() {
        Refusal::NotAFolder
    } else if metadata.uid() != user_id() {
        Refusal::ForeignOwner
    } else if metadata.mode() & 0o022 != 0 {
        Refusal::WritableByOthers
    } else {
        return Ok(());
    };
    Err(refusal.into())
}

/// Checks that only the owner can enter a folder.
pub(super) fn check_closed_folder(folder: &Path) -> io::Result<()> {
    match fs::symlink_metadata(folder)?.mode() & 0o077 {
        0 => Ok(()),
        _ => Err(Refusal::OpenToOthers.into()),
    }
}

/// Creates a file for reading and writing. `O_EXCL` also fails at a symbolic link.
pub(super) fn create_file(path: &Path) -> io::Result<File> {
    let file = OpenOptions::new().read(true).write(true).create_new(true).mode(FILE_MODE).open(path)?;
    set_private(&file, &file.metadata()?);
    Ok(file)
}

/// Opens an existing file for reading and writing, or only for appending.
pub(super) fn open_file(path: &Path, append: bool) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(!append).write(!append).append(append);
    let file = open_without_links(&mut options, path)?;
    let metadata = file.metadata()?;
    check_file(&metadata)?;
    match metadata.uid() == user_id() {
        true => set_private(&file, &metadata),
        false => return Err(Refusal::ForeignOwner.into()),
    }
    Ok(file)
}

/// Opens an existing file for reading.
pub(super) fn open_own_file(path: &Path) -> io::Result<File> {
    let file = open_without_links(OpenOptions::new().read(true), path)?;
    let metadata = file.metadata()?;
    check_file(&metadata)?;
    match metadata.uid() == ROOT || metadata.uid() == user_id() {
        true => Ok(file),
        false => Err(Refusal::ForeignOwner.into()),
    }
}

/// Checks that only the owner can read a file.
pub(super) fn check_private_file(metadata: &Metadata) -> io::Result<()> {
    if metadata.mode() & 0o077 == 0 { Ok(()) } else { Err(Refusal::OpenToOthers.into()) }
}

/// Opens a file unless it is a symbolic link, and without waiting for the other end of a pipe.
fn open_without_links(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    let flags = libc::O_NOFOLLOW | libc::O_NONBLOCK | libc::O_NOCTTY;
    options.custom_flags(flags).open(path).map_err(|error| match error.raw_os_error() {
        Some(libc::ELOOP) => Refusal::SymbolicLink.into(),
        // A folder, or a pipe without a reader.
        Some(libc::EISDIR | libc::ENXIO) => Refusal::NotAFile.into(),
        Some(libc::EACCES) => explain_denial(path, error),
        _ => error,
    })
}

/// Returns the refusal of a file that cannot be opened because it belongs to another user, or the error itself.
fn explain_denial(path: &Path, error: io::Error) -> io::Error {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.uid() != user_id() => Refusal::ForeignOwner.into(),
        Ok(_) | Err(_) => error,
    }
}

fn check_file(metadata: &Metadata) -> io::Result<()> {
    if metadata.is_file() { Ok(()) } else { Err(Refusal::NotAFile.into()) }
}

/// Sets the mode of a private file. Does nothing on file systems without permissions.
fn set_private(file: &File, metadata: &Metadata) {
    if metadata.mode() & 0o777 != FILE_MODE {
        let _ = file.set_permissions(Permissions::from_mode(FILE_MODE));
    }
}

/// Syncs the entries of a folder, so that a new name is still there after a power cut.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    match File::open(folder)?.sync_all() {
        // Some file systems cannot sync folders.
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => Ok(()),
        result => result,
    }
}

/// Returns the id of the user whose permissions the process has.
#[expect(unsafe_code, reason = "geteuid cannot fail and accesses no memory")]
pub fn user_id() -> u32 {
    // SAFETY: `geteuid` has no preconditions.
    unsafe { libc::geteuid() }
}
