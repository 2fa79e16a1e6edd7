//! Compares contexts, caches and registry files with those that the real Claude Code wrote.
//!
//! The files are not part of the project. The tests pass without them if they are missing.

use std::fs;
use std::path::{Path, PathBuf};

use chrono_tz::Tz;
use serde_json::Value;
use token_monitor_core::agents::{RegistryFile, parse_job_file, parse_registry_file};
use token_monitor_core::ledger::{Prompt, SessionPrompts};
use token_monitor_core::pricing::CostCalculator;
use token_monitor_core::quota::StatusLineInput;
use token_monitor_core::report::model::AgentState;
use token_monitor_core::time::{MICROS_PER_SECOND, Timestamp};

use crate::ingest::discover::LogDiscovery;
use crate::ingest::tail::Tail;
use crate::ledger_store::LedgerStore;

/// The seconds for which an interrupted answer in the client's logs was streamed.
const MAX_INTERRUPTED_SECONDS: i64 = 6;

/// Returns the folder with the client's files, if it exists.
#[expect(clippy::print_stderr, reason = "the output of the tests should show what was not compared")]
fn client_folder() -> Option<PathBuf> {
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().map(|folder| folder.join("shared/client"));
    let found = above.into_iter().find(|folder| folder.join("registry").is_dir());
    if found.is_none() {
        eprintln!("Skipped: there are no files of the real Claude Code beside the project.");
    }
    found
}

fn json_files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let files = entries.filter(|path| path.extension().is_some_and(|end| end == "json"));
    let name = |path: &Path| path.file_name().expect("a name").to_string_lossy().into_owned();
    let mut files: Vec<_> = files.map(|path| (name(&path), fs::read(&path).expect("it is read"))).collect();
    files.sort();
    files
}

/// Returns the state that the name of a file contains; `None` if the file has none or is that of a print run.
fn state_in_name(name: &str) -> Option<AgentState> {
    let states = [
        ("-session-waiting", AgentState::Waiting),
        ("-session-busy", AgentState::Busy),
        ("-session-shell", AgentState::Busy),
        ("-session-idle", AgentState::Idle),
    ];
    let found = states.into_iter().find(|(part, _)| name.contains(part)).map(|(_, state)| state);
    found.filter(|_| !name.contains("sdk-cli"))
}

#[test]
fn registry_files_of_the_client_are_understood() {
    let Some(client) = client_folder() else { return };
    for (name, bytes) in json_files(&client.join("registry")).iter().filter(|(name, _)| name.contains("-session-")) {
        let found = match parse_registry_file(bytes) {
            RegistryFile::Session(entry) => Some(*entry),
            RegistryFile::Incomplete | RegistryFile::Ignored => None,
        };
        assert_eq!(found.as_ref().map(|entry| entry.state), state_in_name(name), "{name}");
        let Some(entry) = found else { continue };
        assert_eq!(entry.title.is_some(), name.ends_with("-user.json") || name.ends_with("-auto.json"), "{name}");
        assert_eq!(entry.job.is_some(), name.contains("-bg-"), "{name}");
        let reason = entry.waiting_for.map(|reason| reason.replace(' ', "_")).unwrap_or_default();
        assert!(name.contains(&reason), "{name}: {reason}");
    }
    for (name, bytes) in json_files(&client.join("registry")).iter().filter(|(name, _)| name.contains("-job-")) {
        let job = parse_job_file(bytes).unwrap_or_else(|| panic!("{name} is a job"));
        let expected = name.contains("blocked").then_some("Bash");
        assert_eq!(job.blocked_tool.as_deref(), expected, "{name}");
    }
}

/// Returns the time of the first answer after a time, if it was interrupted.
fn end_of_interrupted_answer(log: &Path, after: Timestamp) -> Option<Timestamp> {
    let text = fs::read_to_string(log).expect("it is read");
    let records = text.lines().map(|line| serde_json::from_str::<Value>(line).expect("a record"));
    let mut answers = records.filter(|record| record["type"] == "assistant").filter_map(|record| {
        let at = record["timestamp"].as_str().and_then(Timestamp::parse).filter(|at| *at > after)?;
        Some((at, record["isAbortedMidStream"] == true))
    });
    answers.next().filter(|(_, is_cut)| *is_cut).map(|(at, _)| at)
}

/// Counts the lines of a session's log up to a time, and returns its last prompt.
fn prompts_until(log: &Path, session: &str, end: Timestamp) -> SessionPrompts {
    let temp = tempfile::tempdir().expect("a folder");
    let root = temp.path().join("projects");
    let is_earlier = |line: &&str| {
        let record: Value = serde_json::from_str(line).expect("a record");
        let time = record.get("timestamp").and_then(Value::as_str).and_then(Timestamp::parse);
        time.is_none_or(|time| time <= end)
    };
    let text = fs::read_to_string(log).expect("it is read");
    let kept: String = text.lines().filter(is_earlier).map(|line| format!("{line}\n")).collect();
    fs::create_dir_all(root.join("p")).expect("a folder");
    fs::write(root.join("p").join(format!("{session}.jsonl")), kept).expect("it is written");
    let mut store =
        LedgerStore::open(&temp.path().join("sessions.db"), CostCalculator::default(), end).expect("the store opens");
    for log in LogDiscovery::scan_roots(&[root], false).logs {
        let mut chunks = Vec::new();
        Tail::default().read(&log, None, |chunk| chunks.push(chunk)).expect("it is read");
        chunks.iter().for_each(|chunk| store.count_chunk(chunk, None, Tz::UTC, end).expect("it is counted"));
    }
    let id = store.ledger.names.sessions.get(session.as_bytes()).expect("the session is known");
    store.ledger.sessions[&id].prompts.as_deref().copied().expect("a prompt")
}

#[test]
fn contexts_and_caches_equal_those_of_the_clients_status_line() {
    let Some(client) = client_folder() else { return };
    let mut compared = 0;
    for (name, bytes) in json_files(&client.join("statusline")) {
        let input = StatusLineInput::parse(&bytes).expect("it is an input");
        let (Some(context), Some(cache)) = (input.figures.context, input.figures.cache) else { continue };
        let answered = cache.expires_at - i64::try_from(cache.ttl_seconds).expect("a lifetime");
        let log = client.join("logs/projects/-home-ada-web-app").join(format!("{}.jsonl", input.session));
        let answered = Timestamp(answered * 1_000_000);
        let interrupted = end_of_interrupted_answer(&log, answered);
        // The client counts from the start of the answer, rounded up.
        let end = interrupted.unwrap_or(Timestamp(answered.0 + MICROS_PER_SECOND));
        let prompts = prompts_until(&log, &input.session, end);
        let last = prompts.last.expect("a prompt");
        assert_eq!(last.tokens(), context.tokens, "{name}");
        let ttl = last.ttl.expect("a lifetime").seconds();
        assert_eq!(u64::from(ttl), cache.ttl_seconds, "{name}");
        let expiry = last.first_line.0.div_euclid(1_000_000) + i64::from(ttl);
        // Of an interrupted answer only the end is logged, and the client counts from its start.
        let earliest = if interrupted.is_some() { -MAX_INTERRUPTED_SECONDS } else { 0 };
        assert!((earliest..=1).contains(&(cache.expires_at - expiry)), "{name}: {} and {expiry}", cache.expires_at);
        assert_eq!(cache.cold_tokens, Some(Prompt::tokens(&last)), "{name}");
        if let Some(miss) = &cache.last_miss {
            let own = prompts.last_miss.unwrap_or_else(|| panic!("{name} has a miss"));
            assert_eq!(Some(own.tokens), miss.tokens, "{name}");
        }
        compared += 1;
    }
    assert!(compared >= 10, "only {compared} inputs were compared");
}
