//! Starting with the session, on macOS: by Tauri's plugin, which no page may reach.

use tauri::{AppHandle, Builder, Manager, Wry};
use tauri_plugin_autostart::ManagerExt;

use crate::args::Order;

/// An app that can be told to start with the session, and how.
pub(crate) fn plug(app: Builder<Wry>) -> Builder<Wry> {
    app.plugin(tauri_plugin_autostart::Builder::new().arg("--background").build())
}

/// Does as told, and says whether the app starts with the session afterwards. Without an app, one is built that never
/// runs.
pub(crate) fn obey(order: Order, app: Option<&AppHandle>) -> anyhow::Result<bool> {
    match app {
        Some(app) => obeyed(order, app),
        None => {
            let app = plug(Builder::default()).build(crate::app::context())?;
            obeyed(order, app.app_handle())
        }
    }
}

fn obeyed(order: Order, app: &AppHandle) -> anyhow::Result<bool> {
    let entry = app.autolaunch();
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
