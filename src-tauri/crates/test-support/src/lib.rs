//! Support for integration tests: made-up transcript lines and a temporary Claude Code folder.
//!
//! Only tests depend on this crate. Names, paths and texts in it are invented.

mod claude_folder;
mod log_line;
#[cfg(unix)]
mod postgres;

use std::time::Duration;

pub use claude_folder::ClaudeFolder;
pub use log_line::{LogLine, custom_title};
#[cfg(unix)]
pub use postgres::Postgres;

/// The time after which a test that waits for an event fails.
pub const DEADLINE: Duration = Duration::from_secs(10);
