//! The desktop app: what people start.
//!
//! On Linux it starts the resident and ends, or shows one popover and ends with it: a web view never gives back
//! what it took, so what runs for months has none. Elsewhere, or with `--one-process`, it is the tray as well.

#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

mod alone;
mod args;
mod bridge;
mod follow;
mod logging;
mod one;
mod popover;
mod resident;
mod shell;
mod stop;
mod tray;

#[cfg(target_os = "linux")]
#[path = "desktop_linux.rs"]
mod desktop;
#[cfg(not(target_os = "linux"))]
#[path = "desktop_elsewhere.rs"]
mod desktop;

use args::Role;

fn main() -> anyhow::Result<()> {
    logging::start();
    match args::role(std::env::args().skip(1))? {
        Role::Start => resident::ensure(),
        Role::Popover(near) => alone::run(near),
        Role::OneProcess => one::run(),
    }
}
