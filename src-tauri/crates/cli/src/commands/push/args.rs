//! The options of `push`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{ArgGroup, Args, ValueEnum};
use token_monitor_core::team::SharingLevel;
use token_monitor_telemetry::otlp::{OtlpConfig, Temporality};
use token_monitor_telemetry::team::HubUrl;

/// The options of a push.
#[derive(Clone, Debug, Args)]
#[command(group = ArgGroup::new("target").required(true).args(["otlp", "to"]))]
pub(crate) struct PushArgs {
    /// Send to an OpenTelemetry collector, by OTEL_EXPORTER_OTLP_ENDPOINT or on this computer
    #[arg(long)]
    otlp: bool,

    /// Send to the hub of a team, such as https://hub.example/
    #[arg(long, value_name = "URL")]
    pub(crate) to: Option<HubUrl>,

    /// File with the token of this device at the hub; by default hub-token beside the store
    #[arg(long, value_name = "FILE", requires = "to")]
    pub(crate) token_file: Option<PathBuf>,

    /// What to share with the team: 0 totals by day and model, 1 also projects as pseudonyms, 2 also repositories and
    /// branches, 3 also sessions with the names, tags and descriptions
    /// you gave them
    #[arg(long, value_name = "LEVEL", default_value_t, requires = "to")]
    pub(crate) level: SharingLevel,

    /// Also share how much of your official limits is used, and when they reset
    #[arg(long, requires = "to")]
    pub(crate) limits: bool,

    /// Delete what was shared with the team, and stop collecting changes for it
    #[arg(long, requires = "to", conflicts_with_all = ["once", "interval", "dry_run"])]
    pub(crate) delete: bool,

    /// Send once and exit
    #[arg(long)]
    pub(crate) once: bool,

    /// Time between two exports, such as 30s; by default that of OTEL_METRIC_EXPORT_INTERVAL or 60s
    #[arg(long, value_name = "DURATION", value_parser = parse_interval, conflicts_with = "once")]
    pub(crate) interval: Option<Duration>,

    /// Values to send; by default those of OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE or cumulative
    #[arg(long, value_enum, value_name = "TEMPORALITY", conflicts_with = "to")]
    temporality: Option<TemporalityArg>,

    /// Show what would be sent, and send nothing
    #[arg(long)]
    pub(crate) dry_run: bool,

    /// Run for the app: end when standard input is closed, and report to the app
    #[arg(long, hide = true)]
    pub(crate) background: bool,
}

/// The values of `--temporality`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum TemporalityArg {
    /// The sums since the first message
    Cumulative,
    /// What was added since the last export
    Delta,
}

impl PushArgs {
    /// Returns true if the command runs until it is stopped.
    pub(crate) fn runs_until_stopped(&self) -> bool {
        !self.once && !self.dry_run && !self.delete
    }

    /// Returns a configuration in which the options override the environment.
    pub(crate) fn apply_to(&self, config: OtlpConfig) -> OtlpConfig {
        let temporality = self.temporality.map(|temporality| match temporality {
            TemporalityArg::Cumulative => Temporality::Cumulative,
            TemporalityArg::Delta => Temporality::Delta,
        });
        OtlpConfig {
            interval: self.interval.unwrap_or(config.interval),
            temporality: temporality.unwrap_or(config.temporality),
            ..config
        }
    }
}

fn parse_interval(text: &str) -> Result<Duration, String> {
    match humantime::parse_duration(text) {
        Ok(interval) if interval >= Duration::from_secs(1) => Ok(interval),
        Ok(_) | Err(_) => Err("use a time of at least a second, such as 30s or 5m".to_owned()),
    }
}
