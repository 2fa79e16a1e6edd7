//! Prints results to standard output: as text for people, or as JSON, one document per line.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use serde::Serialize;
use token_monitor_core::report::model::ReportCompleteness;
use token_monitor_engine::config::Settings;
use token_monitor_export::to_json;

use crate::error::CliError;

/// The output format, from the command line, the settings and the terminal.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Printer {
    /// True if JSON is printed instead of text.
    pub(crate) json: bool,
    /// True if text may contain colors.
    pub(crate) color: bool,
    /// The columns that tables have room for; `None` without a limit.
    pub(crate) width: Option<usize>,
    /// The minimum time between two lines of `watch` on a terminal. None for a pipe, which gets every change.
    pub(crate) refresh_interval: Option<Duration>,
}

impl Printer {
    /// Creates a printer. Colors need a terminal, and are turned off by `no_color`, the settings or `NO_COLOR`.
    pub(crate) fn new(json: bool, no_color: bool, settings: &Settings) -> Self {
        let is_terminal = io::stdout().is_terminal();
        let color = is_terminal && settings.color_enabled && !no_color && std::env::var_os("NO_COLOR").is_none();
        Self { json, color, width: None, refresh_interval: is_terminal.then_some(settings.refresh_rate) }
    }

    /// Fits tables to a number of columns, by default those of the terminal. There is no limit in a pipe or if `wide`.
    pub(crate) fn fit_tables(self, wide: bool, columns: Option<u16>) -> Self {
        let of_terminal = || terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| width.0);
        let columns = columns.or_else(of_terminal).filter(|columns| *columns > 0 && !wide);
        Self { width: columns.map(usize::from), ..self }
    }

    /// Prints a value as JSON, or the text that `render` returns.
    pub(crate) fn print(self, value: &impl Serialize, render: impl FnOnce() -> String) -> Result<(), CliError> {
        if self.json { print_json(value) } else { print_text(render()) }
    }
}

/// Figures as JSON with their completeness.
#[derive(Debug, Serialize)]
pub(crate) struct WithCompleteness<'a, T> {
    #[serde(flatten)]
    pub(crate) figures: &'a T,
    #[serde(flatten)]
    pub(crate) completeness: &'a ReportCompleteness,
}

fn print_json(value: &impl Serialize) -> Result<(), CliError> {
    print_text(to_json(value)?)
}

/// Writes a text and a line break with a single call, so that a reader never gets half a document. Exits with success
/// if the reader has closed the pipe.
pub(crate) fn print_text(mut text: String) -> Result<(), CliError> {
    text.push('\n');
    print_raw(&text)
}

/// Writes a text like [`print_text`], on a thread of its own: a pipe that is full delays only the caller, neither the
/// handling of signals nor the clients of an engine in this process.
pub(crate) async fn print_text_in_background(text: String) -> Result<(), CliError> {
    tokio::task::spawn_blocking(move || print_text(text)).await.map_err(io::Error::from)?
}

/// Writes a text as it is, like [`print_text`].
pub(crate) fn print_raw(text: &str) -> Result<(), CliError> {
    print_bytes(text.as_bytes())
}

/// Writes the bytes of a file to standard output, like [`print_text`].
pub(crate) fn print_bytes(bytes: &[u8]) -> Result<(), CliError> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => std::process::exit(0),
        result => result.map_err(|error| CliError::request_failed(format!("cannot write the output: {error}"))),
    }
}
