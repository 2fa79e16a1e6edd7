//! The samples of counters, under whatever name they are exported.

use crate::counters::{CounterKind, CounterTable, SeriesKey};
use crate::exposition::family::{Labels, SampleValue};

/// Returns the samples of a counter.
pub(crate) fn counter_samples(table: &CounterTable, kind: CounterKind) -> Vec<(Labels, SampleValue)> {
    samples_of(table.exported_values(), kind)
}

/// Returns the samples of one kind among some series.
pub(crate) fn samples_of<'a>(
    series: impl Iterator<Item = (&'a SeriesKey, u64)>,
    kind: CounterKind,
) -> Vec<(Labels, SampleValue)> {
    let value = |value: u64| match kind {
        CounterKind::CostNanos => SampleValue::Real(value as f64 / 1e9),
        CounterKind::Tokens | CounterKind::Messages | CounterKind::UnpricedTokens | CounterKind::Sessions => {
            SampleValue::Whole(value)
        }
    };
    series.filter(|(key, _)| key.counter == kind).map(|(key, sum)| (series_labels(key), value(sum))).collect()
}

fn series_labels(key: &SeriesKey) -> Labels {
    let kind = key.kind.map(|kind| ("type", kind.as_str().to_owned()));
    let model = key.model.clone().map(|model| ("model", model));
    let project = key.project.clone().map(|project| ("project", project));
    [kind, model, project].into_iter().flatten().collect()
}
