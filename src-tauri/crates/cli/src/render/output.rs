//! Prints results to standard output: as text for people, or as JSON, one document per line.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use serde::ser::{Serialize, SerializeMap, Serializer};
use token_monitor_core::report::model::Totals;
use token_monitor_engine::config::Settings;

use crate::error::CliError;

/// The output format, from the command line, the settings and the terminal.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Printer {
    /// True if JSON is printed instead of text.
    pub(crate) json: bool,
    /// True if text may contain colors.
    pub(crate) color: bool,
    /// The minimum time between two lines of `watch` on a terminal. None for a pipe, which gets every change.
    pub(crate) refresh_interval: Option<Duration>,
}

impl Printer {
    /// Creates a printer. Colors need a terminal, and are turned off by `no_color`, the settings or `NO_COLOR`.
    pub(crate) fn new(json: bool, no_color: bool, settings: &Settings) -> Self {
        let is_terminal = io::stdout().is_terminal();
        let color = is_terminal && settings.color_enabled && !no_color && std::env::var_os("NO_COLOR").is_none();
        Self { json, color, refresh_interval: is_terminal.then_some(settings.refresh_rate) }
    }

    /// Prints a value as JSON, or the text that `render` returns.
    pub(crate) fn print(self, value: &impl Serialize, render: impl FnOnce() -> String) -> Result<(), CliError> {
        if self.json { print_json(value) } else { print_text(&render()) }
    }
}

fn print_json(value: &impl Serialize) -> Result<(), CliError> {
    print_text(&escape_controls(&serde_json::to_string(value)?))
}

/// Escapes the control characters that JSON permits in strings, because a terminal would interpret them.
fn escape_controls(json: &str) -> String {
    let is_control = |c: char| matches!(c, '\u{7f}'..='\u{9f}');
    let escape = |c: char| if is_control(c) { format!("\\u{:04x}", u32::from(c)) } else { c.to_string() };
    if json.contains(is_control) { json.chars().map(escape).collect() } else { json.to_owned() }
}

/// Writes a text and a line break with a single call, so that a reader never gets half a document. Exits with success
/// if the reader has closed the pipe.
fn print_text(text: &str) -> Result<(), CliError> {
    let mut out = io::stdout().lock();
    match out.write_all(format!("{text}\n").as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => std::process::exit(0),
        result => result.map_err(CliError::from),
    }
}

/// Rows and their totals. The JSON is an object with the rows under `name`, and `totals`.
pub(crate) struct RowsWithTotals<'a, T> {
    /// The name of the rows in the JSON.
    pub(crate) name: &'static str,
    /// The rows.
    pub(crate) rows: &'a [T],
    /// The totals of the rows.
    pub(crate) totals: &'a Totals,
}

impl<T: Serialize> Serialize for RowsWithTotals<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry(self.name, self.rows)?;
        map.serialize_entry("totals", self.totals)?;
        map.end()
    }
}
