//! A folder of logs, a store beside it, and an engine over both.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, UNIX_EPOCH};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use tempfile::TempDir;
use token_monitor_core::blocks::Anchor;
use token_monitor_core::report::model::{DayStats, ModelStats, Snapshot, Totals};
use token_monitor_core::transcript::Reason;
use token_monitor_engine::config::{ConfigFile, Layers};
use token_monitor_engine::{AlertOut, Answer, Ask, Conduct, Engine, Handle, Health, Homes, Refusal, SessionQuery};
use tokio::runtime::Runtime;
use tokio::sync::broadcast::Receiver;
use tokio::time::timeout;

/// Far longer than anything awaited takes; it ends a test that would wait for ever.
pub(crate) const DEADLINE: Duration = Duration::from_secs(10);

/// 2026-05-01T10:00:00Z in seconds.
pub(crate) const START: i64 = 1_777_629_600;

/// A folder of logs and a store.
pub(crate) struct World {
    folder: TempDir,
    /// The user's settings file, if there is one.
    pub(crate) config: Option<String>,
}

impl World {
    pub(crate) fn new() -> Self {
        let world = Self::bare();
        fs::create_dir_all(world.projects()).expect("a folder");
        world
    }

    /// A world in which Claude Code never ran.
    pub(crate) fn bare() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder"), config: None }
    }

    pub(crate) fn projects(&self) -> PathBuf {
        self.folder.path().join("claude/projects")
    }

    /// A place outside the folders that are looked at.
    pub(crate) fn outside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn store(&self) -> PathBuf {
        self.folder.path().join("config/sessions.db")
    }

    pub(crate) fn config_path(&self) -> PathBuf {
        self.outside("config.yaml")
    }

    /// The log at a place such as `p/s.jsonl`; its folder is made.
    pub(crate) fn log(&self, place: &str) -> PathBuf {
        let path = self.projects().join(place);
        fs::create_dir_all(path.parent().expect("it lies in a project")).expect("a folder");
        path
    }

    /// Writes a whole log, in place.
    pub(crate) fn write(&self, place: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.log(place);
        fs::write(&path, bytes).expect("it is written");
        stamp(&path);
        path
    }

    /// Appends to a log.
    pub(crate) fn append(&self, place: &str, bytes: impl AsRef<[u8]>) {
        let mut file = OpenOptions::new().create(true).append(true).open(self.log(place)).expect("it opens");
        file.write_all(bytes.as_ref()).expect("it is written");
    }

    pub(crate) fn layers(&self) -> Layers {
        let homes = Homes { home: Some(self.folder.path().to_owned()), ..Homes::default() };
        let mut layers = Layers { homes, ..Layers::default() };
        if let Some(text) = &self.config {
            fs::write(self.config_path(), text).expect("it is written");
        }
        layers.file = ConfigFile::read(self.config_path());
        layers.environment.insert("claude_config_dirs", self.outside("claude").display().to_string());
        layers.environment.insert("storage.db_path", self.store().display().to_string());
        layers
    }

    /// An engine that acts when asked.
    pub(crate) fn start(&self) -> Running {
        self.run(Conduct::OnDemand)
    }

    /// An engine that watches.
    pub(crate) fn live(&self) -> Running {
        self.run(Conduct::Live)
    }

    fn run(&self, conduct: Conduct) -> Running {
        Self::run_on(self.layers(), conduct)
    }

    /// An engine with settings of its own.
    pub(crate) fn run_on(layers: Layers, conduct: Conduct) -> Running {
        let engine = Engine::start(layers, conduct).expect("the store opens");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a timer");
        Running { handle: engine.handle(), engine, runtime }
    }

    /// What an engine that starts now finds, having read all there is.
    pub(crate) fn figures(&self) -> Figures {
        let running = self.start();
        running.catch_up();
        let figures = running.figures();
        running.stop();
        figures
    }
}

/// Gives a file a time of its own: two writes within one tick of the clock could not be told apart otherwise.
pub(crate) fn stamp(path: &Path) {
    static NEXT: AtomicU64 = AtomicU64::new(1_700_000_000);
    let when = UNIX_EPOCH + Duration::from_secs(NEXT.fetch_add(1, Ordering::Relaxed));
    File::options().append(true).open(path).and_then(|file| file.set_modified(when)).expect("it takes a time");
}

/// An engine that runs.
pub(crate) struct Running {
    engine: Engine,
    handle: Handle,
    runtime: Runtime,
}

impl Running {
    pub(crate) fn ask(&self, ask: Ask) -> Answer {
        self.try_to(ask).expect("it answers")
    }

    /// Asks for what may be refused.
    pub(crate) fn try_to(&self, ask: Ask) -> Result<Answer, Refusal> {
        let answer = self.runtime.block_on(async { timeout(DEADLINE * 3, self.handle.ask(ask)).await });
        answer.expect("it answers in time")
    }

    /// Asks for what an alert comes of, and tells what became of that.
    pub(crate) fn ask_and_tell(
        &self,
        ask: Ask,
        alerts: &mut Receiver<Arc<AlertOut>>,
        became: impl FnOnce(u64) -> Ask,
    ) -> (Answer, Arc<AlertOut>) {
        let told = async {
            let out = alerts.recv().await.expect("it runs");
            self.handle.ask(became(out.id)).await.expect("it is heard");
            out
        };
        let both = futures_lite::future::zip(self.handle.ask(ask), told);
        let (answer, out) = self.runtime.block_on(async { timeout(DEADLINE, both).await }).expect("in time");
        (answer.expect("it answers"), out)
    }

    /// Somebody who shows alerts.
    pub(crate) fn listen(&self) -> Receiver<Arc<AlertOut>> {
        self.handle.alerts()
    }

    /// The next alert.
    pub(crate) fn next(&self, alerts: &mut Receiver<Arc<AlertOut>>) -> Arc<AlertOut> {
        let next = self.runtime.block_on(async { timeout(DEADLINE, alerts.recv()).await });
        next.expect("one comes in time").expect("it runs")
    }

    pub(crate) fn catch_up(&self) {
        assert_eq!(self.ask(Ask::CatchUp), Answer::Done);
    }

    pub(crate) fn snapshot(&self) -> Snapshot {
        let Answer::Snapshot(snapshot) = self.ask(Ask::Snapshot) else { panic!("a snapshot") };
        *snapshot
    }

    /// What people should know, in words.
    pub(crate) fn problems(&self) -> Vec<String> {
        self.snapshot().problems.into_iter().map(|problem| problem.message).collect()
    }

    pub(crate) fn total(&self) -> Totals {
        self.snapshot().totals
    }

    pub(crate) fn health(&self) -> Health {
        let Answer::Health(health) = self.ask(Ask::Health) else { panic!("its health") };
        *health
    }

    /// Waits for a snapshot.
    pub(crate) fn until(&self, what: &str, holds: impl Fn(&Snapshot) -> bool) -> Arc<Snapshot> {
        let mut snapshots = self.handle.subscribe();
        let found = self.runtime.block_on(async {
            let found = timeout(DEADLINE, snapshots.wait_for(|snapshot| holds(snapshot))).await;
            found.map(|found| found.expect("it runs").clone())
        });
        found.unwrap_or_else(|_| panic!("{what}: waited in vain; it shows {:?}", self.handle.subscribe().borrow()))
    }

    /// How many snapshots come within a second in which nobody does anything.
    pub(crate) fn published_while_nothing_happens(&self) -> u64 {
        let mut snapshots = self.handle.subscribe();
        snapshots.mark_unchanged();
        self.runtime.block_on(async {
            let mut published = 0;
            let counting = async {
                while snapshots.changed().await.is_ok() {
                    published += 1;
                }
            };
            // It goes on until the time is over: there is nothing to wait for.
            let _ = timeout(Duration::from_secs(1), counting).await;
            published
        })
    }

    pub(crate) fn stop(self) {
        drop(self.handle);
        self.engine.stop().expect("the store closes");
    }

    /// All it answers that does not depend on the time, and that it agrees with itself.
    pub(crate) fn figures(&self) -> Figures {
        let query = SessionQuery { limit: usize::MAX, hidden_too: true, ..SessionQuery::default() };
        let Answer::Sessions(page) = self.ask(Ask::Sessions(query)) else { panic!("sessions") };
        let Answer::Days(days, by_day) = self.ask(Ask::Days { zone: Some(Tz::UTC) }) else { panic!("days") };
        let Answer::Models(models, by_model) = self.ask(Ask::Models) else { panic!("models") };
        let anchor = Some(Anchor::Estimate);
        let Answer::Blocks(blocks, by_block) = self.ask(Ask::Blocks { anchor }) else { panic!("blocks") };
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

/// The sum of two, in billionths of a dollar where it is money.
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
        unpriced_tokens,
        message_count: one.message_count + other.message_count,
        under_logged_messages: one.under_logged_messages + other.under_logged_messages,
        ..one.clone()
    }
}

/// All that an engine answers and that does not depend on the time.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Figures {
    pub(crate) total: Totals,
    pub(crate) sessions: BTreeMap<String, SessionRow>,
    pub(crate) days: Vec<DayStats>,
    pub(crate) blocks: Vec<(String, DateTime<Utc>, u128)>,
    pub(crate) models: Vec<ModelStats>,
}

impl Figures {
    /// Session → its output.
    pub(crate) fn outputs(&self) -> BTreeMap<&str, u128> {
        self.sessions.iter().map(|(id, row)| (id.as_str(), row.totals.output_tokens)).collect()
    }
}

/// One session.
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

/// How often something was skipped, by reason.
pub(crate) fn skipped(health: &Health) -> Vec<(Reason, u64)> {
    health.skipped.iter().map(|skip| (skip.reason, skip.count)).collect()
}

/// How many files were passed over, by reason.
pub(crate) fn passed_over(health: &Health) -> Vec<(&str, u64)> {
    health.passed_over.iter().map(|pass| (pass.reason.as_str(), pass.count)).collect()
}

/// A record with usage; shown as JSON without a newline.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Line {
    pub(crate) id: String,
    pub(crate) session: &'static str,
    pub(crate) model: &'static str,
    pub(crate) minute: i64,
    pub(crate) side: bool,
    pub(crate) input: u64,
    pub(crate) output: u64,
    /// What makes the line unlike any other.
    pub(crate) uuid: u64,
}

/// A line of the main conversation of session `s`.
pub(crate) fn line(id: &str, output: u64) -> Line {
    let id = id.to_owned();
    Line { id, session: "s", model: "opus", minute: 0, side: false, input: 0, output, uuid: 0 }
}

impl Line {
    pub(crate) fn when(&self) -> DateTime<Utc> {
        DateTime::from_timestamp(START + 60 * self.minute, 0).expect("a time")
    }

    /// With its newline.
    pub(crate) fn ended(&self) -> String {
        format!("{self}\n")
    }
}

impl fmt::Display for Line {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, session, model, side, input, output, uuid, .. } = self;
        let when = self.when().format("%Y-%m-%dT%H:%M:%SZ");
        write!(
            out,
            r#"{{"type":"assistant","sessionId":"{session}","timestamp":"{when}","isSidechain":{side},"cwd":"/home/x","message":{{"id":"msg_{id}","model":"{model}","usage":{{"input_tokens":{input},"output_tokens":{output}}}}},"uuid":"{uuid:032}"}}"#
        )
    }
}
