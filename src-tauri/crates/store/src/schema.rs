//! The tables, one line each.

use redb::TableDefinition;

/// The format this version writes. A file with a higher one is left alone.
pub(crate) const FORMAT: u32 = 2;

/// Name of a fact about the store → its value.
pub(crate) const META: TableDefinition<'_, &str, u64> = TableDefinition::new("meta");
/// (kind, id) → the interned string.
pub(crate) const NAMES: TableDefinition<'_, (u8, u32), &[u8]> = TableDefinition::new("names");
/// Log → how far it was read.
pub(crate) const LOGS: TableDefinition<'_, u32, &[u8]> = TableDefinition::new("logs");
/// First half of a message's key → the message.
pub(crate) const MESSAGES: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("messages");
/// (five-minute slot, session, model) → the bucket.
pub(crate) const BUCKETS: TableDefinition<'_, (i32, u32, u32), &[u8]> = TableDefinition::new("buckets");
/// (session, run) → what one subagent used.
pub(crate) const RUNS: TableDefinition<'_, (u32, u32), &[u8]> = TableDefinition::new("runs");
/// (when, a reading of the vendor's quota as JSON): a set.
pub(crate) const QUOTA: TableDefinition<'_, (i64, &str), ()> = TableDefinition::new("quota");
/// Session → its totals and times.
pub(crate) const SESSIONS: TableDefinition<'_, u32, &[u8]> = TableDefinition::new("sessions");
/// Session id as Claude Code gave it → what its user added.
pub(crate) const METADATA: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("metadata");
/// Name, folded → session id. What makes names unique.
pub(crate) const NAME_INDEX: TableDefinition<'_, &str, &str> = TableDefinition::new("name_index");
/// Settings key → its value as JSON, as the settings page saved it.
pub(crate) const SETTINGS: TableDefinition<'_, &str, &str> = TableDefinition::new("settings");
/// Number of an alert → the alert and what became of it, as JSON.
pub(crate) const ALERTS: TableDefinition<'_, u64, &str> = TableDefinition::new("alerts");
/// Name of something that is known of alerts → it as JSON.
pub(crate) const ALERT_STATE: TableDefinition<'_, &str, &str> = TableDefinition::new("alert_state");

/// Kinds of name, as stored.
pub(crate) const SESSION_NAME: u8 = 0;
pub(crate) const MODEL_NAME: u8 = 1;
pub(crate) const PROJECT_NAME: u8 = 2;
pub(crate) const LOG_NAME: u8 = 3;
pub(crate) const BRANCH_NAME: u8 = 4;
pub(crate) const RUN_NAME: u8 = 5;
