//! `token-monitor watch`: a line each time the figures change.

use std::time::Instant;

use token_monitor_engine::config::Layers;
use token_monitor_ipc::Updates;

use crate::commands::query::Printer;
use crate::commands::status;
use crate::connect::{Desk, PATIENCE};
use crate::error::Failure;

/// Prints snapshots until it is told to stop.
pub(crate) async fn watch(layers: Layers, out: &Printer) -> Result<(), Failure> {
    let desk = Desk::open_live(layers, PATIENCE).await?;
    let updates = desk.core.subscribe().await?;
    let done = tokio::select! {
        done = print(updates, out) => done,
        () = stopped() => Ok(()),
    };
    desk.close()?;
    done
}

async fn print(mut updates: Updates, out: &Printer) -> Result<(), Failure> {
    let mut printed: Option<Instant> = None;
    updates.mark_changed();
    while updates.changed().await.is_ok() {
        if let (Some(beat), Some(printed)) = (out.beat.filter(|_| !out.json), printed) {
            tokio::time::sleep(beat.saturating_sub(printed.elapsed())).await;
        }
        printed = Some(Instant::now());
        let snapshot = updates.borrow_and_update().clone();
        match out.json {
            true => out.json(&*snapshot)?,
            false => out.text(&status::line(&snapshot, out.colour))?,
        }
    }
    Ok(())
}

/// Waits for the user or the system to end this process.
pub(crate) async fn stopped() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut ends = signal(SignalKind::terminate()).ok();
        let mut hangs_up = signal(SignalKind::hangup()).ok();
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            Some(()) = next(&mut ends) => {}
            Some(()) = next(&mut hangs_up) => {}
        }
    }
    #[cfg(not(unix))]
    // Without a console there is nothing to wait for.
    drop(tokio::signal::ctrl_c().await);
}

#[cfg(unix)]
async fn next(signal: &mut Option<tokio::signal::unix::Signal>) -> Option<()> {
    signal.as_mut()?.recv().await
}
