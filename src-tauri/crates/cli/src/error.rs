//! Why a command failed, and with which exit code: 1 the user's, 2 the settings', 3 the data's, 70 ours.

use std::process::ExitCode;

use token_monitor_engine::{Refusal, RefusalCode, StoreError};

/// Why a command failed.
#[derive(Debug)]
pub(crate) struct Failure {
    code: u8,
    error: anyhow::Error,
    hint: Option<String>,
}

impl Failure {
    /// The settings cannot be used.
    pub(crate) fn configuration(message: String) -> Self {
        Self { code: 2, error: anyhow::Error::msg(message), hint: None }
    }

    /// What was asked for cannot be done.
    pub(crate) fn refused(message: String) -> Self {
        Self { code: 1, error: anyhow::Error::msg(message), hint: None }
    }

    /// The chain of causes.
    pub(crate) fn words(&self) -> String {
        format!("{:#}", self.error)
    }

    /// Prints the chain of causes and what to do.
    #[expect(clippy::print_stderr, reason = "this is where errors are printed")]
    pub(crate) fn report(self) -> ExitCode {
        eprintln!("error: {}", self.words());
        if let Some(hint) = self.hint {
            eprintln!("hint: {hint}");
        }
        ExitCode::from(self.code)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let hint = match &error {
            StoreError::NewerFormat { .. } => Some("Update Token Monitor; the file was left as it is."),
            StoreError::Busy { .. } => Some("Another Token Monitor is starting or ending; try again."),
            _ => None,
        };
        Self { code: 3, hint: hint.map(str::to_owned), error: error.into() }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        let code = match refusal.code {
            RefusalCode::NameTaken | RefusalCode::NameInvalid | RefusalCode::NotFound | RefusalCode::BadValue => 1,
            RefusalCode::Offline | RefusalCode::Busy => 3,
            RefusalCode::Internal => 70,
        };
        Self { code, hint: refusal.hint.clone(), error: refusal.into() }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self { code: 70, hint: None, error: error.into() }
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self { code: 70, hint: None, error: error.into() }
    }
}
