//! Finding, watching and reading log files.

pub(crate) mod agent_meta;
pub(crate) mod agent_registry;
pub(crate) mod claude_homes;
pub(crate) mod coalesce;
pub(crate) mod dirs;
pub(crate) mod discover;
pub(crate) mod import;
pub(crate) mod log_place;
pub(crate) mod orphan_titles;
pub(crate) mod parsed_chunk;
pub(crate) mod quota_files;
pub(crate) mod read_failure;
pub(crate) mod reader_pool;
pub(crate) mod session_accounts;
pub(crate) mod tail;
pub(crate) mod title_resolver;
pub(crate) mod watch;
pub(crate) mod wsl;
