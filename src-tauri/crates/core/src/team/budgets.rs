//! The budgets of a team that were reached, as a hub reports them to devices.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The path of a hub at which reached budgets are read.
pub const REACHED_BUDGETS_PATH: &str = "/api/v1/budgets/reached";

/// The largest number of reached thresholds that a device considers.
pub const MAX_REACHED_BUDGETS: usize = 200;

/// The thresholds that were reached in the current UTC month.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReachedBudgets {
    /// The thresholds, at most [`MAX_REACHED_BUDGETS`].
    pub reached: Vec<ReachedBudget>,
}

/// A threshold of a budget that was reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReachedBudget {
    /// The id of the budget.
    pub budget: String,
    /// The cost center; null for the whole organization.
    pub cost_center: Option<String>,
    /// The cost of a month, API-equivalent, in billionths of a dollar.
    pub monthly_cost_nanos: u64,
    /// The first day of the month.
    pub month: NaiveDate,
    /// The threshold, in percent.
    pub threshold: u64,
}
