//! The figures as text that Prometheus and systems like it read.

mod claude_code;
mod exporter;
mod family;
mod format;
#[cfg(target_os = "linux")]
mod process;
#[cfg(not(target_os = "linux"))]
#[path = "process_other.rs"]
mod process;
#[cfg(test)]
mod tests;
mod token_monitor;

pub use exporter::{ExporterOptions, MetricNames, MetricsExporter};
pub use format::ExpositionFormat;
