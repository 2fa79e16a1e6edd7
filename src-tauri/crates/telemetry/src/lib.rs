//! The figures as metrics for other monitoring systems.
//!
//! [`collect_usage`] asks an engine for the figures. A [`MetricsExporter`] returns them as text that Prometheus reads, and
//! [`otlp`] sends them to an OpenTelemetry collector. Both use [`CounterTable`], whose counters never fall: not by a change
//! of prices, a restart, or a store that was made new. [`team`] sends usage to the hub of a team.

mod collect;
mod counters;
mod exposition;
mod http;
pub mod otlp;
pub mod team;
mod usage;

pub use crate::collect::{CollectOptions, collect_usage, first_message_time};
pub use crate::counters::{CounterFile, CounterFileError, CounterTable, counters_folder};
pub use crate::exposition::{ExporterOptions, ExpositionFormat, MetricNames, MetricsExporter};
pub use crate::usage::{BudgetPeriod, BudgetUse, UsageFigures, UsageRow};
