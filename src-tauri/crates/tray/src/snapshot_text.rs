//! Texts and lookups of a snapshot that the icon's view and the tooltip share.

use chrono::{DateTime, Utc};
use token_monitor_core::report::model::{BillingBlock, Snapshot};
use token_monitor_core::text::format::{ViewerZone, format_upcoming};
use token_monitor_core::text::phrases::block_time_left;

/// Formats the time until a block ends: `2h 10m left` if it has a limit, otherwise `ends in 2h 10m`.
pub(crate) fn format_time_left(block: &BillingBlock, snapshot: &Snapshot) -> String {
    block_time_left(block.end_time - snapshot.at, snapshot.block_use.as_ref())
}

/// Formats a time in the viewer's zone, with the weekday or the date if it is more than 20 hours ahead.
pub(crate) fn format_clock(at: DateTime<Utc>, snapshot: &Snapshot) -> String {
    format_upcoming(at, snapshot.at, ViewerZone::from_name(&snapshot.zone))
}
