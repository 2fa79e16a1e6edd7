//! The autostart of the app on Linux: an entry in the autostart folder.

use anyhow::Context;
use tauri::{AppHandle, Builder, Wry};
use token_monitor_engine::UserDirs;
use token_monitor_tray::AutostartEntry;

use crate::platform::AutostartAction;

/// Applies an action. Returns true if the app starts at login afterwards.
pub(crate) fn apply(action: AutostartAction, _app: Option<&AppHandle>) -> anyhow::Result<bool> {
    let folder = UserDirs::from_env().autostart_dir().context("there is no home folder")?;
    let entry = AutostartEntry::new(&folder, std::env::current_exe().context("finding this program")?);
    match action {
        AutostartAction::Status => {}
        AutostartAction::On => entry.enable().context("writing the autostart entry")?,
        AutostartAction::Off => entry.disable().context("removing the autostart entry")?,
        AutostartAction::Repair => {
            if entry.repair_path().context("repairing the autostart entry")? {
                tracing::info!("The program was moved. Updated the autostart entry.");
            }
        }
    }
    entry.is_enabled().context("reading the autostart entry")
}

/// Returns the builder unchanged: Linux needs no plugin.
pub(crate) fn add_plugin(app: Builder<Wry>) -> Builder<Wry> {
    app
}
