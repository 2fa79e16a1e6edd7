//! `--demo`: made-up figures that are marked, and no trace of them afterwards.

use std::fs;
use std::path::{Path, PathBuf};

use crate::program::{Home, json};

/// Runs a command with `--demo` in a home folder with a temporary folder of its own.
fn run_demo(home: &Home, args: &[&str]) -> std::process::Output {
    let temporary = home.path().join("tmp");
    fs::create_dir_all(&temporary).expect("a folder");
    home.command(args).arg("--demo").env("TMPDIR", &temporary).env("TEMP", &temporary).output().expect("it runs")
}

/// Returns all files below a folder, with their contents.
fn list_tree(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        match entry.is_dir() {
            true => files.extend(list_tree(&entry)),
            false => files.push((entry.clone(), fs::read(&entry).expect("a file"))),
        }
    }
    files.sort();
    files
}

#[test]
fn the_figures_are_marked_and_nothing_of_the_users_is_read_or_written() {
    let home = Home::with_sessions();
    home.run(&["status"]);
    let before = list_tree(home.path());
    let output = run_demo(&home, &["status", "--json"]);
    assert_eq!(String::from_utf8_lossy(&output.stderr), "note: sample data, not your usage\n");
    let status = json(&output);
    assert_eq!(status["isDemo"], true);
    assert_eq!(status["blockUse"]["basis"], "official");
    let sessions = json(&run_demo(&home, &["sessions", "--json"]));
    let paths = sessions["sessions"].as_array().expect("a list").iter().map(|session| &session["projectPath"]);
    assert!(paths.clone().count() > 400);
    assert!(paths.clone().all(|path| path.as_str().is_some_and(|path| path.starts_with("/home/ada/"))));
    assert_eq!(list_tree(home.path()), before, "no file is added, changed or removed");
}

#[test]
fn own_figures_have_no_mark() {
    let status = Home::with_sessions().json(&["status"]);
    assert_eq!(status.get("isDemo"), None);
}

#[test]
fn names_given_to_sample_sessions_are_forgotten() {
    let home = Home::with_sessions();
    let listed = json(&run_demo(&home, &["sessions", "--json"]));
    let id = listed["sessions"][0]["sessionId"].as_str().expect("an id").to_owned();
    let renamed = run_demo(&home, &["rename", &id, "forgotten"]);
    assert!(renamed.status.success(), "{}", String::from_utf8_lossy(&renamed.stderr));
    let session = home.run(&["session", "forgotten"]);
    assert_eq!(session.status.code(), Some(1), "the own store has no such name");
}

#[test]
fn sample_data_has_no_settings_file() {
    let home = Home::new();
    let output = run_demo(&home, &["status", "--config", "config.yaml"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("cannot be used with"), "clap names both");
}
