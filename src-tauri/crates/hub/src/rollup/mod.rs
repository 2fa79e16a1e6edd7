//! Rollups: the sums of rows by UTC day, from which reports are made.
//!
//! `usage_days` distinguishes all properties, `usage_device_days` the device only. Both are sums of one device, which the
//! transaction that changes its rows computes again.
//!
//! `usage_project_days` has the sums of all devices by model, project and repository. If each update changed them, the devices of
//! an organization would wait for each other. So the transaction of an update only marks its days in `changed_days`, and a hub
//! computes the sums of marked days later. A report takes marked days from `usage_days` and the others from the rollup, in one
//! statement, so its figures are always those of the rows.

mod device_days;
mod refresh;

use crate::intake::COUNT_COLUMNS;

pub(crate) use crate::rollup::refresh::refresh_repeatedly;
pub use crate::rollup::refresh::refresh_rollups;

/// Returns the sums of all counts, separated by commas.
fn summed_counts(kind: &str) -> String {
    let sums: Vec<String> = COUNT_COLUMNS.iter().map(|column| format!("sum({column})::{kind}")).collect();
    sums.join(", ")
}
