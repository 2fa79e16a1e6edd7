//! The tables of the store.

use redb::TableDefinition;

/// The format that this version writes. A file with a higher format is rejected.
pub(crate) const FORMAT: u32 = 2;

/// The version of the rules by which lines are read. A store with lower rules is corrected from the logs: 2 assigns lines to
/// the right sessions, 4 also keeps pull requests and the last prompts.
pub(crate) const RULES: u64 = 4;

/// The value of `rules` while the logs are read again.
pub(crate) const RULES_PENDING: u64 = 3;

/// Key → value: `format`, `rules`, and `pricing`, the fingerprint of the prices.
pub(crate) const META: TableDefinition<'_, &str, u64> = TableDefinition::new("meta");
/// (kind, id) → the interned string.
pub(crate) const NAMES: TableDefinition<'_, (u8, u32), &[u8]> = TableDefinition::new("names");
/// Log → its cursor.
pub(crate) const LOGS: TableDefinition<'_, u32, &[u8]> = TableDefinition::new("logs");
/// First half of a message's key → the message.
pub(crate) const MESSAGES: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("messages");
/// A further key of a message → the key that replaces it.
pub(crate) const ALIASES: TableDefinition<'_, u128, u128> = TableDefinition::new("aliases");
/// (five-minute slot, session, model) → the bucket.
pub(crate) const BUCKETS: TableDefinition<'_, (i32, u32, u32), &[u8]> = TableDefinition::new("buckets");
/// (session, run) → the run of a subagent.
pub(crate) const RUNS: TableDefinition<'_, (u32, u32), &[u8]> = TableDefinition::new("runs");
/// The set of quota readings: (time, reading as JSON).
pub(crate) const QUOTA: TableDefinition<'_, (i64, &str), ()> = TableDefinition::new("quota");
/// Session → its totals and times.
pub(crate) const SESSIONS: TableDefinition<'_, u32, &[u8]> = TableDefinition::new("sessions");
/// (`uuid` of a message, log) → a title of the sessions with that message: its offset in the log, its text, and if
/// the message was looked for. Created with the first row.
pub(crate) const ORPHAN_TITLES: TableDefinition<'_, (&str, u32), (u64, &str, bool)> =
    TableDefinition::new("orphan_titles");
/// Claude Code's session id → the metadata.
pub(crate) const METADATA: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("metadata");
/// Normalized name → session id. Ensures unique names.
pub(crate) const NAME_INDEX: TableDefinition<'_, &str, &str> = TableDefinition::new("name_index");
/// Settings key → the value saved by the settings page, as JSON.
pub(crate) const SETTINGS: TableDefinition<'_, &str, &str> = TableDefinition::new("settings");
/// Alert id → the alert with its delivery status, as JSON.
pub(crate) const ALERTS: TableDefinition<'_, u64, &str> = TableDefinition::new("alerts");
/// Key → a value of the alert state.
pub(crate) const ALERT_STATE: TableDefinition<'_, &str, &str> = TableDefinition::new("alert_state");
/// Key → a value of the state of sharing with a team, as JSON. The three tables for it exist while usage is shared.
pub(crate) const TEAM_STATE: TableDefinition<'_, &str, &str> = TableDefinition::new("team_state");
/// The outbox: the set of UTC days, numbered from 1970, whose rows may differ from the shared ones.
pub(crate) const TEAM_DAYS: TableDefinition<'_, i32, ()> = TableDefinition::new("team_days");
/// (slot, number) → the shared row: its key, its contents as hashes, its revision, and whether it was received.
pub(crate) const TEAM_ROWS: TableDefinition<'_, (i32, u64), &[u8]> = TableDefinition::new("team_rows");

/// The stored kinds of names.
pub(crate) const SESSION_NAME: u8 = 0;
pub(crate) const MODEL_NAME: u8 = 1;
pub(crate) const PROJECT_NAME: u8 = 2;
pub(crate) const LOG_NAME: u8 = 3;
pub(crate) const BRANCH_NAME: u8 = 4;
pub(crate) const RUN_NAME: u8 = 5;
