//! The autostart of the app on macOS, by Tauri's plugin, which pages cannot access.

use tauri::{AppHandle, Builder, Manager, Wry};
use tauri_plugin_autostart::ManagerExt;

use crate::platform::AutostartAction;

/// Adds the autostart plugin to an app.
pub(crate) fn add_plugin(app: Builder<Wry>) -> Builder<Wry> {
    app.plugin(tauri_plugin_autostart::Builder::new().arg("--background").build())
}

/// Applies an action. Returns true if the app starts at login afterwards. Without an app, one is built that never runs.
pub(crate) fn apply(action: AutostartAction, app: Option<&AppHandle>) -> anyhow::Result<bool> {
    match app {
        Some(app) => apply_to(action, app),
        None => {
            let app = add_plugin(Builder::default()).build(crate::tauri_context::load_context())?;
            apply_to(action, app.app_handle())
        }
    }
}

fn apply_to(action: AutostartAction, app: &AppHandle) -> anyhow::Result<bool> {
    let entry = app.autolaunch();
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
