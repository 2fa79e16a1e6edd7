//! Corrections: after each, the figures of the hub equal those of the device.

use token_monitor_hub::ReportGroup;

use crate::program::{Home, line};
use crate::team::team_harness::{Device, TeamHub};

/// Pushes and compares the figures. Returns the number of sent rows.
fn push_and_compare(hub: &TeamHub, device: &Device, level: u8) -> u64 {
    let rows = device.push(&hub.url, level);
    assert_eq!(hub.figures(&device.member), device.figures());
    rows
}

#[test]
fn only_changed_rows_are_sent() {
    let hub = TeamHub::start();
    let device = Device::with_home(&hub, "ada", Home::with_sessions());
    assert_eq!(push_and_compare(&hub, &device, 1), 5);
    assert_eq!(push_and_compare(&hub, &device, 1), 0, "nothing has changed");
    let grown = line("2b1a0c9d-bbbb", "b2", "claude-sonnet-5", "2026-02-05T00:30:01Z", [4, 50, 400, 4_000]);
    device.home.append("-home-x-docs/2b1a0c9d-bbbb.jsonl", &grown);
    assert_eq!(push_and_compare(&hub, &device, 1), 1, "a message that grew");
    let earlier = line("2b1a0c9d-bbbb", "b2", "claude-sonnet-5", "2026-02-04T23:50:00Z", [4, 40, 400, 4_000]);
    device.home.append("-home-x-docs/2b1a0c9d-bbbb.jsonl", &earlier);
    assert_eq!(push_and_compare(&hub, &device, 1), 2, "a message that moved to an earlier day leaves a row");
    let tomorrow = line("2b1a0c9d-bbbb", "b3", "claude-sonnet-5", "2099-02-05T00:30:00Z", [1, 1, 1, 1]);
    device.home.append("-home-x-docs/2b1a0c9d-bbbb.jsonl", &tomorrow);
    assert_eq!(push_and_compare(&hub, &device, 1), 1, "a clock that is wrong");
}

#[test]
fn a_change_of_prices_is_sent() {
    let hub = TeamHub::start();
    let device = Device::with_home(&hub, "ada", Home::with_sessions());
    push_and_compare(&hub, &device, 0);
    let before = hub.figures("ada");
    device.home.prints(&[
        "settings",
        "set",
        "pricing.overrides",
        r#"{"claude-sonnet-5":{"input":1000,"output":1000}}"#,
    ]);
    assert_eq!(push_and_compare(&hub, &device, 0), 2, "the days with this model");
    assert_ne!(hub.figures("ada"), before);
}

#[test]
fn properties_of_a_session_that_turn_out_later_change_its_rows() {
    let hub = TeamHub::start();
    let device = Device::with_home(&hub, "ada", Home::with_sessions());
    push_and_compare(&hub, &device, 3);
    let names = |hub: &TeamHub| {
        let rows = hub.report(&[ReportGroup::Repository, ReportGroup::Branch, ReportGroup::Session], None).rows;
        let text = |value: &serde_json::Value| value.as_str().unwrap_or("-").to_owned();
        let mut names: Vec<_> = rows
            .iter()
            .map(|row| ["repository", "branch", "sessionName"].map(|name| text(&row.values[name])))
            .collect();
        names.sort();
        names
    };
    let expected = |rows: [[&str; 3]; 2]| rows.map(|row| row.map(str::to_owned));
    assert_eq!(names(&hub), expected([["work", "-", "-"], ["work", "-", "-"]]));
    device.home.prints(&["rename", "1f0e", "Login"]);
    assert_eq!(push_and_compare(&hub, &device, 3), 3, "the rows of the session");
    assert_eq!(names(&hub), expected([["work", "-", "-"], ["work", "-", "Login"]]));
    let moved = line("2b1a0c9d-bbbb", "b0", "claude-sonnet-5", "2026-02-04T23:00:00Z", [1, 1, 1, 1]);
    let moved = moved
        .replace("/home/x/work", "/home/x/docs")
        .replace("\"type\":\"assistant\"", "\"type\":\"assistant\",\"gitBranch\":\"main\"");
    device.home.append("-home-x-docs/2b1a0c9d-bbbb.jsonl", &moved);
    push_and_compare(&hub, &device, 3);
    assert_eq!(names(&hub), expected([["docs", "main", "-"], ["work", "-", "Login"]]));
}

#[test]
fn a_store_restored_from_a_backup_sends_everything_again() {
    let hub = TeamHub::start();
    let device = Device::with_home(&hub, "ada", Home::with_sessions());
    push_and_compare(&hub, &device, 1);
    let backup = device.home.json(&["backups", "create"])["backups"][0]["path"].as_str().expect("a path").to_owned();
    let backup = backup.replace('~', device.home.path().to_str().expect("it is text"));
    let log = device
        .home
        .write("-home-x-new/3c.jsonl", &[line("3c", "c1", "claude-sonnet-5", "2026-02-06T00:30:00Z", [1, 1, 1, 1])]);
    push_and_compare(&hub, &device, 1);
    std::fs::remove_file(log).expect("the log is deleted");
    device.home.prints(&["backups", "restore", &backup]);
    device.home.append(
        "-home-x-docs/2b1a0c9d-bbbb.jsonl",
        &line("2b1a0c9d-bbbb", "b9", "claude-sonnet-5", "2026-02-07T00:30:00Z", [7, 7, 7, 7]),
    );
    assert_eq!(push_and_compare(&hub, &device, 1), 6, "the rows of the hub that the device has forgotten are gone");
    std::fs::remove_file(device.home.store()).expect("the store is deleted");
    push_and_compare(&hub, &device, 1);
}

#[test]
fn a_device_with_a_new_token_does_not_count_twice() {
    let hub = TeamHub::start();
    let device = Device::with_home(&hub, "ada", Home::with_sessions());
    push_and_compare(&hub, &device, 1);
    device.set_token(&hub.add_member("ada"));
    push_and_compare(&hub, &device, 1);
    hub.revoke("ada");
    let refused = device.try_push(&hub.url, 2);
    assert_eq!(refused.status.code(), Some(1));
    let message = "error: the hub answered 401: The token is missing, wrong or revoked.\n";
    assert_eq!(String::from_utf8_lossy(&refused.stderr), message);
    assert_eq!(hub.figures("ada"), device.figures(), "what was counted stays");
}

#[test]
fn what_was_shared_can_be_deleted() {
    let hub = TeamHub::start();
    let device = Device::with_home(&hub, "ada", Home::with_sessions());
    push_and_compare(&hub, &device, 3);
    let output = device.home.command(&["push", "--to", &hub.url, "--delete"]).output().expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(hub.stored_text(), "");
    assert_eq!(push_and_compare(&hub, &device, 0), 4, "it can be shared again");
}

#[test]
fn without_a_hub_nothing_is_lost() {
    let hub = TeamHub::start();
    let device = Device::with_home(&hub, "ada", Home::with_sessions());
    let missing = device.try_push("http://127.0.0.1:9", 1);
    assert_eq!(missing.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&missing.stderr).contains("error: the hub cannot be reached"));
    push_and_compare(&hub, &device, 1);
}

#[test]
fn the_outbox_exists_only_while_usage_is_shared() {
    let hub = TeamHub::start();
    let device = Device::with_home(&hub, "ada", Home::with_sessions());
    device.home.prints(&["status"]);
    assert_eq!(team_tables(&device), Vec::<String>::new());
    device.home.prints(&["push", "--to", "https://hub.example/", "--dry-run"]);
    assert_eq!(team_tables(&device), Vec::<String>::new(), "a dry run stores nothing");
    device.push(&hub.url, 0);
    assert_eq!(team_tables(&device), ["team_days", "team_rows", "team_state"]);
    device.home.prints(&["push", "--to", &hub.url, "--delete"]);
    assert_eq!(team_tables(&device), Vec::<String>::new());
}

/// Returns the names of the tables about sharing in the store.
fn team_tables(device: &Device) -> Vec<String> {
    let database = redb::Database::open(device.home.store()).expect("no process has it open");
    let read = redb::ReadableDatabase::begin_read(&database).expect("it is read");
    let tables = read.list_tables().expect("they are listed");
    let names = tables.map(|table| redb::TableHandle::name(&table).to_owned());
    let mut names: Vec<String> = names.filter(|name| name.starts_with("team_")).collect();
    names.sort();
    names
}
