//! The metrics of the server.

use std::path::Path;
use std::sync::Arc;

use clap::{Args, ValueEnum};
use token_monitor_engine::ApiError;
use token_monitor_engine::clock;
use token_monitor_ipc::EngineClient;
use token_monitor_server::{MetricsFuture, MetricsSource, MetricsText};
use token_monitor_telemetry::{
    CounterFileError, ExporterOptions, ExpositionFormat, MetricNames, MetricsExporter, collect_usage, counters_folder,
};
use tokio::sync::Mutex;

/// The options of the metrics.
#[derive(Clone, Debug, Args)]
pub(crate) struct MetricsArgs {
    /// The names of the metrics at /metrics
    #[arg(long, value_enum, value_name = "NAMES", default_value_t)]
    metric_names: MetricNamesArg,

    /// Give this many projects a label of their own in the metrics; by default there is no such label
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..=1000))]
    metric_projects: Option<u16>,
}

/// The values of `--metric-names`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum MetricNamesArg {
    /// Our own, which begin with `token_monitor_`
    #[default]
    TokenMonitor,
    /// Those of Claude Code's telemetry, for existing boards
    ClaudeCode,
}

impl MetricsArgs {
    /// Opens the metrics of a store.
    ///
    /// # Errors
    ///
    /// If the counters cannot be read.
    pub(crate) fn open(&self, store: &Path) -> Result<Arc<dyn MetricsSource>, CounterFileError> {
        let names = match self.metric_names {
            MetricNamesArg::TokenMonitor => MetricNames::TokenMonitor,
            MetricNamesArg::ClaudeCode => MetricNames::ClaudeCode,
        };
        let options = ExporterOptions { names, max_projects: self.metric_projects.map(usize::from) };
        let exporter = MetricsExporter::open(&counters_folder(store), options)?;
        Ok(Arc::new(Metrics { options, exporter: Mutex::new(exporter) }))
    }
}

/// Exports the figures of the engine at each request.
#[derive(Debug)]
struct Metrics {
    options: ExporterOptions,
    exporter: Mutex<MetricsExporter>,
}

impl Metrics {
    async fn export(&self, engine: &EngineClient, accept: &str) -> Result<MetricsText, ApiError> {
        // Held from the collection on, so that figures reach the counters in their order.
        let mut exporter = self.exporter.lock().await;
        let usage = collect_usage(engine, self.options.collect_options()).await?;
        let format = ExpositionFormat::negotiate(Some(accept));
        let body = exporter.render(&usage, format, clock::now());
        Ok(MetricsText { content_type: format.content_type().to_owned(), body })
    }
}

impl MetricsSource for Metrics {
    fn collect<'a>(&'a self, engine: &'a EngineClient, accept: &'a str) -> MetricsFuture<'a> {
        Box::pin(self.export(engine, accept))
    }
}
