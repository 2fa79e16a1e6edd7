//! Rows that are read while the caller does other work.

use crate::db::Store;
use crate::error::{DbError, StoreError};

/// Rows that are read one by one. Ends after the first error.
pub(crate) struct GuardedRows<'a, I> {
    pub(crate) store: &'a Store,
    /// `None` after an error.
    pub(crate) rows: Option<I>,
}

impl<I> GuardedRows<'_, I> {
    fn read<T>(&mut self, next: impl FnOnce(&mut I) -> Option<Result<T, DbError>>) -> Option<Result<T, StoreError>> {
        let rows = self.rows.as_mut()?;
        let row = self.store.guard(|| next(rows).transpose()).transpose();
        if matches!(row, Some(Err(_))) {
            self.rows = None;
        }
        row
    }
}

impl<T, I: Iterator<Item = Result<T, DbError>>> Iterator for GuardedRows<'_, I> {
    type Item = Result<T, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.read(Iterator::next)
    }
}

impl<T, I: DoubleEndedIterator<Item = Result<T, DbError>>> DoubleEndedIterator for GuardedRows<'_, I> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.read(DoubleEndedIterator::next_back)
    }
}
