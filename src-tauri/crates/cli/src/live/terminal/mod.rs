//! The terminal: taking over the screen, and giving it back in every case.

pub(crate) mod clipboard;
mod input;
mod platform;
mod screen;

pub(crate) use input::{InputReader, TerminalInput};
pub(crate) use platform::{Signal, Signals, can_suspend, stop_process, suspend_group};
pub(crate) use screen::Screen;
