//! The official limits of the sample data: notes in the inbox, as the status line writes them.

use std::fs;
use std::io;
use std::path::Path;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use token_monitor_core::quota::{QuotaNote, StatusLineInput};
use token_monitor_store::fs_permissions;

use crate::demo::year::{BLOCK_LENGTH, DemoYear};

/// The share of the weekly limit that is used at first, in thousandths of a percent.
const WEEK_USED_AT_FIRST: u64 = 41_000;

/// The number of block limits in a weekly limit.
const BLOCKS_PER_WEEK: u64 = 9;

/// The time until the weekly limit resets at first.
const WEEK_LEFT_AT_FIRST: TimeDelta = TimeDelta::hours(76);

/// The official limits while the sample data continues.
#[derive(Clone, Debug)]
pub(crate) struct DemoQuota {
    session: String,
    block_start: DateTime<Utc>,
    block_tokens: u64,
    block_limit: u64,
    tokens_since_start: u64,
    week_end: DateTime<Utc>,
}

impl DemoQuota {
    /// Creates the limits at the end of the year.
    pub(crate) fn new(year: &DemoYear, now: DateTime<Utc>) -> Self {
        Self {
            session: year.sessions.last().map(|session| session.id.clone()).unwrap_or_default(),
            block_start: year.block_start,
            block_tokens: year.block_tokens,
            block_limit: year.block_limit().max(1),
            tokens_since_start: 0,
            week_end: now + WEEK_LEFT_AT_FIRST,
        }
    }

    /// Counts tokens. A block that has ended is replaced by one that starts now.
    pub(crate) fn add(&mut self, tokens: u64, now: DateTime<Utc>) {
        if now >= self.block_start + BLOCK_LENGTH {
            (self.block_start, self.block_tokens) = (now, 0);
        }
        if now >= self.week_end {
            self.week_end += TimeDelta::weeks(1);
        }
        self.block_tokens += tokens;
        self.tokens_since_start += tokens;
    }

    /// Writes the note of the status line.
    pub(crate) fn write_note(&self, store: &Path, now: DateTime<Utc>) -> io::Result<()> {
        let input = StatusLineInput::parse(self.status_line_input().to_string().as_bytes());
        let Some(note) = input.and_then(|input| QuotaNote::from_input(&input, now.into())) else { return Ok(()) };
        let inbox = store.with_file_name(QuotaNote::INBOX_DIR);
        fs::create_dir_all(&inbox)?;
        fs_permissions::replace_file(&inbox.join(note.file_name()), &serde_json::to_vec(&note)?)
    }

    fn status_line_input(&self) -> serde_json::Value {
        let block = percent(self.block_tokens * 100_000 / self.block_limit);
        let week_limit = self.block_limit * BLOCKS_PER_WEEK;
        let week = percent(WEEK_USED_AT_FIRST + self.tokens_since_start * 100_000 / week_limit);
        json!({
            "session_id": self.session,
            "rate_limits": {
                "five_hour": {
                    "used_percentage": block,
                    "resets_at": (self.block_start + BLOCK_LENGTH).timestamp(),
                },
                "seven_day": { "used_percentage": week, "resets_at": self.week_end.timestamp() },
            },
        })
    }
}

/// Converts thousandths of a percent, at most 100%.
fn percent(thousandths: u64) -> f64 {
    thousandths.min(100_000) as f64 / 1_000.0
}
