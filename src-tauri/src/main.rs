//! The desktop app: what people start.
//!
//! On Linux it starts the resident and ends, or shows one popover and ends with it: a web view never gives back
//! what it took, so what runs for months has none. Elsewhere, or with `--one-process`, it is the tray as well.

#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

mod alerts;
mod alone;
mod args;
mod bridge;
mod diagnostics;
mod follow;
mod logging;
mod one;
mod popover;
mod resident;
mod screen;
mod shell;
mod statusline;
mod stop;
mod tray;

#[cfg(target_os = "linux")]
#[path = "desktop_linux.rs"]
mod desktop;
#[cfg(not(target_os = "linux"))]
#[path = "desktop_elsewhere.rs"]
mod desktop;

#[cfg(target_os = "macos")]
#[path = "dock_macos.rs"]
mod dock;
#[cfg(not(target_os = "macos"))]
#[path = "dock_elsewhere.rs"]
mod dock;

#[cfg(target_os = "linux")]
#[path = "autostart_linux.rs"]
mod autostart;
#[cfg(windows)]
#[path = "autostart_windows.rs"]
mod autostart;
#[cfg(not(any(target_os = "linux", windows)))]
#[path = "autostart_macos.rs"]
mod autostart;

use args::{Order, Role};

fn main() -> anyhow::Result<()> {
    logging::start();
    match args::role(std::env::args().skip(1))? {
        Role::Start(start) => resident::start(&start),
        Role::Popover { opening, frame, led } => alone::run(opening, frame, led),
        Role::OneProcess(start) => one::run(&start),
        Role::Autostart(order) => tell_autostart(order),
    }
}

#[expect(clippy::print_stdout, reason = "a script that asks reads the answer there")]
fn tell_autostart(order: Order) -> anyhow::Result<()> {
    println!("{}", if autostart::obey(order, None)? { "on" } else { "off" });
    Ok(())
}
