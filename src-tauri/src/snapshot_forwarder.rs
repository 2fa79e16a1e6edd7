//! Forwards the engine's snapshots to the page, and reconnects if the engine was restarted or replaced.

use std::time::Duration;

use tauri::{AppHandle, Manager};
use token_monitor_ipc::SnapshotStream;

use crate::engine_source::EngineSource;
use crate::events;
use crate::popover::PopoverTracker;

/// The interval between attempts to reach the engine.
const RETRY_INTERVAL: Duration = Duration::from_millis(300);

/// Forwards snapshots until the app exits.
pub(crate) async fn forward_snapshots(app: AppHandle) {
    let mut switches = app.state::<EngineSource>().subscribe_switches();
    loop {
        switches.mark_unchanged();
        let updates = match app.state::<EngineSource>().get().await {
            Ok(client) => client.subscribe_snapshots().await.ok(),
            Err(_) => None,
        };
        if let Some(updates) = updates {
            events::emit_connection(&app, true);
            tokio::select! {
                () = forward_until_lost(&app, updates) => {}
                // The sender lives as long as the app.
                _ = switches.changed() => continue,
            }
        }
        events::emit_connection(&app, false);
        tokio::time::sleep(RETRY_INTERVAL).await;
    }
}

async fn forward_until_lost(app: &AppHandle, mut updates: SnapshotStream) {
    updates.mark_changed();
    while updates.changed().await.is_ok() {
        let snapshot = updates.borrow_and_update().clone();
        if app.state::<PopoverTracker>().is_shown() {
            events::emit_snapshot(app, &snapshot);
        }
    }
}
