//! Cursors: the position up to which a log has been read, and the decision where to resume.
//!
//! Pure: compares the stored cursor with the current state of the file and never opens it. A log counts as unchanged
//! only if its file id, its first kilobyte and the bytes before the position are the same. Names and inodes can be
//! reused, and a file can shrink and grow again between two scans.

use xxhash_rust::xxh3::xxh3_64;

use crate::time::timestamp::Timestamp;
use crate::transcript::parse_stats::ParseStats;

/// The identity of a file. Both numbers are zero on systems without such numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct FileId {
    /// The device number.
    pub device: u64,
    /// The inode number on the device.
    pub inode: u64,
}

/// The metadata of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FileStat {
    /// The identity of the file.
    pub file: FileId,
    /// The length in bytes.
    pub len: u64,
    /// The modification time in nanoseconds since 1970.
    pub modified: i64,
}

/// Hashes of the parts of a file by which it is recognized.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ContentHashes {
    /// The hash of the first kilobyte, as far as it had been read.
    pub head: u64,
    /// The hash of the bytes before the position.
    pub tail: u64,
}

impl ContentHashes {
    /// The number of hashed bytes at the start of the file.
    pub const HEAD_BYTES: u64 = 1024;
    /// The number of hashed bytes before the position.
    pub const TAIL_BYTES: u64 = 64;

    /// Hashes the two parts.
    pub fn from_bytes(head: &[u8], tail: &[u8]) -> Self {
        Self { head: xxh3_64(head), tail: xxh3_64(tail) }
    }

    /// Returns the end of the hashed head and the start of the hashed tail for a position.
    pub fn hashed_range_bounds(offset: u64) -> (u64, u64) {
        (offset.min(Self::HEAD_BYTES), offset.saturating_sub(Self::TAIL_BYTES))
    }
}

/// The position up to which a log has been read, with the results so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    /// The metadata of the file when it was read.
    pub stat: FileStat,
    /// The position after the last newline that was read.
    pub offset: u64,
    /// The hashes by which the file is recognized.
    pub hashes: ContentHashes,
    /// The last readable timestamp before a position, if a search was needed.
    pub carry: TimestampCarry,
    /// The statistics of the part that was read.
    pub stats: ParseStats,
    /// True if the first prompt of the user was found.
    pub prompt_found: bool,
}

/// The last readable timestamp before a position.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TimestampCarry {
    /// The position up to which the log was searched.
    pub searched_to: u64,
    /// The timestamp, if there is one.
    pub when: Option<Timestamp>,
}

/// The position at which to continue reading a known log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resume {
    /// The log has been read completely.
    UpToDate,
    /// The log has grown. Reading continues at this position.
    From(u64),
    /// The log has shrunk, was rewritten or is another file. Reading starts from the beginning.
    Restart,
}

impl Cursor {
    /// Returns true if the metadata of the file is unchanged.
    pub fn is_current(&self, stat: &FileStat) -> bool {
        self.stat == *stat
    }

    /// Decides where to continue. `hashes` are those of the current file at the stored position.
    pub fn decide_resume(&self, stat: &FileStat, hashes: ContentHashes) -> Resume {
        let is_same_log = self.stat.file == stat.file && self.offset <= stat.len && self.hashes == hashes;
        match is_same_log {
            false => Resume::Restart,
            true if self.offset == stat.len => Resume::UpToDate,
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
        let stat = FileStat { file: FILE, len: 10, modified: 7 };
        Cursor {
            stat,
            offset: 10,
            hashes: ContentHashes::from_bytes(b"0123456789", b"0123456789"),
            ..Cursor::default()
        }
    }

    #[rstest]
    #[case::unchanged(FILE, 10, b"0123456789", Resume::UpToDate)]
    #[case::grown(FILE, 12, b"0123456789", Resume::From(10))]
    #[case::shrunk(FILE, 9, b"0123456789", Resume::Restart)]
    #[case::rewritten_longer(FILE, 12, b"9876543210", Resume::Restart)]
    #[case::rewritten_same_length(FILE, 10, b"9876543210", Resume::Restart)]
    #[case::replaced(FileId { device: 1, inode: 3 }, 12, b"0123456789", Resume::Restart)]
    fn reading_resumes_only_if_the_log_is_the_same(
        #[case] file: FileId,
        #[case] len: u64,
        #[case] bytes: &[u8],
        #[case] expected: Resume,
    ) {
        let stat = FileStat { file, len, modified: 8 };
        assert_eq!(cursor().decide_resume(&stat, ContentHashes::from_bytes(bytes, bytes)), expected);
    }
}
