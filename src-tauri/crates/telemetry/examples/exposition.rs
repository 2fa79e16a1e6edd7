//! Prints the metrics of the logs once, as the server does: for checks with a real Prometheus.
//!
//! The logs, the store and the settings come from the environment, see `docs/settings.md`. The arguments are the value of an
//! `Accept` header, and `claude-code` for the names of Claude Code's telemetry.

use std::error::Error;
use std::io::Write;

use chrono::Utc;
use token_monitor_engine::config::ConfigSources;
use token_monitor_engine::{Engine, EngineMode, Request, UserDirs};
use token_monitor_ipc::EngineClient;
use token_monitor_telemetry::{
    ExporterOptions, ExpositionFormat, MetricNames, MetricsExporter, collect_usage, counters_folder,
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let is_claude_code = arguments.iter().any(|argument| argument == "claude-code");
    let names = if is_claude_code { MetricNames::ClaudeCode } else { MetricNames::TokenMonitor };
    let options = ExporterOptions { names, max_projects: None };

    let sources = ConfigSources::load(UserDirs::from_env(), None);
    let folder = counters_folder(&sources.resolve().db_path);
    let engine = Engine::start(sources, EngineMode::OnDemand)?;
    let client = EngineClient::InProcess(engine.handle());
    client.request(Request::Sync).await?;
    let usage = collect_usage(&client, options.collect_options()).await?;
    drop(client);
    engine.stop()?;

    let mut exporter = MetricsExporter::open(&folder, options)?;
    let format = ExpositionFormat::negotiate(arguments.first().map(String::as_str));
    let text = exporter.render(&usage, format, Utc::now());
    std::io::stdout().write_all(text.as_bytes())?;
    Ok(())
}
