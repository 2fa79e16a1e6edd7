//! LiteLLM's price list, fetched at most once a day and cached in a file, if the settings enable it.
//!
//! The cached list is replaced only by a list that was received completely and parsed. The request contains nothing but the
//! name of the program and the etag of the cached list.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use token_monitor_core::pricing::{LiteLlmPrices, PriceListError};
use token_monitor_core::time::Timestamp;
use tracing::{info, warn};
use ureq::Agent;

use crate::refresh::{
    NewResponse, REQUEST_TIMEOUT, Refresh, Refresher, RequestHistory, get_if_changed, new_agent, replace_file,
};
use crate::regular_file::read_regular_file;

/// The largest response, in bytes: about five times the size of the list.
const MAX_RESPONSE_BYTES: u64 = 16 << 20;

/// The state kept between requests, stored beside the list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct FetchState {
    /// The address of the list.
    url: String,
    /// The etag of the cached list.
    etag: Option<String>,
    #[serde(flatten)]
    history: RequestHistory,
}

/// Starts to request the list at `url` regularly and passes each new one to `on_done`.
pub(crate) fn start_refresher(
    url: String,
    folder: &Path,
    on_done: impl Fn(LiteLlmPrices) + Send + 'static,
) -> Refresher {
    Refresher::start("prices", PriceFetcher::open(url, folder, REQUEST_TIMEOUT), on_done)
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

struct PriceFetcher {
    agent: Agent,
    folder: PathBuf,
    /// Also kept in memory: an unwritable folder must not cause repeated requests.
    state: FetchState,
}

impl PriceFetcher {
    fn open(url: String, folder: &Path, timeout: Duration) -> Self {
        let agent = new_agent(&url, timeout);
        Self { agent, folder: folder.to_owned(), state: load_state(url, folder) }
    }

    fn fetch_list(&mut self) -> Result<Option<LiteLlmPrices>, FetchError> {
        let request = self.agent.get(&self.state.url);
        let changed = get_if_changed(request, self.state.etag.as_deref(), MAX_RESPONSE_BYTES)?;
        let Some(NewResponse { bytes, etag }) = changed else { return Ok(None) };
        let list = LiteLlmPrices::parse(&bytes)?;
        replace_file(&list_path(&self.folder), &bytes)?;
        self.state.etag = etag;
        Ok(Some(list))
    }

    fn save_state(&mut self, succeeded: bool, now: Timestamp) {
        self.state.history.record(succeeded, now);
        let json = serde_json::to_vec(&self.state).expect("texts and numbers are JSON");
        if let Err(error) = replace_file(&state_path(&self.folder), &json) {
            warn!(folder = %self.folder.display(), %error, "Cannot save the time of the price list request.");
        }
    }
}

impl Refresh for PriceFetcher {
    type Output = LiteLlmPrices;

    fn time_until_due(&self, now: Timestamp) -> Duration {
        self.state.history.time_until_due(now)
    }

    fn refresh_if_due(&mut self, now: Timestamp) -> Option<LiteLlmPrices> {
        if !self.time_until_due(now).is_zero() {
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
}

/// Loads the state of a list. A missing list is requested again.
fn load_state(url: String, folder: &Path) -> FetchState {
    let bytes = read_regular_file(&state_path(folder), MAX_RESPONSE_BYTES).ok();
    let saved = bytes.and_then(|json| serde_json::from_slice::<FetchState>(&json).ok());
    let mut state =
        saved.filter(|state| state.url == url).unwrap_or_else(|| FetchState { url, ..FetchState::default() });
    if !list_path(folder).is_file() {
        state.etag = None;
        state.history.last_attempt = state.history.last_attempt.filter(|_| state.history.failures > 0);
    }
    state
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::sync::mpsc::{self, RecvTimeoutError};

    use rstest::rstest;
    use tempfile::TempDir;

    use super::*;
    use crate::refresh::{FETCH_INTERVAL, FIRST_RETRY_DELAY};
    use crate::test_server::{TestServer, bare, ok};

    const LIST: &str = r#"{"m":{"input_cost_per_token":1e-6,"output_cost_per_token":2e-6}}"#;
    const TWO: &str = r#"{"m":{"input_cost_per_token":1e-6,"output_cost_per_token":2e-6},
                          "n":{"input_cost_per_token":1e-6,"output_cost_per_token":2e-6}}"#;
    const START: Timestamp = Timestamp(1_790_000_000_000_000);
    const SHORT: Duration = Duration::from_millis(300);

    fn folder() -> TempDir {
        tempfile::tempdir().expect("a folder")
    }

    fn later(hours: i64) -> Timestamp {
        Timestamp(START.0 + hours * token_monitor_core::time::MICROS_PER_HOUR)
    }

    #[test]
    fn a_list_is_cached_and_fetched_again_only_if_it_changed() {
        let server =
            TestServer::with_responses(vec![ok("\"one\"", LIST), bare("304 Not Modified"), ok("\"two\"", TWO)]);
        let temp = folder();
        let cache = temp.path().join("new/cache");
        let mut fetcher = PriceFetcher::open(server.url.clone(), &cache, SHORT);
        assert_eq!(fetcher.refresh_if_due(START).map(|list| list.len()), Some(1));
        assert_eq!(fetcher.refresh_if_due(later(23)), None, "not due yet");

        let mut fetcher = PriceFetcher::open(server.url.clone(), &cache, SHORT);
        assert_eq!(fetcher.refresh_if_due(later(23)), None, "a restart changes nothing");
        assert_eq!(fetcher.refresh_if_due(later(24)), None, "304: the same");
        assert_eq!(load_cached(&cache).map(|list| list.len()), Some(1));
        assert_eq!(fetcher.refresh_if_due(later(48)).map(|list| list.len()), Some(2));
        assert_eq!(load_cached(&cache).map(|list| list.len()), Some(2));

        let asked = server.requests();
        assert!(asked[0].starts_with("get /document.json "), "{}", asked[0]);
        assert!(!asked[0].contains("if-none-match"), "nothing is kept yet");
        assert!(asked[1].contains("if-none-match: \"one\"\r\n"), "{}", asked[1]);
        assert!(asked[2].contains("if-none-match: \"one\"\r\n"), "{}", asked[2]);
    }

    #[test]
    fn the_delay_grows_with_each_failure() {
        let server = TestServer::with_responses(vec![bare("500 Oops"), bare("500 Oops"), ok("\"one\"", LIST)]);
        let temp = folder();
        let mut fetcher = PriceFetcher::open(server.url.clone(), temp.path(), SHORT);
        assert_eq!(fetcher.refresh_if_due(START), None);
        assert_eq!(fetcher.time_until_due(START), FIRST_RETRY_DELAY);
        assert_eq!(fetcher.refresh_if_due(later(1)), None);
        assert_eq!(fetcher.time_until_due(later(1)), 2 * FIRST_RETRY_DELAY);

        let mut fetcher = PriceFetcher::open(server.url.clone(), temp.path(), SHORT);
        assert_eq!(fetcher.time_until_due(later(1)), 2 * FIRST_RETRY_DELAY, "a restart does not ask sooner");
        assert!(fetcher.refresh_if_due(later(3)).is_some());
        assert_eq!(fetcher.time_until_due(later(3)), FETCH_INTERVAL);
        assert_eq!(server.requests().len(), 3);
    }

    #[rstest]
    #[case::no_json("<html>Sign in to the hotel's network</html>")]
    #[case::no_prices("{}")]
    #[case::half_of_it(&LIST[..40])]
    fn an_invalid_response_keeps_the_cached_list(#[case] garbage: &str) {
        let again = bare("304 Not Modified");
        let server = TestServer::with_responses(vec![ok("\"one\"", LIST), ok("\"bad\"", garbage), again]);
        let temp = folder();
        let mut fetcher = PriceFetcher::open(server.url.clone(), temp.path(), SHORT);
        assert!(fetcher.refresh_if_due(START).is_some());
        assert_eq!(fetcher.refresh_if_due(later(24)), None);
        assert_eq!(fetcher.time_until_due(later(24)), FIRST_RETRY_DELAY);
        assert_eq!(load_cached(temp.path()).map(|list| list.len()), Some(1));
        assert_eq!(fetcher.refresh_if_due(later(25)), None);
        assert!(server.requests()[2].contains("if-none-match: \"one\"\r\n"), "the bad one was not kept");
    }

    #[test]
    fn a_response_that_is_too_long_is_not_read_completely() {
        let long = " ".repeat(usize::try_from(MAX_RESPONSE_BYTES).expect("it fits") + 1);
        let server = TestServer::with_responses(vec![ok("\"long\"", &long)]);
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
        let server = TestServer::with_responses(vec![answer.to_owned()]);
        let temp = folder();
        let mut fetcher = PriceFetcher::open(server.url.clone(), temp.path(), SHORT);
        assert!(matches!(fetcher.fetch_list(), Err(FetchError::Http(_))));
        assert_eq!(server.requests().len(), 1);
    }

    #[test]
    fn a_missing_list_is_requested_again() {
        let server = TestServer::with_responses(vec![ok("\"one\"", LIST), ok("\"one\"", LIST)]);
        let temp = folder();
        assert!(PriceFetcher::open(server.url.clone(), temp.path(), SHORT).refresh_if_due(START).is_some());
        fs::remove_file(list_path(temp.path())).expect("it was kept");
        assert!(PriceFetcher::open(server.url.clone(), temp.path(), SHORT).refresh_if_due(later(1)).is_some());
        assert!(!server.requests()[1].contains("if-none-match"), "there is nothing to compare it with");
    }

    #[test]
    fn another_address_is_another_list() {
        let temp = folder();
        let (one, two) = (
            TestServer::with_responses(vec![ok("\"one\"", LIST)]),
            TestServer::with_responses(vec![ok("\"two\"", TWO)]),
        );
        assert!(PriceFetcher::open(one.url.clone(), temp.path(), SHORT).refresh_if_due(START).is_some());
        assert!(PriceFetcher::open(two.url.clone(), temp.path(), SHORT).refresh_if_due(later(1)).is_some());
        assert!(!two.requests()[0].contains("if-none-match"), "the etag belongs to the other list");
        assert_eq!(one.requests().len(), 1);
    }

    #[test]
    fn an_unwritable_folder_does_not_cause_a_request_at_once() {
        let server = TestServer::with_responses(vec![ok("\"one\"", LIST)]);
        let temp = folder();
        let file = temp.path().join("a file");
        fs::write(&file, "").expect("it is written");
        let mut fetcher = PriceFetcher::open(server.url.clone(), &file.join("cache"), SHORT);
        assert_eq!(fetcher.refresh_if_due(START), None);
        assert_eq!(fetcher.time_until_due(START), FIRST_RETRY_DELAY);
        assert_eq!(server.requests().len(), 1);
    }

    #[test]
    fn the_thread_passes_on_each_new_list() {
        let server = TestServer::with_responses(vec![ok("\"one\"", LIST)]);
        let temp = folder();
        let (send, lists) = mpsc::channel();
        let refresh = start_refresher(server.url.clone(), temp.path(), move |list| {
            send.send(list).expect("the test waits for it");
        });
        let list = lists.recv_timeout(REQUEST_TIMEOUT).expect("it came in time");
        assert_eq!(list.len(), 1);
        drop(refresh);
        let after = lists.recv_timeout(REQUEST_TIMEOUT);
        assert!(matches!(after, Err(RecvTimeoutError::Disconnected)), "the thread has ended");
        assert_eq!(server.requests().len(), 1);
    }
}
