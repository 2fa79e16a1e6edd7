//! The Tauri app that both process layouts share.

use crate::engine_source::EngineSource;
use crate::platform::{autostart, shortcut};
use crate::popover::{OnDismiss, PopoverTracker};
use crate::{commands, demo_commands, history_export, share_card, window_commands};

/// Creates a Tauri app with the commands of the popover's page.
pub(crate) fn builder(source: EngineSource, on_dismiss: OnDismiss) -> tauri::Builder<tauri::Wry> {
    shortcut::add_plugin(autostart::add_plugin(tauri::Builder::default()))
        .manage(source)
        .manage(PopoverTracker::new(on_dismiss))
        .manage(commands::ProcessStart(std::time::Instant::now()))
        .invoke_handler(tauri::generate_handler![
            commands::request,
            commands::route,
            commands::frame,
            commands::autostart,
            commands::set_autostart,
            commands::statusline,
            commands::set_statusline,
            commands::save_diagnostics,
            commands::start_daemon,
            commands::dismiss,
            commands::painted,
            commands::fit_height,
            demo_commands::start_demo,
            demo_commands::leave_demo,
            window_commands::set_pinned,
            window_commands::detach,
            window_commands::quit,
            window_commands::copy_text,
            window_commands::open_session_folder,
            share_card::save_share_card,
            share_card::copy_share_card,
            history_export::export_history,
            window_commands::open_dashboard
        ])
}
