//! The parts of a Tauri app that both layouts share.

use token_monitor_engine::{Refusal, RefusalCode};
use token_monitor_ipc::{Address, Client, Core};

use crate::commands;
use crate::platform::autostart;
use crate::popover::{Popover, Stay};

/// Where answers come from.
pub(crate) enum Source {
    /// An engine in this process.
    Here(Core),
    /// Whoever listens at this address, looked up anew each time: it may have been restarted.
    There(Address),
}

impl Source {
    /// Somebody to ask.
    pub(crate) async fn get(&self) -> Result<Core, Refusal> {
        match self {
            Self::Here(core) => Ok(core.clone()),
            Self::There(address) => Client::connect(address.clone()).await.map(Core::There).ok_or_else(|| {
                Refusal::new(RefusalCode::Offline, "Token Monitor is not running").hint("Start it again.")
            }),
        }
    }
}

/// The configuration and the page, compiled in once.
pub(crate) fn context() -> tauri::Context {
    tauri::generate_context!()
}

/// An app with the popover's commands.
pub(crate) fn builder(source: Source, stay: Stay) -> tauri::Builder<tauri::Wry> {
    autostart::plug(tauri::Builder::default())
        .manage(source)
        .manage(Popover::new(stay))
        .manage(commands::Began(std::time::Instant::now()))
        .invoke_handler(tauri::generate_handler![
            commands::snapshot,
            commands::sessions,
            commands::session,
            commands::rename,
            commands::block_history,
            commands::history,
            commands::describe,
            commands::settings,
            commands::change,
            commands::alerts,
            commands::see_alerts,
            commands::test_alert,
            commands::pause_alerts,
            commands::route,
            commands::frame,
            commands::autostart,
            commands::set_autostart,
            commands::statusline,
            commands::set_statusline,
            commands::save_diagnostics,
            commands::start_resident,
            commands::dismiss,
            commands::painted
        ])
}
