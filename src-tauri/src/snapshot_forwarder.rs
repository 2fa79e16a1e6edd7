//! Forwards the engine's snapshots to the page, and reconnects if the engine was restarted.

use std::time::Duration;

use tauri::{AppHandle, Manager};
use token_monitor_core::report::model::Snapshot;

use crate::engine_source::EngineSource;
use crate::events;
use crate::popover::PopoverTracker;

/// The interval between attempts to reach the engine.
const RETRY_INTERVAL: Duration = Duration::from_millis(300);

/// Forwards snapshots until the app exits. `on_snapshot` is called before a snapshot is sent to the page.
pub(crate) async fn forward_snapshots(app: AppHandle, on_snapshot: impl Fn(&Snapshot)) {
    loop {
        let updates = match app.state::<EngineSource>().get().await {
            Ok(client) => client.subscribe_snapshots().await.ok(),
            Err(_) => None,
        };
        if let Some(mut updates) = updates {
            events::emit_connection(&app, true);
            updates.mark_changed();
            while updates.changed().await.is_ok() {
                let snapshot = updates.borrow_and_update().clone();
                on_snapshot(&snapshot);
                if app.state::<PopoverTracker>().is_shown() {
                    events::emit_snapshot(&app, &snapshot);
                }
            }
        }
        events::emit_connection(&app, false);
        tokio::time::sleep(RETRY_INTERVAL).await;
    }
}
