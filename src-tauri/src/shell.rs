//! The parts of a Tauri app that both layouts share.

use token_monitor_engine::{Refusal, RefusalCode};
use token_monitor_ipc::{Address, Client, Core};

use crate::popover::{Popover, Stay};
use crate::{autostart, bridge};

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
        .manage(bridge::Began(std::time::Instant::now()))
        .invoke_handler(tauri::generate_handler![
            bridge::snapshot,
            bridge::sessions,
            bridge::session,
            bridge::rename,
            bridge::block_history,
            bridge::history,
            bridge::describe,
            bridge::settings,
            bridge::change,
            bridge::alerts,
            bridge::see_alerts,
            bridge::test_alert,
            bridge::pause_alerts,
            bridge::route,
            bridge::frame,
            bridge::autostart,
            bridge::set_autostart,
            bridge::statusline,
            bridge::set_statusline,
            bridge::save_diagnostics,
            bridge::start_resident,
            bridge::dismiss,
            bridge::painted
        ])
}
