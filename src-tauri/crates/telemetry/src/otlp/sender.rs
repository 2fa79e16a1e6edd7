//! Sends an export over HTTP.
//!
//! Redirects are not followed, because the headers may contain secrets.

use std::io;
use std::time::Duration;

use chrono::{DateTime, Utc};
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceResponse;
use prost::Message;
use ureq::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use ureq::http::{HeaderMap, StatusCode};
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::{Agent, Body};

use crate::http::{compress, is_transient, is_transient_status, retry_after};
use crate::otlp::config::{Compression, OtlpConfig};

/// The largest response, in bytes. A response has a number and a sentence at most.
const MAX_RESPONSE_BYTES: u64 = 64 << 10;

/// Sends exports to one destination.
#[derive(Clone, Debug)]
pub struct OtlpSender {
    agent: Agent,
    config: OtlpConfig,
}

/// The answer to an export that was received.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SendReport {
    /// The number of values that the receiver rejected.
    pub rejected_points: i64,
    /// The reason, or a warning, in the receiver's words; empty without one.
    pub message: String,
}

/// The reason why an export was not received.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct SendError {
    message: String,
    /// True if the same export may be received later.
    pub is_retryable: bool,
    /// The wait that the receiver asks for.
    pub retry_after: Option<Duration>,
    #[source]
    source: Option<ureq::Error>,
}

impl OtlpSender {
    /// Creates a sender. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// If the file with certificates cannot be read or has none.
    pub fn new(config: OtlpConfig) -> io::Result<Self> {
        let mut builder = Agent::config_builder()
            .https_only(config.endpoint.starts_with("https:"))
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(config.timeout))
            .user_agent(concat!("token-monitor/", env!("CARGO_PKG_VERSION")));
        if let Some(file) = &config.certificate {
            let roots = RootCerts::from(read_certificates(&std::fs::read(file)?)?);
            builder = builder.tls_config(TlsConfig::builder().root_certs(roots).build());
        }
        Ok(Self { agent: builder.build().into(), config })
    }

    /// Sends an export once and waits for the answer.
    ///
    /// # Errors
    ///
    /// If it was not received.
    pub fn send(&self, body: &[u8], now: DateTime<Utc>) -> Result<SendReport, SendError> {
        let mut request = self.agent.post(&self.config.endpoint).header(CONTENT_TYPE, "application/x-protobuf");
        for (name, value) in &self.config.headers {
            request = request.header(name, value);
        }
        let response = match self.config.compression {
            Compression::None => request.send(body),
            Compression::Gzip => {
                let compressed = compress(body).map_err(|error| SendError::unsent(error.into()))?;
                request.header(CONTENT_ENCODING, "gzip").send(compressed.as_slice())
            }
        };
        let response = response.map_err(SendError::unsent)?;
        match response.status() {
            status if status.is_success() => Ok(read_report(response.into_body())),
            status => Err(SendError::refused(status, response.headers(), now)),
        }
    }
}

fn read_certificates(pem: &[u8]) -> io::Result<Vec<Certificate<'static>>> {
    let certificate = |item| match item {
        Ok(PemItem::Certificate(certificate)) => Some(Ok(certificate)),
        Ok(_) => None,
        Err(error) => Some(Err(io::Error::new(io::ErrorKind::InvalidData, error))),
    };
    let found: Vec<_> = parse_pem(pem).filter_map(certificate).collect::<io::Result<_>>()?;
    match found.is_empty() {
        true => Err(io::Error::new(io::ErrorKind::InvalidData, "the file has no certificates")),
        false => Ok(found),
    }
}

/// Reads the answer. The export was received, so an answer that cannot be read is no error.
fn read_report(mut body: Body) -> SendReport {
    let bytes = body.with_config().limit(MAX_RESPONSE_BYTES).read_to_vec().unwrap_or_default();
    let success = ExportMetricsServiceResponse::decode(bytes.as_slice()).ok().and_then(|answer| answer.partial_success);
    success.map_or_else(SendReport::default, |partial| SendReport {
        rejected_points: partial.rejected_data_points,
        message: partial.error_message,
    })
}

impl SendError {
    /// An export to which there was no answer. It is sent again: the connection or the receiver may come back.
    fn unsent(source: ureq::Error) -> Self {
        let message = "the collector did not answer".to_owned();
        Self { message, is_retryable: is_transient(&source), retry_after: None, source: Some(source) }
    }

    /// An export whose sender has ended without an answer.
    pub fn interrupted() -> Self {
        let message = "sending the metrics was interrupted".to_owned();
        Self { message, is_retryable: false, retry_after: None, source: None }
    }

    fn refused(status: StatusCode, headers: &HeaderMap, now: DateTime<Utc>) -> Self {
        let is_retryable = is_transient_status(status);
        let retry_after = retry_after(headers, now);
        Self { message: format!("the collector answered {status}"), is_retryable, retry_after, source: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_certificates_is_rejected() {
        assert!(read_certificates(b"no certificate").is_err());
    }
}
