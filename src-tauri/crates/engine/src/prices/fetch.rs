//! LiteLLM's price list, fetched at most once a day and cached in a file.
//!
//! This is the program's only network access, and only if the settings enable it. It runs on a separate thread. The cached
//! list is replaced only by a list that was received completely and parsed. The request contains nothing but the name of
//! the program and the etag of the cached list.

use std::convert::Infallible;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use token_monitor_core::pricing::{LiteLlmPrices, PriceListError};
use token_monitor_core::time::Timestamp;
use token_monitor_store::fs_permissions;
use tracing::{info, warn};
use ureq::Agent;
use ureq::http::StatusCode;
use ureq::http::header::{ETAG, IF_NONE_MATCH};

use crate::clock;
use crate::regular_file::read_regular_file;

/// The timeout of connecting and of the whole response, which has some hundred kilobytes.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);

/// The largest response, in bytes: about five times the size of the list.
const MAX_RESPONSE_BYTES: u64 = 16 << 20;

/// The interval between two requests. Prices change a few times a year.
const FETCH_INTERVAL: Duration = Duration::from_secs(24 * 60 * 60);

/// The delay after a first failure. It doubles with each further one.
const FIRST_RETRY_DELAY: Duration = Duration::from_secs(60 * 60);

/// The longest wait of the thread: the computer may sleep and the clock may change meanwhile.
const MAX_WAIT: Duration = Duration::from_secs(15 * 60);

/// The state kept between requests, stored beside the list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct FetchState {
    /// The address of the list.
    url: String,
    /// The etag of the cached list.
    etag: Option<String>,
    /// The time of the last request, in microseconds since 1970.
    #[serde(rename = "asked")]
    last_attempt: Option<i64>,
    /// The number of consecutive failures.
    failures: u32,
}

/// Returns the time until the next request.
fn time_until_due(state: &FetchState, now: Timestamp) -> Duration {
    let Some(asked) = state.last_attempt else { return Duration::ZERO };
    let pause = match state.failures {
        0 => FETCH_INTERVAL,
        failures => FIRST_RETRY_DELAY.saturating_mul(1 << (failures - 1).min(8)).min(FETCH_INTERVAL),
    };
    match u64::try_from(now.0.saturating_sub(asked)) {
        Ok(passed) => pause.saturating_sub(Duration::from_micros(passed)),
        // The last request is in the future: the clock was set back.
        Err(_) => Duration::ZERO,
    }
}

/// A thread that refreshes the list until it is dropped.
#[derive(Debug)]
pub(crate) struct PriceRefresher {
    /// Dropping it stops the thread.
    _alive: Sender<Infallible>,
}

impl PriceRefresher {
    /// Starts to request the list at `url` regularly and passes each new one to `on_done`.
    ///
    /// # Errors
    ///
    /// If the system cannot start a thread.
    pub(crate) fn start(
        url: String,
        folder: &Path,
        on_done: impl Fn(LiteLlmPrices) + Send + 'static,
    ) -> io::Result<Self> {
        let (alive, ended) = mpsc::channel();
        let mut fetcher = PriceFetcher::open(url, folder, REQUEST_TIMEOUT);
        let named = thread::Builder::new().name("prices".to_owned());
        named.spawn(move || fetcher.run_until_closed(&ended, on_done))?;
        Ok(Self { _alive: alive })
    }
}

/// Loads the cached list, if there is one that can be parsed.
pub(crate) fn load_cached(folder: &Path) -> Option<LiteLlmPrices> {
    let path = list_path(folder);
    let bytes = read_regular_file(&path, MAX_RESPONSE_BYTES).ok()?;
    let list = LiteLlmPrices::parse(&bytes);
    list.inspect_err(|error| warn!(path = %path.display(), %error, "The cached price list could not be read.")).ok()
}

fn list_path(folder: &Path) -> PathBuf {
    folder.join("litellm.json")
}

fn state_path(folder: &Path) -> PathBuf {
    folder.join("litellm-state.json")
}

/// The reason why a request brought no new list.
#[derive(Debug, thiserror::Error)]
enum FetchError {
    #[error("no response: {0}")]
    Http(#[from] ureq::Error),
    #[error("the response is not a price list: {0}")]
    PriceListError(#[from] PriceListError),
    #[error("the list cannot be saved: {0}")]
    Disk(#[from] io::Error),
}

/// The outcome of a request.
enum FetchOutcome {
    /// The cached list is current.
    NotModified,
    Updated {
        bytes: Vec<u8>,
        etag: Option<String>,
    },
}

struct PriceFetcher {
    agent: Agent,
    folder: PathBuf,
    /// Also kept in memory: an unwritable folder must not cause repeated requests.
    state: FetchState,
}

impl PriceFetcher {
    fn open(url: String, folder: &Path, patience: Duration) -> Self {
        let config = Agent::config_builder()
            .https_only(url.starts_with("https:"))
            .timeout_connect(Some(patience))
            .timeout_global(Some(patience))
            .user_agent(concat!("token-monitor/", env!("CARGO_PKG_VERSION")));
        Self { agent: config.build().into(), folder: folder.to_owned(), state: load_state(url, folder) }
    }

    fn run_until_closed(&mut self, ended: &Receiver<Infallible>, on_done: impl Fn(LiteLlmPrices)) {
        loop {
            let wait = time_until_due(&self.state, clock::now().into());
            match ended.recv_timeout(wait.min(MAX_WAIT)) {
                Err(RecvTimeoutError::Disconnected) => return,
                Err(RecvTimeoutError::Timeout) => {}
                Ok(never) => match never {},
            }
            if let Some(list) = self.fetch_if_due(clock::now().into()) {
                on_done(list);
            }
        }
    }

    /// Requests the list if that is due. Returns it if it is new.
    fn fetch_if_due(&mut self, now: Timestamp) -> Option<LiteLlmPrices> {
        if !time_until_due(&self.state, now).is_zero() {
            return None;
        }
        let outcome = self.fetch_list();
        self.save_state(outcome.is_ok(), now);
        match outcome {
            Ok(Some(list)) => {
                info!(models = list.len(), skipped = list.skipped_entries(), "Read a new price list.");
                Some(list)
            }
            Ok(None) => None,
            Err(error) => {
                warn!(url = self.state.url, %error, "No new price list; the cached one is used.");
                None
            }
        }
    }

    fn fetch_list(&mut self) -> Result<Option<LiteLlmPrices>, FetchError> {
        let FetchOutcome::Updated { bytes, etag } = self.send_request()? else { return Ok(None) };
        let list = LiteLlmPrices::parse(&bytes)?;
        replace_file(&list_path(&self.folder), &bytes)?;
        self.state.etag = etag;
        Ok(Some(list))
    }

    fn send_request(&self) -> Result<FetchOutcome, FetchError> {
        let mut request = self.agent.get(&self.state.url);
        if let Some(etag) = &self.state.etag {
            request = request.header(IF_NONE_MATCH, etag);
        }
        let mut response = request.call()?;
        if response.status() == StatusCode::NOT_MODIFIED {
            return Ok(FetchOutcome::NotModified);
        }
        let etag = response.headers().get(ETAG).and_then(|etag| etag.to_str().ok()).map(str::to_owned);
        let bytes = response.body_mut().with_config().limit(MAX_RESPONSE_BYTES).read_to_vec()?;
        Ok(FetchOutcome::Updated { bytes, etag })
    }

    fn save_state(&mut self, succeeded: bool, now: Timestamp) {
        self.state.last_attempt = Some(now.0);
        self.state.failures = if succeeded { 0 } else { self.state.failures.saturating_add(1) };
        let json = serde_json::to_vec(&self.state).expect("texts and numbers are JSON");
        if let Err(error) = replace_file(&state_path(&self.folder), &json) {
            warn!(folder = %self.folder.display(), %error, "Cannot save the time of the price list request.");
        }
    }
}

/// Loads the state of a list. A missing list is requested again.
fn load_state(url: String, folder: &Path) -> FetchState {
    let bytes = read_regular_file(&state_path(folder), MAX_RESPONSE_BYTES).ok();
    let saved = bytes.and_then(|json| serde_json::from_slice::<FetchState>(&json).ok());
    let state = saved.filter(|state| state.url == url).unwrap_or_else(|| FetchState { url, ..FetchState::default() });
    if list_path(folder).is_file() {
        return state;
    }
    FetchState { etag: None, last_attempt: state.last_attempt.filter(|_| state.failures > 0), ..state }
}

/// Replaces a file atomically.
fn replace_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    fs_permissions::create_folder(path.parent().unwrap_or(Path::new(".")))?;
    fs_permissions::replace_file(path, bytes)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::{BufRead, BufReader, Write};
    use std::net::{TcpListener, TcpStream};
    use std::thread::JoinHandle;

    use rstest::rstest;
    use tempfile::TempDir;

    use super::*;

    const LIST: &str = r#"{"m":{"input_cost_per_token":1e-6,"output_cost_per_token":2e-6}}"#;
    const TWO: &str = r#"{"m":{"input_cost_per_token":1e-6,"output_cost_per_token":2e-6},
                          "n":{"input_cost_per_token":1e-6,"output_cost_per_token":2e-6}}"#;
    const START: Timestamp = Timestamp(1_790_000_000_000_000);
    const SHORT: Duration = Duration::from_millis(300);

    fn ok(etag: &str, body: &str) -> String {
        format!("HTTP/1.1 200 OK\r\nETag: {etag}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
    }

    fn bare(status: &str) -> String {
        format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    }

    /// A server that sends prepared responses and records the requests.
    struct PriceServer {
        url: String,
        thread: JoinHandle<Vec<String>>,
    }

    impl PriceServer {
        /// Starts the server. For an empty response the connection stays open until the client closes it.
        fn with_responses(answers: Vec<String>) -> Self {
            let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
            let url = format!("http://{}/prices.json", listener.local_addr().expect("an address"));
            let thread = thread::spawn(move || {
                let answer = |answer: String| respond(listener.accept().expect("a request").0, &answer);
                answers.into_iter().map(answer).collect()
            });
            Self { url, thread }
        }

        fn requests(self) -> Vec<String> {
            self.thread.join().expect("every answer was asked for")
        }
    }

    fn respond(mut stream: TcpStream, answer: &str) -> String {
        let mut reader = BufReader::new(stream.try_clone().expect("the same connection"));
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") && reader.read_line(&mut head).expect("a line") > 0 {}
        if answer.is_empty() {
            // Waits until the client closes the connection.
            let _ = io::copy(&mut reader, &mut io::sink());
        }
        // The client may have closed the connection.
        let _ = stream.write_all(answer.as_bytes());
        head.to_ascii_lowercase()
    }

    fn folder() -> TempDir {
        tempfile::tempdir().expect("a folder")
    }

    fn later(hours: i64) -> Timestamp {
        Timestamp(START.0 + hours * token_monitor_core::time::MICROS_PER_HOUR)
    }

    #[test]
    fn a_list_is_cached_and_fetched_again_only_if_it_changed() {
        let server =
            PriceServer::with_responses(vec![ok("\"one\"", LIST), bare("304 Not Modified"), ok("\"two\"", TWO)]);
        let temp = folder();
        let cache = temp.path().join("new/cache");
        let mut fetcher = PriceFetcher::open(server.url.clone(), &cache, SHORT);
        assert_eq!(fetcher.fetch_if_due(START).map(|list| list.len()), Some(1));
        assert_eq!(fetcher.fetch_if_due(later(23)), None, "not due yet");

        let mut fetcher = PriceFetcher::open(server.url.clone(), &cache, SHORT);
        assert_eq!(fetcher.fetch_if_due(later(23)), None, "a restart changes nothing");
        assert_eq!(fetcher.fetch_if_due(later(24)), None, "304: the same");
        assert_eq!(load_cached(&cache).map(|list| list.len()), Some(1));
        assert_eq!(fetcher.fetch_if_due(later(48)).map(|list| list.len()), Some(2));
        assert_eq!(load_cached(&cache).map(|list| list.len()), Some(2));

        let asked = server.requests();
        assert!(asked[0].starts_with("get /prices.json "), "{}", asked[0]);
        assert!(!asked[0].contains("if-none-match"), "nothing is kept yet");
        assert!(asked[1].contains("if-none-match: \"one\"\r\n"), "{}", asked[1]);
        assert!(asked[2].contains("if-none-match: \"one\"\r\n"), "{}", asked[2]);
    }

    #[test]
    fn the_delay_grows_with_each_failure() {
        let server = PriceServer::with_responses(vec![bare("500 Oops"), bare("500 Oops"), ok("\"one\"", LIST)]);
        let temp = folder();
        let mut fetcher = PriceFetcher::open(server.url.clone(), temp.path(), SHORT);
        assert_eq!(fetcher.fetch_if_due(START), None);
        assert_eq!(time_until_due(&fetcher.state, START), FIRST_RETRY_DELAY);
        assert_eq!(fetcher.fetch_if_due(later(1)), None);
        assert_eq!(time_until_due(&fetcher.state, later(1)), 2 * FIRST_RETRY_DELAY);

        let mut fetcher = PriceFetcher::open(server.url.clone(), temp.path(), SHORT);
        assert_eq!(time_until_due(&fetcher.state, later(1)), 2 * FIRST_RETRY_DELAY, "a restart does not ask sooner");
        assert!(fetcher.fetch_if_due(later(3)).is_some());
        assert_eq!(time_until_due(&fetcher.state, later(3)), FETCH_INTERVAL);
        assert_eq!(server.requests().len(), 3);
    }

    #[rstest]
    #[case::no_json("<html>Sign in to the hotel's network</html>")]
    #[case::no_prices("{}")]
    #[case::half_of_it(&LIST[..40])]
    fn an_invalid_response_keeps_the_cached_list(#[case] garbage: &str) {
        let again = bare("304 Not Modified");
        let server = PriceServer::with_responses(vec![ok("\"one\"", LIST), ok("\"bad\"", garbage), again]);
        let temp = folder();
        let mut fetcher = PriceFetcher::open(server.url.clone(), temp.path(), SHORT);
        assert!(fetcher.fetch_if_due(START).is_some());
        assert_eq!(fetcher.fetch_if_due(later(24)), None);
        assert_eq!(time_until_due(&fetcher.state, later(24)), FIRST_RETRY_DELAY);
        assert_eq!(load_cached(temp.path()).map(|list| list.len()), Some(1));
        assert_eq!(fetcher.fetch_if_due(later(25)), None);
        assert!(server.requests()[2].contains("if-none-match: \"one\"\r\n"), "the bad one was not kept");
    }

    #[test]
    fn a_response_that_is_too_long_is_not_read_completely() {
        let long = " ".repeat(usize::try_from(MAX_RESPONSE_BYTES).expect("it fits") + 1);
        let server = PriceServer::with_responses(vec![ok("\"long\"", &long)]);
        let temp = folder();
        let mut fetcher = PriceFetcher::open(server.url.clone(), temp.path(), REQUEST_TIMEOUT);
        assert!(matches!(fetcher.fetch_list(), Err(FetchError::Http(ureq::Error::BodyExceedsLimit(_)))));
        assert_eq!(server.requests().len(), 1);
        assert_eq!(load_cached(temp.path()), None);
    }

    #[rstest]
    #[case::never_answers("")]
    #[case::stops_in_the_middle("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"m\":")]
    fn a_request_to_a_hanging_server_times_out(#[case] answer: &str) {
        let server = PriceServer::with_responses(vec![answer.to_owned()]);
        let temp = folder();
        let mut fetcher = PriceFetcher::open(server.url.clone(), temp.path(), SHORT);
        assert!(matches!(fetcher.fetch_list(), Err(FetchError::Http(_))));
        assert_eq!(server.requests().len(), 1);
    }

    #[test]
    fn a_missing_list_is_requested_again() {
        let server = PriceServer::with_responses(vec![ok("\"one\"", LIST), ok("\"one\"", LIST)]);
        let temp = folder();
        assert!(PriceFetcher::open(server.url.clone(), temp.path(), SHORT).fetch_if_due(START).is_some());
        fs::remove_file(list_path(temp.path())).expect("it was kept");
        assert!(PriceFetcher::open(server.url.clone(), temp.path(), SHORT).fetch_if_due(later(1)).is_some());
        assert!(!server.requests()[1].contains("if-none-match"), "there is nothing to compare it with");
    }

    #[test]
    fn another_address_is_another_list() {
        let temp = folder();
        let (one, two) = (
            PriceServer::with_responses(vec![ok("\"one\"", LIST)]),
            PriceServer::with_responses(vec![ok("\"two\"", TWO)]),
        );
        assert!(PriceFetcher::open(one.url.clone(), temp.path(), SHORT).fetch_if_due(START).is_some());
        assert!(PriceFetcher::open(two.url.clone(), temp.path(), SHORT).fetch_if_due(later(1)).is_some());
        assert!(!two.requests()[0].contains("if-none-match"), "the etag belongs to the other list");
        assert_eq!(one.requests().len(), 1);
    }

    #[test]
    fn an_unwritable_folder_does_not_cause_a_request_at_once() {
        let server = PriceServer::with_responses(vec![ok("\"one\"", LIST)]);
        let temp = folder();
        let file = temp.path().join("a file");
        fs::write(&file, "").expect("it is written");
        let mut fetcher = PriceFetcher::open(server.url.clone(), &file.join("cache"), SHORT);
        assert_eq!(fetcher.fetch_if_due(START), None);
        assert_eq!(time_until_due(&fetcher.state, START), FIRST_RETRY_DELAY);
        assert_eq!(server.requests().len(), 1);
    }

    #[test]
    fn the_list_is_fetched_over_tls() {
        assert!(
            PriceFetcher::open("https://prices.example/list.json".to_owned(), folder().path(), SHORT)
                .agent
                .config()
                .https_only()
        );
    }

    #[test]
    fn the_thread_passes_on_each_new_list() {
        let server = PriceServer::with_responses(vec![ok("\"one\"", LIST)]);
        let temp = folder();
        let (send, lists) = mpsc::channel();
        let refresh = PriceRefresher::start(server.url.clone(), temp.path(), move |list| {
            send.send(list).expect("the test waits for it");
        });
        let list = lists.recv_timeout(REQUEST_TIMEOUT).expect("it came in time");
        assert_eq!(list.len(), 1);
        drop(refresh);
        let after = lists.recv_timeout(REQUEST_TIMEOUT);
        assert!(matches!(after, Err(RecvTimeoutError::Disconnected)), "the thread has ended");
        assert_eq!(server.requests().len(), 1);
    }

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
        let state = FetchState { last_attempt: asked.map(|hours| later(hours).0), failures, ..FetchState::default() };
        assert_eq!(time_until_due(&state, START), Duration::from_secs(hours * 3600));
    }
}
