//! The autostart of the app on Windows: a value in the user's `Run` key.
//!
//! Tauri's plugin is not used, since it does not quote the path: the installation folder has a space in its name, and
//! the part after it would be parsed as arguments.

use anyhow::Context;
use auto_launch::{AutoLaunch, AutoLaunchBuilder, WindowsEnableMode};
use tauri::{AppHandle, Builder, Wry};

use crate::platform::AutostartAction;

/// Applies an action. Returns true if the app starts at login afterwards.
pub(crate) fn apply(action: AutostartAction, _app: Option<&AppHandle>) -> anyhow::Result<bool> {
    let entry = build_entry()?;
    match action {
        AutostartAction::Status => {}
        AutostartAction::On => entry.enable()?,
        AutostartAction::Off => entry.disable()?,
        // Enabling writes the current path.
        AutostartAction::Repair if entry.is_enabled()? => entry.enable()?,
        AutostartAction::Repair => {}
    }
    Ok(entry.is_enabled()?)
}

/// Returns the builder unchanged: Windows needs no plugin.
pub(crate) fn add_plugin(app: Builder<Wry>) -> Builder<Wry> {
    app
}

fn build_entry() -> anyhow::Result<AutoLaunch> {
    let program = std::env::current_exe().context("finding this program")?;
    AutoLaunchBuilder::new()
        .set_app_name("Token Monitor")
        .set_app_path(&format!("\"{}\"", program.display()))
        .set_args(&["--background"])
        .set_windows_enable_mode(WindowsEnableMode::CurrentUser)
        .build()
        .context("preparing the autostart entry")
}
