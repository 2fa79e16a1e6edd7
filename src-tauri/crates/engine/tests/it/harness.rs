//! The test environment: a folder of logs, a store, and an engine.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, UNIX_EPOCH};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use token_monitor_core::blocks::BlockPlacement;
use token_monitor_core::report::model::{
    CostByKind, DayStats, ModelStats, SessionChanges, SessionMetadata, Snapshot, Totals,
};
use token_monitor_core::transcript::SkipReason;
use token_monitor_engine::config::{ConfigFile, ConfigSources};
use token_monitor_engine::{
    ApiError, Engine, EngineHandle, EngineMode, Health, OutgoingAlert, Request, Response, SessionQuery, UserDirs,
};
use token_monitor_test_support::{ClaudeFolder, DEADLINE, LogLine};
use tokio::runtime::Runtime;
use tokio::sync::broadcast::Receiver;
use tokio::time::timeout;

/// The time 2026-05-01T10:00:00Z in seconds since the epoch.
pub(crate) const START: i64 = 1_777_629_600;

/// A folder of logs and a store.
pub(crate) struct TestEnv {
    folder: ClaudeFolder,
    /// The user's settings file, if there is one.
    pub(crate) config: Option<String>,
}

impl TestEnv {
    pub(crate) fn new() -> Self {
        let env = Self::bare();
        fs::create_dir_all(env.projects()).expect("a folder");
        env
    }

    /// A env in which Claude Code never ran.
    pub(crate) fn bare() -> Self {
        Self { folder: ClaudeFolder::new("claude"), config: None }
    }

    pub(crate) fn projects(&self) -> PathBuf {
        self.folder.projects().to_owned()
    }

    /// Returns a path outside the searched folders.
    pub(crate) fn outside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn store(&self) -> PathBuf {
        self.folder.path().join("config/sessions.db")
    }

    pub(crate) fn config_path(&self) -> PathBuf {
        self.outside("config.yaml")
    }

    /// Returns the path of a log such as `p/s.jsonl` and creates its folder.
    pub(crate) fn log(&self, place: &str) -> PathBuf {
        self.folder.log_path(place)
    }

    /// Writes a log in place.
    pub(crate) fn write(&self, place: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.write_log(place, bytes);
        stamp(&path);
        path
    }

    /// Appends to a log.
    pub(crate) fn append(&self, place: &str, bytes: impl AsRef<[u8]>) {
        self.folder.append_log(place, bytes);
    }

    pub(crate) fn sources(&self) -> ConfigSources {
        let homes = UserDirs { home: Some(self.folder.path().to_owned()), ..UserDirs::default() };
        let mut sources = ConfigSources { dirs: homes, ..ConfigSources::default() };
        if let Some(text) = &self.config {
            fs::write(self.config_path(), text).expect("it is written");
        }
        sources.file = ConfigFile::read(self.config_path());
        sources.environment.insert("claude_config_dirs", self.outside("claude").display().to_string());
        sources.environment.insert("storage.db_path", self.store().display().to_string());
        sources
    }

    /// Starts an on-demand engine.
    pub(crate) fn start(&self) -> TestEngine {
        self.run(EngineMode::OnDemand)
    }

    /// Starts a live engine.
    pub(crate) fn live(&self) -> TestEngine {
        self.run(EngineMode::Live)
    }

    fn run(&self, conduct: EngineMode) -> TestEngine {
        Self::start_with(self.sources(), conduct)
    }

    /// Starts an engine with the given settings.
    pub(crate) fn start_with(sources: ConfigSources, conduct: EngineMode) -> TestEngine {
        let engine = Engine::start(sources, conduct).expect("the store opens");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a timer");
        TestEngine { handle: engine.handle(), engine, runtime }
    }

    /// Starts an engine, syncs it and returns its figures.
    pub(crate) fn figures(&self) -> Figures {
        let running = self.start();
        running.sync();
        let figures = running.figures();
        running.stop();
        figures
    }
}

/// Sets a unique modification time, because two writes within a clock tick would look the same.
pub(crate) fn stamp(path: &Path) {
    static NEXT: AtomicU64 = AtomicU64::new(1_700_000_000);
    let when = UNIX_EPOCH + Duration::from_secs(NEXT.fetch_add(1, Ordering::Relaxed));
    File::options().append(true).open(path).and_then(|file| file.set_modified(when)).expect("it takes a time");
}

/// A running engine.
pub(crate) struct TestEngine {
    engine: Engine,
    handle: EngineHandle,
    runtime: Runtime,
}

impl TestEngine {
    pub(crate) fn request(&self, ask: Request) -> Response {
        self.try_request(ask).expect("it answers")
    }

    /// Sends a request that may fail.
    pub(crate) fn try_request(&self, ask: Request) -> Result<Response, ApiError> {
        let answer = self.runtime.block_on(async { timeout(DEADLINE * 3, self.handle.request(ask)).await });
        answer.expect("it answers in time")
    }

    /// Sends a request that triggers an alert, and reports the status of the alert.
    pub(crate) fn request_and_report(
        &self,
        ask: Request,
        alerts: &mut Receiver<Arc<OutgoingAlert>>,
        status_report: impl FnOnce(u64) -> Request,
    ) -> (Response, Arc<OutgoingAlert>) {
        let report = async {
            let alert = alerts.recv().await.expect("it runs");
            self.handle.request(status_report(alert.id)).await.expect("it answers");
            alert
        };
        let both = futures_lite::future::zip(self.handle.request(ask), report);
        let (answer, alert) = self.runtime.block_on(async { timeout(DEADLINE, both).await }).expect("in time");
        (answer.expect("it answers"), alert)
    }

    /// Subscribes a notifier.
    pub(crate) fn listen(&self) -> Receiver<Arc<OutgoingAlert>> {
        self.handle.subscribe_alerts()
    }

    /// Waits for the next alert.
    pub(crate) fn next(&self, alerts: &mut Receiver<Arc<OutgoingAlert>>) -> Arc<OutgoingAlert> {
        let next = self.runtime.block_on(async { timeout(DEADLINE, alerts.recv()).await });
        next.expect("one comes in time").expect("it runs")
    }

    pub(crate) fn sync(&self) {
        assert_eq!(self.request(Request::Sync), Response::Done);
    }

    /// Names a session.
    pub(crate) fn rename(&self, session: &str, name: &str) -> Result<SessionMetadata, ApiError> {
        let changes = SessionChanges { name: Some(name.to_owned()), ..SessionChanges::default() };
        match self.try_request(Request::UpdateSession { session: session.to_owned(), changes })? {
            Response::SessionUpdated(metadata) => Ok(metadata),
            other => panic!("unexpected response: {other:?}"),
        }
    }

    pub(crate) fn snapshot(&self) -> Snapshot {
        let Response::Snapshot(snapshot) = self.request(Request::Snapshot) else { panic!("a snapshot") };
        *snapshot
    }

    /// Returns the messages of all problems.
    pub(crate) fn problems(&self) -> Vec<String> {
        self.snapshot().problems.into_iter().map(|problem| problem.message).collect()
    }

    pub(crate) fn total(&self) -> Totals {
        self.snapshot().totals
    }

    pub(crate) fn health(&self) -> Health {
        let Response::Health(health) = self.request(Request::Health) else { panic!("its health") };
        *health
    }

    /// Waits for a snapshot that meets a condition.
    pub(crate) fn until(&self, what: &str, holds: impl Fn(&Snapshot) -> bool) -> Arc<Snapshot> {
        let mut snapshots = self.handle.subscribe_snapshots();
        let found = self.runtime.block_on(async {
            let found = timeout(DEADLINE, snapshots.wait_for(|snapshot| holds(snapshot))).await;
            found.map(|found| found.expect("it runs").clone())
        });
        found.unwrap_or_else(|_| {
            panic!("{what}: waited in vain; it shows {:?}", self.handle.subscribe_snapshots().borrow())
        })
    }

    /// Counts the snapshots published within an idle second. For the tests of what only Linux reports.
    #[cfg(target_os = "linux")]
    pub(crate) fn snapshots_while_idle(&self) -> u64 {
        let mut snapshots = self.handle.subscribe_snapshots();
        snapshots.mark_unchanged();
        self.runtime.block_on(async {
            let mut published = 0;
            let counting = async {
                while snapshots.changed().await.is_ok() {
                    published += 1;
                }
            };
            // It runs until the timeout.
            let _ = timeout(Duration::from_secs(1), counting).await;
            published
        })
    }

    pub(crate) fn stop(self) {
        drop(self.handle);
        self.engine.stop().expect("the store closes");
    }

    /// Stops the engine without saving anything.
    #[cfg(unix)]
    pub(crate) fn discard(self) {
        drop(self.handle);
        self.engine.discard().expect("it ends");
    }

    /// Returns all figures that do not depend on the time, and checks that they agree with each other.
    pub(crate) fn figures(&self) -> Figures {
        let query = SessionQuery { limit: usize::MAX, include_hidden: true, ..SessionQuery::default() };
        let Response::Sessions(page) = self.request(Request::Sessions(query)) else { panic!("sessions") };
        let Response::Days(days, by_day) = self.request(Request::Days { zone: Some(Tz::UTC) }) else { panic!("days") };
        let Response::Models(models, by_model) = self.request(Request::Models) else { panic!("models") };
        let anchor = Some(BlockPlacement::Estimate);
        let Response::Blocks(blocks, by_block) = self.request(Request::Blocks { anchor }) else { panic!("blocks") };
        let sum = |rows: &mut dyn Iterator<Item = &Totals>| rows.fold(Totals::default(), |all, row| both(&all, row));
        let sums = [
            ("sessions", sum(&mut page.sessions.iter().map(|row| &row.totals))),
            ("days", sum(&mut days.iter().map(|row| &row.totals))),
            ("models", sum(&mut models.iter().map(|row| &row.totals))),
            ("the total of days", by_day),
            ("the total of models", by_model),
            ("the total of blocks", by_block),
            ("the snapshot", self.total()),
        ];
        for (what, sum) in sums {
            assert_eq!(sum, page.totals, "{what} and the sessions' total");
        }
        let used: u128 = blocks.iter().map(|block| block.tokens_used).sum();
        assert_eq!(used, page.totals.total_tokens, "blocks and the total");
        let session = |row: &token_monitor_core::report::model::SessionStats| SessionRow {
            totals: row.totals.clone(),
            started: row.start_time,
            last: row.last_activity,
            project: row.project_path.clone(),
            title: row.display_name.clone(),
            models: row.models_used.clone(),
            tags: row.tags.clone(),
        };
        Figures {
            total: page.totals,
            sessions: page.sessions.iter().map(|row| (row.session_id.clone(), session(row))).collect(),
            days,
            blocks: blocks.into_iter().map(|block| (block.id, block.end_time, block.tokens_used)).collect(),
            models,
        }
    }
}

/// Adds two totals; costs in billionths of a dollar.
fn both(one: &Totals, other: &Totals) -> Totals {
    let nanos = |totals: &Totals| (totals.total_cost.unwrap_or_default() * 1e9).round();
    let total_tokens = one.total_tokens + other.total_tokens;
    let unpriced_tokens = one.unpriced_tokens + other.unpriced_tokens;
    let nanos = nanos(one) + nanos(other);
    let nothing_is_priced = nanos == 0.0 && total_tokens > 0 && unpriced_tokens == total_tokens;
    Totals {
        input_tokens: one.input_tokens + other.input_tokens,
        output_tokens: one.output_tokens + other.output_tokens,
        cache_creation_tokens: one.cache_creation_tokens + other.cache_creation_tokens,
        cache_creation_1h_tokens: one.cache_creation_1h_tokens + other.cache_creation_1h_tokens,
        cache_read_tokens: one.cache_read_tokens + other.cache_read_tokens,
        total_tokens,
        total_cost: (!nothing_is_priced).then(|| nanos / 1e9),
        cost_by_kind: (!nothing_is_priced).then(|| both_by_kind(one.cost_by_kind, other.cost_by_kind)),
        unpriced_tokens,
        message_count: one.message_count + other.message_count,
        under_logged_messages: one.under_logged_messages + other.under_logged_messages,
        ..one.clone()
    }
}

/// Adds costs by kind exactly, in billionths of a dollar.
fn both_by_kind(one: Option<CostByKind>, other: Option<CostByKind>) -> CostByKind {
    let parts = |costs: Option<CostByKind>| {
        let costs =
            costs.unwrap_or(CostByKind { input: 0.0, output: 0.0, cache_creation: 0.0, cache_read: 0.0, other: 0.0 });
        [costs.input, costs.output, costs.cache_creation, costs.cache_read, costs.other]
    };
    let (one, other) = (parts(one), parts(other));
    let sum = |part: usize| ((one[part] * 1e9).round() + (other[part] * 1e9).round()) / 1e9;
    CostByKind { input: sum(0), output: sum(1), cache_creation: sum(2), cache_read: sum(3), other: sum(4) }
}

/// All figures of an engine that do not depend on the time.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Figures {
    pub(crate) total: Totals,
    pub(crate) sessions: BTreeMap<String, SessionRow>,
    pub(crate) days: Vec<DayStats>,
    pub(crate) blocks: Vec<(String, DateTime<Utc>, u128)>,
    pub(crate) models: Vec<ModelStats>,
}

impl Figures {
    /// Returns the output tokens by session.
    pub(crate) fn outputs(&self) -> BTreeMap<&str, u128> {
        self.sessions.iter().map(|(id, row)| (id.as_str(), row.totals.output_tokens)).collect()
    }
}

/// A session.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SessionRow {
    pub(crate) totals: Totals,
    pub(crate) started: DateTime<Utc>,
    pub(crate) last: DateTime<Utc>,
    pub(crate) project: Option<String>,
    pub(crate) title: String,
    pub(crate) models: BTreeSet<String>,
    pub(crate) tags: Vec<String>,
}

/// Returns the number of skipped records by reason.
pub(crate) fn skip_counts(health: &Health) -> Vec<(SkipReason, u64)> {
    health.skipped.iter().map(|skip| (skip.reason, skip.count)).collect()
}

/// Returns the number of ignored files by reason.
pub(crate) fn ignored_counts(health: &Health) -> Vec<(&str, u64)> {
    health.ignored_paths.iter().map(|pass| (pass.reason.as_str(), pass.count)).collect()
}

/// A record with usage, formatted as JSON without a newline.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Line {
    pub(crate) id: String,
    pub(crate) session: &'static str,
    pub(crate) model: &'static str,
    pub(crate) minute: i64,
    pub(crate) side: bool,
    pub(crate) input: u64,
    pub(crate) output: u64,
    /// The unique id of the line.
    pub(crate) uuid: u64,
}

/// Returns a line of the main conversation of session `s`.
pub(crate) fn line(id: &str, output: u64) -> Line {
    let id = id.to_owned();
    Line { id, session: "s", model: "opus", minute: 0, side: false, input: 0, output, uuid: 0 }
}

impl Line {
    pub(crate) fn when(&self) -> DateTime<Utc> {
        DateTime::from_timestamp(START + 60 * self.minute, 0).expect("a time")
    }

    /// Returns the line with its newline.
    pub(crate) fn with_newline(&self) -> String {
        format!("{self}\n")
    }
}

impl fmt::Display for Line {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, session, model, side, input, output, uuid, .. } = self;
        let when = self.when().format("%Y-%m-%dT%H:%M:%SZ").to_string();
        let line = LogLine::new(id).session(session).model(model).at(&when).usage_field("input_tokens", *input);
        let line = line.output(*output).field("isSidechain", *side).field("cwd", "/home/x");
        write!(out, "{}", line.field("uuid", format!("{uuid:032}")))
    }
}

/// Starts a server that answers each request with the same JSON, and returns its address.
pub(crate) fn serve_json(json: &'static str) -> String {
    use std::io::{Read, Write};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("it has one");
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = stream.read(&mut [0; 4096]);
            let _ =
                write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{json}", json.len());
        }
    });
    format!("http://{address}/document.json")
}
