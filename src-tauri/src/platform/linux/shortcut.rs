//! The shortcut of the desktop.

use tauri::{AppHandle, Builder, Wry};
pub(crate) use token_monitor_tray::PopoverShortcut;
use token_monitor_tray::ShortcutEvent;

/// Adds nothing: shortcuts need no plugin here.
pub(crate) fn add_plugin(builder: Builder<Wry>) -> Builder<Wry> {
    builder
}

/// Creates an unset shortcut that passes its events on.
pub(crate) fn create(_app: &AppHandle, on_event: impl Fn(ShortcutEvent) + Send + Sync + 'static) -> PopoverShortcut {
    PopoverShortcut::new(on_event)
}
