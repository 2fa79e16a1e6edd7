//! Memory on Linux with the GNU library.

/// Gives back what a large reading needed and the allocator keeps: it might never be needed again.
#[expect(unsafe_code, reason = "the allocator offers this to C alone")]
pub(crate) fn trim_heap() {
    // SAFETY: `malloc_trim` may be called at any time from any thread; it frees only what nobody holds.
    unsafe { libc::malloc_trim(0) };
}
