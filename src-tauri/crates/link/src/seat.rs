//! The one tray of a store.
//!
//! Who counts is decided by the store's own lock; who shows is decided here. The seat is free again as soon as its
//! holder is gone, however it went.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;

/// Held by the process that shows the tray.
#[derive(Debug)]
pub struct Seat {
    _locked: File,
}

impl Seat {
    /// Takes the seat, unless somebody has it.
    pub fn take(store: &Path) -> io::Result<Option<Self>> {
        if let Some(folder) = store.parent() {
            crate::socket::create_folder(folder)?;
        }
        let file = File::create(store.with_extension("tray-lock"))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { _locked: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seat_is_taken_once_and_free_again_afterwards() {
        let temp = tempfile::tempdir().expect("a folder");
        let store = temp.path().join("sessions.db");
        let seat = Seat::take(&store).expect("can be locked");
        assert!(seat.is_some());
        assert!(Seat::take(&store).expect("can be tried").is_none(), "somebody has it");
        drop(seat);
        assert!(Seat::take(&store).expect("can be locked").is_some());
    }
}
