//! Levels: what leaves the device at each, and what a lower one deletes.

use insta::assert_snapshot;
use rstest::rstest;
use token_monitor_test_support::{LogLine, custom_title};

use crate::program::Home;
use crate::team::proxy::Proxy;
use crate::team::team_harness::{Device, TeamHub};

/// Texts in the logs and the store, each with the lowest level at which it may be sent; none for 9.
const TEXTS: [(&str, u8); 9] = [
    ("claude-opus-4-8", 0),
    ("shop-folder", 2),
    ("fix-refunds", 2),
    ("Refund-Name", 3),
    ("billing-tag", 3),
    ("secret-session-id", 9),
    ("Title-From-Claude", 9),
    ("Prompt-Of-The-User", 9),
    ("Description-Text", 3),
];

/// The token of the snapshots.
const TOKEN: &str = "tmh1.01010101010101010101010101010101.02020202020202020202020202020202.\
    0303030303030303030303030303030303030303030303030303030303030303.04040404040404040404040404040404";

fn home() -> Home {
    let home = Home::new();
    let line = |id: &str, minute: &str| {
        let line = LogLine::new(id).session("secret-session-id").model("claude-opus-4-8");
        let line = line.at(&format!("2026-02-03T09:{minute}:00Z")).counts([12, 345, 6_000, 70_000]);
        line.field("cwd", "/home/x/shop-folder").field("gitBranch", "fix-refunds").with_newline()
    };
    let prompt = serde_json::json!({
        "type": "user", "sessionId": "secret-session-id", "timestamp": "2026-02-03T09:00:00Z",
        "message": { "role": "user", "content": "Prompt-Of-The-User" }
    });
    let lines = [
        format!("{prompt}\n"),
        custom_title("secret-session-id", "Title-From-Claude"),
        line("a", "01"),
        line("b", "31"),
    ];
    home.write("-home-x-shop/secret-session-id.jsonl", &lines);
    home.prints(&["rename", "secret-session-id", "Refund-Name"]);
    let describe = ["describe", "secret-session-id", "--tag", "billing-tag", "--description", "Description-Text"];
    home.prints(&describe);
    home
}

#[rstest]
#[case(0)]
#[case(1)]
#[case(2)]
#[case(3)]
fn a_dry_run_prints_what_a_level_sends(#[case] level: u8) {
    let home = home();
    let device = Device { home, member: "ada".to_owned() };
    device.set_token(TOKEN);
    let dry_run =
        || device.home.prints(&["push", "--to", "https://hub.example/", "--level", &level.to_string(), "--dry-run"]);
    let printed = dry_run();
    assert_snapshot!(format!("push-level-{level}"), printed);
    assert_eq!(dry_run(), printed, "nothing was stored");
}

#[rstest]
#[case(0)]
#[case(1)]
#[case(2)]
#[case(3)]
fn nothing_above_the_level_leaves_the_device(#[case] level: u8) {
    let hub = TeamHub::start();
    let device = Device::with_home(&hub, "ada", home());
    let proxy = Proxy::start(vec![hub.url.trim_start_matches("http://").parse().expect("an address")], 1);
    let shown = device.home.prints(&["push", "--to", &proxy.url, "--level", &level.to_string(), "--dry-run"]);
    device.push(&proxy.url, level);
    let sent = proxy.recorded_text();
    assert!(sent.contains(&shown), "a dry run prints the bytes that are sent");
    for (text, lowest) in TEXTS {
        assert_eq!(sent.contains(text), level >= lowest, "{text}");
        assert_eq!(hub.stored_text().contains(text), level >= lowest, "{text}");
    }
    let token = std::fs::read_to_string(device.token_path()).expect("it is read");
    let key = token.rsplit('.').next().expect("the last part");
    assert!(!sent.contains(key), "the key of the pseudonyms is not sent");
}

#[test]
fn a_lower_level_deletes_what_was_above_it() {
    let hub = TeamHub::start();
    let device = Device::with_home(&hub, "ada", home());
    for level in [3, 2, 1, 0, 3] {
        device.push(&hub.url, level);
        let stored = hub.stored_text();
        for (text, lowest) in TEXTS {
            assert_eq!(stored.contains(text), level >= lowest, "level {level}: {text}");
        }
        assert_eq!(hub.figures("ada"), device.figures());
        hub.refresh_rollups();
    }
}

#[test]
fn a_private_session_is_taken_back_and_shared_again() {
    let hub = TeamHub::start();
    let device = Device::with_home(&hub, "ada", home());
    for (option, is_shared) in [("--shared", true), ("--private", false), ("--shared", true)] {
        let metadata = device.home.prints(&["describe", "secret-session-id", option, "--json"]);
        assert_eq!(metadata.contains(r#""isPrivate":true"#), !is_shared, "{metadata}");
        device.push(&hub.url, 3);
        let stored = hub.stored_text();
        for (text, lowest) in TEXTS {
            assert_eq!(stored.contains(text), lowest < 3 || (is_shared && lowest == 3), "{option}: {text}");
        }
        let sessions = hub.report(&[token_monitor_hub::ReportGroup::Session], None).rows;
        let named = sessions.iter().filter(|row| row.values["session"].is_string()).count();
        assert_eq!((sessions.len(), named), (1, usize::from(is_shared)));
        assert_eq!(hub.figures("ada"), device.figures());
    }
}

#[test]
fn a_token_file_that_others_can_read_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let device = Device { home: home(), member: "ada".to_owned() };
    device.set_token(TOKEN);
    std::fs::set_permissions(device.token_path(), std::fs::Permissions::from_mode(0o644)).expect("they are set");
    let refused = device.try_push("https://hub.example/", 0);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("it is open to other users"));
    let unencrypted = device.try_push("http://hub.example/", 0);
    assert_eq!(unencrypted.status.code(), Some(2));
}
