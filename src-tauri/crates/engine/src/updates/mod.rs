//! The check for updates: it asks the release list of the project for a newer version, at most once a day and only if
//! the settings enable it, or when `token-monitor update --check` is run. Nothing is downloaded or installed.

mod check;
mod release_list;

pub(crate) use crate::updates::check::{UpdateChecker, load_available_update};
pub use crate::updates::check::{UpdateError, UpdateStatus, check_for_update, last_update_check};
