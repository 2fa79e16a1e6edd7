//! Tests of the core through its public interface, as the engine uses it: observations and log lines in, totals out.

mod alerts;
mod audit;
mod forks;
mod harness;
mod history;
mod litellm_prices;
mod merging;
mod prices;
mod quota_properties;
mod reference_model;
mod text_cases;
mod totals;
mod transcript_lines;
