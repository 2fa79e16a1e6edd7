//! LiteLLM's price list, asked for at most once a day and kept in a file.
//!
//! The program's only way to the network, and taken only where the settings ask for it. It runs on a thread of its
//! own that nobody waits for. Whatever goes wrong, the list kept last stays as it is: a new one replaces it only when
//! it has come whole and been understood. Nothing is sent but the name of the program and which list is kept.

use std::convert::Infallible;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use token_monitor_core::pricing::{LiteLlm, NotPrices};
use token_monitor_core::time::Timestamp;
use token_monitor_store::create_private_folder;
use tracing::{info, warn};
use ureq::Agent;
use ureq::http::StatusCode;
use ureq::http::header::{ETAG, IF_NONE_MATCH};

/// How long connecting, and how long the whole answer may take: some hundred kilobytes, compressed.
const PATIENCE: Duration = Duration::from_secs(10);

/// Five times as long as the list is.
const LONGEST: u64 = 16 << 20;

/// Prices change a few times a year.
const REST: Duration = Duration::from_secs(24 * 60 * 60);

/// After a first failure; twice as long after each more.
const FIRST_PAUSE: Duration = Duration::from_secs(60 * 60);

/// The computer may sleep, and the clock be set, while a thread waits.
const LONGEST_WAIT: Duration = Duration::from_secs(15 * 60);

/// What is remembered between two attempts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct State {
    /// Whose list it is.
    url: String,
    /// Which one is kept, in the server's words.
    etag: Option<String>,
    /// When it was asked for last, in microseconds since 1970.
    asked: Option<i64>,
    /// Failures in a row.
    failures: u32,
}

/// How long to wait before the list is asked for.
fn due(state: &State, now: Timestamp) -> Duration {
    let Some(asked) = state.asked else { return Duration::ZERO };
    let pause = match state.failures {
        0 => REST,
        failures => FIRST_PAUSE.saturating_mul(1 << (failures - 1).min(8)).min(REST),
    };
    match u64::try_from(now.0.saturating_sub(asked)) {
        Ok(passed) => pause.saturating_sub(Duration::from_micros(passed)),
        // Asked in the future: the clock was set back.
        Err(_) => Duration::ZERO,
    }
}

/// Keeps the list fresh until it is dropped.
#[derive(Debug)]
pub(crate) struct Refresh {
    /// Its end tells the thread of ours.
    _alive: Sender<Infallible>,
}

impl Refresh {
    /// Starts asking for the list at `url` whenever that is due, and hands over each new one.
    pub(crate) fn start(url: String, folder: &Path, on_done: impl Fn(LiteLlm) + Send + 'static) -> Self {
        let (alive, ended) = mpsc::channel();
        let mut keeper = Keeper::open(url, folder, PATIENCE);
        let named = thread::Builder::new().name("prices".to_owned());
        named.spawn(move || keeper.keep(&ended, on_done)).expect("a thread can be started");
        Self { _alive: alive }
    }
}

/// The list kept last, if there is one that can still be read.
pub(crate) fn load_cached(folder: &Path) -> Option<LiteLlm> {
    let path = list_path(folder);
    let bytes = fs::read(&path).ok()?;
    let list = LiteLlm::parse(&bytes);
    list.inspect_err(|error| warn!(path = %path.display(), %error, "The kept price list could not be read.")).ok()
}

fn list_path(folder: &Path) -> PathBuf {
    folder.join("litellm.json")
}

fn state_path(folder: &Path) -> PathBuf {
    folder.join("litellm-state.json")
}

/// Why there is no new list.
#[derive(Debug, thiserror::Error)]
enum Failed {
    #[error("no answer: {0}")]
    Http(#[from] ureq::Error),
    #[error("the answer is not a price list: {0}")]
    NotPrices(#[from] NotPrices),
    #[error("it cannot be kept: {0}")]
    Disk(#[from] io::Error),
}

/// An answer.
enum Answer {
    /// The list kept is the newest.
    Same,
    New {
        bytes: Vec<u8>,
        etag: Option<String>,
    },
}

struct Keeper {
    agent: Agent,
    folder: PathBuf,
    /// Also held here: a folder that takes no file must not make us ask again and again.
    state: State,
}

impl Keeper {
    fn open(url: String, folder: &Path, patience: Duration) -> Self {
        let config = Agent::config_builder()
            .https_only(url.starts_with("https:"))
            .timeout_connect(Some(patience))
            .timeout_global(Some(patience))
            .user_agent(concat!("token-monitor/", env!("CARGO_PKG_VERSION")));
        Self { agent: config.build().into(), folder: folder.to_owned(), state: remembered(url, folder) }
    }

    fn keep(&mut self, ended: &Receiver<Infallible>, on_done: impl Fn(LiteLlm)) {
        loop {
            let wait = due(&self.state, chrono::Utc::now().into());
            match ended.recv_timeout(wait.min(LONGEST_WAIT)) {
                Err(RecvTimeoutError::Disconnected) => return,
                Err(RecvTimeoutError::Timeout) => {}
                Ok(never) => match never {},
            }
            if let Some(list) = self.ask_if_due(chrono::Utc::now().into()) {
                on_done(list);
            }
        }
    }

    /// Asks for the list if that is due; gives it if it is a new one.
    fn ask_if_due(&mut self, now: Timestamp) -> Option<LiteLlm> {
        if !due(&self.state, now).is_zero() {
            return None;
        }
        let outcome = self.ask();
        self.remember(outcome.is_ok(), now);
        match outcome {
            Ok(Some(list)) => {
                info!(models = list.len(), skipped = list.skipped(), "Read a new price list.");
                Some(list)
            }
            Ok(None) => None,
            Err(error) => {
                warn!(url = self.state.url, %error, "No new price list; the one kept holds.");
                None
            }
        }
    }

    fn ask(&mut self) -> Result<Option<LiteLlm>, Failed> {
        let Answer::New { bytes, etag } = self.fetch()? else { return Ok(None) };
        let list = LiteLlm::parse(&bytes)?;
        replace(&list_path(&self.folder), &bytes)?;
        self.state.etag = etag;
        Ok(Some(list))
    }

    fn fetch(&self) -> Result<Answer, Failed> {
        let mut request = self.agent.get(&self.state.url);
        if let Some(etag) = &self.state.etag {
            request = request.header(IF_NONE_MATCH, etag);
        }
        let mut response = request.call()?;
        if response.status() == StatusCode::NOT_MODIFIED {
            return Ok(Answer::Same);
        }
        let etag = response.headers().get(ETAG).and_then(|etag| etag.to_str().ok()).map(str::to_owned);
        let bytes = response.body_mut().with_config().limit(LONGEST).read_to_vec()?;
        Ok(Answer::New { bytes, etag })
    }

    fn remember(&mut self, succeeded: bool, now: Timestamp) {
        self.state.asked = Some(now.0);
        self.state.failures = if succeeded { 0 } else { self.state.failures.saturating_add(1) };
        let json = serde_json::to_vec(&self.state).expect("texts and numbers are JSON");
        if let Err(error) = replace(&state_path(&self.folder), &json) {
            warn!(folder = %self.folder.display(), %error, "When the price list was asked for cannot be noted.");
        }
    }
}

/// What was remembered of this list. A list that is gone is asked for again, whatever was noted of it.
fn remembered(url: String, folder: &Path) -> State {
    let noted = fs::read(state_path(folder)).ok().and_then(|json| serde_json::from_slice::<State>(&json).ok());
    let state = noted.filter(|state| state.url == url).unwrap_or_else(|| State { url, ..State::default() });
    if list_path(folder).is_file() {
        return state;
    }
    State { etag: None, asked: state.asked.filter(|_| state.failures > 0), ..state }
}

/// Puts a file in the place of another, whole or not at all.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    create_private_folder(path.parent().unwrap_or(Path::new(".")))?;
    let new = path.with_extension("new");
    let mut file = File::create(&new)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&new, path)
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader};
    use std::net::{TcpListener, TcpStream};
    use std::thread::JoinHandle;

    use rstest::rstest;
    use tempfile::TempDir;

    use super::*;

    const LIST: &str = r#"{"m":{"input_cost_per_token":1e-6,"output_cost_per_token":2e-6}}"#;
    const TWO: &str = r#"{"m":{"input_cost_per_token":1e-6,"output_cost_per_token":2e-6},
                          "n":{"input_cost_per_token":1e-6,"output_cost_per_token":2e-6}}"#;
    const HOUR: i64 = 3_600_000_000;
    const START: Timestamp = Timestamp(1_790_000_000_000_000);
    const SHORT: Duration = Duration::from_millis(300);

    fn ok(etag: &str, body: &str) -> String {
        format!("HTTP/1.1 200 OK\r\nETag: {etag}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
    }

    fn bare(status: &str) -> String {
        format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    }

    /// Answers so many requests, one after the other, and tells what it was asked.
    struct Server {
        url: String,
        thread: JoinHandle<Vec<String>>,
    }

    impl Server {
        /// An empty answer is silence: the connection stays open until the client gives up.
        fn answering(answers: Vec<String>) -> Self {
            let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
            let url = format!("http://{}/prices.json", listener.local_addr().expect("an address"));
            let thread = thread::spawn(move || {
                let answer = |answer: String| answered(listener.accept().expect("a request").0, &answer);
                answers.into_iter().map(answer).collect()
            });
            Self { url, thread }
        }

        fn asked(self) -> Vec<String> {
            self.thread.join().expect("every answer was asked for")
        }
    }

    fn answered(mut stream: TcpStream, answer: &str) -> String {
        let mut reader = BufReader::new(stream.try_clone().expect("the same connection"));
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") && reader.read_line(&mut head).expect("a line") > 0 {}
        if answer.is_empty() {
            // Until the client hangs up.
            let _ = io::copy(&mut reader, &mut io::sink());
        }
        // The client may have hung up on purpose.
        let _ = stream.write_all(answer.as_bytes());
        head.to_ascii_lowercase()
    }

    fn folder() -> TempDir {
        tempfile::tempdir().expect("a folder")
    }

    fn later(hours: i64) -> Timestamp {
        Timestamp(START.0 + hours * HOUR)
    }

    #[test]
    fn a_list_is_kept_and_only_asked_for_again_if_it_changed() {
        let server = Server::answering(vec![ok("\"one\"", LIST), bare("304 Not Modified"), ok("\"two\"", TWO)]);
        let temp = folder();
        let cache = temp.path().join("new/cache");
        let mut keeper = Keeper::open(server.url.clone(), &cache, SHORT);
        assert_eq!(keeper.ask_if_due(START).map(|list| list.len()), Some(1));
        assert_eq!(keeper.ask_if_due(later(23)), None, "not due yet");

        let mut keeper = Keeper::open(server.url.clone(), &cache, SHORT);
        assert_eq!(keeper.ask_if_due(later(23)), None, "a restart changes nothing");
        assert_eq!(keeper.ask_if_due(later(24)), None, "304: the same");
        assert_eq!(load_cached(&cache).map(|list| list.len()), Some(1));
        assert_eq!(keeper.ask_if_due(later(48)).map(|list| list.len()), Some(2));
        assert_eq!(load_cached(&cache).map(|list| list.len()), Some(2));

        let asked = server.asked();
        assert!(asked[0].starts_with("get /prices.json "), "{}", asked[0]);
        assert!(!asked[0].contains("if-none-match"), "nothing is kept yet");
        assert!(asked[1].contains("if-none-match: \"one\"\r\n"), "{}", asked[1]);
        assert!(asked[2].contains("if-none-match: \"one\"\r\n"), "{}", asked[2]);
    }

    #[test]
    fn after_a_failure_it_waits_longer_and_longer() {
        let server = Server::answering(vec![bare("500 Oops"), bare("500 Oops"), ok("\"one\"", LIST)]);
        let temp = folder();
        let mut keeper = Keeper::open(server.url.clone(), temp.path(), SHORT);
        assert_eq!(keeper.ask_if_due(START), None);
        assert_eq!(due(&keeper.state, START), FIRST_PAUSE);
        assert_eq!(keeper.ask_if_due(later(1)), None);
        assert_eq!(due(&keeper.state, later(1)), 2 * FIRST_PAUSE);

        let mut keeper = Keeper::open(server.url.clone(), temp.path(), SHORT);
        assert_eq!(due(&keeper.state, later(1)), 2 * FIRST_PAUSE, "a restart does not ask sooner");
        assert!(keeper.ask_if_due(later(3)).is_some());
        assert_eq!(due(&keeper.state, later(3)), REST);
        assert_eq!(server.asked().len(), 3);
    }

    #[rstest]
    #[case::no_json("<html>Sign in to the hotel's network</html>")]
    #[case::no_prices("{}")]
    #[case::half_of_it(&LIST[..40])]
    fn an_answer_that_is_no_list_leaves_the_one_kept(#[case] garbage: &str) {
        let again = bare("304 Not Modified");
        let server = Server::answering(vec![ok("\"one\"", LIST), ok("\"bad\"", garbage), again]);
        let temp = folder();
        let mut keeper = Keeper::open(server.url.clone(), temp.path(), SHORT);
        assert!(keeper.ask_if_due(START).is_some());
        assert_eq!(keeper.ask_if_due(later(24)), None);
        assert_eq!(due(&keeper.state, later(24)), FIRST_PAUSE);
        assert_eq!(load_cached(temp.path()).map(|list| list.len()), Some(1));
        assert_eq!(keeper.ask_if_due(later(25)), None);
        assert!(server.asked()[2].contains("if-none-match: \"one\"\r\n"), "the bad one was not kept");
    }

    #[test]
    fn a_list_too_long_is_not_read_to_its_end() {
        let long = " ".repeat(usize::try_from(LONGEST).expect("it fits") + 1);
        let server = Server::answering(vec![ok("\"long\"", &long)]);
        let temp = folder();
        let mut keeper = Keeper::open(server.url.clone(), temp.path(), PATIENCE);
        assert!(matches!(keeper.ask(), Err(Failed::Http(ureq::Error::BodyExceedsLimit(_)))));
        assert_eq!(server.asked().len(), 1);
        assert_eq!(load_cached(temp.path()), None);
    }

    #[rstest]
    #[case::never_answers("")]
    #[case::stops_in_the_middle("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"m\":")]
    fn a_server_that_hangs_is_given_up(#[case] answer: &str) {
        let server = Server::answering(vec![answer.to_owned()]);
        let temp = folder();
        let mut keeper = Keeper::open(server.url.clone(), temp.path(), SHORT);
        assert!(matches!(keeper.ask(), Err(Failed::Http(_))));
        assert_eq!(server.asked().len(), 1);
    }

    #[test]
    fn a_list_that_is_gone_is_asked_for_whatever_was_noted() {
        let server = Server::answering(vec![ok("\"one\"", LIST), ok("\"one\"", LIST)]);
        let temp = folder();
        assert!(Keeper::open(server.url.clone(), temp.path(), SHORT).ask_if_due(START).is_some());
        fs::remove_file(list_path(temp.path())).expect("it was kept");
        assert!(Keeper::open(server.url.clone(), temp.path(), SHORT).ask_if_due(later(1)).is_some());
        assert!(!server.asked()[1].contains("if-none-match"), "there is nothing to compare it with");
    }

    #[test]
    fn another_address_is_another_list() {
        let temp = folder();
        let (one, two) = (Server::answering(vec![ok("\"one\"", LIST)]), Server::answering(vec![ok("\"two\"", TWO)]));
        assert!(Keeper::open(one.url.clone(), temp.path(), SHORT).ask_if_due(START).is_some());
        assert!(Keeper::open(two.url.clone(), temp.path(), SHORT).ask_if_due(later(1)).is_some());
        assert!(!two.asked()[0].contains("if-none-match"), "the other's mark says nothing here");
        assert_eq!(one.asked().len(), 1);
    }

    #[test]
    fn a_folder_that_takes_no_file_does_not_make_it_ask_again_at_once() {
        let server = Server::answering(vec![ok("\"one\"", LIST)]);
        let temp = folder();
        let file = temp.path().join("a file");
        fs::write(&file, "").expect("it is written");
        let mut keeper = Keeper::open(server.url.clone(), &file.join("cache"), SHORT);
        assert_eq!(keeper.ask_if_due(START), None);
        assert_eq!(due(&keeper.state, START), FIRST_PAUSE);
        assert_eq!(server.asked().len(), 1);
    }

    #[test]
    fn the_list_itself_comes_over_tls() {
        assert!(
            Keeper::open("https://prices.example/list.json".to_owned(), folder().path(), SHORT)
                .agent
                .config()
                .https_only()
        );
    }

    #[test]
    fn a_thread_hands_over_each_new_list() {
        let server = Server::answering(vec![ok("\"one\"", LIST)]);
        let temp = folder();
        let (send, lists) = mpsc::channel();
        let refresh =
            Refresh::start(server.url.clone(), temp.path(), move |list| send.send(list).expect("it is heard"));
        let list = lists.recv_timeout(PATIENCE).expect("it came in time");
        assert_eq!(list.len(), 1);
        drop(refresh);
        let after = lists.recv_timeout(PATIENCE);
        assert!(matches!(after, Err(RecvTimeoutError::Disconnected)), "the thread has ended");
        assert_eq!(server.asked().len(), 1);
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
    fn it_is_asked_for_daily_and_seldom_after_failures(
        #[case] asked: Option<i64>,
        #[case] failures: u32,
        #[case] hours: u64,
    ) {
        let state = State { asked: asked.map(|hours| later(hours).0), failures, ..State::default() };
        assert_eq!(due(&state, START), Duration::from_secs(hours * 3600));
    }
}
