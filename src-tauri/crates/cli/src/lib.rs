//! The `token-monitor` command, and on Linux the tray process.
//!
//! The command parses the command line, starts logging and runs one subcommand. All figures come from an engine: that of
//! the running app, or one started in this process if no app is running. Nothing is computed here.
//!
//! The tray process is a program of its own, so that its memory holds nothing of what only the command needs.

mod args;
mod commands;
mod connect;
#[cfg(target_os = "linux")]
mod daemon;
mod engine_link;
mod error;
mod live;
mod log_writer;
mod logging;
mod mode;
mod render;
mod runtime;
mod signals;
mod statusline;
#[cfg(all(test, target_os = "linux"))]
mod surface_tests;

use std::io::{self, Write};
use std::panic;
use std::process::ExitCode;

use clap::Parser;
use token_monitor_core::report::model::Grouping;
use token_monitor_engine::config::{ConfigSources, Settings};
use token_monitor_engine::demo::DemoFolder;
use token_monitor_engine::ignore_file_size_signal;

use crate::args::{Args, Command, FiguresCommand, ReportCommand, SessionCommand, SystemCommand};
use crate::commands::{
    alerts, backtest, backups, bar, completions, describe, doctor, explain, export, guard, month_report, push, rename,
    report, serve, session, settings, status, update, watch,
};
use crate::error::{CliError, INTERNAL_ERROR};
use crate::mode::Mode;
use crate::render::output::Printer;

/// Runs the command with the arguments of this process.
pub fn run_command() -> ExitCode {
    ignore_file_size_signal();
    let args: Vec<_> = std::env::args_os().collect();
    // The status line must not fail, so it runs before everything that can.
    if statusline::is_requested(&args) {
        return statusline::run(&args);
    }
    let args = Args::parse_from(args);
    let is_server = matches!(args.command, Some(Command::Figures(FiguresCommand::Serve(_))));
    let run_to_end = || match is_server {
        true => runtime::block_on_threads(serve::WORKER_THREADS, run(args)),
        false => runtime::block_on(run(args)),
    };
    panic::catch_unwind(run_to_end).unwrap_or(ExitCode::from(INTERNAL_ERROR))
}

/// Runs the tray process with the arguments of this process.
#[cfg(target_os = "linux")]
pub fn run_tray() -> ExitCode {
    ignore_file_size_signal();
    daemon::run()
}

async fn run(args: Args) -> Result<ExitCode, CliError> {
    // Removed at the end of this function.
    let mut demo = args.demo.then(DemoFolder::create).transpose()?;
    let sources = args.config_sources(demo.as_ref())?;
    let settings = sources.resolve();
    let mode = Mode::choose(args.command, args.mode, settings.default_mode)?;
    logging::start(&settings, mode.command.runs_until_stopped(), mode.takes_screen(args.json));
    if let Some(demo) = &mut demo {
        start_demo(demo, mode.command.runs_until_stopped())?;
    }
    let printer = Printer::new(args.json || mode.is_json, args.no_color, &settings).fit_tables(args.wide, args.width);
    match mode.command {
        Command::Figures(FiguresCommand::Status) if mode.is_compact => status::run_compact(sources, &printer).await,
        Command::Figures(command) => return run_figures(sources, &settings, command, &printer).await,
        Command::Report(command) => run_report(sources, command, &printer).await,
        Command::Session(command) => run_session(sources, command, &printer).await,
        Command::System(command) => run_system(sources, command, &printer).await,
    }?;
    Ok(ExitCode::SUCCESS)
}

/// Marks the output as sample data, and lets it continue if the command shows changes.
fn start_demo(demo: &mut DemoFolder, is_live: bool) -> io::Result<()> {
    // The mark is not part of the output that a script reads, and standard error may be closed.
    let _ = io::stderr().write_all(b"note: sample data, not your usage\n");
    if is_live { demo.continue_writing() } else { Ok(()) }
}

async fn run_figures(
    sources: ConfigSources,
    settings: &Settings,
    command: FiguresCommand,
    printer: &Printer,
) -> Result<ExitCode, CliError> {
    match command {
        FiguresCommand::Status => status::run(sources, printer).await?,
        FiguresCommand::Live(args) => live::run(sources, settings, args, printer).await?,
        FiguresCommand::Watch => watch::run(sources, printer).await?,
        FiguresCommand::Bar(args) => bar::run(sources, args).await?,
        FiguresCommand::Serve(args) => serve::run(sources, settings, &args).await?,
        FiguresCommand::Dashboard => serve::open_dashboard(settings)?,
        FiguresCommand::Guard(args) => return guard::run(sources, &args, printer).await,
    }
    Ok(ExitCode::SUCCESS)
}

async fn run_report(sources: ConfigSources, command: ReportCommand, printer: &Printer) -> Result<(), CliError> {
    match command {
        ReportCommand::List(command) => {
            let (by, args, query) = command.into_query();
            report::run(sources, by, &args, query, printer).await
        }
        ReportCommand::Export(args) => export::run(sources, args, printer.json).await,
        ReportCommand::Report(args) => month_report::run(sources, args, printer).await,
        ReportCommand::Backtest => backtest::run(sources, printer).await,
        ReportCommand::Explain(args) => explain::run(sources, &args, printer).await,
    }
}

async fn run_session(sources: ConfigSources, command: SessionCommand, printer: &Printer) -> Result<(), CliError> {
    match command {
        SessionCommand::Session { session: Some(session), list } if list.is_empty() => {
            session::run(sources, session, printer).await
        }
        SessionCommand::Session { session: Some(_), .. } => {
            Err(CliError::bad_configuration("the options of lists do not apply to one session".to_owned()))
        }
        SessionCommand::Session { session: None, list } => {
            report::run(sources, Grouping::Session, &list, list.to_query(), printer).await
        }
        SessionCommand::Rename { session, name } => rename::run(sources, session, name, printer).await,
        SessionCommand::Describe(args) => describe::run(sources, args, printer).await,
    }
}

async fn run_system(sources: ConfigSources, command: SystemCommand, printer: &Printer) -> Result<(), CliError> {
    match command {
        SystemCommand::Alerts { command, limit } => alerts::run(sources, command, limit, printer).await,
        SystemCommand::Doctor => doctor::run(sources, printer).await,
        SystemCommand::Backups { command } => backups::run(sources, command, printer).await,
        SystemCommand::Settings { command } => settings::run(sources, command, printer).await,
        SystemCommand::Statusline { command } => commands::statusline::run(&sources, command, printer),
        SystemCommand::Push(args) => push::run(sources, args, printer).await,
        SystemCommand::Update(args) => update::run(&sources, args, printer),
        SystemCommand::Completions { shell } => completions::print_completions(shell),
        SystemCommand::Man(args) => completions::print_manual(&args),
    }
}
