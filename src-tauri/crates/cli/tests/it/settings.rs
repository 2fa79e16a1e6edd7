//! `token-monitor settings`: the list, and changes without a running app.

use insta::{assert_json_snapshot, assert_snapshot};
use serde_json::{Value, json};

use crate::program::Home;

fn row(home: &Home, key: &str) -> (Value, Value) {
    let page = home.json(&["settings"]);
    let rows = page["rows"].as_array().expect("a list");
    let row = rows.iter().find(|row| row["key"] == key).expect("it is listed");
    (row["value"].clone(), row["origin"].clone())
}

#[test]
fn the_list_of_settings_is_unchanged() {
    let home = Home::new();
    assert_snapshot!("settings", home.prints(&["settings"]));
    let mut page = home.json(&["settings"]);
    page["version"] = json!("[version]");
    assert_json_snapshot!("settings-json", page);
    assert_snapshot!("help-settings", home.prints(&["settings", "--help"]));
    assert_snapshot!("help-settings-set", home.prints(&["settings", "set", "--help"]));
}

#[test]
fn a_setting_is_saved_and_unset() {
    let home = Home::with_sessions();
    assert_eq!(
        home.prints(&["settings", "set", "blocks.token_limit", "1000"]),
        "blocks.token_limit is now 1000 (saved)."
    );
    assert_eq!(row(&home, "blocks.token_limit"), (json!(1000), json!("saved")));
    let unset = home.prints(&["settings", "unset", "blocks.token_limit"]);
    assert_eq!(unset, "blocks.token_limit is now auto (default).");
    assert_eq!(row(&home, "blocks.token_limit"), (json!("auto"), json!("default")));
}

#[test]
fn a_list_is_several_words_or_one_with_commas_or_brackets() {
    let home = Home::new();
    for value in [&["50", "80"][..], &["50,80"], &["[50, 80]"]] {
        home.prints(&[&["settings", "set", "alerts.block"], value].concat());
        assert_eq!(row(&home, "alerts.block").0, json!([50, 80]), "{value:?}");
        home.prints(&["settings", "unset", "alerts.block"]);
    }
    home.prints(&["settings", "set", "alerts.command", "notify", "--json", "-x"]);
    assert_eq!(row(&home, "alerts.command").0, json!(["notify", "--json", "-x"]));
    home.prints(&["settings", "set", "alerts.command", "[]"]);
    assert_eq!(row(&home, "alerts.command").0, json!([]));
}

#[test]
fn an_invalid_value_exits_with_1_and_reports_what_is_expected() {
    let home = Home::new();
    for (args, error) in [
        (["display.theme", "pink"], "error: display.theme: expected auto, light, dark or contrast\n"),
        (["storage.db_path", "/x"], "error: storage.db_path is set by the environment or the command line\n"),
        (["no.such", "1"], "error: there is no setting “no.such”\nhint: token-monitor settings lists them.\n"),
    ] {
        let output = home.run(&[&["settings", "set"][..], &args].concat());
        assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(1), error));
    }
}

#[test]
fn the_zone_setting_applies_to_days() {
    let home = Home::with_sessions();
    let expected = home.json(&["days", "--timezone", "Asia/Kathmandu"]);
    assert_ne!(home.json(&["days"]), expected);
    home.prints(&["settings", "set", "display.zone", "Asia/Kathmandu"]);
    assert_eq!(home.json(&["days"]), expected);
}
