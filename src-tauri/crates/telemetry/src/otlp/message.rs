//! The metrics as messages of the OpenTelemetry protocol.

use chrono::{DateTime, Utc};
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::common::v1::{AnyValue, InstrumentationScope, KeyValue, any_value};
use opentelemetry_proto::tonic::metrics::v1::{
    AggregationTemporality, Metric, NumberDataPoint, ResourceMetrics, ScopeMetrics, Sum, metric, number_data_point,
};
use opentelemetry_proto::tonic::resource::v1::Resource;
use serde::Serialize;

use crate::counters::{CounterKind, SeriesKey};
use crate::otlp::config::Temporality;

/// A value of a metric with its attributes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MetricPoint {
    /// The name of the metric.
    pub metric: &'static str,
    /// The attributes.
    pub attributes: Vec<(&'static str, String)>,
    /// The value.
    pub value: PointValue,
}

/// The value of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum PointValue {
    /// A number of tokens.
    Tokens(u64),
    /// An amount in dollars.
    Dollars(f64),
}

/// The period of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Period {
    pub(crate) start: DateTime<Utc>,
    pub(crate) end: DateTime<Utc>,
}

/// A metric that is exported.
struct ExportedMetric {
    name: &'static str,
    description: &'static str,
    unit: &'static str,
}

const TOKENS: ExportedMetric =
    ExportedMetric { name: "claude_code.token.usage", description: "Number of tokens used", unit: "tokens" };

const COST: ExportedMetric =
    ExportedMetric { name: "claude_code.cost.usage", description: "Cost of the usage at list prices", unit: "USD" };

/// Returns the value of a counter as a point, or `None` for counters that are not exported.
pub(crate) fn metric_point(key: &SeriesKey, value: u64) -> Option<MetricPoint> {
    let (metric, value) = match key.counter {
        CounterKind::Tokens => (TOKENS.name, PointValue::Tokens(value)),
        CounterKind::CostNanos => (COST.name, PointValue::Dollars(value as f64 / 1e9)),
        CounterKind::Messages | CounterKind::UnpricedTokens | CounterKind::Sessions => return None,
    };
    let kind = key.kind.map(|kind| ("type", kind.as_str().to_owned()));
    let model = key.model.clone().map(|model| ("model", model));
    Some(MetricPoint { metric, attributes: [kind, model].into_iter().flatten().collect(), value })
}

/// Returns the message with these points.
pub(crate) fn build_message(
    resource: &[(String, String)],
    points: &[MetricPoint],
    temporality: Temporality,
    period: Period,
) -> ExportMetricsServiceRequest {
    let metrics = [TOKENS, COST].into_iter().filter_map(|metric| build_metric(&metric, points, temporality, period));
    let scope = InstrumentationScope {
        name: env!("CARGO_PKG_NAME").to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        ..InstrumentationScope::default()
    };
    let attributes = resource.iter().map(|(key, value)| attribute(key, value)).collect();
    ExportMetricsServiceRequest {
        resource_metrics: vec![ResourceMetrics {
            resource: Some(Resource { attributes, ..Resource::default() }),
            scope_metrics: vec![ScopeMetrics {
                scope: Some(scope),
                metrics: metrics.collect(),
                schema_url: String::new(),
            }],
            schema_url: String::new(),
        }],
    }
}

fn build_metric(
    metric: &ExportedMetric,
    points: &[MetricPoint],
    temporality: Temporality,
    period: Period,
) -> Option<Metric> {
    let own = points.iter().filter(|point| point.metric == metric.name);
    let data_points: Vec<NumberDataPoint> = own.map(|point| data_point(point, period)).collect();
    let temporality = match temporality {
        Temporality::Cumulative => AggregationTemporality::Cumulative,
        Temporality::Delta => AggregationTemporality::Delta,
    };
    (!data_points.is_empty()).then(|| Metric {
        name: metric.name.to_owned(),
        description: metric.description.to_owned(),
        unit: metric.unit.to_owned(),
        data: Some(metric::Data::Sum(Sum {
            data_points,
            aggregation_temporality: temporality.into(),
            is_monotonic: true,
        })),
        ..Metric::default()
    })
}

fn data_point(point: &MetricPoint, period: Period) -> NumberDataPoint {
    let value = match point.value {
        PointValue::Tokens(tokens) => number_data_point::Value::AsInt(i64::try_from(tokens).unwrap_or(i64::MAX)),
        PointValue::Dollars(dollars) => number_data_point::Value::AsDouble(dollars),
    };
    NumberDataPoint {
        attributes: point.attributes.iter().map(|(key, value)| attribute(key, value)).collect(),
        start_time_unix_nano: unix_nanos(period.start),
        time_unix_nano: unix_nanos(period.end),
        value: Some(value),
        ..NumberDataPoint::default()
    }
}

fn attribute(key: &str, value: &str) -> KeyValue {
    let value = any_value::Value::StringValue(value.to_owned());
    KeyValue { key: key.to_owned(), value: Some(AnyValue { value: Some(value) }), ..KeyValue::default() }
}

fn unix_nanos(time: DateTime<Utc>) -> u64 {
    time.timestamp_nanos_opt().and_then(|nanos| u64::try_from(nanos).ok()).unwrap_or(0)
}
