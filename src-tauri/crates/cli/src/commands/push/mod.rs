//! `token-monitor push`: sends the figures to another system, once or at intervals.
//!
//! Nothing is sent unless this command runs.

mod args;
mod otlp;
mod preview;
mod repeat;
mod team;

use token_monitor_engine::clock;
use token_monitor_engine::config::ConfigSources;

pub(crate) use crate::commands::push::args::PushArgs;
use crate::error::CliError;
use crate::render::output::Printer;

/// Sends the figures to a collector or a hub.
pub(crate) async fn run(sources: ConfigSources, args: PushArgs, printer: &Printer) -> Result<(), CliError> {
    match args.to.clone() {
        Some(url) => team::run(sources, url, args, printer).await,
        None => otlp::run(sources, args, printer).await,
    }
}

/// Returns a number between 0 and 1 that differs between computers.
fn jitter() -> f64 {
    f64::from(clock::now().timestamp_subsec_micros() % 1_000) / 1_000.0
}
