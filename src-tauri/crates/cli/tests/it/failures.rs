//! Errors: the message, the hint and the exit code of each kind. Errors change nothing.

use std::fs;

use redb::ReadableTable;

use crate::program::Home;

/// Returns the exit code and the standard error output.
fn fails(home: &Home, args: &[&str]) -> (i32, String) {
    let output = home.run(args);
    assert_eq!(String::from_utf8_lossy(&output.stdout), "", "{args:?}: errors go to standard error");
    (output.status.code().expect("it was not killed"), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn a_name_that_is_taken_exits_with_1() {
    let home = Home::with_sessions();
    home.prints(&["rename", "1f0e", "Login"]);
    let (code, error) = fails(&home, &["rename", "2b1a", "LOGIN"]);
    assert_eq!(code, 1);
    assert_eq!(error, "error: the name “LOGIN” is taken\nhint: Choose another name.\n");
}

#[test]
fn an_unknown_session_exits_with_1() {
    let home = Home::with_sessions();
    for wanted in ["nobody", "", "xyz"] {
        let (code, error) = fails(&home, &["rename", wanted, "Login"]);
        assert_eq!(code, 1, "{error}");
        assert!(error.starts_with(&format!("error: there is no session “{wanted}”")), "{error}");
    }
}

#[test]
fn a_test_alert_without_an_app_to_show_it_exits_with_1() {
    let home = Home::with_sessions();
    let (code, error) = fails(&home, &["alerts", "test", "week"]);
    assert_eq!(code, 1, "{error}");
    let expected =
        "error: Token Monitor is not running, so no alert can be shown\nhint: Start the app, then try again.\n";
    assert_eq!(error, expected);
    assert_eq!(home.json(&["alerts"])["alerts"], serde_json::json!([]));
}

#[test]
fn a_blank_name_exits_with_1() {
    let home = Home::with_sessions();
    let (code, error) = fails(&home, &["rename", "1f0e", " \t "]);
    assert_eq!(code, 1, "{error}");
}

#[test]
fn a_missing_settings_file_exits_with_2() {
    let home = Home::with_sessions();
    let (code, error) = fails(&home, &["sessions", "--config", "missing.yaml"]);
    assert_eq!((code, error.as_str()), (2, "error: there is no settings file missing.yaml\n"));
    assert_eq!(fails(&home, &["days", "--timezone", "Middle/Earth"]).0, 2, "an unknown time zone");
    assert!(!home.store().exists(), "nothing was opened");
}

#[test]
fn a_newer_store_exits_with_3_and_is_not_changed() {
    let home = Home::with_sessions();
    home.prints(&["sessions"]);
    let table = redb::TableDefinition::<&str, u64>::new("meta");
    let database = redb::Database::open(home.store()).expect("it opens");
    let write = database.begin_write().expect("it can be written");
    write.open_table(table).expect("it is there").insert("format", 999).expect("it fits");
    write.commit().expect("it is written");
    drop(database);
    let before = fs::read(home.store()).expect("it is there");
    let (code, error) = fails(&home, &["sessions"]);
    assert_eq!(code, 3, "{error}");
    assert!(error.contains("written by a newer version") && error.contains("hint: Update Token Monitor"), "{error}");
    assert_eq!(fs::read(home.store()).expect("it is there"), before);
}

#[test]
fn invalid_settings_are_reported_and_ignored() {
    let home = Home::with_sessions();
    fs::write(home.path().join("odd.yaml"), "performance: { worker_pool_size: many }\ncolour: blue\n").expect("a file");
    let output = home.run(&["sessions", "--json", "--config", "odd.yaml"]);
    assert_eq!(output.status.code(), Some(0));
    let warnings = String::from_utf8_lossy(&output.stderr);
    assert!(warnings.contains("performance.worker_pool_size") && warnings.contains("colour"), "{warnings}");
    assert_eq!(crate::program::json(&output)["totals"]["messageCount"], 5);
}

/// The contents of faulty settings files, each with a part of its message.
const FAULTY_FILES: [(&str, &str); 4] = [
    ("blocks: { token_limit: [", "faulty.yaml: "),
    ("colour: blue\n", "colour: expected one of the known settings"),
    ("performance: { worker_pool_size: many }\n", "performance.worker_pool_size: expected"),
    ("just a text\n", "expected settings by name"),
];

#[test]
fn commands_ignore_faulty_settings_with_a_warning() {
    let home = Home::with_sessions();
    for (contents, message) in FAULTY_FILES {
        fs::write(home.path().join("faulty.yaml"), contents).expect("a file");
        for command in ["status", "sessions", "blocks", "days", "models", "session 1f0e", "rename 1f0e Login"] {
            let args: Vec<_> = command.split(' ').chain(["--config", "faulty.yaml"]).collect();
            let output = home.run(&args);
            let warnings = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(0), "{command}: {contents}: {warnings}");
            assert!(warnings.contains("WARN") && warnings.contains(message), "{command}: {warnings}");
        }
    }
}

#[test]
fn doctor_and_settings_exit_with_2_after_their_output_if_settings_are_faulty() {
    let home = Home::with_sessions();
    for (contents, message) in FAULTY_FILES {
        fs::write(home.path().join("faulty.yaml"), contents).expect("a file");
        for command in ["doctor", "settings"] {
            for format in [None, Some("--json")] {
                let args: Vec<_> = [command, "--config", "faulty.yaml"].into_iter().chain(format).collect();
                let output = home.run(&args);
                assert_eq!(output.status.code(), Some(2), "{args:?}: {contents}");
                let text = String::from_utf8_lossy(&output.stdout);
                assert!(text.contains(message), "{args:?}: {text}");
                let error = String::from_utf8_lossy(&output.stderr);
                assert!(error.ends_with("error: one setting is invalid and was ignored\n"), "{error}");
            }
        }
    }
    fs::write(home.path().join("faulty.yaml"), "blocks: { token_limit: 5000 }\n").expect("a file");
    for command in ["doctor", "settings"] {
        assert_eq!(home.run(&[command, "--config", "faulty.yaml"]).status.code(), Some(0));
    }
}

/// Names a session as an earlier version may have stored it, without validation.
fn store_raw_name(home: &Home, session: &str, name: &str) {
    let (rows, index) =
        (redb::TableDefinition::<&str, &[u8]>::new("metadata"), redb::TableDefinition::<&str, &str>::new("name_index"));
    let database = redb::Database::open(home.store()).expect("it opens");
    let write = database.begin_write().expect("it can be written");
    {
        let mut table = write.open_table(rows).expect("it exists");
        let row = table.get(session).expect("it is readable").expect("the session has metadata").value().to_vec();
        let mut metadata: serde_json::Value = serde_json::from_slice(&row[1..]).expect("it is JSON");
        metadata["name"] = name.into();
        metadata["tags"] = serde_json::json!([name]);
        metadata["description"] = name.into();
        let row = [vec![row[0]], metadata.to_string().into_bytes()].concat();
        table.insert(session, row.as_slice()).expect("it is written");
        let mut names = write.open_table(index).expect("it exists");
        names.insert(name.to_lowercase().as_str(), session).expect("it is written");
    }
    write.commit().expect("it is written");
}

#[test]
fn a_stored_name_with_invisible_characters_never_reaches_the_terminal() {
    let home = Home::with_sessions();
    home.prints(&["rename", "1f0e", "Login"]);
    let hostile = "x\u{0}y\u{1b}]0;z\u{7}\u{9b}2J\u{202e}\u{200b}w";
    store_raw_name(&home, "1f0e9d8c-aaaa", hostile);
    let searched = format!("{hostile}!").replace('\u{0}', "");
    let commands: [&[&str]; 10] = [
        &["sessions"],
        &["session", "1f0e"],
        &["status"],
        &["blocks"],
        &["alerts"],
        &["doctor"],
        &["explain", "--session", "1f0e"],
        &["describe", "1f0e", "--tag", "work"],
        &["rename", "2b1a", "x\u{1b}[31my"],
        &["session", &searched],
    ];
    for args in commands {
        let output = home.run(args);
        let text = [output.stdout, output.stderr].concat();
        let text = String::from_utf8(text).expect("it is text");
        let is_raw = |c: char| (c.is_control() && c != '\n') || "\u{202e}\u{200b}".contains(c);
        assert!(!text.contains(is_raw), "{args:?}: {text:?}");
        assert!(!text.is_empty(), "{args:?}");
    }
    assert!(home.prints(&["rename", "1f0e", "a\u{202e}b"]).contains("“ab”"));
}

#[cfg(unix)]
#[test]
fn a_variable_that_is_not_utf_8_is_named() {
    use std::os::unix::ffi::OsStrExt;
    let home = Home::with_sessions();
    let value = std::ffi::OsStr::from_bytes(b"/home/ren\xe9/.claude");
    let output = home.command(&["doctor", "--json"]).env("CLAUDE_CONFIG_DIR", value).output().expect("it runs");
    let health: serde_json::Value = serde_json::from_slice(&output.stdout).expect("it prints JSON");
    let problem = "environment: CLAUDE_CONFIG_DIR: expected UTF-8 text, not /home/ren\u{fffd}/.claude";
    assert_eq!(health["settingsProblems"], serde_json::json!([problem]));
    assert_eq!(output.status.code(), Some(2));
}
