//! The two text formats, and the choice between them.

/// A text format of metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpositionFormat {
    /// OpenMetrics 1.0.
    OpenMetrics,
    /// The text format of Prometheus.
    PrometheusText,
}

/// The quality that a client gives a format: thousandths, 0 to refuse it.
type Quality = u16;

impl ExpositionFormat {
    /// Returns the format that a client prefers by its `Accept` header. It is the text format of Prometheus unless the
    /// client names OpenMetrics, because a browser shows it as text.
    pub fn negotiate(accept: Option<&str>) -> Self {
        let ranges: Vec<(&str, Quality)> = accept.unwrap_or_default().split(',').filter_map(parse_range).collect();
        let quality_of = |names: &[&str]| {
            let find = |name: &&str| ranges.iter().find(|(range, _)| range.eq_ignore_ascii_case(name));
            names.iter().find_map(find).map_or(0, |(_, quality)| *quality)
        };
        let open_metrics = quality_of(&["application/openmetrics-text"]);
        let text = quality_of(&["text/plain", "text/*", "*/*"]);
        match open_metrics > 0 && open_metrics >= text {
            true => Self::OpenMetrics,
            false => Self::PrometheusText,
        }
    }

    /// Returns the value of the `Content-Type` header.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
            Self::PrometheusText => prometheus_client::encoding::prometheus_text::CONTENT_TYPE,
        }
    }
}

/// Parses a media range with its quality. A version of OpenMetrics before 1.0 differs only in what is not used here.
fn parse_range(range: &str) -> Option<(&str, Quality)> {
    let mut parts = range.split(';').map(str::trim);
    let name = parts.next().filter(|name| !name.is_empty())?;
    let parameter =
        |part: &str| part.split_once('=').map(|(key, value)| (key.trim().to_owned(), value.trim().to_owned()));
    let quality = parts.filter_map(parameter).find(|(key, _)| key.eq_ignore_ascii_case("q"));
    match quality {
        None => Some((name, 1000)),
        Some((_, value)) => {
            let value: f64 = value.parse().ok()?;
            (0.0..=1.0).contains(&value).then_some((name, (value * 1000.0).round() as Quality))
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    /// The header of Prometheus 2.42, of Prometheus 3, and of browsers and other clients.
    #[rstest]
    #[case(
        "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,\
         text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
        ExpositionFormat::OpenMetrics
    )]
    #[case(
        "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,text/plain;version=1.0.0;q=0.4,*/*;q=0.2",
        ExpositionFormat::OpenMetrics
    )]
    #[case("text/html,application/xhtml+xml,*/*;q=0.8", ExpositionFormat::PrometheusText)]
    #[case("*/*", ExpositionFormat::PrometheusText)]
    #[case("text/plain;version=0.0.4;q=0.9,application/openmetrics-text;q=0.5", ExpositionFormat::PrometheusText)]
    #[case("Application/OpenMetrics-Text ; Q = 0.3", ExpositionFormat::OpenMetrics)]
    #[case("application/openmetrics-text;q=0", ExpositionFormat::PrometheusText)]
    #[case("application/openmetrics-text;q=x", ExpositionFormat::PrometheusText)]
    #[case(",;,=;q", ExpositionFormat::PrometheusText)]
    fn the_format_that_the_client_prefers_is_used(#[case] accept: &str, #[case] expected: ExpositionFormat) {
        assert_eq!(ExpositionFormat::negotiate(Some(accept)), expected);
    }

    #[test]
    fn without_a_header_the_text_format_is_used() {
        assert_eq!(ExpositionFormat::negotiate(None), ExpositionFormat::PrometheusText);
    }
}
