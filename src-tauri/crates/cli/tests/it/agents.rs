//! The commands while a session runs: its state, its context and its pull requests.

use std::fs;
use std::process::{Child, Command};

use serde_json::json;

use crate::program::{Home, line};

/// The id of a session of [`Home::with_sessions`].
const SESSION: &str = "2b1a0c9d-bbbb";

/// A process that stands for Claude Code.
pub(crate) struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Starts a process and writes its registry file, in which the session waits.
pub(crate) fn start_waiting(home: &Home) -> Process {
    let process = Process(Command::new("sleep").arg("1000").spawn().expect("sleep can be started"));
    let pid = process.0.id();
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).expect("it runs");
    let start = stat.rsplit_once(')').and_then(|(_, rest)| rest.split_ascii_whitespace().nth(19)).expect("a start");
    let now = chrono::Utc::now().timestamp_millis();
    let file = json!({
        "pid": pid, "sessionId": SESSION, "procStart": start, "startedAt": now, "version": "2.1.332",
        "kind": "interactive", "entrypoint": "cli", "status": "waiting", "waitingFor": "permission prompt",
        "statusUpdatedAt": now - 130_000,
    });
    let folder = home.path().join(".claude/sessions");
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join(format!("{pid}.json")), file.to_string()).expect("it is written");
    process
}

#[test]
fn a_running_session_is_shown_with_its_state_and_context() {
    let home = Home::with_sessions();
    let process = start_waiting(&home);
    let status = home.prints(&["status"]);
    assert!(status.contains(": waits for you, 2m, permission prompt; context 4,404 tokens, measured"), "{status}");
    assert!(status.contains("Agents         ▲ "), "{status}");
    let sessions = home.prints(&["sessions"]);
    let row = sessions.lines().find(|line| line.contains("2b1a0c9d")).expect("it is listed");
    assert!(row.contains("▲ ") && row.contains("(waits for you)"), "{row}");
    let session = home.prints(&["session", SESSION]);
    assert!(session.contains("State          waits for you, 2m, permission prompt"), "{session}");
    assert!(session.contains("Context        4,404 tokens, measured"), "{session}");
    assert!(session.contains("Cache          cold since "), "{session}");
    let agents = home.json(&["status"])["agents"].clone();
    assert_eq!(agents[0]["status"]["state"], "waiting");
    drop(process);
    assert_eq!(home.json(&["status"])["agents"], json!([]));
}

#[test]
fn the_pull_requests_of_a_session_are_listed_with_their_cost() {
    let home = Home::new();
    let answer = |id: &str, when: &str| line("s", id, "claude-opus-4-8", when, [0, 1_000, 0, 0]);
    let link = |number: u64, when: &str| {
        let url = format!("https://github.com/ada/harbour/pull/{number}");
        let record =
            json!({ "type": "pr-link", "prUrl": url, "prNumber": number, "sessionId": "s", "timestamp": when });
        format!("{record}\n")
    };
    home.write(
        "p/s.jsonl",
        &[
            answer("1", "2026-02-03T09:12:00Z"),
            link(7, "2026-02-03T09:20:00Z"),
            answer("2", "2026-02-03T10:00:00Z"),
            answer("3", "2026-02-03T10:01:00Z"),
            link(8, "2026-02-03T10:30:00Z"),
        ],
    );
    let session = home.prints(&["session", "s"]);
    let expected = "\
Pull request   https://github.com/ada/harbour/pull/7: 1,000 tokens; $0.03 API-equivalent
               https://github.com/ada/harbour/pull/8: 2,000 tokens; $0.05 API-equivalent";
    assert!(session.contains(expected), "{session}");
    let rows = home.json(&["session", "s"])["pullRequests"].clone();
    let sum: f64 = rows.as_array().expect("a list").iter().filter_map(|row| row["totalCost"].as_f64()).sum();
    let total = home.json(&["session", "s"])["session"]["totalCost"].as_f64().expect("a cost");
    assert!((sum - total).abs() < 1e-9, "{sum} and {total}");
}
