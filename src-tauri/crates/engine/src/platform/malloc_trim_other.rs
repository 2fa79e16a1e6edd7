//! Heap trimming on systems whose allocator does it itself.

/// Does nothing.
pub(crate) fn trim_heap() {}

/// Does nothing.
pub(crate) fn trim_thread_heap() {}
