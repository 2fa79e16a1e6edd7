//! The `token-monitor` command.
//!
//! It shows what the running app knows, and opens the store itself only where nobody answers. It computes nothing:
//! each command asks one question and prints the answer.

mod args;
mod commands;
mod connect;
#[cfg(target_os = "linux")]
mod daemon;
mod error;
mod logging;
mod render;
mod statusline;

use std::process::ExitCode;

use clap::Parser;
use token_monitor_engine::config::{Layers, Mode};

use crate::args::{Args, Command, StatuslineChange};
use crate::commands::{doctor, explain, query, settings, watch};
use crate::connect::Desk;
use crate::error::Failure;

fn main() -> ExitCode {
    let given: Vec<_> = std::env::args_os().collect();
    if statusline::is_meant(&given) {
        return statusline::answer(&given);
    }
    let args = Args::parse_from(given);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let done = runtime.map_err(Failure::from).and_then(|runtime| runtime.block_on(run(args)));
    done.map_or_else(Failure::report, |()| ExitCode::SUCCESS)
}

async fn run(args: Args) -> Result<(), Failure> {
    let layers = args.layers()?;
    let settings = layers.settle();
    let command = args.command.clone().unwrap_or(match settings.default_mode {
        Mode::Live => Command::Watch,
        Mode::Status => Command::Status,
    });
    logging::start(&settings, command.runs_on());
    let out = query::Printer::new(&args, &settings);
    match command {
        Command::Watch => watch::watch(layers, &out).await,
        #[cfg(target_os = "linux")]
        Command::Tray => daemon::run(layers).await,
        Command::Doctor => doctor::run(layers, &out).await,
        Command::Statusline { change } => change.map_or(Ok(()), |change| changed(change, &layers, &out)),
        Command::Settings { change } => settings::run(layers, change, &out).await,
        Command::Explain(asked) => explain::run(layers, &asked, &out).await,
        once => {
            let desk = Desk::open(layers).await?;
            let done = query::answer(&desk, once, &out).await;
            desk.close()?;
            done
        }
    }
}

/// Changes whether Claude Code runs us. The status line itself was answered before anything could fail.
fn changed(change: StatuslineChange, layers: &Layers, out: &query::Printer) -> Result<(), Failure> {
    let done = match change {
        StatuslineChange::Install { settings } => statusline::install(settings, &layers.homes),
        StatuslineChange::Uninstall { settings } => statusline::uninstall(settings, &layers.homes),
        StatuslineChange::Check { settings } => {
            let found = statusline::check(settings, &layers.homes)?;
            return if out.json { out.json(&found) } else { out.text(found.word()) };
        }
    }?;
    if out.json { out.json(&done) } else { out.text(&done.words()) }
}
