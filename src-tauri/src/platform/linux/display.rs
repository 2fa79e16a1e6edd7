//! The display on Linux: an X11 or a Wayland server.

use crate::platform::NoDisplay;

/// Checks that windows can be shown. Must be called on the main thread, before Tauri, which panics without a display.
pub(crate) fn check() -> Result<(), NoDisplay> {
    // GTK would look for a display under a default name, which belongs to nobody here.
    let is_named = |variable| std::env::var_os(variable).is_some_and(|name| !name.is_empty());
    if !is_named("DISPLAY") && !is_named("WAYLAND_DISPLAY") {
        return Err(NoDisplay);
    }
    gtk::init().map_err(|_| NoDisplay)
}
