//! The destination and its options, from the variables that all OpenTelemetry exporters read.
//!
//! A variable for metrics overrides the one for all signals. An empty variable counts as not set.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use ureq::http::{HeaderName, HeaderValue, Uri};

/// The destination without configuration: a collector on this computer.
const DEFAULT_ENDPOINT: &str = "http://localhost:4318";

/// The path of metrics below the endpoint of all signals.
const METRICS_PATH: &str = "v1/metrics";

/// The longest time for one request, connecting included.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(10);

/// The time between two exports.
const DEFAULT_INTERVAL: Duration = Duration::from_secs(60);

/// The service name, because these figures are not Claude Code's own telemetry.
const DEFAULT_SERVICE_NAME: &str = "token-monitor";

/// The values that an export contains.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Temporality {
    /// The sums since the first message.
    #[default]
    Cumulative,
    /// What was added since the last export that was received.
    Delta,
}

/// The compression of a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Compression {
    /// No compression.
    #[default]
    None,
    /// gzip.
    Gzip,
}

impl Compression {
    /// Returns the name, as in the variable.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Gzip => "gzip",
        }
    }
}

/// The destination and its options.
#[derive(Clone, PartialEq, Eq)]
pub struct OtlpConfig {
    /// The address to which metrics are posted.
    pub endpoint: String,
    /// Further headers, which may contain secrets.
    pub headers: Vec<(String, String)>,
    /// The longest time for one request.
    pub timeout: Duration,
    /// The compression of requests.
    pub compression: Compression,
    /// A file with the certificates to trust; `None` for those that browsers trust.
    pub certificate: Option<PathBuf>,
    /// The time between two exports.
    pub interval: Duration,
    /// The values that an export contains.
    pub temporality: Temporality,
    /// The attributes of the resource, with the name of the service.
    pub resource: Vec<(String, String)>,
}

/// A variable with an invalid value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{variable} is invalid: {expected}")]
pub struct OtlpConfigError {
    /// The name of the variable. Its value may be a secret.
    pub variable: String,
    /// The expected value.
    pub expected: &'static str,
}

impl OtlpConfig {
    /// Reads the configuration from the environment.
    ///
    /// # Errors
    ///
    /// If a variable is invalid, or asks for another protocol than `http/protobuf`.
    pub fn from_env() -> Result<Self, OtlpConfigError> {
        Self::from_variables(|name| std::env::var(name).ok())
    }

    /// Reads the configuration from variables.
    ///
    /// # Errors
    ///
    /// See [`Self::from_env`].
    pub fn from_variables(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, OtlpConfigError> {
        let variables = Variables { lookup };
        variables.check_protocol()?;
        Ok(Self {
            endpoint: variables.endpoint()?,
            headers: variables.headers()?,
            timeout: variables.milliseconds(&exporter_variables("TIMEOUT"))?.unwrap_or(DEFAULT_TIMEOUT),
            compression: variables.compression()?,
            certificate: variables.first(&exporter_variables("CERTIFICATE")).map(|(_, path)| path.into()),
            interval: variables.milliseconds(&["OTEL_METRIC_EXPORT_INTERVAL".to_owned()])?.unwrap_or(DEFAULT_INTERVAL),
            temporality: variables.temporality()?,
            resource: variables.resource()?,
        })
    }

    /// Returns the endpoint without a name, a password or a query, to be shown.
    pub fn shown_endpoint(&self) -> String {
        let address = self.endpoint.split(['?', '#']).next().unwrap_or_default();
        let Some((scheme, rest)) = address.split_once("://") else { return address.to_owned() };
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        format!("{scheme}://{host}{path}")
    }
}

/// Leaves out the values of headers, which may be secrets.
impl fmt::Debug for OtlpConfig {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        out.debug_struct("OtlpConfig")
            .field("endpoint", &self.shown_endpoint())
            .field("headers", &headers)
            .field("timeout", &self.timeout)
            .field("compression", &self.compression)
            .field("certificate", &self.certificate)
            .field("interval", &self.interval)
            .field("temporality", &self.temporality)
            .field("resource", &self.resource)
            .finish()
    }
}

/// Returns the names of a variable of the exporter: for metrics, then for all signals.
fn exporter_variables(name: &str) -> [String; 2] {
    [format!("OTEL_EXPORTER_OTLP_METRICS_{name}"), format!("OTEL_EXPORTER_OTLP_{name}")]
}

struct Variables<F> {
    lookup: F,
}

impl<F: Fn(&str) -> Option<String>> Variables<F> {
    /// Returns the first variable that is set, with its name.
    fn first(&self, names: &[String]) -> Option<(String, String)> {
        let value = |name: &String| Some((name.clone(), (self.lookup)(name)?.trim().to_owned()));
        names.iter().filter_map(value).find(|(_, value)| !value.is_empty())
    }

    fn check_protocol(&self) -> Result<(), OtlpConfigError> {
        match self.first(&exporter_variables("PROTOCOL")) {
            Some((variable, protocol)) if protocol != "http/protobuf" => {
                Err(invalid(&variable, "only http/protobuf is supported"))
            }
            Some(_) | None => Ok(()),
        }
    }

    fn endpoint(&self) -> Result<String, OtlpConfigError> {
        let [for_metrics, for_all] = exporter_variables("ENDPOINT");
        if let Some((variable, address)) = self.first(&[for_metrics]) {
            return check_address(&variable, address);
        }
        let (variable, base) = self.first(&[for_all]).unwrap_or_else(|| (String::new(), DEFAULT_ENDPOINT.to_owned()));
        let separator = if base.ends_with('/') { "" } else { "/" };
        check_address(&variable, format!("{base}{separator}{METRICS_PATH}"))
    }

    fn headers(&self) -> Result<Vec<(String, String)>, OtlpConfigError> {
        let Some((variable, list)) = self.first(&exporter_variables("HEADERS")) else { return Ok(Vec::new()) };
        let headers = parse_pairs(&list).filter(|headers| headers.iter().all(is_header));
        headers.ok_or_else(|| invalid(&variable, "use name=value,name=value"))
    }

    fn milliseconds(&self, names: &[String]) -> Result<Option<Duration>, OtlpConfigError> {
        let Some((variable, text)) = self.first(names) else { return Ok(None) };
        match text.parse() {
            Ok(milliseconds) if milliseconds > 0 => Ok(Some(Duration::from_millis(milliseconds))),
            Ok(_) | Err(_) => Err(invalid(&variable, "use a number of milliseconds")),
        }
    }

    fn compression(&self) -> Result<Compression, OtlpConfigError> {
        match self.first(&exporter_variables("COMPRESSION")) {
            None => Ok(Compression::None),
            Some((_, name)) if name == "none" => Ok(Compression::None),
            Some((_, name)) if name == "gzip" => Ok(Compression::Gzip),
            Some((variable, _)) => Err(invalid(&variable, "use gzip or none")),
        }
    }

    fn temporality(&self) -> Result<Temporality, OtlpConfigError> {
        let variable = "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE".to_owned();
        match self.first(&[variable]) {
            None => Ok(Temporality::default()),
            Some((variable, name)) => match name.to_ascii_lowercase().as_str() {
                "cumulative" => Ok(Temporality::Cumulative),
                // With the last one, counters are deltas as well.
                "delta" | "lowmemory" => Ok(Temporality::Delta),
                _ => Err(invalid(&variable, "use cumulative or delta")),
            },
        }
    }

    /// Returns the attributes of the resource. `OTEL_SERVICE_NAME` overrides a name among them.
    fn resource(&self) -> Result<Vec<(String, String)>, OtlpConfigError> {
        let variable = "OTEL_RESOURCE_ATTRIBUTES".to_owned();
        let mut attributes = match self.first(&[variable]) {
            None => Vec::new(),
            Some((variable, list)) => {
                parse_pairs(&list).ok_or_else(|| invalid(&variable, "use name=value,name=value"))?
            }
        };
        let name = self.first(&["OTEL_SERVICE_NAME".to_owned()]).map(|(_, name)| name);
        let has_name = attributes.iter().any(|(key, _)| key == "service.name");
        if name.is_some() || !has_name {
            attributes.retain(|(key, _)| key != "service.name");
            attributes.insert(0, ("service.name".to_owned(), name.unwrap_or_else(|| DEFAULT_SERVICE_NAME.to_owned())));
        }
        Ok(attributes)
    }
}

fn invalid(variable: &str, expected: &'static str) -> OtlpConfigError {
    OtlpConfigError { variable: variable.to_owned(), expected }
}

fn check_address(variable: &str, address: String) -> Result<String, OtlpConfigError> {
    let uri = address.parse::<Uri>().ok();
    let is_valid = uri.is_some_and(|uri| matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some());
    if is_valid { Ok(address) } else { Err(invalid(variable, "use an address that starts with http:// or https://")) }
}

fn is_header((name, value): &(String, String)) -> bool {
    HeaderName::from_bytes(name.as_bytes()).is_ok() && HeaderValue::from_str(value).is_ok()
}

/// Parses a list `name=value,name=value` whose values are percent-encoded. Returns `None` if it is not such a list.
fn parse_pairs(list: &str) -> Option<Vec<(String, String)>> {
    let pairs = list.split(',').map(str::trim).filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=')?;
            let name = name.trim();
            (!name.is_empty()).then_some((name.to_owned(), percent_decode(value.trim())?))
        })
        .collect()
}

/// Decodes `%20` and the like. Returns `None` if the result is not UTF-8. A percent sign without two digits stays as it is.
fn percent_decode(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let digits = bytes.get(at + 1..at + 3).and_then(|digits| std::str::from_utf8(digits).ok());
        let code = digits.filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        match code.filter(|_| byte == b'%').and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(code) => {
                decoded.push(code);
                at += 3;
            }
            None => {
                decoded.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8(decoded).ok()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn config(variables: &[(&str, &str)]) -> Result<OtlpConfig, OtlpConfigError> {
        OtlpConfig::from_variables(|name| {
            variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn without_variables_a_collector_on_this_computer_is_used() {
        let config = config(&[]).expect("defaults");
        assert_eq!(config.endpoint, "http://localhost:4318/v1/metrics");
        assert_eq!((config.timeout, config.interval), (Duration::from_secs(10), Duration::from_secs(60)));
        assert_eq!((config.compression, config.temporality), (Compression::None, Temporality::Cumulative));
        assert_eq!(config.resource, [("service.name".to_owned(), "token-monitor".to_owned())]);
        assert_eq!((config.headers, config.certificate), (Vec::new(), None));
    }

    #[rstest]
    #[case(&[("OTEL_EXPORTER_OTLP_ENDPOINT", "https://c.example:4318")], "https://c.example:4318/v1/metrics")]
    #[case(&[("OTEL_EXPORTER_OTLP_ENDPOINT", "https://c.example/otlp/")], "https://c.example/otlp/v1/metrics")]
    #[case(&[("OTEL_EXPORTER_OTLP_ENDPOINT", "  ")], "http://localhost:4318/v1/metrics")]
    #[case(
        &[("OTEL_EXPORTER_OTLP_ENDPOINT", "http://a"), ("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "http://b/custom")],
        "http://b/custom"
    )]
    fn the_path_is_added_to_the_endpoint_of_all_signals(#[case] variables: &[(&str, &str)], #[case] expected: &str) {
        assert_eq!(config(variables).expect("it is valid").endpoint, expected);
    }

    #[test]
    fn variables_for_metrics_override_those_for_all_signals() {
        let config = config(&[
            ("OTEL_EXPORTER_OTLP_HEADERS", "a=1"),
            ("OTEL_EXPORTER_OTLP_METRICS_HEADERS", "Authorization=Bearer%20x%3Dy, x-scope = t "),
            ("OTEL_EXPORTER_OTLP_TIMEOUT", "1"),
            ("OTEL_EXPORTER_OTLP_METRICS_TIMEOUT", "2500"),
            ("OTEL_EXPORTER_OTLP_COMPRESSION", "none"),
            ("OTEL_EXPORTER_OTLP_METRICS_COMPRESSION", "gzip"),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"),
            ("OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", "http/protobuf"),
            ("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "Delta"),
            ("OTEL_METRIC_EXPORT_INTERVAL", "15000"),
        ])
        .expect("it is valid");
        let headers = [("Authorization", "Bearer x=y"), ("x-scope", "t")];
        assert_eq!(config.headers, headers.map(|(name, value)| (name.to_owned(), value.to_owned())));
        assert_eq!((config.timeout, config.interval), (Duration::from_millis(2500), Duration::from_secs(15)));
        assert_eq!((config.compression, config.temporality), (Compression::Gzip, Temporality::Delta));
        assert!(!format!("{config:?}").contains("Bearer"), "headers are secrets");
    }

    #[test]
    fn the_service_name_overrides_that_of_the_attributes() {
        let attributes = ("OTEL_RESOURCE_ATTRIBUTES", "team=a%20b,service.name=x");
        let expected = |name: &str| vec![("service.name".to_owned(), name.to_owned()), ("team".into(), "a b".into())];
        let named = config(&[attributes, ("OTEL_SERVICE_NAME", "claude-code")]).expect("it is valid");
        assert_eq!(named.resource, expected("claude-code"));
        let mut unnamed = config(&[attributes]).expect("it is valid").resource;
        unnamed.sort();
        assert_eq!(unnamed, expected("x"));
    }

    #[rstest]
    #[case("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")]
    #[case("OTEL_EXPORTER_OTLP_ENDPOINT", "localhost:4318")]
    #[case("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "ftp://a")]
    #[case("OTEL_EXPORTER_OTLP_HEADERS", "secret")]
    #[case("OTEL_EXPORTER_OTLP_HEADERS", "a b=secret")]
    #[case("OTEL_EXPORTER_OTLP_HEADERS", "a=secret%0Ab: c")]
    #[case("OTEL_EXPORTER_OTLP_TIMEOUT", "10s")]
    #[case("OTEL_EXPORTER_OTLP_COMPRESSION", "zstd")]
    #[case("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "sum")]
    #[case("OTEL_METRIC_EXPORT_INTERVAL", "0")]
    fn an_invalid_variable_is_named_without_its_value(#[case] variable: &str, #[case] value: &str) {
        let error = config(&[(variable, value)]).expect_err("it is invalid");
        assert_eq!(error.variable, variable);
        assert!(!error.to_string().contains("secret"));
    }

    #[test]
    fn a_password_in_the_endpoint_is_not_shown() {
        let config = config(&[("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "https://me:secret@c.example/v1?key=secret")]);
        assert_eq!(config.expect("it is valid").shown_endpoint(), "https://c.example/v1");
    }
}
