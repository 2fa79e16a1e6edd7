//! Signals and job control.

#[cfg(unix)]
mod unix;
#[cfg(not(unix))]
mod windows;

#[cfg(unix)]
pub(crate) use unix::*;
#[cfg(not(unix))]
pub(crate) use windows::*;

/// What a signal asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signal {
    /// End the program.
    End,
    /// Give the screen back and stop.
    #[cfg_attr(not(unix), expect(dead_code, reason = "there is no job control"))]
    Stop,
    /// The program continues after a stop.
    #[cfg_attr(not(unix), expect(dead_code, reason = "there is no job control"))]
    Continue,
}
