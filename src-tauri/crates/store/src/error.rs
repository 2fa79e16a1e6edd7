//! Why the store could not do something, by what the caller can do about it.

use std::io;
use std::path::{Path, PathBuf};

/// Why the store could not do something.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Another process owns the file: ask it instead.
    #[error("{} is in use by another process", path.display())]
    Busy {
        /// The store.
        path: PathBuf,
    },
    /// A newer version wrote it: nothing was touched, the user has to update.
    #[error("{} was written by a newer version (format {found}, this one knows {known})", path.display())]
    NewerFormat {
        /// The store.
        path: PathBuf,
        /// The format in the file.
        found: u32,
        /// The newest format this version knows.
        known: u32,
    },
    /// It is no store, or a damaged one: set it aside and start anew from the logs.
    #[error("{} cannot be read as a store", path.display())]
    Corrupt {
        /// The store.
        path: PathBuf,
        /// What was found.
        #[source]
        source: Box<redb::Error>,
    },
    /// The disk failed or is full: drop what is in memory, reopen, read the logs on from the stored cursors.
    #[error("reading or writing {}", path.display())]
    Disk {
        /// The store.
        path: PathBuf,
        /// What happened.
        #[source]
        source: Box<redb::Error>,
    },
    /// It was let go after a failure and is not open again yet.
    #[error("{} is closed after a failure", path.display())]
    Closed {
        /// The store.
        path: PathBuf,
    },
    /// A row is not encoded as this version would have.
    #[error("a row of table {table} cannot be decoded")]
    BadRow {
        /// The table.
        table: &'static str,
    },
    /// The folder it lives in cannot be made.
    #[error("creating the folder {}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What happened.
        #[source]
        source: io::Error,
    },
    /// Another session has the name.
    #[error("the name “{name}” is taken")]
    NameTaken {
        /// The name.
        name: String,
    },
    /// A name nobody could read.
    #[error("a name has 1 to {longest} visible characters")]
    NameInvalid {
        /// The longest name there may be, in characters.
        longest: usize,
    },
    /// A tag nobody could read.
    #[error("a tag has at most {longest} visible characters")]
    TagInvalid {
        /// The longest tag there may be, in characters.
        longest: usize,
    },
    /// More tags than a session can have.
    #[error("a session has at most {most} tags")]
    TooManyTags {
        /// How many it can have.
        most: usize,
    },
    /// A description that is too long, or holds more than lines of text.
    #[error("a description has at most {longest} characters, all of them visible but for ends of lines")]
    DescriptionInvalid {
        /// The longest description there may be, in characters.
        longest: usize,
    },
}

impl StoreError {
    /// The disk failed outside the store's own reads and writes.
    pub fn disk(path: &Path, error: io::Error) -> Self {
        Self::Disk { path: path.to_owned(), source: Box::new(redb::Error::Io(error)) }
    }
}
