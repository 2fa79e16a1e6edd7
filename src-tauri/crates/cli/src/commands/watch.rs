//! `token-monitor watch`: one line each time the figures change.

use std::time::Instant;

use token_monitor_engine::config::ConfigSources;
use token_monitor_ipc::SnapshotStream;

use crate::commands::status;
use crate::connect::{CONNECT_TIMEOUT, EngineSession};
use crate::error::CliError;
use crate::render::output::Printer;
use crate::signals::wait_for_shutdown;

/// Prints snapshots until the process is stopped or the engine is gone.
pub(crate) async fn run(sources: ConfigSources, printer: &Printer) -> Result<(), CliError> {
    let session = EngineSession::open_live(sources, CONNECT_TIMEOUT).await?;
    let updates = session.client.subscribe_snapshots().await?;
    let result = tokio::select! {
        result = print_updates(updates, printer) => result,
        () = wait_for_shutdown() => Ok(()),
    };
    session.close()?;
    result
}

async fn print_updates(mut updates: SnapshotStream, printer: &Printer) -> Result<(), CliError> {
    let refresh_interval = printer.refresh_interval.filter(|_| !printer.json);
    let mut printed_at: Option<Instant> = None;
    updates.mark_changed();
    while updates.changed().await.is_ok() {
        if let (Some(interval), Some(printed_at)) = (refresh_interval, printed_at) {
            tokio::time::sleep(interval.saturating_sub(printed_at.elapsed())).await;
        }
        printed_at = Some(Instant::now());
        let snapshot = updates.borrow_and_update().clone();
        printer.print(&*snapshot, || status::render_line(&snapshot, printer.color))?;
    }
    Ok(())
}
