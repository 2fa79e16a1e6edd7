//! The requests an engine answers, and its responses.
//!
//! In-process callers, clients of the local socket and the popover's page use the same types.

mod error;
mod health;
mod page_access;
mod request;
mod response;

pub use crate::api::error::{ApiError, ErrorCode};
pub use crate::api::health::{Health, IgnoredPath, RootHealth, SkipCount};
pub use crate::api::request::{Request, SessionQuery};
pub use crate::api::response::Response;
