//! The next export as text and as JSON.

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use token_monitor_core::text::format::format_number;
use token_monitor_core::text::sanitize::sanitize_line;
use token_monitor_telemetry::otlp::{MetricsExport, OtlpConfig, PointValue, Temporality};

/// The next export. The names of the fields are public; values of headers are left out, because they may be secrets.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ExportPreview<'a> {
    endpoint: String,
    headers: Vec<&'a str>,
    compression: &'static str,
    temporality: &'static str,
    start_time: Option<DateTime<Utc>>,
    resource: BTreeMap<&'a str, &'a str>,
    values: Vec<ValuePreview<'a>>,
}

#[derive(Debug, Serialize)]
struct ValuePreview<'a> {
    metric: &'a str,
    attributes: BTreeMap<&'a str, &'a str>,
    value: PointValue,
}

impl<'a> ExportPreview<'a> {
    pub(crate) fn new(config: &'a OtlpConfig, export: Option<&'a MetricsExport>) -> Self {
        let points = export.into_iter().flat_map(|export| &export.points);
        Self {
            endpoint: config.shown_endpoint(),
            headers: config.headers.iter().map(|(name, _)| name.as_str()).collect(),
            compression: config.compression.as_str(),
            temporality: match config.temporality {
                Temporality::Cumulative => "cumulative",
                Temporality::Delta => "delta",
            },
            start_time: export.map(|export| export.start_time),
            resource: as_map(export.map_or(&config.resource, |export| &export.resource)),
            values: points
                .map(|point| ValuePreview {
                    metric: point.metric,
                    attributes: point.attributes.iter().map(|(key, value)| (*key, value.as_str())).collect(),
                    value: point.value,
                })
                .collect(),
        }
    }

    /// Returns the export as text, one line for each value.
    pub(crate) fn render(&self) -> String {
        let headers = if self.headers.is_empty() { "none".to_owned() } else { self.headers.join(", ") };
        let mut lines = vec![
            format!("Endpoint:     {}", sanitize_line(&self.endpoint)),
            format!("Headers:      {}", sanitize_line(&headers)),
            format!("Compression:  {}", self.compression),
            format!("Temporality:  {}", self.temporality),
        ];
        if let Some(start) = self.start_time {
            lines.push(format!("Since:        {}", start.to_rfc3339_opts(SecondsFormat::Secs, true)));
        }
        lines.extend(self.resource.iter().map(|(key, value)| sanitize_line(&format!("Resource:     {key}={value}"))));
        lines.push(String::new());
        lines.extend(self.values.iter().map(ValuePreview::render));
        if self.values.is_empty() {
            lines.push("Nothing to send.".to_owned());
        }
        lines.join("\n")
    }
}

impl ValuePreview<'_> {
    fn render(&self) -> String {
        let attributes: Vec<String> = self.attributes.iter().map(|(key, value)| format!("{key}={value}")).collect();
        let value = match self.value {
            PointValue::Tokens(tokens) => format_number(tokens.into()),
            PointValue::Dollars(dollars) => format!("{dollars:.6}"),
        };
        sanitize_line(&format!("{}  {}  {value}", self.metric, attributes.join("  ")))
    }
}

fn as_map(pairs: &[(String, String)]) -> BTreeMap<&str, &str> {
    pairs.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect()
}
