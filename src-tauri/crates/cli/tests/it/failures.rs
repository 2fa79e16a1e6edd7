//! Errors: the message, the hint and the exit code of each kind. Errors change nothing.

use std::fs;

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
