//! Writes that are kept in memory until the store has something to write.
//!
//! The database writes and syncs its header several times whenever a file is opened and closed. A command that finds
//! nothing new needs none of that: its writes are dropped, and the file stays as it was. Otherwise they are made in their
//! order, with their syncs, before the first other one.

use std::io;

/// The most operations that are kept. Opening a file that was closed needs fewer.
const MAX_OPERATIONS: usize = 64;

/// The length of the part of redb's header that is read here.
pub(crate) const HEADER_BYTES: usize = STATE_OFFSET + 1;

/// The offset of the byte in redb's header whose bits describe the state of the file.
const STATE_OFFSET: usize = 9;

/// The bit of a file that was not closed.
const RECOVERY_REQUIRED: u8 = 2;

/// The start of a file of redb.
pub(crate) const MAGIC: &[u8] = b"redb\x1a\x0a\xa9\x0d\x0a";

/// When a file that was closed is written to for the first time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FirstWrite {
    /// When it is opened, so that a disk that cannot be written is noticed at once.
    AtOpen,
    /// With the first change of the store.
    WithFirstChange,
}

/// The operations that are kept, in their order.
#[derive(Debug, Default)]
pub(crate) struct DeferredWrites(Vec<Operation>);

/// An operation on a file.
#[derive(Debug)]
pub(crate) enum Operation {
    /// Bytes that are written at an offset.
    Write {
        /// The offset in the file.
        offset: u64,
        /// The bytes.
        bytes: Vec<u8>,
    },
    /// A sync to the disk.
    Sync,
}

impl DeferredWrites {
    /// Returns true if another operation can be kept.
    pub(crate) fn has_room(&self) -> bool {
        self.0.len() < MAX_OPERATIONS
    }

    /// Keeps an operation.
    pub(crate) fn push(&mut self, operation: Operation) {
        self.0.push(operation);
    }

    /// Changes bytes that were read from the file to those that were written since.
    pub(crate) fn apply_to(&self, offset: u64, read: &mut [u8]) {
        for operation in &self.0 {
            if let Operation::Write { offset: start, bytes } = operation {
                let (from, to) = (offset.max(*start), (offset + read.len() as u64).min(start + bytes.len() as u64));
                if from < to {
                    let (target, source) = ((from - offset) as usize, (from - start) as usize);
                    let len = (to - from) as usize;
                    read[target..target + len].copy_from_slice(&bytes[source..source + len]);
                }
            }
        }
    }

    /// Performs all operations. After an error they are kept, and can be performed again.
    pub(crate) fn perform(&self, perform: impl FnMut(&Operation) -> io::Result<()>) -> io::Result<()> {
        self.0.iter().try_for_each(perform)
    }
}

/// Returns true if a file with this start is a database that was closed.
pub(crate) fn was_closed(header: &[u8; HEADER_BYTES]) -> bool {
    header.starts_with(MAGIC) && header[STATE_OFFSET] & RECOVERY_REQUIRED == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(offset: u64, bytes: &[u8]) -> Operation {
        Operation::Write { offset, bytes: bytes.to_vec() }
    }

    #[test]
    fn bytes_are_read_as_they_were_written_last() {
        let mut deferred = DeferredWrites::default();
        for operation in [write(2, b"abcd"), Operation::Sync, write(4, b"XY"), write(100, b"far")] {
            deferred.push(operation);
        }
        let mut read = *b"0123456789";
        deferred.apply_to(0, &mut read);
        assert_eq!(&read, b"01abXY6789");
        let mut part = *b"345";
        deferred.apply_to(3, &mut part);
        assert_eq!(&part, b"bXY");
    }

    #[test]
    fn operations_are_performed_in_order_and_kept_after_an_error() {
        let mut deferred = DeferredWrites::default();
        deferred.push(write(0, b"a"));
        deferred.push(Operation::Sync);
        let mut performed = Vec::new();
        let failed = deferred.perform(|operation| match operation {
            Operation::Write { .. } => {
                performed.push("write");
                Ok(())
            }
            Operation::Sync => Err(io::Error::other("the disk is full")),
        });
        assert!(failed.is_err());
        let again = deferred.perform(|operation| {
            performed.push(if matches!(operation, Operation::Sync) { "sync" } else { "write" });
            Ok(())
        });
        assert!(again.is_ok());
        assert_eq!(performed, ["write", "write", "sync"]);
    }

    #[test]
    fn the_number_of_operations_is_limited() {
        let mut deferred = DeferredWrites::default();
        while deferred.has_room() {
            deferred.push(Operation::Sync);
        }
        assert_eq!(deferred.0.len(), MAX_OPERATIONS);
    }
}
