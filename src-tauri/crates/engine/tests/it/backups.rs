//! Daily backups, and the commands that make and restore them.

use std::fs;
use std::path::PathBuf;

use token_monitor_core::report::model::ProblemCode;
use token_monitor_engine::{ApiError, BackupRow, ErrorCode, Request, Response};

use crate::harness::{Line, TestEngine, TestEnv, line};

fn list(running: &TestEngine) -> Vec<BackupRow> {
    let Response::Backups(rows) = running.request(Request::Backups) else { panic!("backups") };
    rows
}

fn create(running: &TestEngine) -> BackupRow {
    let Response::Backups(mut rows) = running.request(Request::CreateBackup) else { panic!("a backup") };
    rows.remove(0)
}

fn restore(running: &TestEngine, file: &str) -> Result<PathBuf, ApiError> {
    match running.try_request(Request::RestoreBackup { file: file.to_owned() })? {
        Response::BackupRestored { kept, .. } => Ok(kept.into()),
        other => panic!("unexpected response: {other:?}"),
    }
}

#[test]
fn a_changed_store_is_backed_up_at_most_once_a_day() {
    let env = TestEnv::new();
    env.figures();
    let running = env.start();
    assert_eq!(list(&running), [], "an empty store needs no backup");
    running.stop();
    env.write("p/s.jsonl", line("1", 5).with_newline());
    env.figures();
    env.append("p/s.jsonl", line("2", 6).with_newline());
    env.figures();
    let running = env.start();
    assert_eq!(list(&running).len(), 1, "one a day");
    running.stop();
}

#[cfg(unix)]
#[test]
fn backups_are_private() {
    use std::os::unix::fs::PermissionsExt;
    let env = TestEnv::new();
    env.write("p/s.jsonl", line("1", 5).with_newline());
    let running = env.start();
    running.sync();
    let backup = PathBuf::from(create(&running).path);
    let mode = |path: &std::path::Path| fs::metadata(path).expect("it exists").permissions().mode() & 0o777;
    assert_eq!(mode(&backup), 0o600);
    assert_eq!(mode(backup.parent().expect("a folder")), 0o700);
    running.stop();
}

#[test]
fn three_backups_are_kept_and_interrupted_ones_are_deleted() {
    let env = TestEnv::new();
    env.write("p/s.jsonl", line("1", 5).with_newline());
    let running = env.start();
    running.sync();
    let made: Vec<BackupRow> = (0..5).map(|_| create(&running)).collect();
    let left = PathBuf::from(format!("{}.part", made[4].path));
    fs::write(&left, "half").expect("it is written");
    let last = create(&running);
    assert!(!left.exists());
    let expected: Vec<&BackupRow> = [&last, &made[4], &made[3]].into();
    assert_eq!(list(&running).iter().collect::<Vec<_>>(), expected);
    running.stop();
}

#[test]
fn a_restored_backup_counts_each_message_once_and_keeps_names_of_both() {
    let env = TestEnv::new();
    env.write("old/old.jsonl", Line { session: "old", ..line("6", 1000) }.with_newline());
    env.write("p/s.jsonl", line("1", 5).with_newline());
    let running = env.start();
    running.sync();
    running.rename("old", "Archive").expect("the name is free");
    let backup = create(&running);
    running.stop();
    fs::remove_file(env.store()).expect("it is deleted");
    fs::remove_dir_all(env.log("old")).expect("it is deleted");
    env.append("p/s.jsonl", line("2", 10).with_newline());
    let running = env.start();
    running.sync();
    running.rename("s", "Login").expect("the name is free");
    assert_eq!(running.total().output_tokens, 15);
    let name = PathBuf::from(&backup.path);
    let kept =
        restore(&running, name.file_name().and_then(|name| name.to_str()).expect("a name")).expect("it is sound");
    assert!(kept.is_file());
    running.sync();
    let figures = running.figures();
    assert_eq!(figures.total.output_tokens, 1015);
    running.stop();
    assert_eq!(env.figures(), figures);
    assert_eq!((figures.sessions["s"].title.as_str(), figures.sessions["old"].title.as_str()), ("Login", "Archive"));
    assert!(PathBuf::from(&backup.path).is_file(), "the backup stays");
}

#[test]
fn an_unsound_backup_is_refused_without_a_change() {
    let env = TestEnv::new();
    env.write("p/s.jsonl", line("1", 5).with_newline());
    let running = env.start();
    running.sync();
    let backup = create(&running).path;
    let mut bytes = fs::read(&backup).expect("it is readable");
    bytes[8192..].fill(0x5a);
    fs::write(&backup, bytes).expect("it is written");
    assert_eq!(restore(&running, &backup).expect_err("it is damaged").code, ErrorCode::BadValue);
    assert_eq!(restore(&running, "missing").expect_err("there is none").code, ErrorCode::NotFound);
    assert_eq!((running.total().output_tokens, running.problems()), (5, Vec::new()));
    running.stop();
    assert_eq!(env.figures().total.output_tokens, 5);
}

#[test]
fn a_damaged_store_is_filled_from_the_latest_sound_backup() {
    let env = TestEnv::new();
    env.write("p/s.jsonl", line("1", 5).with_newline());
    let running = env.start();
    running.sync();
    running.rename("s", "Login").expect("the name is free");
    create(&running);
    let latest = create(&running).path;
    running.stop();
    fs::write(&latest, "no store at all").expect("it is written");
    fs::remove_dir_all(env.log("p")).expect("it is deleted");
    fs::write(env.store(), "no store at all").expect("it is written");
    let running = env.start();
    running.sync();
    let figures = running.figures();
    assert_eq!((figures.total.output_tokens, figures.sessions["s"].title.as_str()), (5, "Login"));
    let codes: Vec<ProblemCode> = running.snapshot().problems.into_iter().map(|problem| problem.code).collect();
    assert_eq!(codes, [ProblemCode::StoreUnreadable]);
    running.stop();
}

#[test]
fn a_backup_that_fails_is_shown() {
    let env = TestEnv::new();
    env.write("p/s.jsonl", line("1", 5).with_newline());
    let folder = env.store().with_file_name("backups");
    fs::create_dir_all(env.store().parent().expect("a folder")).expect("a folder");
    fs::write(&folder, "a file in the place of the folder").expect("it is written");
    let running = env.start();
    running.sync();
    running.try_request(Request::CreateBackup).expect_err("there is no folder");
    let problem = &running.snapshot().problems[0];
    assert_eq!(problem.code, ProblemCode::BackupFailed);
    assert!(problem.message.contains("backups"), "{problem:?}");
    fs::remove_file(&folder).expect("it is deleted");
    create(&running);
    assert_eq!(running.problems(), [""; 0]);
    running.stop();
}
