//! The `token-monitor` command.
//!
//! Parses the command line, starts logging and runs one subcommand. All figures come from an engine: that of the
//! running app, or one started in this process if no app is running. Nothing is computed here.

mod args;
mod commands;
mod connect;
#[cfg(target_os = "linux")]
mod daemon;
mod error;
mod log_writer;
mod logging;
mod render;
mod signals;
mod statusline;
#[cfg(all(test, target_os = "linux"))]
mod surface_tests;

use std::panic;
use std::process::ExitCode;

use clap::Parser;
use token_monitor_engine::config::DefaultMode;

use crate::args::{Args, Command};
use crate::commands::{
    alerts, backtest, blocks, days, describe, doctor, explain, models, rename, session, sessions, settings, status,
    watch,
};
use crate::error::{CliError, INTERNAL_ERROR};
use crate::render::output::Printer;

fn main() -> ExitCode {
    let args: Vec<_> = std::env::args_os().collect();
    // The status line must not fail, so it runs before everything that can.
    if statusline::is_requested(&args) {
        return statusline::run(&args);
    }
    let args = Args::parse_from(args);
    panic::catch_unwind(|| run_to_exit_code(args)).unwrap_or(ExitCode::from(INTERNAL_ERROR))
}

fn run_to_exit_code(args: Args) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let result = runtime.map_err(CliError::from).and_then(|runtime| runtime.block_on(run(args)));
    result.map_or_else(CliError::print_and_exit, |()| ExitCode::SUCCESS)
}

async fn run(args: Args) -> Result<(), CliError> {
    let sources = args.config_sources()?;
    let settings = sources.resolve();
    let command = args.command.unwrap_or(match settings.default_mode {
        DefaultMode::Live => Command::Watch,
        DefaultMode::Status => Command::Status,
    });
    logging::start(&settings, command.runs_until_stopped());
    let printer = Printer::new(args.json, args.no_color, &settings);
    match command {
        Command::Status => status::run(sources, &printer).await,
        Command::Sessions => sessions::run(sources, &printer).await,
        Command::Blocks { anchor } => blocks::run(sources, anchor, &printer).await,
        Command::Days { timezone } => days::run(sources, timezone, &printer).await,
        Command::Models => models::run(sources, &printer).await,
        Command::Session { session } => session::run(sources, session, &printer).await,
        Command::Backtest => backtest::run(sources, &printer).await,
        Command::Alerts { command, limit } => alerts::run(sources, command, limit, &printer).await,
        Command::Rename { session, name } => rename::run(sources, session, name, &printer).await,
        Command::Describe(args) => describe::run(sources, args, &printer).await,
        Command::Watch => watch::run(sources, &printer).await,
        Command::Doctor => doctor::run(sources, &printer).await,
        Command::Settings { command } => settings::run(sources, command, &printer).await,
        Command::Statusline { command } => commands::statusline::run(&sources, command, &printer),
        Command::Explain(args) => explain::run(sources, &args, &printer).await,
        #[cfg(target_os = "linux")]
        Command::Tray => daemon::run(sources).await,
    }
}
