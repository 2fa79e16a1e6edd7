//! `token-monitor push --otlp`: sends the figures to an OpenTelemetry collector.
//!
//! The counters of each destination are kept beside the store, so that nothing is lost or sent twice while the command does
//! not run.

use token_monitor_core::report::model::BackgroundCommand;
use token_monitor_engine::clock;
use token_monitor_engine::config::ConfigSources;
use token_monitor_ipc::EngineClient;
use token_monitor_telemetry::otlp::{
    MetricsExport, OtlpConfig, OtlpSender, PushState, RetryPolicy, SendError, SendReport,
};
use token_monitor_telemetry::{
    CollectOptions, CounterFileError, UsageFigures, collect_usage, counters_folder, first_message_time,
};
use tokio::sync::oneshot;
use tracing::{info, warn};

use crate::commands::push::args::PushArgs;
use crate::commands::push::jitter;
use crate::commands::push::preview::ExportPreview;
use crate::commands::push::repeat::{Push, PushFailure, Schedule, push_until_stopped};
use crate::connect::EngineSession;
use crate::error::CliError;
use crate::render::output::Printer;
use crate::signals::wait_for_shutdown;

/// Sends the figures to a collector.
pub(super) async fn run(sources: ConfigSources, args: PushArgs, printer: &Printer) -> Result<(), CliError> {
    let config = args.apply_to(OtlpConfig::from_env()?);
    let folder = counters_folder(&sources.resolve().db_path);
    let push = OtlpPush {
        state: PushState::open(&folder, config.clone())?,
        sender: OtlpSender::new(config.clone())
            .map_err(|error| CliError::bad_configuration(format!("cannot use the certificate: {error}")))?,
        config,
    };
    match (args.dry_run, args.once) {
        (true, _) => push.preview(sources, printer).await,
        (false, true) => push.send_once(sources, printer).await,
        (false, false) => {
            let schedule = Schedule { interval: push.config.interval, is_background: args.background };
            info!(endpoint = push.config.shown_endpoint(), interval = ?schedule.interval, "Sending metrics.");
            push_until_stopped(push, sources, schedule).await
        }
    }
}

/// The destination and its counters.
struct OtlpPush {
    config: OtlpConfig,
    state: PushState,
    sender: OtlpSender,
}

/// The reason why an export was not sent.
enum PushError {
    /// The engine has ended or cannot answer.
    Engine(CliError),
    /// The collector did not receive it.
    Collector(SendError),
    /// The counters cannot be written, so it was not sent.
    Counters(CounterFileError),
    /// The figures are sample data.
    SampleData,
}

impl OtlpPush {
    /// Shows the next export without sending it.
    async fn preview(mut self, sources: ConfigSources, printer: &Printer) -> Result<(), CliError> {
        let session = EngineSession::open(sources).await?;
        let export = self.prepare(&session.client).await;
        session.close()?;
        let export = export?.map(|(export, _)| export);
        let preview = ExportPreview::new(&self.config, export.as_ref());
        printer.print(&preview, || preview.render())
    }

    async fn send_once(mut self, sources: ConfigSources, printer: &Printer) -> Result<(), CliError> {
        let session = EngineSession::open(sources).await?;
        let sent = tokio::select! {
            sent = self.send_next(&session.client) => sent,
            () = wait_for_shutdown() => Err(PushError::stopped()),
        };
        session.close()?;
        let count = sent?;
        let endpoint = self.config.shown_endpoint();
        let json = serde_json::json!({ "endpoint": endpoint, "sentValues": count });
        printer.print(&json, || match count {
            0 => "Nothing to send.".to_owned(),
            1 => format!("Sent one value to {endpoint}."),
            _ => format!("Sent {count} values to {endpoint}."),
        })
    }

    /// Sends the next export, several times if that may help. Returns the number of its values.
    async fn send_next(&mut self, client: &EngineClient) -> Result<usize, PushError> {
        let Some((export, usage)) = self.prepare(client).await? else { return Ok(0) };
        if usage.snapshot.is_demo {
            return Err(PushError::SampleData);
        }
        self.state.save().map_err(PushError::Counters)?;
        let report = self.send_with_retries(&export).await.map_err(PushError::Collector)?;
        log_report(&report);
        let count = export.points.len();
        info!(values = count, "Sent metrics.");
        self.state.confirm(export).map_err(PushError::Counters)?;
        Ok(count)
    }

    /// Returns the next export and its figures, or `None` if there is nothing to send.
    async fn prepare(&mut self, client: &EngineClient) -> Result<Option<(MetricsExport, UsageFigures)>, PushError> {
        let engine_error = |error| PushError::Engine(CliError::from(error));
        let usage = collect_usage(client, CollectOptions::default()).await.map_err(engine_error)?;
        if self.state.needs_start_time()
            && let Some(first) = first_message_time(client).await.map_err(engine_error)?
        {
            self.state.set_start_time(first);
        }
        Ok(self.state.prepare_export(&usage, clock::now()).map(|export| (export, usage)))
    }

    async fn send_with_retries(&self, export: &MetricsExport) -> Result<SendReport, SendError> {
        let mut retries = RetryPolicy::default();
        loop {
            let error = match send_on_thread(self.sender.clone(), export.body.clone()).await {
                Ok(report) => return Ok(report),
                Err(error) if !error.is_retryable => return Err(error),
                Err(error) => error,
            };
            match retries.next_delay(error.retry_after, jitter()) {
                Some(delay) => tokio::time::sleep(delay).await,
                None => return Err(error),
            }
        }
    }
}

impl Push for OtlpPush {
    const COMMAND: BackgroundCommand = BackgroundCommand::PushOtlp;

    async fn send_due(&mut self, client: &EngineClient) -> Result<(), PushFailure> {
        self.send_next(client).await.map(drop).map_err(|error| match error {
            PushError::Engine(error) => PushFailure::Engine(error),
            PushError::Collector(error) => {
                let (endpoint, error) = (self.config.shown_endpoint(), anyhow::Error::from(error));
                PushFailure::Receiver(format!("The metrics were not sent to {endpoint}: {error:#}."))
            }
            error @ (PushError::Counters(_) | PushError::SampleData) => PushFailure::Final(error.into()),
        })
    }
}

/// Sends an export on a thread of its own, which does not delay the end of the process.
async fn send_on_thread(sender: OtlpSender, body: Vec<u8>) -> Result<SendReport, SendError> {
    let (done, result) = oneshot::channel();
    std::thread::spawn(move || {
        // The receiver is gone if the command was stopped meanwhile.
        let _ = done.send(sender.send(&body, clock::now()));
    });
    result.await.unwrap_or_else(|_| Err(SendError::interrupted()))
}

fn log_report(report: &SendReport) {
    let SendReport { rejected_points, message } = report;
    if *rejected_points > 0 || !message.is_empty() {
        warn!(rejected_points, message, "The collector did not accept everything.");
    }
}

impl PushError {
    fn stopped() -> Self {
        Self::Engine(CliError::request_failed("stopped before the metrics were sent".to_owned()))
    }
}

impl From<PushError> for CliError {
    fn from(error: PushError) -> Self {
        match error {
            PushError::Engine(error) => error,
            PushError::Collector(error) => Self::request_failed(format!("{:#}", anyhow::Error::from(error))),
            PushError::Counters(error) => Self::from(error),
            PushError::SampleData => Self::request_failed("sample data is not sent; see it with --dry-run".to_owned()),
        }
    }
}
