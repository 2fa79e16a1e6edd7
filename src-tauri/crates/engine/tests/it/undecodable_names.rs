//! Files and folders whose names are not UTF-8.

use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;

use token_monitor_engine::EngineMode;

use crate::harness::{TestEnv, ignored_counts, line};

fn name_of_bytes(bytes: &[u8]) -> &OsStr {
    OsStr::from_bytes(bytes)
}

#[test]
fn folders_and_logs_whose_names_are_not_utf_8_are_read_once() {
    let env = TestEnv::new();
    let project = env.projects().join(name_of_bytes(b"-home-\xff\xfe-x"));
    fs::create_dir_all(&project).expect("a folder");
    fs::write(project.join(name_of_bytes(b"s\xe9.jsonl")), line("1", 5).with_newline()).expect("a file");
    fs::write(project.join(name_of_bytes(b"s\xe8.jsonl")), line("2", 50).with_newline()).expect("a file");
    assert_eq!(env.figures().total.output_tokens, 55);
    let running = env.live();
    running.sync();
    let health = running.health();
    assert_eq!((health.logs, health.ignored_paths.len(), health.messages), (2, 0, 2));
    let mut log = fs::OpenOptions::new().append(true).open(project.join(name_of_bytes(b"s\xe9.jsonl"))).expect("a log");
    log.write_all(line("3", 500).with_newline().as_bytes()).expect("it is written");
    running.until("the new line", |snapshot| snapshot.totals.output_tokens == 555);
    running.stop();
}

#[test]
fn logs_below_a_home_folder_whose_name_is_not_utf_8_are_read() {
    let env = TestEnv::new();
    let home = env.outside("homes").join(name_of_bytes(b"ren\xe9"));
    let desktop = home.join(".config/Claude/local-agent-mode-sessions/group").join(name_of_bytes(b"sub\xff/local_1"));
    for (folder, id, output) in [(home.join(".claude"), "1", 5), (desktop.join(".claude"), "2", 50)] {
        fs::create_dir_all(folder.join("projects/p")).expect("a folder");
        fs::write(folder.join("projects/p/s.jsonl"), line(id, output).with_newline()).expect("a file");
    }
    let mut sources = env.sources();
    sources.dirs.home = Some(home);
    sources.environment.remove("claude_config_dirs");
    let running = TestEnv::start_with(sources, EngineMode::OnDemand);
    running.sync();
    assert_eq!(running.total().output_tokens, 55);
    running.stop();
}

#[test]
fn an_unreadable_folder_whose_name_is_not_utf_8_is_named() {
    let env = TestEnv::new();
    symlink(env.outside("nowhere"), env.projects().join(name_of_bytes(b"x\xff.jsonl"))).expect("a link");
    let running = env.start();
    running.sync();
    let health = running.health();
    assert_eq!(ignored_counts(&health), [("links that lead nowhere", 1)]);
    assert!(health.ignored_paths[0].example.ends_with("projects/x\u{fffd}.jsonl"), "{:?}", health.ignored_paths);
    running.stop();
}

#[test]
fn a_file_name_may_be_invalid_utf8() {
    let env = TestEnv::new();
    let folder = env.log("p/s.jsonl").parent().expect("it has a folder").to_owned();
    let name = name_of_bytes(b"\xff\xfe\n\x1b[31m.jsonl");
    fs::write(folder.join(name), line("1", 5).with_newline()).expect("it is written");
    assert_eq!(env.figures().total.output_tokens, 5);
    assert_eq!(env.figures().total.output_tokens, 5, "nor is it counted again after a restart");
}
