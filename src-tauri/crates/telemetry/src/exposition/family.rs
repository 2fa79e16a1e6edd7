//! Families of metrics as plain data, and their text. Samples are in the order in which they were added.

use std::fmt;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, MetricEncoder, NoLabelSet};
use prometheus_client::metrics::MetricType;
use prometheus_client::registry::Registry;

use crate::exposition::format::ExpositionFormat;

/// The labels of a sample.
pub(crate) type Labels = Vec<(&'static str, String)>;

/// The value of a sample.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum SampleValue {
    /// A whole number.
    Whole(u64),
    /// Any number.
    Real(f64),
}

/// The type of a family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum FamilyType {
    Counter,
    Gauge,
    Info,
}

/// A family of metrics: samples with one name and different labels.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Family {
    /// The name, of counters without `_total`, of infos without `_info`.
    name: &'static str,
    /// The description, without a full stop.
    help: &'static str,
    kind: FamilyType,
    samples: Vec<(Labels, SampleValue)>,
}

impl Family {
    /// A counter. Its samples are exported with the suffix `_total`.
    pub(crate) fn counter(name: &'static str, help: &'static str, samples: Vec<(Labels, SampleValue)>) -> Self {
        Self { name, help, kind: FamilyType::Counter, samples }
    }

    /// A gauge.
    pub(crate) fn gauge(name: &'static str, help: &'static str, samples: Vec<(Labels, SampleValue)>) -> Self {
        Self { name, help, kind: FamilyType::Gauge, samples }
    }

    /// A gauge without labels, or without a sample if its value is unknown.
    pub(crate) fn single_gauge(name: &'static str, help: &'static str, value: Option<SampleValue>) -> Self {
        Self::gauge(name, help, value.map(|value| (Vec::new(), value)).into_iter().collect())
    }

    /// Texts about the program. They are exported as labels, with the suffix `_info`.
    pub(crate) fn info(name: &'static str, help: &'static str, labels: Labels) -> Self {
        Self { name, help, kind: FamilyType::Info, samples: vec![(labels, SampleValue::Whole(1))] }
    }

    fn encode(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let metric_type = match self.kind {
            FamilyType::Counter => MetricType::Counter,
            FamilyType::Gauge => MetricType::Gauge,
            FamilyType::Info => MetricType::Info,
        };
        let mut metrics = encoder.encode_descriptor(self.name, &format!("{}.", self.help), None, metric_type)?;
        self.samples.iter().try_for_each(|(labels, value)| match labels.is_empty() {
            true => self.encode_sample(&mut metrics, *value),
            false if self.kind == FamilyType::Info => metrics.encode_info(labels),
            false => self.encode_sample(&mut metrics.encode_family(labels)?, *value),
        })
    }

    fn encode_sample(&self, metric: &mut MetricEncoder<'_>, value: SampleValue) -> fmt::Result {
        match (self.kind, value) {
            (FamilyType::Counter, SampleValue::Whole(value)) => {
                metric.encode_counter::<NoLabelSet, _, u64>(&value, None)
            }
            (FamilyType::Counter, SampleValue::Real(value)) => {
                metric.encode_counter::<NoLabelSet, _, u64>(&value, None)
            }
            (FamilyType::Gauge | FamilyType::Info, SampleValue::Whole(value)) => metric.encode_gauge(&value),
            (FamilyType::Gauge | FamilyType::Info, SampleValue::Real(value)) => metric.encode_gauge(&value),
        }
    }
}

/// Returns families as text. Families without samples are left out.
pub(crate) fn encode(families: Vec<Family>, format: ExpositionFormat) -> String {
    let families = families.into_iter().filter(|family| !family.samples.is_empty()).collect();
    let mut registry = Registry::default();
    registry.register_collector(Box::new(FamilyCollector(families)));
    let mut text = String::new();
    let result = match format {
        ExpositionFormat::OpenMetrics => prometheus_client::encoding::text::encode(&mut text, &registry),
        ExpositionFormat::PrometheusText => prometheus_client::encoding::prometheus_text::encode(&mut text, &registry),
    };
    result.expect("writing to a string does not fail");
    text
}

#[derive(Debug)]
struct FamilyCollector(Vec<Family>);

impl Collector for FamilyCollector {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|family| family.encode(&mut encoder))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_labels_are_escaped() {
        let labels = vec![("model", "a\"b\\c\nd".to_owned())];
        let family = Family::counter("tokens", "Tokens", vec![(labels, SampleValue::Whole(7))]);
        let text = encode(vec![family], ExpositionFormat::PrometheusText);
        assert_eq!(
            text,
            "# HELP tokens_total Tokens.\n# TYPE tokens_total counter\ntokens_total{model=\"a\\\"b\\\\c\\nd\"} 7\n"
        );
    }

    #[test]
    fn a_family_without_samples_is_left_out() {
        let families = || vec![Family::single_gauge("block_tokens", "Tokens of the block", None)];
        assert_eq!(encode(families(), ExpositionFormat::PrometheusText), "");
        assert_eq!(encode(families(), ExpositionFormat::OpenMetrics), "# EOF\n");
    }
}
