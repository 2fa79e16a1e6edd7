//! Exports figures as text and keeps the counters.

use std::path::Path;

use chrono::{DateTime, Utc};
use tracing::warn;

use crate::collect::CollectOptions;
use crate::counters::{CounterFile, CounterFileError, CounterTable};
use crate::exposition::claude_code::claude_code_families;
use crate::exposition::family::encode;
use crate::exposition::format::ExpositionFormat;
use crate::exposition::platform::process_families;
use crate::exposition::token_monitor::token_monitor_families;
use crate::usage::UsageFigures;

/// The names of the metrics.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MetricNames {
    /// Our own, beginning with `token_monitor_`.
    #[default]
    TokenMonitor,
    /// Those of Claude Code's own telemetry, for boards that exist for it. Only tokens, costs and sessions have one.
    ClaudeCode,
}

/// The options of an exporter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ExporterOptions {
    /// The names of the metrics.
    pub names: MetricNames,
    /// The number of projects that get a label of their own; the others share one. `None` for no label.
    pub max_projects: Option<usize>,
}

impl ExporterOptions {
    /// Returns the figures that an exporter with these options needs.
    pub fn collect_options(self) -> CollectOptions {
        CollectOptions { by_project: self.max_projects.is_some() }
    }

    /// Returns the name of the file with the counters. Counters with other labels are other counters.
    fn file_name(self) -> &'static str {
        if self.max_projects.is_some() { "counters-by-project.json" } else { "counters.json" }
    }
}

/// Exports figures as text that Prometheus reads.
#[derive(Debug)]
pub struct MetricsExporter {
    options: ExporterOptions,
    file: CounterFile,
    table: CounterTable,
}

impl MetricsExporter {
    /// Opens an exporter with the counters in a folder, see [`counters_folder`](crate::counters_folder).
    ///
    /// # Errors
    ///
    /// If the counters cannot be read, or a newer version wrote them.
    pub fn open(folder: &Path, options: ExporterOptions) -> Result<Self, CounterFileError> {
        let (file, table) = CounterFile::open(folder, options.file_name())?;
        Ok(Self { options, file, table })
    }

    /// Raises the counters to the figures, writes them, and returns all metrics as text.
    pub fn render(&mut self, usage: &UsageFigures, format: ExpositionFormat, now: DateTime<Utc>) -> String {
        let max_projects = self.options.max_projects.unwrap_or(0);
        self.table.observe(usage, max_projects, now);
        // Before the counters are seen: they would fall after a restart otherwise.
        if let Err(error) = self.file.save(&self.table) {
            warn!(%error, "The counters could not be saved and may fall after a restart.");
        }
        let mut families = match self.options.names {
            MetricNames::TokenMonitor => token_monitor_families(&self.table, usage, max_projects),
            MetricNames::ClaudeCode => claude_code_families(&self.table),
        };
        families.extend(process_families());
        encode(families, format)
    }
}
