//! The shortcut of macOS and Windows.

use std::sync::Arc;

use tauri::{AppHandle, Builder, Wry};
use tauri_plugin_global_shortcut::{GlobalShortcutExt, ShortcutState};
use token_monitor_core::report::model::Shortcut;
use token_monitor_tray::ShortcutEvent;
use tracing::warn;

/// The shortcut that the user has set. It is registered until another one is set.
pub(crate) struct PopoverShortcut {
    app: AppHandle,
    on_event: Arc<dyn Fn(ShortcutEvent) + Send + Sync>,
    current: Option<Shortcut>,
}

/// Adds the plugin that registers shortcuts.
pub(crate) fn add_plugin(builder: Builder<Wry>) -> Builder<Wry> {
    builder.plugin(tauri_plugin_global_shortcut::Builder::new().build())
}

/// Creates an unset shortcut that passes its events on.
pub(crate) fn create(app: &AppHandle, on_event: impl Fn(ShortcutEvent) + Send + Sync + 'static) -> PopoverShortcut {
    PopoverShortcut { app: app.clone(), on_event: Arc::new(on_event), current: None }
}

impl PopoverShortcut {
    /// Sets the shortcut, or none.
    pub(crate) fn set(&mut self, shortcut: Option<Shortcut>) {
        if shortcut == self.current {
            return;
        }
        if let Some(previous) = std::mem::replace(&mut self.current, shortcut) {
            // Fails only if it was not registered.
            let _ = self.app.global_shortcut().unregister(previous.to_string().as_str());
        }
        (self.on_event)(match shortcut.map(|shortcut| self.register(shortcut)) {
            None | Some(Ok(())) => ShortcutEvent::Available,
            Some(Err(unavailable)) => ShortcutEvent::Unavailable(unavailable),
        });
    }

    /// Registers a shortcut. Returns a sentence with the reason if the system refuses it.
    fn register(&self, shortcut: Shortcut) -> Result<(), String> {
        let on_event = Arc::clone(&self.on_event);
        let shortcuts = self.app.global_shortcut();
        let registered = shortcuts.on_shortcut(shortcut.to_string().as_str(), move |_, _, event| {
            if event.state() == ShortcutState::Pressed {
                on_event(ShortcutEvent::Pressed);
            }
        });
        registered.map_err(|error| {
            warn!(%shortcut, %error, "The shortcut is not available.");
            format!(
                "The shortcut {shortcut} is not available: another program uses it, or the keyboard has no such key."
            )
        })
    }
}
