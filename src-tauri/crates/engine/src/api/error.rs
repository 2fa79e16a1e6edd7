//! The error of a request.

use serde::{Deserialize, Serialize};
use token_monitor_store::StoreError;

/// The error of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
#[error("{message}")]
pub struct ApiError {
    /// The kind of error.
    pub code: ErrorCode,
    /// A sentence for the user.
    pub message: String,
    /// A sentence about what the user can do.
    pub hint: Option<String>,
}

/// The kind of error, for clients that handle some of them differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub enum ErrorCode {
    /// Another session has the name.
    NameTaken,
    /// The name is empty, too long or has invalid characters.
    NameInvalid,
    /// No session matches, or several do.
    NotFound,
    /// The engine is not running or cannot be reached.
    Offline,
    /// The value is invalid.
    BadValue,
    /// The store cannot be used at the moment.
    Busy,
    /// The popover's page may not send the request.
    Forbidden,
    /// A defect of the program.
    Internal,
}

impl ApiError {
    /// Creates an error without a hint.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), hint: None }
    }

    /// Adds a hint.
    #[must_use]
    pub fn with_hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }
}

impl From<&StoreError> for ApiError {
    fn from(error: &StoreError) -> Self {
        let message = error.to_string();
        match error {
            StoreError::NameTaken { .. } => Self::new(ErrorCode::NameTaken, message).with_hint("Choose another name."),
            StoreError::NameInvalid { .. } => Self::new(ErrorCode::NameInvalid, message),
            StoreError::TagInvalid { .. } | StoreError::TooManyTags { .. } | StoreError::DescriptionInvalid { .. } => {
                Self::new(ErrorCode::BadValue, message)
            }
            StoreError::Busy { .. } => Self::new(ErrorCode::Busy, message),
            _ => Self::new(ErrorCode::Busy, message).with_hint("Run token-monitor doctor for details."),
        }
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        Self::from(&error)
    }
}
