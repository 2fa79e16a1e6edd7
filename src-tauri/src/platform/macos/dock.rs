//! The Dock of macOS: an app of the menu bar has no icon in it, and hears of being opened again there.

use tauri::{ActivationPolicy, App, RunEvent};

/// Has the app have no icon in the Dock.
pub(crate) fn stay_out(app: &mut App) {
    app.set_activation_policy(ActivationPolicy::Accessory);
}

/// Whether somebody opened the app that runs already, as the Finder tells it.
pub(crate) fn is_opened_again(event: &RunEvent) -> bool {
    matches!(event, RunEvent::Reopen { .. })
}
