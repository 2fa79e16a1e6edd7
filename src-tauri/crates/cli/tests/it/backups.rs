//! The `backups` commands, and a damaged store as the commands show it.

use std::fs;
use std::path::PathBuf;

use insta::assert_snapshot;

use crate::program::{Home, json};

#[test]
fn help_texts_are_unchanged() {
    let home = Home::new();
    assert_snapshot!("help-backups", home.prints(&["backups", "--help"]));
    assert_snapshot!("help-backups-restore", home.prints(&["backups", "restore", "--help"]));
}

#[test]
fn a_backup_is_made_listed_and_restored() {
    let home = Home::with_sessions();
    assert_eq!(home.json(&["backups"])["backups"], serde_json::json!([]));
    // The first list has counted the logs, so its store was backed up at its end.
    let listed = home.json(&["backups"]);
    assert_eq!(listed["backups"].as_array().expect("a list").len(), 1);
    let made = home.json(&["backups", "create"]);
    // The helper replaces the home folder.
    let home_path = home.path().to_str().expect("it is text");
    let real_path = |path: &serde_json::Value| path.as_str().expect("a path").replace('~', home_path);
    let path = real_path(&made["backups"][0]["path"]);
    assert!(PathBuf::from(&path).is_file() && home.prints(&["backups"]).contains("In the folder ~/backups"));
    home.prints(&["rename", "1f0e", "Login"]);
    let before = home.json(&["sessions"]);
    let restored = home.json(&["backups", "restore", &path]);
    assert_eq!(real_path(&restored["restored"]), path);
    assert!(PathBuf::from(real_path(&restored["kept"])).is_file());
    assert_eq!(home.json(&["sessions"]), before, "names of both, each message once");
    assert!(home.prints(&["backups", "restore", &path]).starts_with("Restored ~/backups/sessions.db.2"));
}

#[test]
fn a_file_that_is_no_backup_exits_with_1() {
    let home = Home::with_sessions();
    home.prints(&["sessions"]);
    fs::write(home.path().join("diary"), "nothing was counted today").expect("a file");
    for file in ["diary", "missing"] {
        let output = home.run(&["backups", "restore", file]);
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{error}");
        assert!(error.starts_with("error: ") && error.contains("hint: "), "{error}");
    }
    assert_eq!(home.json(&["sessions"])["totals"]["messageCount"], 5);
}

#[test]
fn every_command_says_that_the_store_was_damaged() {
    let home = Home::with_sessions();
    home.prints(&["rename", "1f0e", "Login"]);
    let mut bytes = fs::read(home.store()).expect("it is readable");
    bytes[4096..].fill(0);
    fs::write(home.store(), bytes).expect("it is written");
    for command in ["sessions", "days", "models", "blocks", "status", "doctor"] {
        let output = home.run(&[command, "--json"]);
        let warnings = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(warnings.contains("The store was damaged") && warnings.contains("sessions.db.corrupt-"), "{warnings}");
        assert!(!warnings.contains("panicked at"), "{warnings}");
        let value = json(&output);
        if command == "sessions" {
            assert_eq!(value["totals"]["messageCount"], 5);
            assert!(value["sessions"].to_string().contains("\"Login\""), "the name comes from the backup");
        }
        if ["status", "doctor"].contains(&command) {
            assert_eq!(value["problems"][0]["code"], "storeUnreadable");
        }
    }
}
