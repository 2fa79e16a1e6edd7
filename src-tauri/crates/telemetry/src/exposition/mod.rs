//! The figures as text that Prometheus and systems like it read.

mod claude_code;
mod exporter;
mod family;
mod format;
mod platform;
mod samples;
#[cfg(test)]
mod tests;
mod token_monitor;

pub use exporter::{ExporterOptions, MetricNames, MetricsExporter};
pub use format::ExpositionFormat;
