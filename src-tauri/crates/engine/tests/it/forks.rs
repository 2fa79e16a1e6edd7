//! Forks: copied lines stay with the session that made the call, and a store of an earlier version is corrected.

use serde_json::{Value, json};
use token_monitor_core::report::model::SessionStats;
use token_monitor_engine::{Request, Response, SessionQuery};

use crate::harness::{TestEngine, TestEnv};

/// A store in which an earlier version counted the two messages of session `parent` in session `fork`, to which their
/// lines were copied. The user named the parent "the harbour" before the fork was made.
const OLD_STORE: &[u8] = include_bytes!("files/copies-in-the-fork.db");

/// Returns a line with usage of a session on 2026-05-01 at 10 UTC.
fn answer(id: &str, minute: u32, output: u64, session: &str) -> Value {
    json!({
        "type": "assistant", "uuid": format!("u-{id}"), "sessionId": session, "cwd": "/home/ada/app",
        "timestamp": format!("2026-05-01T10:{minute:02}:00Z"), "requestId": format!("req_{id}"),
        "message": { "id": format!("msg_{id}"), "model": "claude-opus-5",
            "usage": { "input_tokens": 1, "output_tokens": output } }
    })
}

/// Returns the copy of a line in the log of another session.
fn copy_of(mut line: Value, fork: &str) -> Value {
    line["requestSessionId"] = std::mem::take(&mut line["sessionId"]);
    line["sessionId"] = json!(fork);
    line
}

fn text_of(records: &[Value]) -> String {
    records.iter().map(|record| format!("{record}\n")).collect()
}

fn parent_log() -> String {
    text_of(&[answer("1", 1, 100, "parent"), answer("2", 2, 50, "parent")])
}

fn fork_log() -> String {
    let copies = [answer("1", 1, 100, "parent"), answer("2", 2, 50, "parent")].map(|line| copy_of(line, "fork"));
    text_of(&copies) + &text_of(&[answer("3", 30, 7, "fork")])
}

fn sessions(engine: &TestEngine) -> Vec<SessionStats> {
    let query = SessionQuery { limit: 100, include_hidden: true, ..SessionQuery::default() };
    let Response::Sessions(page) = engine.request(Request::Sessions(query)) else { panic!("a page of sessions") };
    let mut sessions = page.sessions;
    sessions.sort_by(|a, b| b.session_id.cmp(&a.session_id));
    sessions
}

/// Returns the id, start and output of each session.
fn summary(engine: &TestEngine) -> Vec<(String, String, u128)> {
    let row = |session: SessionStats| {
        (session.session_id, session.start_time.format("%H:%M").to_string(), session.totals.output_tokens)
    };
    sessions(engine).into_iter().map(row).collect()
}

fn expected_summary() -> Vec<(String, String, u128)> {
    vec![("parent".to_owned(), "10:01".to_owned(), 150), ("fork".to_owned(), "10:30".to_owned(), 7)]
}

#[test]
fn a_fork_has_only_its_own_messages() {
    let env = TestEnv::new();
    env.write("p/parent.jsonl", parent_log());
    env.write("p/fork.jsonl", fork_log());
    let engine = env.start();
    engine.sync();
    assert_eq!(summary(&engine), expected_summary());
    engine.stop();
}

#[test]
fn a_fork_written_after_its_parent_was_named_leaves_the_name_alone() {
    let env = TestEnv::new();
    env.write("p/parent.jsonl", parent_log());
    let engine = env.start();
    engine.sync();
    engine.rename("parent", "mine").expect("the name is free");
    env.write("p/fork.jsonl", fork_log());
    engine.sync();
    assert_eq!(sessions(&engine).iter().filter(|session| session.display_name == "mine").count(), 1);
    assert_eq!(summary(&engine), expected_summary());
    engine.stop();
}

#[test]
fn a_store_of_an_earlier_version_is_corrected_from_the_logs() {
    let env = TestEnv::new();
    std::fs::create_dir_all(env.store().parent().expect("the path has a parent")).expect("a folder");
    std::fs::write(env.store(), OLD_STORE).expect("a file");
    env.write("p/parent.jsonl", parent_log());
    env.write("p/fork.jsonl", fork_log());
    let engine = env.start();
    engine.sync();
    assert_eq!(summary(&engine), expected_summary());
    let named = &sessions(&engine)[0];
    assert_eq!((named.session_id.as_str(), named.display_name.as_str()), ("parent", "the harbour"));
    assert_eq!(engine.figures().total.output_tokens, 157, "the sum is the same as before");
    engine.rename("the harbour", "the quay").expect("the session is found by its name");
    engine.stop();
    let again = env.start();
    again.sync();
    assert_eq!((summary(&again), sessions(&again)[0].display_name.as_str()), (expected_summary(), "the quay"));
    again.stop();
}

#[test]
fn a_store_of_an_earlier_version_keeps_the_counts_of_deleted_logs() {
    let env = TestEnv::new();
    std::fs::create_dir_all(env.store().parent().expect("the path has a parent")).expect("a folder");
    std::fs::write(env.store(), OLD_STORE).expect("a file");
    let engine = env.start();
    engine.sync();
    assert_eq!(summary(&engine), [("fork".to_owned(), "10:01".to_owned(), 157)]);
    assert_eq!(sessions(&engine)[0].project_path.as_deref(), Some("/home/ada/app"));
    engine.stop();
}

#[test]
fn metadata_of_a_session_without_messages_is_found_again_when_they_come_back() {
    let env = TestEnv::new();
    std::fs::create_dir_all(env.store().parent().expect("the path has a parent")).expect("a folder");
    std::fs::write(env.store(), OLD_STORE).expect("a file");
    let engine = env.start();
    engine.sync();
    assert!(sessions(&engine).iter().all(|session| session.session_id != "parent"));
    env.write("p/parent.jsonl", parent_log());
    engine.sync();
    let names: Vec<_> = sessions(&engine).into_iter().map(|session| session.display_name).collect();
    assert!(names.contains(&"the harbour".to_owned()), "{names:?}");
    engine.stop();
}

#[test]
fn a_worktree_entered_midway_is_shown_and_the_project_stays() {
    let env = TestEnv::new();
    let worktree = "/home/ada/app/.claude/worktrees/fix-login";
    let moved = |mut line: Value| {
        line["cwd"] = json!(worktree);
        line
    };
    let before = answer("1", 1, 5, "s");
    let state = json!({ "type": "worktree-state", "sessionId": "s",
        "worktreeSession": { "originalCwd": "/home/ada/app", "worktreePath": worktree } });
    let relocated = json!({ "type": "relocated", "sessionId": "s", "relocatedCwd": worktree });
    env.write("-home-ada-app--claude-worktrees-fix-login/s.jsonl", text_of(&[relocated, before, state]));
    let engine = env.start();
    let places = |engine: &TestEngine| {
        engine.sync();
        let session = sessions(engine).remove(0);
        (session.project_path, session.worktree)
    };
    let project = Some("/home/ada/app".to_owned());
    assert_eq!(places(&engine), (project.clone(), Some("fix-login".to_owned())), "before the first call in it");
    env.append("-home-ada-app--claude-worktrees-fix-login/s.jsonl", text_of(&[moved(answer("2", 2, 5, "s"))]));
    assert_eq!(places(&engine), (project.clone(), Some("fix-login".to_owned())));
    env.append("-home-ada-app--claude-worktrees-fix-login/s.jsonl", text_of(&[answer("3", 3, 5, "s")]));
    assert_eq!(places(&engine), (project, None), "it left the worktree");
    engine.stop();
}

#[test]
fn a_conversation_copied_with_the_ids_of_another_provider_is_counted_once() {
    let env = TestEnv::new();
    let gateway = |id: &str, uuid: &str, session: &str| {
        let mut line = answer(id, 1, 20, session);
        line["requestId"] = Value::Null;
        line["uuid"] = json!(uuid);
        line["message"]["id"] = json!(format!("20260501{id}"));
        line
    };
    for session in ["a", "b", "c"] {
        let lines = [gateway("1", "u-1", session), gateway("1", "u-2", session), gateway("2", "u-3", session)];
        env.write(&format!("p/{session}.jsonl"), text_of(&lines));
    }
    let engine = env.start();
    engine.sync();
    assert_eq!(engine.figures().total.output_tokens, 40);
    assert_eq!(summary(&engine), [("a".to_owned(), "10:01".to_owned(), 40)]);
    engine.stop();
    // The ids of a provider that numbers its messages are not unique.
    let other = gateway("1", "u-9", "d");
    env.write("p/d.jsonl", text_of(&[other]));
    let engine = env.start();
    engine.sync();
    assert_eq!(engine.figures().total.output_tokens, 60);
    engine.stop();
}
