//! The engine on real files: logs that grow, shrink, break, move and vanish, and a store that outlives them.

mod accounts;
#[cfg(target_os = "linux")]
mod agents;
mod alerts;
mod backups;
mod bad_input;
mod blocks_and_days;
mod damage;
mod demo;
mod diagnostics;
mod disk_faults;
mod forks;
mod harness;
mod incremental;
#[cfg(unix)]
mod links;
mod load;
mod log_discovery;
mod moved_logs;
#[cfg(unix)]
mod odd_files;
#[cfg(unix)]
mod permissions;
mod quota;
mod random_actions;
mod reading_order;
mod reference_model;
mod reports;
mod session_list;
mod session_metadata;
mod settings_changes;
mod settings_file;
mod store;
#[cfg(unix)]
mod undecodable_names;
mod updates;
#[cfg(unix)]
mod vanished_files;
mod watching;
