//! What happens to the live view, and what it wants done.

use std::sync::Arc;

use ratatui::crossterm::event::{KeyEvent, MouseEvent};
use token_monitor_core::report::model::Snapshot;
use token_monitor_engine::{ApiError, Request, Response};

/// Something that happened.
#[derive(Clone, Debug)]
pub(crate) enum Message {
    /// A key was pressed.
    Key(KeyEvent),
    /// A text was pasted.
    Paste(String),
    /// The mouse was clicked or its wheel turned.
    Mouse(MouseEvent),
    /// New figures.
    Snapshot(Arc<Snapshot>),
    /// The answer to a request.
    Answer(Request, Result<Box<Response>, ApiError>),
    /// The connection to the engine ended.
    Disconnected,
    /// The connection was restored.
    Connected,
    /// The result of writing a file: its path, or the error.
    FileWritten(Result<String, String>),
    /// A time has come at which something shown changes.
    Wake,
}

/// Something to do.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Effect {
    /// Send a request to the engine.
    Ask(Request),
    /// Copy a text to the terminal's clipboard.
    Copy(String),
    /// Write a new file.
    WriteFile {
        /// The path; a relative one is below the current folder.
        path: String,
        /// The contents.
        contents: String,
    },
    /// Draw everything again, also what did not change.
    Redraw,
    /// Stop until the shell continues this process.
    Suspend,
    /// End the program.
    Quit,
}
