//! Running sessions: registry files of real processes, from the file to the snapshot and the alert.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use token_monitor_core::report::model::{AgentState, CacheMissCause, NameSource, Provenance, Snapshot};
use token_monitor_engine::{Request, Response};
use token_monitor_test_support::LogLine;

use crate::harness::{TestEngine, TestEnv, line};

/// A process whose registry file is written by the test.
struct Agent {
    process: Child,
    file: Value,
    path: std::path::PathBuf,
}

impl Agent {
    fn start(env: &TestEnv, session: &str) -> Self {
        let folder = env.outside("claude/sessions");
        fs::create_dir_all(&folder).expect("a folder");
        let process = Command::new("sleep").arg("1000").spawn().expect("sleep can be started");
        let pid = process.id();
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).expect("it runs");
        let start = stat.rsplit_once(')').and_then(|(_, rest)| rest.split_ascii_whitespace().nth(19)).expect("a start");
        let now = Utc::now().timestamp_millis();
        let file = json!({
            "pid": pid, "sessionId": session, "cwd": "/home/ada/web-app", "startedAt": now, "procStart": start,
            "version": "2.1.332", "kind": "interactive", "entrypoint": "cli", "name": "web-app-c1",
            "nameSource": "derived", "status": "idle", "statusUpdatedAt": now,
        });
        Self { path: folder.join(format!("{pid}.json")), process, file }
    }

    /// Sets fields and writes the file.
    fn write(&mut self, fields: &Value) {
        for (name, value) in fields.as_object().expect("fields") {
            self.file[name] = value.clone();
        }
        fs::write(&self.path, self.file.to_string()).expect("it is written");
    }

    fn set_status(&mut self, status: &str) {
        self.write(&json!({ "status": status, "statusUpdatedAt": Utc::now().timestamp_millis() }));
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

fn states(snapshot: &Snapshot) -> Vec<(&str, AgentState)> {
    snapshot.agents.iter().map(|agent| (agent.session_id.as_str(), agent.status.state)).collect()
}

fn until_states(running: &TestEngine, what: &str, expected: &[(&str, AgentState)]) {
    running.until(what, |snapshot| states(snapshot) == expected);
}

#[test]
fn a_session_is_followed_from_busy_to_killed() {
    let env = TestEnv::new();
    env.write("p/s.jsonl", line("1", 5).with_newline());
    let running = env.live();
    let mut agent = Agent::start(&env, "s");
    agent.set_status("busy");
    until_states(&running, "it is busy", &[("s", AgentState::Busy)]);
    agent.write(&json!({ "status": "waiting", "waitingFor": "permission prompt" }));
    let waiting = running.until("it waits", |snapshot| states(snapshot) == [("s", AgentState::Waiting)]);
    assert_eq!(waiting.agents[0].status.waiting_for.as_deref(), Some("permission prompt"));
    assert_eq!(waiting.recent_sessions[0].agent.as_ref(), Some(&waiting.agents[0].status), "the list has it too");
    agent.set_status("idle");
    until_states(&running, "it is idle", &[("s", AgentState::Idle)]);
    agent.set_status("shell");
    until_states(&running, "a command runs in the background", &[("s", AgentState::Busy)]);
    let killed = Utc::now();
    agent.process.kill().expect("it is ours");
    until_states(&running, "it was killed", &[]);
    assert!(Utc::now() - killed < TimeDelta::seconds(1), "without a sweep");
    assert!(agent.path.exists(), "Claude Code leaves its file behind");
    running.stop();
}

#[test]
fn the_session_of_a_process_may_change() {
    let env = TestEnv::new();
    let running = env.live();
    let mut agent = Agent::start(&env, "first");
    agent.set_status("busy");
    until_states(&running, "the first session", &[("first", AgentState::Busy)]);
    agent.write(&json!({ "sessionId": "second" }));
    until_states(&running, "the session that replaced it", &[("second", AgentState::Busy)]);
    fs::remove_file(&agent.path).expect("it is removed at a clean exit");
    until_states(&running, "nothing", &[]);
    running.stop();
}

#[test]
fn a_session_without_messages_is_named_by_its_title_or_its_folder() {
    let env = TestEnv::new();
    let mut agent = Agent::start(&env, "new");
    agent.set_status("idle");
    let running = env.start();
    running.sync();
    let found = running.snapshot().agents.remove(0);
    assert!(found.display_name.starts_with("web-app "), "a derived name is no title: {}", found.display_name);
    assert_eq!((found.name_source, found.has_messages), (NameSource::Project, false));
    assert_eq!(found.project_path.as_deref(), Some("/home/ada/web-app"));
    agent.write(&json!({ "name": "Harbour login", "nameSource": "user" }));
    running.sync();
    let found = running.snapshot().agents.remove(0);
    assert_eq!((found.display_name.as_str(), found.name_source), ("Harbour login", NameSource::CustomTitle));
    running.stop();
}

#[test]
fn nothing_is_shown_for_files_that_are_not_understood_or_stale() {
    let env = TestEnv::new();
    let mut agents: Vec<Agent> = (0..6).map(|index| Agent::start(&env, &format!("s{index}"))).collect();
    agents[0].write(&json!({ "entrypoint": "sdk-cli", "status": "busy" }));
    agents[1].write(&json!({ "status": "dreaming" }));
    agents[2].write(&json!({ "status": null }));
    agents[3].write(&json!({ "procStart": "1", "status": "busy" }));
    agents[4].write(&json!({ "pidDomain": "linux:0:pid:[1]", "status": "busy" }));
    agents[5].write(&json!({ "version": "9.0.0" }));
    let running = env.start();
    running.sync();
    assert_eq!(states(&running.snapshot()), []);
    running.stop();
}

#[test]
fn a_secret_beside_a_registry_file_is_never_opened() {
    let env = TestEnv::new();
    let mut agent = Agent::start(&env, "s");
    agent.set_status("busy");
    let key = agent.path.with_extension(format!("{}.key", "0".repeat(64)));
    fs::write(&key, "a secret").expect("it is written");
    let accessed = filetime(&key);
    fs::set_permissions(&key, fs::Permissions::from_mode(0o000)).expect("it is ours");
    let running = env.live();
    until_states(&running, "the session", &[("s", AgentState::Busy)]);
    assert_eq!(running.health().ignored_paths, [], "nobody tried to open it");
    assert_eq!(filetime(&key), accessed);
    running.stop();
}

/// Returns the time of the last read.
fn filetime(path: &std::path::Path) -> std::time::SystemTime {
    fs::metadata(path).and_then(|metadata| metadata.accessed()).expect("a time")
}

#[test]
fn twenty_registry_files_cause_no_work_at_rest() {
    let env = TestEnv::new();
    let mut agents: Vec<Agent> = (0..20).map(|index| Agent::start(&env, &format!("s{index}"))).collect();
    agents.iter_mut().for_each(|agent| agent.set_status("idle"));
    let running = env.live();
    running.until("all of them", |snapshot| snapshot.agents.len() == 20);
    assert!(running.snapshots_while_idle() <= 1, "at most the one that keeps the time");
    running.stop();
}

#[test]
fn a_session_that_waits_for_a_minute_is_an_alert_once() {
    let mut env = TestEnv::new();
    env.config = Some("alerts: { waiting: true }\nmonitoring: { update_frequency: 100ms }\n".to_owned());
    env.write("p/s.jsonl", line("1", 5).with_newline());
    let running = env.live();
    let mut alerts = running.listen();
    assert!(matches!(running.request(Request::MarkAppOpened), Response::AlertStatus(_)));
    running.sync();
    let mut agent = Agent::start(&env, "s");
    let waiting_since = |seconds| (Utc::now() - TimeDelta::seconds(seconds)).timestamp_millis();
    agent.write(&json!({
        "status": "waiting", "waitingFor": "input needed", "statusUpdatedAt": waiting_since(61),
    }));
    let alert = running.next(&mut alerts);
    assert!(alert.alert.title.ends_with("waits for you"), "{}", alert.alert.title);
    assert!(alert.alert.body.ends_with(": input needed."), "{}", alert.alert.body);
    running.stop();
}

fn message(id: &str, at: DateTime<Utc>, counts: [u64; 4]) -> LogLine {
    let at = at.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string();
    LogLine::new(id).model("claude-opus-5-5").at(&at).counts(counts).field("promptCacheRequested", "5m")
}

#[test]
fn the_last_prompt_gives_context_and_cache() {
    let env = TestEnv::new();
    let start = Utc::now() - TimeDelta::minutes(2);
    let second = |seconds| start + TimeDelta::seconds(seconds);
    env.append("p/s.jsonl", message("1", second(0), [2, 544, 14_093, 0]).with_newline());
    env.append("p/s.jsonl", message("2", second(10), [9, 4, 32, 14_093]).with_newline());
    let running = env.start();
    running.sync();
    let session = running.snapshot().recent_sessions.remove(0);
    let context = session.context.expect("a context");
    assert_eq!((context.tokens, context.window, context.label), (14_134, None, Provenance::Measured));
    let cache = session.prompt_cache.expect("a cache");
    assert_eq!((cache.ttl_seconds, cache.label), (300, Provenance::Estimated));
    let lifetime = cache.expires_at - second(10);
    assert!((TimeDelta::seconds(300)..=TimeDelta::seconds(301)).contains(&lifetime), "{lifetime}");
    assert_eq!((cache.cold_tokens, cache.last_miss), (Some(14_134), None));
    let cost = cache.cold_cost.expect("a price");
    assert!((cost - 14_134.0 * 5.0 / 1e6).abs() < 1e-9, "five dollars a million: {cost}");

    env.append("p/s.jsonl", message("3", second(40), [5, 91, 16_011, 0]).with_newline());
    running.sync();
    let cache = running.snapshot().recent_sessions.remove(0).prompt_cache.expect("a cache");
    let miss = cache.last_miss.expect("it was read cold");
    assert_eq!((miss.tokens, miss.causes), (Some(16_011), Vec::<CacheMissCause>::new()));

    let boundary = json!({
        "type": "system", "subtype": "compact_boundary", "sessionId": "s", "timestamp": second(50).to_rfc3339(),
    });
    env.append("p/s.jsonl", format!("{boundary}\n"));
    running.sync();
    let session = running.snapshot().recent_sessions.remove(0);
    assert_eq!((session.context, session.prompt_cache), (None, None), "unknown until the next answer");
    running.stop();

    env.append("p/s.jsonl", message("4", second(60), [4, 47, 14_591, 0]).with_newline());
    let again = env.start();
    again.sync();
    let session = again.snapshot().recent_sessions.remove(0);
    assert_eq!(session.context.map(|context| context.tokens), Some(14_595));
    assert_eq!(session.prompt_cache.and_then(|cache| cache.last_miss).and_then(|miss| miss.tokens), Some(16_011));
    again.stop();
}

#[test]
fn newer_figures_of_the_status_line_win() {
    let env = TestEnv::new();
    let answered = Utc::now() - TimeDelta::minutes(1);
    env.append("p/s.jsonl", message("1", answered, [2, 544, 14_093, 0]).with_newline());
    let inbox = env.outside("config/inbox");
    fs::create_dir_all(&inbox).expect("a folder");
    fs::set_permissions(&inbox, fs::Permissions::from_mode(0o700)).expect("it is ours");
    let write = |at: DateTime<Utc>| {
        let note = json!({
            "version": 1, "at": at.to_rfc3339(), "session": "s", "rate_limits": {},
            "figures": {
                "model": "claude-opus-5-5",
                "context": { "tokens": 14_095, "window": 1_000_000, "percent": 1.0 },
                "cache": { "expires_at": answered.timestamp() + 301, "ttl_seconds": 300, "hit_percent": 0.0 },
            },
        });
        fs::write(inbox.join("0123456789abcdef.json"), note.to_string()).expect("it is written");
    };
    write(answered + TimeDelta::seconds(1));
    let running = env.start();
    running.sync();
    let session = running.snapshot().recent_sessions.remove(0);
    let context = session.context.expect("a context");
    assert_eq!((context.window, context.percent, context.label), (Some(1_000_000), Some(1.0), Provenance::Official));
    assert_eq!(session.prompt_cache.map(|cache| cache.label), Some(Provenance::Official));

    env.append("p/s.jsonl", message("2", answered + TimeDelta::seconds(20), [7, 9, 85_898, 14_095]).with_newline());
    running.sync();
    let session = running.snapshot().recent_sessions.remove(0);
    let context = session.context.expect("a context");
    assert_eq!((context.tokens, context.percent, context.label), (100_000, Some(10.0), Provenance::Estimated));
    assert_eq!(session.prompt_cache.map(|cache| cache.label), Some(Provenance::Estimated));
    running.stop();
}

#[test]
fn the_usage_of_a_session_is_divided_among_its_pull_requests() {
    let env = TestEnv::new();
    let link = |number: u64, minute: i64| {
        let at = line("x", 0).when() + TimeDelta::minutes(minute);
        let url = format!("https://github.com/ada/harbour/pull/{number}");
        let record = json!({
            "type": "pr-link", "prNumber": number, "prUrl": url, "prRepository": "ada/harbour",
            "sessionId": "s", "timestamp": at.to_rfc3339(),
        });
        format!("{record}\n")
    };
    let at = |id: &str, minute, output| crate::harness::Line { minute, ..line(id, output) }.with_newline();
    env.append("p/s.jsonl", at("1", 0, 1) + &link(7, 2) + &at("2", 3, 2) + &at("3", 21, 4) + &link(8, 22));
    env.append("p/s.jsonl", at("4", 40, 8) + &link(7, 50) + "{\"type\":\"pr-link\",\"prUrl\":\"javascript:x\"}\n");
    env.append("p/other.jsonl", crate::harness::Line { session: "other", ..line("5", 16) }.with_newline());
    let check = || {
        let running = env.start();
        running.sync();
        let Response::Session(detail) = running.request(Request::Session { session: "s".to_owned() }) else {
            panic!("a session")
        };
        let rows: Vec<_> = detail
            .pull_requests
            .iter()
            .map(|row| (row.number, row.totals.output_tokens, row.repository.as_deref()))
            .collect();
        let repository = Some("ada/harbour");
        assert_eq!(rows, [(Some(7), 1 + 2, repository), (Some(8), 4 + 8, repository)]);
        let by = token_monitor_core::report::model::HistoryBy::PullRequest;
        let Response::History(history) = running.request(Request::History { from: None, to: None, by }) else {
            panic!("a history")
        };
        let parts: Vec<_> = history.parts.iter().map(|part| (part.name.as_deref(), part.amount.tokens)).collect();
        let url = |number| format!("https://github.com/ada/harbour/pull/{number}");
        assert_eq!(parts, [(Some(url(8).as_str()), 12), (Some(url(7).as_str()), 3), (None, 16)]);
        running.stop();
    };
    check();
    fs::remove_dir_all(env.projects().join("p")).expect("the logs are deleted");
    check();
}
