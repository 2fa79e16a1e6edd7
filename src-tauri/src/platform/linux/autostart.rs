//! Starting with the session, on Linux: the entry in the autostart folder.

use anyhow::Context;
use tauri::{AppHandle, Builder, Wry};
use token_monitor_engine::Homes;
use token_monitor_tray::LoginEntry;

use crate::args::Order;

/// Does as told, and says whether the app starts with the session afterwards.
pub(crate) fn obey(order: Order, _app: Option<&AppHandle>) -> anyhow::Result<bool> {
    let folder = Homes::from_env().autostart().context("there is no home folder")?;
    let entry = LoginEntry::new(&folder, std::env::current_exe().context("finding this program")?);
    match order {
        Order::Status => {}
        Order::On => entry.turn_on().context("writing the autostart entry")?,
        Order::Off => entry.turn_off().context("removing the autostart entry")?,
        Order::Repair => {
            if entry.repair().context("repairing the autostart entry")? {
                tracing::info!("The program moved; it starts with the session from here now.");
            }
        }
    }
    entry.is_on().context("reading the autostart entry")
}

/// Nothing of it is part of the app here.
pub(crate) fn plug(app: Builder<Wry>) -> Builder<Wry> {
    app
}
