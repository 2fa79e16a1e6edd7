//! The error of a command, with its exit code.
//!
//! Usage errors do not get here: `clap` reports them and exits with 2 itself.

use std::io::{self, Write};
use std::process::ExitCode;

use token_monitor_core::report::model::ReportCompleteness;
use token_monitor_core::text::sanitize::sanitize_layout;
use token_monitor_engine::{ApiError, ErrorCode, StoreError};
use token_monitor_export::ExportError;
use token_monitor_telemetry::CounterFileError;
use token_monitor_telemetry::otlp::{OtlpConfigError, PushStateError};

/// The exit code for a request that cannot be fulfilled, such as one for an unknown session.
const REQUEST_FAILED: u8 = 1;

/// The exit code for an invalid command line, a settings file that does not exist, and invalid settings that a command was asked
/// about.
const CONFIGURATION_ERROR: u8 = 2;

/// The exit code for a store that cannot be opened, read or written.
const DATA_UNREADABLE: u8 = 3;

/// The exit code for unexpected errors of this program or the system.
pub(crate) const INTERNAL_ERROR: u8 = 70;

/// An error that ends a command.
#[derive(Debug)]
pub(crate) struct CliError {
    exit_code: u8,
    error: anyhow::Error,
    hint: Option<String>,
}

impl CliError {
    /// An error in the configuration.
    pub(crate) fn bad_configuration(message: String) -> Self {
        Self { exit_code: CONFIGURATION_ERROR, error: anyhow::Error::msg(message), hint: None }
    }

    /// Returns an error if there are problems of the settings. It ends the commands that report on settings, after their
    /// output; other commands print warnings and continue.
    pub(crate) fn check_settings(problems: &[String]) -> Result<(), Self> {
        match problems.len() {
            0 => Ok(()),
            1 => Err(Self::bad_configuration("one setting is invalid and was ignored".to_owned())),
            count => Err(Self::bad_configuration(format!("{count} settings are invalid and were ignored"))),
        }
    }

    /// Returns an error if usage may be missing in the figures. It ends the commands that print figures, after their
    /// output.
    pub(crate) fn check_complete(completeness: &ReportCompleteness) -> Result<(), Self> {
        if !completeness.incomplete {
            return Ok(());
        }
        let reasons =
            join_texts(completeness.problems.iter().map(|problem| problem.message.trim_end_matches('.')), "; ");
        let hints = join_texts(completeness.problems.iter().map(|problem| problem.hint.as_str()), " ");
        let error = anyhow::Error::msg(format!("the figures are incomplete: {reasons}"));
        Err(Self { exit_code: DATA_UNREADABLE, error, hint: Some(hints) })
    }

    /// A request that cannot be fulfilled.
    pub(crate) fn request_failed(message: String) -> Self {
        Self { exit_code: REQUEST_FAILED, error: anyhow::Error::msg(message), hint: None }
    }

    /// An error that is not expected to happen.
    pub(crate) fn internal(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self { exit_code: INTERNAL_ERROR, error: error.into(), hint: None }
    }

    /// A response of another kind than the request asks for.
    pub(crate) fn unexpected_response() -> Self {
        let error = anyhow::Error::msg("the engine sent an unexpected response");
        Self { exit_code: INTERNAL_ERROR, error, hint: None }
    }

    /// Returns the message and its causes, separated by colons.
    pub(crate) fn cause_chain(&self) -> String {
        format!("{:#}", self.error)
    }

    /// Prints the error and its hint, sanitized, to standard error and returns the exit code.
    pub(crate) fn print_and_exit(self) -> ExitCode {
        let hint = self.hint.as_ref().map_or(String::new(), |hint| format!("hint: {}\n", sanitize_layout(hint)));
        let text = format!("error: {}\n{hint}", sanitize_layout(&self.cause_chain()));
        // Standard error may be closed or full; the exit code still says what happened.
        let _ = io::stderr().write_all(text.as_bytes());
        ExitCode::from(self.exit_code)
    }
}

/// Joins texts without repetitions.
fn join_texts<'a>(texts: impl Iterator<Item = &'a str>, separator: &str) -> String {
    let mut joined: Vec<&str> = Vec::new();
    for text in texts {
        if !joined.contains(&text) {
            joined.push(text);
        }
    }
    joined.join(separator)
}

impl From<StoreError> for CliError {
    fn from(error: StoreError) -> Self {
        let hint = match &error {
            StoreError::NewerFormat { .. } => Some("Update Token Monitor. The file was not changed."),
            StoreError::Refused { .. } => {
                Some("Nothing was changed. Remove it, or set storage.db_path to a file in a folder of your own.")
            }
            StoreError::Busy { .. } => Some("Another Token Monitor process is starting or stopping. Try again."),
            _ => None,
        };
        Self { exit_code: DATA_UNREADABLE, hint: hint.map(str::to_owned), error: error.into() }
    }
}

impl From<ApiError> for CliError {
    fn from(error: ApiError) -> Self {
        let exit_code = match error.code {
            ErrorCode::NameTaken
            | ErrorCode::NameInvalid
            | ErrorCode::NotFound
            | ErrorCode::BadValue
            | ErrorCode::Offline
            | ErrorCode::Forbidden => REQUEST_FAILED,
            ErrorCode::Busy => DATA_UNREADABLE,
            ErrorCode::Internal => INTERNAL_ERROR,
        };
        Self { exit_code, hint: error.hint.clone(), error: error.into() }
    }
}

impl From<OtlpConfigError> for CliError {
    fn from(error: OtlpConfigError) -> Self {
        Self { exit_code: CONFIGURATION_ERROR, hint: None, error: error.into() }
    }
}

impl From<PushStateError> for CliError {
    fn from(error: PushStateError) -> Self {
        match error {
            PushStateError::InUse => Self { exit_code: REQUEST_FAILED, hint: None, error: error.into() },
            PushStateError::Counters(error) => Self::from(error),
            _ => Self { exit_code: DATA_UNREADABLE, hint: None, error: error.into() },
        }
    }
}

impl From<CounterFileError> for CliError {
    fn from(error: CounterFileError) -> Self {
        Self { exit_code: DATA_UNREADABLE, hint: None, error: error.into() }
    }
}

impl From<std::io::Error> for CliError {
    fn from(error: std::io::Error) -> Self {
        // The lock or the folder of the store.
        let is_denied = error.kind() == std::io::ErrorKind::PermissionDenied;
        let exit_code = if is_denied { DATA_UNREADABLE } else { INTERNAL_ERROR };
        Self { exit_code, hint: None, error: error.into() }
    }
}

impl From<ExportError> for CliError {
    fn from(error: ExportError) -> Self {
        Self::internal(error)
    }
}

impl From<serde_json::Error> for CliError {
    fn from(error: serde_json::Error) -> Self {
        Self { exit_code: INTERNAL_ERROR, hint: None, error: error.into() }
    }
}
