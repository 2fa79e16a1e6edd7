//! The error of an export.

use thiserror::Error;

/// A value that cannot be written. All of them are defects: every report can be exported.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ExportError {
    /// The writer of separated values failed.
    #[error("the rows cannot be written")]
    Rows(#[from] csv::Error),
    /// The writer of separated values failed at the end.
    #[error("the rows cannot be written to the end")]
    End(#[source] std::io::Error),
    /// The rows are not text.
    #[error("the rows are not text")]
    Text(#[from] std::string::FromUtf8Error),
    /// The value has no form in JSON.
    #[error("the value cannot be written as JSON")]
    Json(#[from] serde_json::Error),
}
