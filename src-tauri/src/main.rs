//! The desktop app: what people start.
//!
//! On Linux it starts the resident and ends, or shows one popover and ends with it: a web view never gives back
//! what it took, so what runs for months has none. Elsewhere, or with `--one-process`, it is the tray as well.

#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

mod alerts;
mod app;
mod args;
mod commands;
mod diagnostics;
mod launcher;
mod logging;
mod platform;
mod popover;
mod popover_process;
mod signals;
mod single_process;
mod snapshot_forwarder;
mod statusline;
mod tray;

use crate::args::{Order, Role};

use crate::platform::autostart;

fn main() -> anyhow::Result<()> {
    logging::start();
    match args::role(std::env::args().skip(1))? {
        Role::Start(start) => launcher::start(&start),
        Role::Popover { opening, frame, led } => popover_process::run(opening, frame, led),
        Role::OneProcess(start) => single_process::run(&start),
        Role::Autostart(order) => tell_autostart(order),
    }
}

#[expect(clippy::print_stdout, reason = "a script that asks reads the answer there")]
fn tell_autostart(order: Order) -> anyhow::Result<()> {
    println!("{}", if autostart::obey(order, None)? { "on" } else { "off" });
    Ok(())
}
