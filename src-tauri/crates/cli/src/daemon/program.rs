//! The program of the tray process: its options, and its start.

use std::panic;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use token_monitor_engine::demo::DemoFolder;

use crate::args::load_sources;
use crate::daemon::event_loop;
use crate::error::{CliError, INTERNAL_ERROR};
use crate::{logging, runtime};

/// Shows the tray icon of Token Monitor.
///
/// The desktop app, token-monitor-app, starts this program.
#[derive(Clone, Debug, Parser)]
#[command(name = "token-monitor-tray", version, about, long_about)]
struct TrayArgs {
    /// Show sample data in a temporary folder instead of your own.
    #[arg(long, conflicts_with = "config")]
    demo: bool,

    /// Use another settings file.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// Runs the tray process.
pub(crate) fn run() -> ExitCode {
    let args = TrayArgs::parse();
    panic::catch_unwind(|| runtime::block_on(run_with(args))).unwrap_or(ExitCode::from(INTERNAL_ERROR))
}

async fn run_with(args: TrayArgs) -> Result<ExitCode, CliError> {
    // Removed at the end of this function.
    let mut demo = args.demo.then(DemoFolder::create).transpose()?;
    let sources = load_sources(args.config, demo.as_ref())?;
    logging::start(&sources.resolve(), true, false);
    if let Some(demo) = &mut demo {
        demo.continue_writing()?;
    }
    event_loop::run(sources).await?;
    Ok(ExitCode::SUCCESS)
}
