//! The Dock of macOS: the app has no icon in it, and is notified when it is opened again.

use tauri::{ActivationPolicy, App, RunEvent};

/// Hides the app's icon in the Dock.
pub(crate) fn hide_dock_icon(app: &mut App) {
    app.set_activation_policy(ActivationPolicy::Accessory);
}

/// Returns true if the user opened the running app again.
pub(crate) fn is_reopen_event(event: &RunEvent) -> bool {
    matches!(event, RunEvent::Reopen { .. })
}
