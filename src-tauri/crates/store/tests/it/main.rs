//! Integration tests: the store after a restart, a crash or an update, and files that are not a valid store.

mod alerts;
mod backups;
mod crash;
mod damage;
mod metadata;
mod migration;
mod opening;
mod persistence;
mod power_cuts;
#[cfg(unix)]
mod private_files;
mod repricing;
mod test_store;
