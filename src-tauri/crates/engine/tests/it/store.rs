//! Damaged stores are renamed and refilled, newer ones rejected.

use std::fs;
use std::path::PathBuf;

use token_monitor_engine::{Engine, EngineMode, StoreError};

use crate::harness::{TestEnv, line};

fn set_aside(env: &TestEnv) -> Vec<PathBuf> {
    let folder = env.store().parent().expect("it has a folder").to_owned();
    let names = fs::read_dir(folder).expect("it is there").map(|entry| entry.expect("an entry").path());
    names.filter(|path| path.to_string_lossy().contains("sessions.db.corrupt-")).collect()
}

#[test]
fn an_unreadable_store_is_renamed_and_refilled_from_the_logs() {
    let env = TestEnv::new();
    env.write("p/s.jsonl", line("1", 5).with_newline());
    let whole = {
        env.figures();
        fs::read(env.store()).expect("it is there")
    };
    let cut_short = whole[..whole.len() / 2].to_vec();
    for (turn, damaged) in [b"no store at all".to_vec(), cut_short, vec![0; 5000]].into_iter().enumerate() {
        fs::write(env.store(), &damaged).expect("it is written");
        assert_eq!(env.figures().total.output_tokens, 5);
        let kept = set_aside(&env);
        assert_eq!(kept.len(), turn + 1);
        assert!(kept.iter().any(|path| fs::read(path).expect("it is kept") == damaged), "byte for byte");
    }
    assert_eq!(env.figures().total.output_tokens, 5);
    assert_eq!(set_aside(&env).len(), 3, "the new store is a good one");
}

#[test]
fn a_replaced_store_is_reported() {
    let env = TestEnv::new();
    fs::create_dir_all(env.store().parent().expect("it has a folder")).expect("a folder");
    fs::write(env.store(), "no store at all").expect("it is written");
    let running = env.start();
    let problems = running.snapshot().problems;
    assert!(problems.len() == 1 && problems[0].message.contains("sessions.db.corrupt-"), "{problems:?}");
    env.write("p/s.jsonl", line("1", 5).with_newline());
    running.sync();
    running.stop();
    let running = env.start();
    assert_eq!(running.snapshot().problems, problems, "it is shown until the file is deleted");
    assert_eq!(running.total().output_tokens, 5, "what was counted meanwhile was saved");
    running.stop();
    set_aside(&env).iter().for_each(|path| fs::remove_file(path).expect("it is deleted"));
    let running = env.start();
    assert_eq!(running.snapshot().problems, []);
    running.stop();
}

#[test]
fn a_newer_store_is_rejected_and_unchanged() {
    let env = TestEnv::new();
    env.figures();
    let table = redb::TableDefinition::<&str, u64>::new("meta");
    let database = redb::Database::open(env.store()).expect("it opens");
    let write = database.begin_write().expect("it can be written");
    write.open_table(table).expect("it is there").insert("format", 999).expect("it fits");
    write.commit().expect("it is written");
    drop(database);
    let before = fs::read(env.store()).expect("it is there");
    let rejected = Engine::start(env.sources(), EngineMode::OnDemand).map(|_| ());
    assert!(matches!(rejected, Err(StoreError::NewerFormat { found: 999, .. })), "{rejected:?}");
    assert_eq!(fs::read(env.store()).expect("it is there"), before);
    assert!(set_aside(&env).is_empty());
}

#[test]
fn history_outlives_its_logs_and_a_name_outlives_both() {
    let env = TestEnv::new();
    env.write("p/s.jsonl", line("1", 5).with_newline());
    let running = env.start();
    running.sync();
    let renamed = running.rename("s", "Login").expect("the name is free");
    assert_eq!(renamed.project_path.as_deref(), Some("/home/x"));
    running.stop();
    fs::remove_dir_all(env.outside("claude")).expect("it goes");
    let running = env.start();
    running.sync();
    let figures = running.figures();
    assert_eq!((figures.total.output_tokens, figures.sessions["s"].title.as_str()), (5, "Login"));
    running.stop();
}

#[test]
fn without_folders_everything_is_zero_without_problems() {
    let env = TestEnv::bare();
    let running = env.start();
    running.sync();
    let snapshot = running.snapshot();
    assert_eq!((snapshot.totals.message_count, snapshot.problems.len(), snapshot.roots.len()), (0, 0, 1));
    assert!(!snapshot.roots[0].found);
    assert_eq!(running.figures().sessions.len(), 0);
    running.stop();
}
