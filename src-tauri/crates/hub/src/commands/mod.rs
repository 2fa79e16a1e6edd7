//! The commands: serving devices, members, reports, cost centers, and budgets.

mod allocate;
mod budget;
mod member;
mod report;
mod rule;
mod serve;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;
use token_monitor_core::text::sanitize::sanitize_line;
use token_monitor_export::to_json;
use tracing_subscriber::EnvFilter;

use crate::args::{HubArgs, HubCommand};
use crate::commands::serve::ServeAddresses;
use crate::database::{Database, DatabaseOptions};
use crate::error::HubError;

/// The exit code for a request that cannot be fulfilled.
const REQUEST_FAILED: u8 = 1;

/// The exit code for an invalid command line.
const CONFIGURATION_ERROR: u8 = 2;

/// The exit code for a database that cannot be used.
const DATA_UNREADABLE: u8 = 3;

/// The exit code for unexpected errors of this program or the system.
const INTERNAL_ERROR: u8 = 70;

/// Runs the command of this process's arguments.
pub fn run_command() -> ExitCode {
    let args = HubArgs::parse();
    start_logging();
    let ended = tokio::runtime::Runtime::new()
        .map_err(|source| HubError::Io { what: "threads".to_owned(), source })
        .and_then(|runtime| runtime.block_on(run(args)));
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => print_error(error),
    }
}

async fn run(args: HubArgs) -> Result<(), HubError> {
    let url = args.database.clone().ok_or_else(|| {
        HubError::BadRequest("name the database with --database or TOKEN_MONITOR_HUB_DATABASE".to_owned())
    })?;
    let database =
        Database::open(&DatabaseOptions { ca_file: args.database_ca.clone(), ..DatabaseOptions::new(url) }).await?;
    match args.command {
        None => {
            let (listen, metrics, allow_plain_http) = (args.listen, args.metrics_listen, args.allow_plain_http);
            serve::run(&database, ServeAddresses { listen, metrics, allow_plain_http }).await
        }
        Some(HubCommand::Member { command }) => member::run(&database, command).await,
        Some(HubCommand::Report(options)) => report::run(&database, options).await,
        Some(HubCommand::Allocate(options)) => allocate::run(&database, options).await,
        Some(HubCommand::Budget { command }) => budget::run(&database, command).await,
        Some(HubCommand::Rule { command }) => rule::run(&database, command).await,
    }
}

/// Logs to standard error, at the level of `TOKEN_MONITOR_LOG_LEVEL`.
fn start_logging() {
    let level = std::env::var("TOKEN_MONITOR_LOG_LEVEL").unwrap_or_else(|_| "info".to_owned());
    let filter = EnvFilter::try_new(format!("warn,token_monitor_hub={level}")).unwrap_or_default();
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).with_ansi(false).init();
}

#[expect(clippy::print_stderr, reason = "this is where errors are printed")]
fn print_error(error: HubError) -> ExitCode {
    let code = match &error {
        HubError::BadRequest(_) => CONFIGURATION_ERROR,
        HubError::Unreachable(_)
        | HubError::Database(_)
        | HubError::InvalidCount(_)
        | HubError::InvalidShares(_)
        | HubError::InconsistentSums(_)
        | HubError::NewerSchema => DATA_UNREADABLE,
        HubError::NoRandomNumbers | HubError::Io { .. } => INTERNAL_ERROR,
        HubError::Unauthorized
        | HubError::Forbidden
        | HubError::Conflict(_)
        | HubError::InvalidUpdate(_)
        | HubError::NotFound { .. } => REQUEST_FAILED,
    };
    eprintln!("error: {:#}", anyhow::Error::from(error));
    ExitCode::from(code)
}

/// Prints a text and a line break to standard output.
fn print_text(text: &str) -> Result<(), HubError> {
    print_document(&format!("{text}\n"))
}

/// Prints a text to standard output as it is, and a line break if it has none at its end.
fn print_document(text: &str) -> Result<(), HubError> {
    let end = if text.ends_with('\n') { "" } else { "\n" };
    print_bytes(format!("{text}{end}").as_bytes())
}

/// Prints bytes to standard output.
fn print_bytes(bytes: &[u8]) -> Result<(), HubError> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(HubError::Io { what: "standard output".to_owned(), source: error })
        }
        _ => Ok(()),
    }
}

/// Prints a value as JSON.
fn print_json(value: &impl serde::Serialize) -> Result<(), HubError> {
    let json = to_json(value).map_err(|error| HubError::Io { what: "JSON".to_owned(), source: error.into() })?;
    print_text(&json)
}

/// Returns rows as text with aligned columns. Columns from `first_number` on are aligned to the right. Names come from devices,
/// so they are sanitized.
fn render_table(rows: &[Vec<String>], first_number: usize) -> String {
    let rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(|text| sanitize_line(text)).collect()).collect();
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let line = |row: &Vec<String>| {
        let cell = |(column, text): (usize, &String)| match column < first_number {
            true => format!("{text:<0$}", widths[column]),
            false => format!("{text:>0$}", widths[column]),
        };
        row.iter().enumerate().map(cell).collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_valid() {
        HubArgs::command().debug_assert();
    }

    #[test]
    fn numbers_are_aligned_to_the_right() {
        let rows = [["member", "tokens"], ["Ada", "7"], ["Grace", "12,345"]];
        let rows: Vec<Vec<String>> = rows.iter().map(|row| row.map(str::to_owned).to_vec()).collect();
        assert_eq!(render_table(&rows, 1), "member  tokens\nAda          7\nGrace   12,345");
    }

    #[test]
    fn names_cannot_control_the_terminal() {
        assert!(!render_table(&[vec!["a\u{1b}[31m\u{202e}b".to_owned()]], 1).contains(['\u{1b}', '\u{202e}']));
    }
}
