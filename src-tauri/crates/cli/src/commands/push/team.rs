//! `token-monitor push --to URL`: sends usage to the hub of a team.
//!
//! The engine keeps an outbox of changed days. Rows are prepared again for each attempt, so that the hub always receives the
//! latest figures, and an answer that was lost does no harm.

use std::path::Path;
use std::time::Duration;

use serde::Serialize;
use serde_json::json;
use serde_json::value::RawValue;
use token_monitor_core::report::model::BackgroundCommand;
use token_monitor_core::report::model::Snapshot;
use token_monitor_core::team::{DeviceToken, MESSAGE_FORMAT, SharedLimits, SharingLevel, TeamReceipt, TeamUpdate};
use token_monitor_engine::clock;
use token_monitor_engine::config::ConfigSources;
use token_monitor_engine::{ConfirmedRow, Request, Response, TeamBatch, TeamDestination, TeamRequest};
use token_monitor_ipc::EngineClient;
use token_monitor_telemetry::otlp::RetryPolicy;
use token_monitor_telemetry::team::{HubUrl, TeamSendError, TeamSender, destination_of, make_update, read_token};
use tokio::sync::oneshot;
use tracing::{info, warn};

use crate::commands::push::args::PushArgs;
use crate::commands::push::jitter;
use crate::commands::push::repeat::{Push, PushFailure, Schedule, push_until_stopped};
use crate::connect::EngineSession;
use crate::error::CliError;
use crate::render::output::Printer;
use crate::signals::wait_for_shutdown;

/// The time between two pushes without another one in the options.
const DEFAULT_INTERVAL: Duration = Duration::from_secs(60);

/// The name of the token file beside the store.
const TOKEN_FILE: &str = "hub-token";

/// The largest number of times that one push shares everything again because the hub has later figures.
const MAX_RESTARTS: u32 = 3;

/// Sends what has changed to a hub, or deletes it there.
pub(super) async fn run(
    sources: ConfigSources,
    url: HubUrl,
    args: PushArgs,
    printer: &Printer,
) -> Result<(), CliError> {
    let push = TeamPush::new(url, &sources.resolve().db_path, &args)?;
    match (args.dry_run, args.delete, args.once) {
        (true, _, _) => push.preview(sources, printer).await,
        (_, true, _) => push.delete(sources, printer).await,
        (_, _, true) => push.send_once(sources, printer).await,
        (false, false, false) => {
            let interval = args.interval.unwrap_or(DEFAULT_INTERVAL);
            info!(hub = %push.url, level = %push.level, ?interval, "Sharing usage.");
            push_until_stopped(push, sources, Schedule { interval, is_background: args.background }).await
        }
    }
}

/// A hub and what it receives.
struct TeamPush {
    url: HubUrl,
    token: DeviceToken,
    level: SharingLevel,
    /// True if the official limits are shared as well.
    has_limits: bool,
    destination: TeamDestination,
    sender: TeamSender,
}

/// The reason why not everything was sent.
enum TeamPushError {
    /// The engine has ended or cannot answer.
    Engine(CliError),
    /// The hub did not answer; the rest is sent later.
    Hub(TeamSendError),
    /// Sending again does not help.
    Final(CliError),
}

impl TeamPush {
    fn new(url: HubUrl, store: &Path, args: &PushArgs) -> Result<Self, CliError> {
        let level = args.level;
        let file = args.token_file.clone().unwrap_or_else(|| store.with_file_name(TOKEN_FILE));
        let token = read_token(&file).map_err(|error| {
            CliError::bad_configuration(format!("cannot use the token file {}: {error}", file.display()))
        })?;
        let destination = destination_of(&url, &token, level);
        let sender = TeamSender::new(url.clone(), token.clone());
        Ok(Self { sender, url, token, level, has_limits: args.limits, destination })
    }

    /// Prints the next update, and the limits if they are shared, without sending them.
    async fn preview(self, sources: ConfigSources, printer: &Printer) -> Result<(), CliError> {
        let session = EngineSession::open(sources).await?;
        let request = TeamRequest::Preview { destination: self.destination.clone() };
        let batch = request_batch(&session.client, request).await;
        let snapshot = session.client.snapshot().await;
        session.close()?;
        print_json(&make_update(batch?, self.level, &self.token), printer)?;
        match self.has_limits {
            true => print_json(&SharedLimits::from_quota(&snapshot?.quota, clock::now()), printer),
            false => Ok(()),
        }
    }

    async fn send_once(self, sources: ConfigSources, printer: &Printer) -> Result<(), CliError> {
        let session = EngineSession::open(sources).await?;
        let sent = tokio::select! {
            sent = self.send_all(&session.client) => sent,
            () = wait_for_shutdown() => Err(TeamPushError::Final(CliError::request_failed("stopped before all was sent".into()))),
        };
        session.close()?;
        let count = sent?;
        let json = json!({ "hub": self.url.to_string(), "level": self.level, "sentRows": count });
        printer.print(&json, || match count {
            0 => format!("{} is up to date.", self.url),
            1 => format!("Sent one row to {}.", self.url),
            _ => format!("Sent {count} rows to {}.", self.url),
        })
    }

    /// Sends all rows that the hub lacks, and the limits if they are shared. Returns the number of rows.
    async fn send_all(&self, client: &EngineClient) -> Result<usize, TeamPushError> {
        let snapshot = self.check_figures(client).await?;
        let count = self.send_rows(client).await?;
        if self.has_limits {
            self.send_limits(&snapshot).await?;
        }
        Ok(count)
    }

    /// Sends the limits. They are sent again with the next push, so one attempt is enough.
    async fn send_limits(&self, snapshot: &Snapshot) -> Result<(), TeamPushError> {
        let body = encode(&SharedLimits::from_quota(&snapshot.quota, clock::now())).map_err(TeamPushError::Final)?;
        let sender = self.sender.clone();
        let sent = run_on_thread(move || sender.send_limits(&body, clock::now())).await;
        sent.map_err(TeamPushError::from_sending)
    }

    /// Reads the budgets of the team that were reached, and reports them to the engine, which sends alerts about them. What cannot
    /// be read is read with the next push.
    async fn report_budgets(&self, client: &EngineClient) -> Result<(), TeamPushError> {
        let sender = self.sender.clone();
        match run_on_thread(move || sender.read_reached_budgets(clock::now())).await {
            Ok(reached) => request_done(client, TeamRequest::ReportBudgets { reached }).await,
            Err(error) => {
                warn!(%error, "The budgets of the team could not be read.");
                Ok(())
            }
        }
    }

    /// Sends all rows that the hub lacks. Returns their number.
    async fn send_rows(&self, client: &EngineClient) -> Result<usize, TeamPushError> {
        let (mut retries, mut restarts, mut count) = (RetryPolicy::default(), 0, 0);
        loop {
            let batch = self.prepare(client).await?;
            if batch.rows.is_empty() && batch.is_confirmed {
                return Ok(count);
            }
            let (generation, rows) = (batch.generation, batch.rows.iter().map(ConfirmedRow::from).collect::<Vec<_>>());
            match self.send(make_update(batch, self.level, &self.token)).await {
                Ok(_) => {
                    count += rows.len();
                    retries = RetryPolicy::default();
                    request_done(client, TeamRequest::Confirm { generation, rows }).await?;
                }
                Err(TeamPushError::Hub(TeamSendError::Conflict(receipt))) if restarts < MAX_RESTARTS => {
                    restarts += 1;
                    self.restart(client, generation, &receipt).await?;
                }
                Err(TeamPushError::Hub(error)) => match retries.next_delay(wait_of(&error), jitter()) {
                    Some(delay) => tokio::time::sleep(delay).await,
                    None => return Err(TeamPushError::Hub(error)),
                },
                Err(error) => return Err(error),
            }
        }
    }

    /// Shares everything again, because the hub has figures that this device does not remember: the store was restored, or
    /// the token was used elsewhere.
    async fn restart(&self, client: &EngineClient, own: u64, receipt: &TeamReceipt) -> Result<(), TeamPushError> {
        let generation = own.max(receipt.generation) + 1;
        info!(generation, "The hub has later figures of this device. Everything is sent again.");
        request_done(client, TeamRequest::Restart { destination: self.destination.clone(), generation }).await
    }

    /// Deletes what was shared at the hub, and then the outbox.
    async fn delete(self, sources: ConfigSources, printer: &Printer) -> Result<(), CliError> {
        let session = EngineSession::open_without_sync(sources).await?;
        let deleted = self.delete_shared(&session.client).await;
        session.close()?;
        deleted?;
        printer.print(&json!({ "hub": self.url.to_string(), "deleted": true }), || {
            format!("Deleted what was shared with {}. Nothing more is collected for it.", self.url)
        })
    }

    async fn delete_shared(&self, client: &EngineClient) -> Result<(), TeamPushError> {
        let mut generation = self.prepare(client).await?.generation + 1;
        let mut retries = RetryPolicy::default();
        loop {
            match self.send(empty_update(generation)).await {
                Ok(_) => return request_done(client, TeamRequest::Stop).await,
                Err(TeamPushError::Hub(TeamSendError::Conflict(receipt))) if receipt.generation >= generation => {
                    generation = receipt.generation + 1;
                }
                Err(TeamPushError::Hub(error)) => match retries.next_delay(wait_of(&error), jitter()) {
                    Some(delay) => tokio::time::sleep(delay).await,
                    None => return Err(TeamPushError::Hub(error)),
                },
                Err(error) => return Err(error),
            }
        }
    }

    /// Returns the figures if they are real.
    async fn check_figures(&self, client: &EngineClient) -> Result<Snapshot, TeamPushError> {
        let snapshot = client.snapshot().await.map_err(|error| TeamPushError::Engine(error.into()))?;
        match snapshot.is_demo {
            false => Ok(snapshot),
            true => Err(TeamPushError::Final(CliError::request_failed(
                "sample data is not sent; see it with --dry-run".to_owned(),
            ))),
        }
    }

    async fn prepare(&self, client: &EngineClient) -> Result<TeamBatch, TeamPushError> {
        let request = TeamRequest::Prepare { destination: self.destination.clone() };
        request_batch(client, request).await.map_err(TeamPushError::Engine)
    }

    async fn send(&self, update: TeamUpdate) -> Result<TeamReceipt, TeamPushError> {
        let body = encode(&update).map_err(TeamPushError::Final)?;
        let sender = self.sender.clone();
        run_on_thread(move || sender.send(&body, clock::now())).await.map_err(TeamPushError::from_sending)
    }
}

impl TeamPushError {
    /// Returns the error for what was not sent. What the hub has refused is refused again.
    fn from_sending(error: TeamSendError) -> Self {
        match error {
            TeamSendError::Refused { .. } => Self::Final(CliError::request_failed(error.to_string())),
            error => Self::Hub(error),
        }
    }
}

impl Push for TeamPush {
    const COMMAND: BackgroundCommand = BackgroundCommand::PushHub;

    async fn send_due(&mut self, client: &EngineClient) -> Result<(), PushFailure> {
        let sent = match self.send_all(client).await {
            Ok(rows) => self.report_budgets(client).await.map(|()| rows),
            Err(error) => Err(error),
        };
        match sent {
            Ok(rows) => {
                info!(rows, "The hub is up to date.");
                Ok(())
            }
            Err(TeamPushError::Engine(error)) => Err(PushFailure::Engine(error)),
            Err(TeamPushError::Hub(error)) => {
                Err(PushFailure::Receiver(format!("The usage was not sent to {}: {error}.", self.url)))
            }
            Err(TeamPushError::Final(error)) => Err(PushFailure::Final(error)),
        }
    }
}

/// Returns the update that deletes everything of earlier generations.
fn empty_update(generation: u64) -> TeamUpdate {
    TeamUpdate {
        format: MESSAGE_FORMAT,
        level: SharingLevel::default(),
        generation,
        previous_revision: 0,
        rows: Vec::new(),
    }
}

fn wait_of(error: &TeamSendError) -> Option<Duration> {
    match error {
        TeamSendError::Unreachable { retry_after, .. } => *retry_after,
        _ => None,
    }
}

fn encode(message: &impl Serialize) -> Result<Vec<u8>, CliError> {
    serde_json::to_vec(message).map_err(CliError::internal)
}

/// Prints a message as it would be sent.
fn print_json(message: &impl Serialize, printer: &Printer) -> Result<(), CliError> {
    let text = String::from_utf8(encode(message)?).map_err(CliError::internal)?;
    let raw = RawValue::from_string(text).map_err(CliError::internal)?;
    printer.print(&raw, || raw.get().to_owned())
}

async fn request_batch(client: &EngineClient, request: TeamRequest) -> Result<TeamBatch, CliError> {
    let Response::TeamBatch(batch) = client.request(Request::Team(request)).await? else {
        return Err(CliError::unexpected_response());
    };
    if batch.skipped_rows > 0 {
        warn!(rows = batch.skipped_rows, "Rows with a count of 2^53 or more are not shared.");
    }
    Ok(*batch)
}

async fn request_done(client: &EngineClient, request: TeamRequest) -> Result<(), TeamPushError> {
    client.request(Request::Team(request)).await.map(drop).map_err(|error| TeamPushError::Engine(error.into()))
}

/// Sends something on a thread of its own, which does not delay the end of the process.
async fn run_on_thread<T: Send + 'static>(
    send: impl FnOnce() -> Result<T, TeamSendError> + Send + 'static,
) -> Result<T, TeamSendError> {
    let (done, result) = oneshot::channel();
    std::thread::spawn(move || {
        // The receiver is gone if the command was stopped meanwhile.
        let _ = done.send(send());
    });
    let interrupted = || TeamSendError::Unreachable { message: "sending was interrupted".into(), retry_after: None };
    result.await.unwrap_or_else(|_| Err(interrupted()))
}

impl From<TeamPushError> for CliError {
    fn from(error: TeamPushError) -> Self {
        match error {
            TeamPushError::Engine(error) | TeamPushError::Final(error) => error,
            TeamPushError::Hub(error) => Self::request_failed(error.to_string()),
        }
    }
}
