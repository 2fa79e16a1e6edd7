//! `token-monitor watch`: one line each time the figures change.

use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use token_monitor_core::report::model::{Progress, Snapshot};
use token_monitor_engine::config::ConfigSources;
use token_monitor_engine::{ErrorCode, Request};
use token_monitor_export::to_json;
use token_monitor_ipc::{EngineClient, SnapshotStream};

use crate::commands::status;
use crate::connect::{CONNECT_TIMEOUT, EngineSession};
use crate::error::CliError;
use crate::render::output::{Printer, print_text_in_background};
use crate::signals::wait_for_shutdown_or_reader;

/// The wait before connecting again after the process that had the engine has ended.
const RECONNECT_DELAY: Duration = Duration::from_millis(300);

/// Prints snapshots until the process is stopped. If another process has the engine and ends, the engine of a third one
/// or one of this process takes its place.
pub(crate) async fn run(sources: ConfigSources, printer: &Printer) -> Result<(), CliError> {
    let mut session = EngineSession::open_live(sources.clone(), CONNECT_TIMEOUT).await?;
    let mut output = WatchOutput::new(*printer);
    let mut shutdown = pin!(wait_for_shutdown_or_reader());
    loop {
        let (is_remote, result) = tokio::select! {
            result = output.follow(&session) => (session.is_remote(), result.map(|()| End::EngineGone)),
            () = &mut shutdown => (session.is_remote(), Ok(End::Shutdown)),
        };
        session.close()?;
        match result? {
            End::EngineGone if is_remote => {}
            End::EngineGone | End::Shutdown => return Ok(()),
        }
        session = tokio::select! {
            session = reconnect(&sources) => session?,
            () = &mut shutdown => return Ok(()),
        };
    }
}

async fn reconnect(sources: &ConfigSources) -> Result<EngineSession, CliError> {
    tokio::time::sleep(RECONNECT_DELAY).await;
    EngineSession::open_live(sources.clone(), CONNECT_TIMEOUT).await
}

/// The reason why no further snapshot comes.
enum End {
    /// The engine has stopped.
    EngineGone,
    /// The user or the system ends this process.
    Shutdown,
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

/// Prints snapshots that differ from the last one.
struct WatchOutput {
    printer: Printer,
    printed: Option<Arc<Snapshot>>,
    printed_line: Option<String>,
    printed_at: Option<Instant>,
}

impl WatchOutput {
    fn new(printer: Printer) -> Self {
        Self { printer, printed: None, printed_line: None, printed_at: None }
    }

    /// Prints snapshots until the engine is gone.
    async fn follow(&mut self, session: &EngineSession) -> Result<(), CliError> {
        let mut updates = match session.client.subscribe_snapshots().await {
            Err(error) if error.code == ErrorCode::Offline => return Ok(()),
            updates => updates?,
        };
        wait_until_read(&mut updates, &session.client).await;
        updates.mark_changed();
        while updates.changed().await.is_ok() {
            self.wait_for_refresh().await;
            let snapshot = updates.borrow_and_update().clone();
            self.print(snapshot).await?;
        }
        Ok(())
    }

    /// Waits until the next line may be printed: on a terminal, they have a minimum interval.
    async fn wait_for_refresh(&self) {
        let interval = self.printer.refresh_interval.filter(|_| !self.printer.json);
        if let (Some(interval), Some(printed_at)) = (interval, self.printed_at) {
            tokio::time::sleep(interval.saturating_sub(printed_at.elapsed())).await;
        }
    }

    async fn print(&mut self, snapshot: Arc<Snapshot>) -> Result<(), CliError> {
        if self.printed.as_ref().is_some_and(|printed| printed == &snapshot) {
            return Ok(());
        }
        let line = match self.printer.json {
            true => to_json(&*snapshot)?,
            false => status::render_line(&snapshot, self.printer.color),
        };
        self.printed = Some(snapshot);
        if self.printed_line.as_ref() == Some(&line) {
            return Ok(());
        }
        self.printed_at = Some(Instant::now());
        print_text_in_background(line.clone()).await?;
        self.printed_line = Some(line);
        Ok(())
    }
}
