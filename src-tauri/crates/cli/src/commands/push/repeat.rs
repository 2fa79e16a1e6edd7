//! Sends at intervals until the process is stopped, whichever process has the engine.

use std::time::Duration;

use token_monitor_core::report::model::BackgroundCommand;
use token_monitor_engine::Request;
use token_monitor_engine::config::ConfigSources;
use token_monitor_ipc::EngineClient;
use tracing::warn;

use crate::connect::{CONNECT_TIMEOUT, EngineSession};
use crate::error::CliError;
use crate::signals::wait_for_stop;

/// The wait before the engine is connected again after it has ended.
const RECONNECT_DELAY: Duration = Duration::from_secs(2);

/// Sends what is due.
pub(super) trait Push {
    /// The command, if the app runs it.
    const COMMAND: BackgroundCommand;

    /// Sends everything that is due.
    async fn send_due(&mut self, client: &EngineClient) -> Result<(), PushFailure>;
}

/// The reason why not everything was sent.
pub(super) enum PushFailure {
    /// The engine has ended or cannot answer.
    Engine(CliError),
    /// The receiver did not get everything; the rest is sent with the next push. A sentence.
    Receiver(String),
    /// Sending again does not help.
    Final(CliError),
}

/// The schedule of a push.
#[derive(Clone, Copy, Debug)]
pub(super) struct Schedule {
    pub(super) interval: Duration,
    /// True if the app runs the command. The push then reports to the app whether it works.
    pub(super) is_background: bool,
}

/// Sends at intervals until the process is stopped.
pub(super) async fn push_until_stopped<P: Push>(
    mut push: P,
    sources: ConfigSources,
    schedule: Schedule,
) -> Result<(), CliError> {
    let stop = wait_for_stop(schedule.is_background);
    tokio::pin!(stop);
    loop {
        let session = EngineSession::open_live(sources.clone(), CONNECT_TIMEOUT).await?;
        let ended = tokio::select! {
            ended = push_while_connected(&mut push, &session.client, schedule) => Some(ended),
            () = &mut stop => None,
        };
        session.close()?;
        match ended {
            None => return Ok(()),
            Some(ended) => ended?,
        }
        tokio::select! {
            () = tokio::time::sleep(RECONNECT_DELAY) => {}
            () = &mut stop => return Ok(()),
        }
    }
}

/// Sends at intervals until the engine ends.
async fn push_while_connected<P: Push>(
    push: &mut P,
    client: &EngineClient,
    schedule: Schedule,
) -> Result<(), CliError> {
    let mut ticks = tokio::time::interval(schedule.interval);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    // The figures of an engine that has just started are incomplete.
    if let Err(error) = client.request(Request::Sync).await {
        warn!(%error, "The engine cannot be reached.");
        return Ok(());
    }
    loop {
        ticks.tick().await;
        let problem = match push.send_due(client).await {
            Ok(()) => None,
            Err(PushFailure::Receiver(problem)) => Some(problem),
            Err(PushFailure::Engine(error)) => {
                warn!(error = error.cause_chain(), "The engine cannot be reached.");
                return Ok(());
            }
            Err(PushFailure::Final(error)) => return Err(error),
        };
        if let Some(problem) = &problem {
            warn!("{problem} The rest is sent with the next push.");
        }
        if schedule.is_background {
            let report = Request::ReportBackgroundStatus { command: P::COMMAND, problem };
            // An engine that has ended is noticed with the next push.
            let _ = client.request(report).await;
        }
    }
}
