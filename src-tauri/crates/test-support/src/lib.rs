//! Support for integration tests: made-up transcript lines and a temporary Claude Code folder.
//!
//! Only tests depend on this crate. Names, paths and texts in it are invented.

mod claude_folder;
mod log_line;
mod noise;
#[cfg(unix)]
mod postgres;
mod tries;

use std::time::Duration;

pub use claude_folder::ClaudeFolder;
pub use log_line::{LogLine, custom_title};
pub use noise::Noise;
#[cfg(unix)]
pub use postgres::Postgres;
pub use tries::{Tries, property_cases};

/// The time after which a test that waits for an event fails.
pub const DEADLINE: Duration = Duration::from_secs(10);
