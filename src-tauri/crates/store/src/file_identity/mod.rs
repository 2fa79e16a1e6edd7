//! Comparison of an open file with the file at a path.

#[cfg(not(unix))]
mod other;
#[cfg(unix)]
mod unix;

#[cfg(not(unix))]
pub(crate) use other::is_same_file;
#[cfg(unix)]
pub(crate) use unix::is_same_file;
