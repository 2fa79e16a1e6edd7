//! A store or a log folder that is deleted or replaced while the engine runs.

use std::fs;
use std::path::PathBuf;

use serde_json::json;
use token_monitor_core::report::model::{ProblemCode, SessionChanges};
use token_monitor_engine::{EngineMode, Request, Response};

use crate::harness::{Line, TestEngine, TestEnv, line};

/// Creates an engine with a session `s` that has a name, tags, and the flags pinned and muted.
fn engine_with_named_session(env: &TestEnv) -> TestEngine {
    env.write("p/s.jsonl", line("1", 5).with_newline());
    let running = env.live();
    running.sync();
    describe(&running, "s", "Login");
    running
}

fn describe(running: &TestEngine, session: &str, name: &str) {
    let changes = SessionChanges {
        name: Some(name.to_owned()),
        tags: Some(vec!["work".to_owned()]),
        is_pinned: Some(true),
        is_muted: Some(true),
        ..SessionChanges::default()
    };
    running.request(Request::UpdateSession { session: session.to_owned(), changes });
}

fn problem_codes(running: &TestEngine) -> Vec<ProblemCode> {
    running.snapshot().problems.into_iter().map(|problem| problem.code).collect()
}

fn wait_for(running: &TestEngine, code: ProblemCode) {
    running.until("the problem", |snapshot| snapshot.problems.iter().any(|problem| problem.code == code));
}

/// Checks that a new engine finds the session with its metadata in the store.
fn check_stored(env: &TestEnv, name: &str, tokens: u128) {
    let running = env.start();
    running.sync();
    let figures = running.figures();
    let session = &figures.sessions["s"];
    assert_eq!((session.title.as_str(), session.tags.as_slice()), (name, ["work".to_owned()].as_slice()));
    assert_eq!(figures.total.output_tokens, tokens);
    let Response::Session(detail) = running.request(Request::Session { session: "s".to_owned() }) else {
        panic!("a session")
    };
    let metadata = serde_json::to_value(&*detail).expect("it is JSON").to_string();
    assert!(metadata.contains("\"isPinned\":true") && metadata.contains("\"isMuted\":true"), "{metadata}");
    running.stop();
}

/// Returns the files beside the store whose names contain a text.
fn files_named(env: &TestEnv, text: &str) -> Vec<PathBuf> {
    let folder = env.store().parent().expect("it has a folder").to_owned();
    let paths = fs::read_dir(folder).expect("it exists").map(|entry| entry.expect("an entry").path());
    paths.filter(|path| path.to_string_lossy().contains(text)).collect()
}

fn replace(env: &TestEnv, contents: &[u8]) {
    let other = env.outside("other.db");
    fs::write(&other, contents).expect("it is written");
    fs::rename(other, env.store()).expect("it is renamed");
}

#[test]
fn a_deleted_store_is_reported_and_written_again_with_all_data() {
    let env = TestEnv::new();
    env.write("gone/g.jsonl", line("9", 100).with_newline());
    let running = engine_with_named_session(&env);
    fs::remove_dir_all(env.log("gone")).expect("it is deleted");
    fs::remove_file(env.store()).expect("it is deleted");
    wait_for(&running, ProblemCode::StoreRestored);
    assert!(env.store().is_file());
    running.stop();
    check_stored(&env, "Login", 105);
}

#[test]
fn a_deleted_folder_of_the_store_is_created_again() {
    let env = TestEnv::new();
    let running = engine_with_named_session(&env);
    fs::remove_dir_all(env.store().parent().expect("a folder")).expect("it is deleted");
    wait_for(&running, ProblemCode::StoreRestored);
    running.stop();
    check_stored(&env, "Login", 5);
}

#[test]
fn a_store_deleted_before_the_end_is_written_at_the_end() {
    let env = TestEnv::new();
    let running = engine_with_named_session(&env);
    fs::remove_file(env.store()).expect("it is deleted");
    running.stop();
    check_stored(&env, "Login", 5);
}

#[test]
fn a_deleted_store_that_is_discarded_is_not_written_again() {
    let env = TestEnv::new();
    let folder = env.store().parent().expect("a folder").to_owned();
    env.write("p/s.jsonl", line("1", 5).with_newline());
    let running = env.start();
    running.sync();
    fs::remove_dir_all(&folder).expect("it is deleted");
    running.discard();
    assert!(!folder.exists());
}

#[test]
fn a_name_is_never_lost_with_the_file() {
    let env = TestEnv::new();
    env.write("p/s.jsonl", line("1", 5).with_newline());
    let running = env.start();
    running.sync();
    fs::remove_file(env.store()).expect("it is deleted");
    describe(&running, "s", "Login");
    assert!(env.store().is_file(), "the response is sent once the file exists again");
    assert_eq!(problem_codes(&running), [ProblemCode::StoreRestored]);
    running.stop();
    check_stored(&env, "Login", 5);
}

#[test]
fn a_store_replaced_by_another_kind_of_file_is_written_again() {
    let env = TestEnv::new();
    let running = engine_with_named_session(&env);
    replace(&env, b"no store at all");
    wait_for(&running, ProblemCode::StoreReplaced);
    running.stop();
    let aside = files_named(&env, "sessions.db.replaced-");
    assert_eq!(fs::read(&aside[0]).expect("it is kept"), b"no store at all");
    check_stored(&env, "Login", 5);
}

#[test]
fn a_store_replaced_by_an_empty_file_is_written_again() {
    let env = TestEnv::new();
    let running = engine_with_named_session(&env);
    replace(&env, b"");
    wait_for(&running, ProblemCode::StoreRestored);
    running.stop();
    check_stored(&env, "Login", 5);
}

/// Returns the contents of a store with more messages, whose logs are gone, and another named session.
fn backup_with_more(env: &TestEnv) -> Vec<u8> {
    let old = |id: &str, output: u64| Line { session: "old", ..line(id, output) }.with_newline();
    env.write("old/old.jsonl", old("6", 1000) + &old("7", 1));
    let running = env.start();
    running.sync();
    running.rename("old", "Archive").expect("the name is free");
    running.stop();
    let contents = fs::read(env.store()).expect("it is readable");
    fs::remove_file(env.store()).expect("it is deleted");
    fs::remove_dir_all(env.projects().join("old")).expect("it is deleted");
    contents
}

#[test]
fn a_restored_backup_with_more_messages_is_used_and_keeps_names_of_both() {
    let env = TestEnv::new();
    let backup = backup_with_more(&env);
    let running = engine_with_named_session(&env);
    replace(&env, &backup);
    wait_for(&running, ProblemCode::StoreReplaced);
    running.until("the logs are read", |snapshot| snapshot.totals.output_tokens == 1006);
    running.stop();
    assert_eq!(files_named(&env, "sessions.db.replaced-").len(), 1);
    check_stored(&env, "Login", 1006);
    assert_eq!(env.figures().sessions["old"].title, "Archive");
}

#[test]
fn an_older_copy_does_not_replace_the_store() {
    let env = TestEnv::new();
    let running = engine_with_named_session(&env);
    running.stop();
    let copy = fs::read(env.store()).expect("it is readable");
    env.append("p/s.jsonl", line("2", 10).with_newline());
    let running = env.live();
    running.sync();
    describe(&running, "s", "Logout");
    replace(&env, &copy);
    wait_for(&running, ProblemCode::StoreReplaced);
    running.stop();
    check_stored(&env, "Logout", 15);
}

#[test]
fn a_store_overwritten_in_place_keeps_names_and_is_filled_from_the_logs() {
    let env = TestEnv::new();
    for contents in [b"".as_slice(), b"no store at all", &[0; 100_000]] {
        let running = engine_with_named_session(&env);
        std::thread::sleep(std::time::Duration::from_millis(1500));
        fs::write(env.store(), contents).expect("it is written");
        wait_for(&running, ProblemCode::StoreOverwritten);
        running.until("the logs are read", |snapshot| snapshot.totals.output_tokens == 5);
        running.stop();
        check_stored(&env, "Login", 5);
    }
}

#[test]
fn a_backup_copied_over_the_store_keeps_names_of_both_and_settings() {
    let env = TestEnv::new();
    let backup = backup_with_more(&env);
    let running = engine_with_named_session(&env);
    let value = Some(json!("dark"));
    running.request(Request::SetSetting { key: "display.theme".to_owned(), value });
    std::thread::sleep(std::time::Duration::from_millis(1500));
    fs::write(env.store(), backup).expect("it is written");
    wait_for(&running, ProblemCode::StoreOverwritten);
    running.until("the logs are read", |snapshot| snapshot.totals.output_tokens == 1006);
    running.stop();
    check_stored(&env, "Login", 1006);
    let running = env.start();
    assert_eq!(serde_json::to_value(running.snapshot().display).expect("it is JSON")["theme"], "dark");
    running.stop();
    assert_eq!(env.figures().sessions["old"].title, "Archive");
}

#[test]
fn a_folder_that_cannot_be_created_again_is_reported_and_a_rename_fails() {
    let env = TestEnv::new();
    let running = engine_with_named_session(&env);
    let folder = env.store().parent().expect("a folder").to_owned();
    fs::rename(&folder, env.outside("moved")).expect("it is renamed");
    fs::write(&folder, "a file in the place of the folder").expect("it is written");
    wait_for(&running, ProblemCode::StoreUnavailable);
    running.rename("s", "Other").expect_err("the file is gone");
    env.append("p/s.jsonl", line("2", 10).with_newline());
    running.until("counting continues", |snapshot| snapshot.totals.output_tokens == 15);
    fs::remove_file(&folder).expect("it is deleted");
    running.until("the end of the outage", |snapshot| {
        snapshot.problems.iter().all(|problem| problem.code != ProblemCode::StoreUnavailable)
    });
    running.stop();
    check_stored(&env, "Login", 15);
}

#[test]
fn a_log_folder_that_vanishes_is_reported_until_it_is_back() {
    let env = TestEnv::new();
    let running = engine_with_named_session(&env);
    fs::rename(env.outside("claude"), env.outside("elsewhere")).expect("it is renamed");
    let snapshot = running.until("the problem", |snapshot| {
        snapshot.problems.iter().any(|problem| problem.code == ProblemCode::FolderMissing)
    });
    let message = &snapshot.problems[0].message;
    assert!(message.contains("claude/projects has vanished; its log is no longer read"), "{message}");
    assert_eq!(snapshot.totals.output_tokens, 5, "history is kept");
    fs::rename(env.outside("elsewhere"), env.outside("claude")).expect("it is renamed");
    running.until("the problem has ended", |snapshot| snapshot.problems.is_empty());
    env.append("p/s.jsonl", line("2", 10).with_newline());
    running.until("the log is read again", |snapshot| snapshot.totals.output_tokens == 15);
    running.stop();
}

#[test]
fn a_home_beside_the_default_one_that_vanishes_is_reported() {
    let env = TestEnv::new();
    let mut sources = env.sources();
    sources.environment.remove("claude_config_dirs");
    for (home, id) in [(".claude", "1"), (".claude-work", "2")] {
        fs::create_dir_all(env.outside(home).join("projects/p")).expect("a folder");
        fs::write(env.outside(home).join("projects/p/s.jsonl"), line(id, 5).with_newline()).expect("a file");
    }
    let running = TestEnv::start_with(sources, EngineMode::Live);
    running.until("both homes", |snapshot| snapshot.totals.output_tokens == 10);
    fs::remove_dir_all(env.outside(".claude-work")).expect("it is deleted");
    wait_for(&running, ProblemCode::FolderMissing);
    running.stop();
}

#[test]
fn a_log_folder_that_vanished_before_the_start_is_reported_if_its_logs_are_known() {
    let env = TestEnv::new();
    env.write("p/s.jsonl", line("1", 5).with_newline());
    env.figures();
    fs::rename(env.outside("claude"), env.outside("moved")).expect("it is moved");
    let running = env.start();
    running.sync();
    assert_eq!(running.snapshot().problems.len(), 1, "{:?}", running.problems());
    assert!(running.problems()[0].contains("has vanished; its log is no longer read"), "{:?}", running.problems());
    running.stop();
}
