//! Starting with the session, on Windows: a value below the user's `Run` key.
//!
//! Written by the library under Tauri's plugin and not by the plugin, which names the program without quotes: the
//! folder it is installed in has a space in its name, and what stands behind that would be taken for arguments.

use anyhow::Context;
use auto_launch::{AutoLaunch, AutoLaunchBuilder, WindowsEnableMode};
use tauri::{AppHandle, Builder, Wry};

use crate::args::Order;

/// Does as told, and says whether the app starts with the session afterwards.
pub(crate) fn obey(order: Order, _app: Option<&AppHandle>) -> anyhow::Result<bool> {
    let entry = entry()?;
    match order {
        Order::Status => {}
        Order::On => entry.enable()?,
        Order::Off => entry.disable()?,
        // It is written anew with the path of today.
        Order::Repair if entry.is_enabled()? => entry.enable()?,
        Order::Repair => {}
    }
    Ok(entry.is_enabled()?)
}

/// Nothing of it is part of the app here.
pub(crate) fn plug(app: Builder<Wry>) -> Builder<Wry> {
    app
}

fn entry() -> anyhow::Result<AutoLaunch> {
    let program = std::env::current_exe().context("finding this program")?;
    AutoLaunchBuilder::new()
        .set_app_name("Token Monitor")
        .set_app_path(&format!("\"{}\"", program.display()))
        .set_args(&["--background"])
        .set_windows_enable_mode(WindowsEnableMode::CurrentUser)
        .build()
        .context("looking after the autostart entry")
}
