//! The actor that owns all mutable state of the engine.
//!
//! Everything enters as an [`Input`], one after the other. Snapshots and alerts leave through the
//! [`EngineOutputs`]. [`Actor`] is a set of services, one a file; queries read them through an `EngineView`, and
//! handlers that change something return the `Effects` that the loop applies.

mod alert_inputs;
mod alert_service;
mod alerts;
mod backups;
mod effects;
mod expiring_logs;
mod history_cache;
mod input;
mod live_settings;
mod price_updates;
mod publish;
mod queries;
mod reported_problems;
mod requests;
mod run_loop;
mod scan;
mod scanner;
mod settings;
mod state;
mod storage;
mod sweep_interval;
mod team;
mod update_checks;

pub(crate) use crate::actor::input::Input;
pub(crate) use crate::actor::state::Actor;
