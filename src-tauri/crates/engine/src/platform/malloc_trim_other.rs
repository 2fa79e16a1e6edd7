//! Memory where the allocator gives back by itself what is no longer needed.

/// Nothing has to be done.
pub(crate) fn trim_heap() {}
