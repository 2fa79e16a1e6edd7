//! Carries snapshots to the page, and finds the engine again when it was away.

use std::time::Duration;

use tauri::{AppHandle, Manager};
use token_monitor_core::report::model::Snapshot;

use crate::popover::Popover;
use crate::{app, commands};

/// How often to look for an engine that is away.
const RETRY: Duration = Duration::from_millis(300);

/// Follows the engine until the app ends. `seen` is shown each snapshot before the page is.
pub(crate) async fn follow(app: AppHandle, seen: impl Fn(&Snapshot)) {
    loop {
        let updates = match app.state::<app::Source>().get().await {
            Ok(core) => core.subscribe().await.ok(),
            Err(_) => None,
        };
        if let Some(mut updates) = updates {
            commands::tell_connection(&app, true);
            updates.mark_changed();
            while updates.changed().await.is_ok() {
                let snapshot = updates.borrow_and_update().clone();
                seen(&snapshot);
                if app.state::<Popover>().is_shown() {
                    commands::tell_snapshot(&app, &snapshot);
                }
            }
        }
        commands::tell_connection(&app, false);
        tokio::time::sleep(RETRY).await;
    }
}
