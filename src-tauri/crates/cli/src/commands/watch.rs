//! `token-monitor watch`: one line each time the figures change.

use std::sync::Arc;
use std::time::Instant;

use token_monitor_core::report::model::{Progress, Snapshot};
use token_monitor_engine::Request;
use token_monitor_engine::config::ConfigSources;
use token_monitor_ipc::{EngineClient, SnapshotStream};

use crate::commands::status;
use crate::connect::{CONNECT_TIMEOUT, EngineSession};
use crate::error::CliError;
use crate::render::output::Printer;
use crate::signals::wait_for_shutdown;

/// Prints snapshots until the process is stopped or the engine is gone.
pub(crate) async fn run(sources: ConfigSources, printer: &Printer) -> Result<(), CliError> {
    let session = EngineSession::open_live(sources, CONNECT_TIMEOUT).await?;
    let mut updates = session.client.subscribe_snapshots().await?;
    let result = tokio::select! {
        result = async {
            wait_until_read(&mut updates, &session.client).await;
            print_updates(updates, printer).await
        } => result,
        () = wait_for_shutdown() => Ok(()),
    };
    session.close()?;
    result
}

/// Waits for a snapshot of a time after the folders were searched: before that, an engine that has just started has read
/// nothing. If there is no folder, waits until the engine has found that out.
async fn wait_until_read(updates: &mut SnapshotStream, client: &EngineClient) {
    let is_read = |snapshot: &Arc<Snapshot>| {
        !snapshot.roots.is_empty() || matches!(snapshot.progress, Progress::Importing { .. })
    };
    tokio::select! {
        // An error means that the engine has stopped, which the caller handles.
        _ = updates.wait_for(is_read) => {}
        _ = client.request(Request::Sync) => {}
    }
}

async fn print_updates(mut updates: SnapshotStream, printer: &Printer) -> Result<(), CliError> {
    let refresh_interval = printer.refresh_interval.filter(|_| !printer.json);
    let mut printed_at: Option<Instant> = None;
    let mut printed: Option<Arc<Snapshot>> = None;
    let mut printed_line: Option<String> = None;
    updates.mark_changed();
    while updates.changed().await.is_ok() {
        if let (Some(interval), Some(printed_at)) = (refresh_interval, printed_at) {
            tokio::time::sleep(interval.saturating_sub(printed_at.elapsed())).await;
        }
        let snapshot = updates.borrow_and_update().clone();
        if printed.as_ref().is_some_and(|printed| printed == &snapshot) {
            continue;
        }
        printed = Some(Arc::clone(&snapshot));
        let line = if printer.json { None } else { Some(status::render_line(&snapshot, printer.color)) };
        if line.is_some() && line == printed_line {
            continue;
        }
        printed_at = Some(Instant::now());
        printer.print(&*snapshot, || line.clone().unwrap_or_default())?;
        printed_line = line;
    }
    Ok(())
}
