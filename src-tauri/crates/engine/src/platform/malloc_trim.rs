//! Heap trimming with glibc.

/// Returns free heap memory to the system, for example after an import.
#[expect(unsafe_code, reason = "malloc_trim is a C function")]
pub(crate) fn trim_heap() {
    // SAFETY: `malloc_trim` may be called at any time from any thread; it releases only unused memory.
    unsafe { libc::malloc_trim(0) };
}
