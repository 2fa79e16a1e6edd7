//! How far a log has been read, and where to read on.
//!
//! Pure: it compares what is remembered with what the file looks like now, and never opens anything. A log is the
//! same one only if its file, its first kilobyte and the bytes just before the old position are: names are reused,
//! inodes are reused, and a file may have shrunk and grown again between two looks.

use xxhash_rust::xxh3::xxh3_64;

use crate::time::timestamp::Timestamp;
use crate::transcript::parse_stats::Tally;

/// Which file a path leads to. Where a system has no such numbers both are zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct FileId {
    /// The device.
    pub device: u64,
    /// The file on it.
    pub inode: u64,
}

/// What a file looks like without opening it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// Which file it is.
    pub file: FileId,
    /// Its length in bytes.
    pub len: u64,
    /// When it was last written, in nanoseconds since 1970.
    pub modified: i64,
}

/// The bytes a file is recognised by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Prints {
    /// Hash of its first kilobyte, as far as it had been read.
    pub head: u64,
    /// Hash of the bytes just before the position.
    pub tail: u64,
}

impl Prints {
    /// How many bytes from the start are hashed.
    pub const HEAD: u64 = 1024;
    /// How many bytes before the position are hashed.
    pub const TAIL: u64 = 64;

    /// Of the bytes themselves.
    pub fn of(head: &[u8], tail: &[u8]) -> Self {
        Self { head: xxh3_64(head), tail: xxh3_64(tail) }
    }

    /// Which bytes to hash for a position: up to where the head ends, and from where the tail starts.
    pub fn extent(offset: u64) -> (u64, u64) {
        (offset.min(Self::HEAD), offset.saturating_sub(Self::TAIL))
    }
}

/// How far a log has been read, and what was found up to there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    /// The file as it looked then.
    pub look: Look,
    /// Just past the last newline accounted for.
    pub offset: u64,
    /// What the file is recognised by.
    pub prints: Prints,
    /// The last readable timestamp before some position, where one had to be searched for.
    pub carry: Carry,
    /// What was found.
    pub tally: Tally,
    /// Whether the first thing a person asked in it was found.
    pub prompted: bool,
}

/// The last readable timestamp before a position.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Carry {
    /// The position up to which the search went.
    pub upto: u64,
    /// What it found.
    pub when: Option<Timestamp>,
}

/// What to do with a log met before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resume {
    /// Everything in it is accounted for.
    Nothing,
    /// It grew; read on from here.
    From(u64),
    /// It shrank, was rewritten or is another file; forget the old position.
    Restart,
}

impl Cursor {
    /// Whether a look alone shows that nothing happened.
    pub fn is_current(&self, look: &Look) -> bool {
        self.look == *look
    }

    /// Decides how to continue. `prints` are those of the file now, at the remembered position.
    pub fn resume(&self, look: &Look, prints: Prints) -> Resume {
        let same = self.look.file == look.file && self.offset <= look.len && self.prints == prints;
        match same {
            false => Resume::Restart,
            true if self.offset == look.len => Resume::Nothing,
            true => Resume::From(self.offset),
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const FILE: FileId = FileId { device: 1, inode: 2 };

    fn cursor() -> Cursor {
        let look = Look { file: FILE, len: 10, modified: 7 };
        Cursor { look, offset: 10, prints: Prints::of(b"0123456789", b"0123456789"), ..Cursor::default() }
    }

    #[rstest]
    #[case::unchanged(FILE, 10, b"0123456789", Resume::Nothing)]
    #[case::grown(FILE, 12, b"0123456789", Resume::From(10))]
    #[case::shrunk(FILE, 9, b"0123456789", Resume::Restart)]
    #[case::rewritten_longer(FILE, 12, b"9876543210", Resume::Restart)]
    #[case::rewritten_same_length(FILE, 10, b"9876543210", Resume::Restart)]
    #[case::replaced(FileId { device: 1, inode: 3 }, 12, b"0123456789", Resume::Restart)]
    fn a_log_is_read_on_only_if_it_is_the_same(
        #[case] file: FileId,
        #[case] len: u64,
        #[case] bytes: &[u8],
        #[case] expected: Resume,
    ) {
        let look = Look { file, len, modified: 8 };
        assert_eq!(cursor().resume(&look, Prints::of(bytes, bytes)), expected);
    }
}
