//! The alert rules, one file each. Every rule compares the context with the settings and returns alert candidates.

pub(crate) mod agent_waiting;
pub(crate) mod budget;
pub(crate) mod burn_rate;
pub(crate) mod forecast;
pub(crate) mod limit_reached;
pub(crate) mod log_retention;
pub(crate) mod reset;
pub(crate) mod session_cost;
pub(crate) mod team_budget;
pub(crate) mod usage_threshold;
