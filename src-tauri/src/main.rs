//! The desktop app.
//!
//! On Linux it starts the daemon and exits, or shows one popover and exits with it: web views do not free their memory,
//! so the process that runs permanently has none. On other systems, or with `--one-process`, it also runs the tray.

#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

mod alerts;
mod app;
mod args;
mod command_runner;
mod commands;
mod demo_commands;
mod diagnostics;
mod engine_source;
mod events;
mod history_export;
mod launcher;
mod logging;
mod new_file;
mod platform;
mod popover;
mod popover_process;
mod share_card;
mod signals;
mod single_process;
mod snapshot_forwarder;
mod statusline;
mod tauri_context;
mod tray;
mod window_commands;

use std::process::ExitCode;

use crate::args::{Info, Mode};
use crate::platform::{AutostartAction, NoDisplay, autostart, clipboard};

/// The exit code on a computer without a display, by which `npm start` continues in the terminal.
const NO_DISPLAY: u8 = 4;

fn main() -> ExitCode {
    token_monitor_engine::ignore_file_size_signal();
    logging::init();
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => print_error(&error),
    }
}

fn run() -> anyhow::Result<()> {
    match args::parse_mode(std::env::args().skip(1))? {
        Mode::Start(start) => launcher::start(&start),
        Mode::Popover { request, frame, is_controlled } => popover_process::run(request, frame, is_controlled),
        Mode::OneProcess(start) => single_process::run(&start),
        Mode::Autostart(action) => print_autostart(action),
        Mode::Copy(format) => clipboard::copy_stdin(format),
        Mode::Print(info) => print_info(info),
    }
}

#[expect(clippy::print_stderr, reason = "this is where errors are printed")]
fn print_error(error: &anyhow::Error) -> ExitCode {
    if error.is::<NoDisplay>() {
        eprintln!("{error}");
        return ExitCode::from(NO_DISPLAY);
    }
    eprintln!("error: {error:#}");
    ExitCode::FAILURE
}

#[expect(clippy::print_stdout, reason = "this is what was asked for")]
fn print_info(info: Info) -> anyhow::Result<()> {
    println!("{info}");
    Ok(())
}

#[expect(clippy::print_stdout, reason = "scripts read the result from stdout")]
fn print_autostart(action: AutostartAction) -> anyhow::Result<()> {
    println!("{}", if autostart::apply(action, None)? { "on" } else { "off" });
    Ok(())
}
