//! A database whose changes stay in memory, on top of a file that is only read.
//!
//! It is used while the disk fails or is full, and for a file that must not be changed. Everything is lost with the
//! process, and the logs are read again from the cursors in the file.

use std::collections::BTreeMap;
use std::fs::{File, TryLockError};
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Bound;
use std::sync::{Arc, Mutex, PoisonError};

use redb::{BackendError, StorageBackend};

/// The size of the parts that are copied to memory when they change.
const PAGE_BYTES: u64 = 4096;

/// The pages that differ from the file.
#[derive(Clone, Debug)]
pub(crate) struct MemoryOverlay(Arc<Mutex<Pages>>);

#[derive(Debug)]
struct Pages {
    /// `None` if there is no file.
    base: Option<File>,
    /// The length of the part of the file that is still visible.
    base_len: u64,
    len: u64,
    changed: BTreeMap<u64, Box<[u8]>>,
}

impl MemoryOverlay {
    /// Creates an overlay without changes.
    pub(crate) fn new(base: Option<File>) -> io::Result<Self> {
        let len = base.as_ref().map_or(Ok(0), |file| file.metadata().map(|metadata| metadata.len()))?;
        Ok(Self(Arc::new(Mutex::new(Pages { base, base_len: len, len, changed: BTreeMap::new() }))))
    }

    /// Locks the file, so that no other process changes it. Returns false if another one has it open.
    pub(crate) fn lock_base(&self) -> bool {
        self.with(|pages| !matches!(pages.base.as_ref().map(File::try_lock), Some(Err(TryLockError::WouldBlock))))
    }

    /// Unlocks the file.
    pub(crate) fn unlock_base(&self) {
        // A file system without locks has nothing to unlock.
        self.with(|pages| drop(pages.base.as_ref().map(File::unlock)));
    }

    fn with<T>(&self, work: impl FnOnce(&mut Pages) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Pages {
    fn read(&mut self, mut offset: u64, mut out: &mut [u8]) -> io::Result<()> {
        if offset.checked_add(out.len() as u64).is_none_or(|end| end > self.len) {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        while !out.is_empty() {
            let within = (offset % PAGE_BYTES) as usize;
            let (part, rest) = out.split_at_mut(out.len().min(PAGE_BYTES as usize - within));
            match self.changed.get(&(offset / PAGE_BYTES)) {
                Some(page) => part.copy_from_slice(&page[within..within + part.len()]),
                None => self.read_base(offset, part)?,
            }
            offset += part.len() as u64;
            out = rest;
        }
        Ok(())
    }

    /// Reads from the file. The part behind its end is zero.
    fn read_base(&mut self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let available = self.base_len.saturating_sub(offset).min(out.len() as u64) as usize;
        let (part, rest) = out.split_at_mut(available);
        rest.fill(0);
        match &mut self.base {
            Some(file) if !part.is_empty() => {
                file.seek(SeekFrom::Start(offset))?;
                file.read_exact(part)
            }
            _ => Ok(()),
        }
    }

    fn write(&mut self, mut offset: u64, mut data: &[u8]) -> io::Result<()> {
        while !data.is_empty() {
            let (number, within) = (offset / PAGE_BYTES, (offset % PAGE_BYTES) as usize);
            let (part, rest) = data.split_at(data.len().min(PAGE_BYTES as usize - within));
            if !self.changed.contains_key(&number) {
                let mut page = vec![0; PAGE_BYTES as usize].into_boxed_slice();
                self.read_base(number * PAGE_BYTES, &mut page)?;
                self.changed.insert(number, page);
            }
            if let Some(page) = self.changed.get_mut(&number) {
                page[within..within + part.len()].copy_from_slice(part);
            }
            offset += part.len() as u64;
            data = rest;
            // Inside the loop, because writing nothing does not make a file longer.
            self.len = self.len.max(offset);
        }
        Ok(())
    }

    fn set_len(&mut self, len: u64) -> io::Result<()> {
        if len < self.len {
            self.base_len = self.base_len.min(len);
            let kept = len.div_ceil(PAGE_BYTES);
            self.changed.retain(|number, _| *number < kept);
            if let Some(page) = self.changed.get_mut(&(len / PAGE_BYTES)) {
                page[(len % PAGE_BYTES) as usize..].fill(0);
            }
        }
        self.len = len;
        Ok(())
    }
}

impl StorageBackend for MemoryOverlay {
    fn len(&self) -> io::Result<u64> {
        Ok(self.with(|pages| pages.len))
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.with(|pages| pages.read(offset, out))
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.with(|pages| pages.set_len(len))
    }

    fn sync_data(&self) -> io::Result<()> {
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.with(|pages| pages.write(offset, data))
    }

    fn close(&self) -> io::Result<()> {
        self.unlock_base();
        Ok(())
    }

    // The file is locked as a whole by `lock_base`, and nothing else has access to the changes.
    fn try_lock_range(&self, _start: Bound<u64>, _end: Bound<u64>) -> Result<bool, BackendError> {
        Ok(true)
    }

    fn try_lock_shared_range(&self, _start: Bound<u64>, _end: Bound<u64>) -> Result<bool, BackendError> {
        Ok(true)
    }

    fn lock_range(&self, _start: Bound<u64>, _end: Bound<u64>) -> Result<(), BackendError> {
        Ok(())
    }

    fn lock_shared_range(&self, _start: Bound<u64>, _end: Bound<u64>) -> Result<(), BackendError> {
        Ok(())
    }

    fn unlock_range(&self, _start: Bound<u64>, _end: Bound<u64>) -> Result<(), BackendError> {
        Ok(())
    }

    fn query_lock_range(&self, _start: Bound<u64>, _end: Bound<u64>) -> Result<bool, BackendError> {
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use token_monitor_test_support::property_cases;

    use super::*;

    #[derive(Clone, Debug)]
    enum Change {
        Write(u64, Vec<u8>),
        SetLen(u64),
    }

    fn changes() -> impl Strategy<Value = Change> {
        prop_oneof![
            (0..20_000_u64, prop::collection::vec(any::<u8>(), 0..6_000))
                .prop_map(|(at, data)| Change::Write(at, data)),
            (0..30_000_u64).prop_map(Change::SetLen),
        ]
    }

    #[test]
    fn writing_nothing_does_not_change_the_length() {
        let overlay = MemoryOverlay::new(None).expect("an overlay");
        overlay.write(100, &[]).expect("nothing is written");
        assert_eq!(overlay.len().expect("a length"), 0);
        overlay.write(100, &[1]).expect("it is written");
        assert_eq!(overlay.len().expect("a length"), 101);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(property_cases(64)) })]

        #[test]
        fn it_equals_a_plain_file_and_leaves_the_base_unchanged(
            base in prop::collection::vec(any::<u8>(), 0..25_000), changes in prop::collection::vec(changes(), 0..12),
        ) {
            let mut file = tempfile::tempfile().expect("a file");
            io::Write::write_all(&mut file, &base).expect("it is written");
            let overlay = MemoryOverlay::new(Some(file.try_clone().expect("a handle"))).expect("an overlay");
            let mut model = base.clone();
            for change in changes {
                match change {
                    Change::Write(at, data) => {
                        overlay.write(at, &data).expect("it is written");
                        let end = at as usize + data.len();
                        if !data.is_empty() && model.len() < end {
                            model.resize(end, 0);
                        }
                        if !data.is_empty() {
                            model[at as usize..end].copy_from_slice(&data);
                        }
                    }
                    Change::SetLen(len) => {
                        overlay.set_len(len).expect("it is set");
                        model.resize(len as usize, 0);
                    }
                }
                let mut read = vec![0; model.len()];
                prop_assert_eq!(overlay.len().expect("a length"), model.len() as u64);
                overlay.read(0, &mut read).expect("it is read");
                prop_assert!(read == model);
            }
            let mut left = Vec::new();
            file.seek(SeekFrom::Start(0)).expect("a seek");
            file.read_to_end(&mut left).expect("it is read");
            prop_assert!(left == base);
        }
    }
}
