//! Writes the sample data as logs, in the form in which Claude Code writes them.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use chrono::SecondsFormat;
use serde_json::{Value, json};

use crate::demo::session::{DemoSession, DemoTurn};

/// The version of Claude Code that the lines name.
pub(crate) const CLIENT_VERSION: &str = "2.1.290";

/// Returns the path of a session's log in a Claude Code folder.
pub(crate) fn log_path(claude: &Path, session: &DemoSession) -> PathBuf {
    let folder = session.project.path().replace(|c: char| !c.is_ascii_alphanumeric(), "-");
    claude.join("projects").join(folder).join(format!("{}.jsonl", session.id))
}

/// Writes the logs of a session: its own, and that of its subagent.
pub(crate) fn write_session(claude: &Path, session: &DemoSession) -> io::Result<()> {
    let log = log_path(claude, session);
    if let Some(folder) = log.parent() {
        fs::create_dir_all(folder)?;
    }
    write_lines(&log, session_lines(session))?;
    match &session.run {
        Some(run) => write_run(&log.with_extension("").join("subagents"), &run.id, run_lines(session)),
        None => Ok(()),
    }
}

/// Appends a turn to the log of a session.
pub(crate) fn append_turn(claude: &Path, session: &DemoSession, turn: &DemoTurn) -> io::Result<()> {
    let mut log = File::options().append(true).open(log_path(claude, session))?;
    log.write_all(format!("{}\n", assistant_line(session, turn, session.model)).as_bytes())
}

fn write_run(folder: &Path, run: &str, lines: impl Iterator<Item = Value>) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    fs::write(folder.join(format!("agent-{run}.meta.json")), r#"{"agentType":"Explore"}"#)?;
    write_lines(&folder.join(format!("agent-{run}.jsonl")), lines)
}

fn write_lines(path: &Path, lines: impl Iterator<Item = Value>) -> io::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    for line in lines {
        writeln!(file, "{line}")?;
    }
    file.flush()
}

fn session_lines(session: &DemoSession) -> impl Iterator<Item = Value> {
    let title = json!({ "type": "ai-title", "aiTitle": session.title, "sessionId": session.id });
    let answers = session.turns.iter().map(|turn| assistant_line(session, turn, session.model));
    [title].into_iter().chain(answers).chain(pull_request_line(session))
}

fn run_lines(session: &DemoSession) -> impl Iterator<Item = Value> {
    session.run.iter().flat_map(move |run| {
        run.turns.iter().map(move |turn| {
            let mut line = assistant_line(session, turn, run.model);
            line["isSidechain"] = true.into();
            line["agentId"] = run.id.as_str().into();
            line
        })
    })
}

fn pull_request_line(session: &DemoSession) -> Option<Value> {
    let (number, last) = (session.pull_request?, session.turns.last()?);
    let repository = format!("ada/{}", session.project.name);
    Some(json!({
        "type": "pr-link",
        "prNumber": number,
        "prUrl": format!("https://git.example/{repository}/pull/{number}"),
        "prRepository": repository,
        "timestamp": timestamp(last),
        "sessionId": session.id,
    }))
}

fn assistant_line(session: &DemoSession, turn: &DemoTurn, model: &str) -> Value {
    let id = turn.id.replace('-', "");
    json!({
        "type": "assistant",
        "uuid": turn.id,
        "timestamp": timestamp(turn),
        "sessionId": session.id,
        "requestId": format!("req_01{}", &id[..22]),
        "cwd": session.project.path(),
        "gitBranch": session.branch,
        "version": CLIENT_VERSION,
        "isSidechain": false,
        "message": {
            "id": format!("msg_01{}", &id[..22]),
            "role": "assistant",
            "model": model,
            "stop_reason": "end_turn",
            // Marks a complete answer.
            "stop_details": null,
            "usage": {
                "input_tokens": turn.usage.input,
                "output_tokens": turn.usage.output,
                "cache_creation_input_tokens": turn.usage.cache_write,
                "cache_read_input_tokens": turn.usage.cache_read,
            },
        },
    })
}

fn timestamp(turn: &DemoTurn) -> String {
    turn.at.to_rfc3339_opts(SecondsFormat::Millis, true)
}
