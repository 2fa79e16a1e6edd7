//! Heap trimming with glibc.

/// Returns free heap memory to the system, for example after an import.
#[expect(unsafe_code, reason = "malloc_trim is a C function")]
pub(crate) fn trim_heap() {
    // SAFETY: `malloc_trim` may be called at any time from any thread; it releases only unused memory.
    unsafe { libc::malloc_trim(0) };
}

/// The free memory that is kept at the end of a part of the heap.
const KEPT_BYTES: libc::c_int = 32 << 10;

/// The size of a block with whose release the allocator looks at the end of its part of the heap: at least 64 KiB.
const CHECKED_BYTES: usize = 96 << 10;

/// Returns the free memory of a thread that is about to end to the system. Each thread allocates from a part of the heap of
/// its own, and `malloc_trim` leaves the end of such a part as it is.
#[expect(unsafe_code, reason = "these are C functions")]
pub(crate) fn trim_thread_heap() {
    // SAFETY: the functions may be called at any time from any thread, and the block is freed once.
    unsafe {
        libc::mallopt(libc::M_TRIM_THRESHOLD, KEPT_BYTES);
        libc::free(libc::malloc(CHECKED_BYTES));
    }
}
