//! Each kind of failure has its exit code, says what is wrong, and breaks nothing.

use std::fs;

use crate::program::Home;

/// The exit code and what was said.
fn fails(home: &Home, args: &[&str]) -> (i32, String) {
    let output = home.run(args);
    assert_eq!(String::from_utf8_lossy(&output.stdout), "", "{args:?}: what is wrong goes to the other stream");
    (output.status.code().expect("it ends by itself"), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn a_name_that_is_taken_is_the_user_s_to_change() {
    let home = Home::with_sessions();
    home.prints(&["rename", "1f0e", "Login"]);
    let (code, said) = fails(&home, &["rename", "2b1a", "LOGIN"]);
    assert_eq!(code, 1);
    assert_eq!(said, "error: the name “LOGIN” is taken\nhint: Choose another name.\n");
}

#[test]
fn a_session_that_is_not_there_is_the_user_s_to_change() {
    let home = Home::with_sessions();
    for meant in ["nobody", "", "xyz"] {
        let (code, said) = fails(&home, &["rename", meant, "Login"]);
        assert_eq!(code, 1, "{said}");
        assert!(said.starts_with(&format!("error: there is no session “{meant}”")), "{said}");
    }
}

#[test]
fn an_alert_that_nobody_could_show_is_not_tried() {
    let home = Home::with_sessions();
    let (code, said) = fails(&home, &["alerts", "test", "week"]);
    assert_ne!(code, 0, "{said}");
    let expected = "error: no Token Monitor runs that could show an alert\nhint: Start the app, then try again.\n";
    assert_eq!(said, expected);
    assert_eq!(home.json(&["alerts"])["alerts"], serde_json::json!([]));
}

#[test]
fn a_name_nobody_could_read_is_the_user_s_to_change() {
    let home = Home::with_sessions();
    let (code, said) = fails(&home, &["rename", "1f0e", " \t "]);
    assert_eq!(code, 1, "{said}");
}

#[test]
fn a_missing_settings_file_is_a_fault_of_configuration() {
    let home = Home::with_sessions();
    let (code, said) = fails(&home, &["sessions", "--config", "missing.yaml"]);
    assert_eq!((code, said.as_str()), (2, "error: there is no settings file missing.yaml\n"));
    assert_eq!(fails(&home, &["days", "--timezone", "Middle/Earth"]).0, 2, "as is a zone nobody knows");
    assert!(!home.store().exists(), "nothing was opened");
}

#[test]
fn a_newer_store_is_left_as_it_is() {
    let home = Home::with_sessions();
    home.prints(&["sessions"]);
    let table = redb::TableDefinition::<&str, u64>::new("meta");
    let database = redb::Database::open(home.store()).expect("it opens");
    let write = database.begin_write().expect("it can be written");
    write.open_table(table).expect("it is there").insert("format", 999).expect("it fits");
    write.commit().expect("it is written");
    drop(database);
    let before = fs::read(home.store()).expect("it is there");
    let (code, said) = fails(&home, &["sessions"]);
    assert_eq!(code, 3, "{said}");
    assert!(said.contains("written by a newer version") && said.contains("hint: Update Token Monitor"), "{said}");
    assert_eq!(fs::read(home.store()).expect("it is there"), before);
}

#[test]
fn a_bad_settings_file_stops_nothing() {
    let home = Home::with_sessions();
    fs::write(home.path().join("odd.yaml"), "performance: { worker_pool_size: many }\ncolour: blue\n").expect("a file");
    let output = home.run(&["sessions", "--json", "--config", "odd.yaml"]);
    assert_eq!(output.status.code(), Some(0));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("performance.worker_pool_size") && said.contains("colour"), "{said}");
    assert_eq!(crate::program::json(&output)["totals"]["messageCount"], 5);
}
