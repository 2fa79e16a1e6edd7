//! The requests an engine answers, and its responses.
//!
//! In-process callers, clients of the local socket and the popover's page use the same types.

mod backups;
mod error;
mod health;
mod page_access;
mod request;
mod response;
mod team;

pub use crate::api::backups::BackupRow;
pub use crate::api::error::{ApiError, ErrorCode};
pub use crate::api::health::{Health, IgnoredPath, RootHealth, SkipCount};
pub use crate::api::request::{Request, SessionQuery};
pub use crate::api::response::Response;
pub use crate::api::team::{TeamBatch, TeamRequest};

#[cfg(all(test, feature = "ts"))]
mod bindings {
    use ts_rs::{Config, TS};

    /// Writes the TypeScript types of requests and responses to the folder from which the UI imports them.
    #[test]
    fn exports_requests_and_responses() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../ui/src/bindings");
        let config = Config::default().with_out_dir(folder);
        super::Request::export_all(&config).expect("the types of requests are written");
        super::Response::export_all(&config).expect("the types of responses are written");
        super::ApiError::export_all(&config).expect("the types of errors are written");
    }
}
