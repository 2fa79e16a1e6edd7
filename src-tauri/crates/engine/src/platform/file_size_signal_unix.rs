//! The signal of a file that exceeds the limit of the process.

/// Ignores the signal, so that the write fails instead of ending the process.
#[expect(unsafe_code, reason = "the standard library cannot change the handling of a signal")]
pub(crate) fn ignore_file_size_signal() {
    // SAFETY: no handler of this program is installed or replaced, and ignoring a signal runs no code.
    unsafe { libc::signal(libc::SIGXFSZ, libc::SIG_IGN) };
}
