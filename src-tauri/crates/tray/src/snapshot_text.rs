//! Texts and lookups of a snapshot that the icon's view and the tooltip share.

use chrono::{DateTime, Utc};
use token_monitor_core::report::model::{BillingBlock, LimitBasis, QuotaStats, Snapshot, WindowKind};
use token_monitor_core::text::format::{ViewerZone, format_upcoming};
use token_monitor_core::text::phrases::time_left;

/// Formats the time left in a block: `2h 10m left`.
pub(crate) fn format_time_left(block: &BillingBlock, snapshot: &Snapshot) -> String {
    time_left(block.end_time - snapshot.at)
}

/// Returns the official five-hour figure if the usage of the block was taken from it.
pub(crate) fn official_block_quota(snapshot: &Snapshot) -> Option<&QuotaStats> {
    let official = snapshot.block_use.as_ref().is_some_and(|share| share.basis == LimitBasis::Official);
    snapshot.quota.iter().find(|row| official && row.window == WindowKind::FiveHour)
}

/// Formats a time in the viewer's zone, with the weekday or the date if it is more than 20 hours ahead.
pub(crate) fn format_clock(at: DateTime<Utc>, snapshot: &Snapshot) -> String {
    format_upcoming(at, snapshot.at, ViewerZone::from_name(&snapshot.zone))
}
