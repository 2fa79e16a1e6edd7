//! The errors of the store, one variant for each reaction of the caller.

use std::io;
use std::path::{Path, PathBuf};

use redb::{DatabaseError, StorageError};

use crate::fs_permissions::{self, Refusal};

/// An error of the store.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Another process has the file open. The caller can send it a request instead.
    #[error("{} is in use by another process", path.display())]
    Busy {
        /// The path of the store.
        path: PathBuf,
    },
    /// The file was written by a newer version and was not changed. The user has to update.
    #[error("{} was written by a newer version (format {found}, this one knows {known})", path.display())]
    NewerFormat {
        /// The path of the store.
        path: PathBuf,
        /// The format in the file.
        found: u32,
        /// The newest format this version knows.
        known: u32,
    },
    /// The file is not a store, or is damaged. The caller can move it and rebuild the store from the logs.
    #[error("{} cannot be read as a store", path.display())]
    Corrupt {
        /// The path of the store.
        path: PathBuf,
        /// The cause.
        #[source]
        source: Box<redb::Error>,
    },
    /// The disk failed or is full. The caller must drop its state in memory, reopen the store, and resume the logs at
    /// the stored cursors.
    #[error("reading or writing {}", path.display())]
    Disk {
        /// The path of the store.
        path: PathBuf,
        /// The cause.
        #[source]
        source: Box<redb::Error>,
    },
    /// The store was released after a failure and has not been opened again.
    #[error("{} is closed after a failure", path.display())]
    Closed {
        /// The path of the store.
        path: PathBuf,
    },
    /// The file was deleted or replaced while it was open, and could not be restored yet.
    #[error("{} was deleted or replaced while it was in use", path.display())]
    Moved {
        /// The path of the store.
        path: PathBuf,
    },
    /// A row has an unknown encoding.
    #[error("a row of table {table} cannot be decoded")]
    BadRow {
        /// The name of the table.
        table: &'static str,
    },
    /// The folder of the store cannot be created.
    #[error("creating the folder {}", path.display())]
    Folder {
        /// The path of the folder.
        path: PathBuf,
        /// The cause.
        #[source]
        source: io::Error,
    },
    /// The folder or a file belongs to another user, or is a symbolic link. Nothing was changed.
    #[error("refusing to use {}", path.display())]
    Refused {
        /// The path of the folder or file.
        path: PathBuf,
        /// The cause.
        #[source]
        source: io::Error,
    },
    /// The system cannot start the thread that owns the store.
    #[error("the system cannot start a thread")]
    Thread(#[source] io::Error),
    /// Another session has this name.
    #[error("the name “{name}” is taken")]
    NameTaken {
        /// The name.
        name: String,
    },
    /// A name is empty, too long or has control characters.
    #[error("a name has 1 to {max_len} visible characters")]
    NameInvalid {
        /// The max_len name there may be, in characters.
        max_len: usize,
    },
    /// A tag is too long or has control characters.
    #[error("a tag has at most {max_len} visible characters")]
    TagInvalid {
        /// The max_len tag there may be, in characters.
        max_len: usize,
    },
    /// A session has too many tags.
    #[error("a session has at most {max} tags")]
    TooManyTags {
        /// The maximum number of tags.
        max: usize,
    },
    /// A description is too long or has control characters other than line breaks.
    #[error("a description has at most {max_len} characters and no control characters but line breaks")]
    DescriptionInvalid {
        /// The max_len description there may be, in characters.
        max_len: usize,
    },
}

impl StoreError {
    /// Creates a [`StoreError::Disk`] from an I/O error outside of the store.
    ///
    /// If the file was refused, this is a [`StoreError::Refused`].
    pub fn from_io(path: &Path, error: io::Error) -> Self {
        if Refusal::from_error(&error).is_some() {
            return Self::Refused { path: path.to_owned(), source: error };
        }
        Self::Disk { path: path.to_owned(), source: Box::new(redb::Error::Io(error)) }
    }

    /// Creates a [`StoreError::Corrupt`] from a message, such as that of a panic of the database.
    pub fn corrupt(path: &Path, message: String) -> Self {
        Self::Corrupt { path: path.to_owned(), source: Box::new(redb::Error::Corrupted(message)) }
    }

    /// Returns true if the file is damaged: setting it aside and filling a new one helps, and trying again does not.
    pub fn is_damage(&self) -> bool {
        matches!(self, Self::Corrupt { .. } | Self::BadRow { .. })
    }
}

/// An error of a table, without the path of the store.
pub(crate) enum DbError {
    /// A row of this table cannot be decoded.
    BadRow(&'static str),
    /// The file cannot be read or written.
    Database(redb::Error),
    /// The store was released after a failure.
    Closed,
    /// Figures disagree, which they cannot do in a file that only this program wrote.
    Contradiction(&'static str),
}

impl<E: Into<redb::Error>> From<E> for DbError {
    fn from(error: E) -> Self {
        Self::Database(error.into())
    }
}

/// Converts an error of opening a database.
pub(crate) fn map_open_error(path: &Path, error: DatabaseError) -> StoreError {
    let path = path.to_owned();
    match error {
        DatabaseError::DatabaseAlreadyOpen => StoreError::Busy { path },
        DatabaseError::Storage(StorageError::Io(error)) if !is_corruption(&error) => {
            map_redb_error(&path, StorageError::Io(error))
        }
        other => StoreError::Corrupt { path, source: Box::new(other.into()) },
    }
}

/// Converts an error of a database. Errors of the disk and of the way the database is used are [`StoreError::Disk`];
/// everything else can only be caused by damaged pages, such as a table of another type.
pub(crate) fn map_redb_error(path: &Path, error: impl Into<redb::Error>) -> StoreError {
    let (path, error) = (path.to_owned(), error.into());
    let is_of_disk = match &error {
        redb::Error::Io(cause) => !is_corruption(cause),
        redb::Error::PreviousIo | redb::Error::DatabaseClosed | redb::Error::TransactionInProgress => true,
        _ => false,
    };
    let source = Box::new(error);
    if is_of_disk { StoreError::Disk { path, source } } else { StoreError::Corrupt { path, source } }
}

/// Returns true if the error is in the file and not in the disk: it is not a store, it was truncated, or a damaged page
/// leads outside of it.
fn is_corruption(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidInput)
}

/// Creates a folder for the store, readable by the user only.
pub(crate) fn create_folder(folder: &Path) -> Result<(), StoreError> {
    fs_permissions::create_folder(folder).map_err(|source| folder_error(folder, source))
}

/// Creates a folder for files of this program only.
pub(crate) fn create_own_folder(folder: &Path) -> Result<(), StoreError> {
    fs_permissions::create_own_folder(folder).map_err(|source| folder_error(folder, source))
}

fn folder_error(folder: &Path, source: io::Error) -> StoreError {
    let path = folder.to_owned();
    match Refusal::from_error(&source) {
        Some(_) => StoreError::Refused { path, source },
        None => StoreError::Folder { path, source },
    }
}
