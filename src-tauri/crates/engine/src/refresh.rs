//! Regular requests over the network: at most one a day, fewer after failures, on a thread of their own.
//!
//! Both uses, the price list and the check for updates, are off unless the settings enable them.

use std::convert::Infallible;
use std::io;
use std::path::Path;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use token_monitor_core::time::Timestamp;
use token_monitor_store::fs_permissions;
use tracing::warn;
use ureq::http::StatusCode;
use ureq::http::header::{ETAG, IF_NONE_MATCH};
use ureq::typestate::WithoutBody;
use ureq::{Agent, RequestBuilder};

use crate::clock;

/// The timeout of connecting and of the whole response, which has some hundred kilobytes at most.
pub(crate) const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);

/// The interval between two requests.
pub(crate) const FETCH_INTERVAL: Duration = Duration::from_secs(24 * 60 * 60);

/// The delay after a first failure. It doubles with each further one.
pub(crate) const FIRST_RETRY_DELAY: Duration = Duration::from_secs(60 * 60);

/// The longest wait of the thread: the computer may sleep and the clock may change meanwhile.
const MAX_WAIT: Duration = Duration::from_secs(15 * 60);

/// The time and the outcome of the last requests.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct RequestHistory {
    /// The time of the last request, in microseconds since 1970.
    #[serde(rename = "asked")]
    pub(crate) last_attempt: Option<i64>,
    /// The number of consecutive failures.
    pub(crate) failures: u32,
}

impl RequestHistory {
    /// Returns the time until the next request.
    pub(crate) fn time_until_due(&self, now: Timestamp) -> Duration {
        let Some(asked) = self.last_attempt else { return Duration::ZERO };
        let pause = match self.failures {
            0 => FETCH_INTERVAL,
            failures => FIRST_RETRY_DELAY.saturating_mul(1 << (failures - 1).min(8)).min(FETCH_INTERVAL),
        };
        match u64::try_from(now.0.saturating_sub(asked)) {
            Ok(passed) => pause.saturating_sub(Duration::from_micros(passed)),
            // The last request is in the future: the clock was set back.
            Err(_) => Duration::ZERO,
        }
    }

    /// Records a request.
    pub(crate) fn record(&mut self, succeeded: bool, now: Timestamp) {
        self.last_attempt = Some(now.0);
        self.failures = if succeeded { 0 } else { self.failures.saturating_add(1) };
    }
}

/// A request that is sent when it is due.
pub(crate) trait Refresh: Send + 'static {
    /// The result that is passed on.
    type Output;

    /// Returns the time until the next request.
    fn time_until_due(&self, now: Timestamp) -> Duration;

    /// Sends the request if it is due. Returns a result that is new.
    fn refresh_if_due(&mut self, now: Timestamp) -> Option<Self::Output>;
}

/// A thread that sends a request whenever it is due, until it is dropped.
#[derive(Debug)]
pub(crate) struct Refresher {
    /// Dropping it stops the thread.
    _alive: Sender<Infallible>,
}

impl Refresher {
    /// Starts the thread. Each new result is passed to `on_done`.
    pub(crate) fn start<R: Refresh>(
        thread_name: &str,
        mut refresh: R,
        on_done: impl Fn(R::Output) + Send + 'static,
    ) -> Self {
        let (alive, ended) = mpsc::channel();
        let named = thread::Builder::new().name(thread_name.to_owned());
        if let Err(error) = named.spawn(move || run_until_closed(&mut refresh, &ended, on_done)) {
            warn!(thread = thread_name, %error, "No thread can be started, so nothing is requested.");
        }
        Self { _alive: alive }
    }
}

fn run_until_closed<R: Refresh>(refresh: &mut R, ended: &Receiver<Infallible>, on_done: impl Fn(R::Output)) {
    loop {
        let wait = refresh.time_until_due(clock::now().into());
        match ended.recv_timeout(wait.min(MAX_WAIT)) {
            Err(RecvTimeoutError::Disconnected) => return,
            Err(RecvTimeoutError::Timeout) => {}
            Ok(never) => match never {},
        }
        if let Some(output) = refresh.refresh_if_due(clock::now().into()) {
            on_done(output);
        }
    }
}

/// Returns an agent for requests to an address. Only addresses on this computer may be without TLS.
pub(crate) fn new_agent(url: &str, timeout: Duration) -> Agent {
    let config = Agent::config_builder()
        .https_only(url.starts_with("https:"))
        .timeout_connect(Some(timeout))
        .timeout_global(Some(timeout))
        .user_agent(concat!("token-monitor/", env!("CARGO_PKG_VERSION")));
    config.build().into()
}

/// A response that has changed since the last one.
pub(crate) struct NewResponse {
    pub(crate) bytes: Vec<u8>,
    /// The etag to send with the next request.
    pub(crate) etag: Option<String>,
}

/// Sends a request, with the etag of the last response if there is one. Returns `None` if the response has not changed. Fails
/// if it is longer than `max_bytes`.
pub(crate) fn get_if_changed(
    mut request: RequestBuilder<WithoutBody>,
    etag: Option<&str>,
    max_bytes: u64,
) -> Result<Option<NewResponse>, ureq::Error> {
    if let Some(etag) = etag {
        request = request.header(IF_NONE_MATCH, etag);
    }
    let mut response = request.call()?;
    if response.status() == StatusCode::NOT_MODIFIED {
        return Ok(None);
    }
    let etag = response.headers().get(ETAG).and_then(|etag| etag.to_str().ok()).map(str::to_owned);
    let bytes = response.body_mut().with_config().limit(max_bytes).read_to_vec()?;
    Ok(Some(NewResponse { bytes, etag }))
}

/// Replaces a file atomically, and creates its folder if it is missing.
pub(crate) fn replace_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    fs_permissions::create_folder(path.parent().unwrap_or(Path::new(".")))?;
    fs_permissions::replace_file(path, bytes)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const NOW: Timestamp = Timestamp(1_790_000_000_000_000);

    #[rstest]
    #[case::never_asked(None, 0, 0)]
    #[case::asked_just_now(Some(0), 0, 24)]
    #[case::asked_before_noon(Some(-10), 0, 14)]
    #[case::asked_yesterday(Some(-24), 0, 0)]
    #[case::the_clock_was_set_back(Some(1), 0, 0)]
    #[case::failed_once(Some(0), 1, 1)]
    #[case::failed_twice(Some(0), 2, 2)]
    #[case::failed_five_times(Some(0), 5, 16)]
    #[case::failed_six_times(Some(0), 6, 24)]
    #[case::failed_for_ever(Some(0), u32::MAX, 24)]
    #[case::failed_a_while_ago(Some(-2), 3, 2)]
    fn requests_are_daily_and_rarer_after_failures(
        #[case] asked: Option<i64>,
        #[case] failures: u32,
        #[case] hours: u64,
    ) {
        let asked = asked.map(|hours| NOW.0 + hours * token_monitor_core::time::MICROS_PER_HOUR);
        let history = RequestHistory { last_attempt: asked, failures };
        assert_eq!(history.time_until_due(NOW), Duration::from_secs(hours * 3600));
    }

    #[test]
    fn addresses_elsewhere_are_requested_over_tls() {
        let is_https_only = |url| new_agent(url, REQUEST_TIMEOUT).config().https_only();
        assert!(is_https_only("https://prices.example/list.json"));
        assert!(!is_https_only("http://127.0.0.1:8000/list.json"));
    }
}
