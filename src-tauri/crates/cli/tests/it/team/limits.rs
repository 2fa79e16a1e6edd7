//! The official limits: sent only if they are chosen, with nothing of the account.

use serde_json::json;
use token_monitor_test_support::LogLine;

use crate::program::Home;
use crate::team::proxy::Proxy;
use crate::team::team_harness::{Device, TeamHub};

/// Returns a home with messages and current readings of two windows.
fn home() -> Home {
    let home = Home::new();
    home.write("-home-x-shop/s.jsonl", &[LogLine::new("a").session("s").counts([1, 2, 3, 4]).with_newline()]);
    let now = chrono::Utc::now().timestamp();
    let input = json!({ "session_id": "s", "rate_limits": {
        "five_hour": { "used_percentage": 37.5, "resets_at": now + 7_800, "account": "ada@example.org" },
        "seven_day": { "used_percentage": 92, "resets_at": now + 300_000 },
    } });
    home.run_with(&["statusline"], input.to_string().as_bytes());
    home
}

/// Returns the windows and percentages at a hub.
fn stored(hub: &TeamHub) -> String {
    let list = "SELECT string_agg(window_kind || ' ' || used_percent, ', ' ORDER BY number) FROM device_limits";
    hub.postgres.query(&hub.address, list)
}

#[test]
fn limits_are_shared_only_with_the_option() {
    let hub = TeamHub::start();
    let device = Device::with_home(&hub, "ada", home());
    let proxy = Proxy::start(vec![hub.url.trim_start_matches("http://").parse().expect("an address")], 1);
    device.push(&proxy.url, 3);
    assert_eq!(stored(&hub), "");
    assert!(!proxy.recorded_text().contains("usedPercent"), "nothing of limits leaves the device");
    let dry_run = device.home.prints(&["push", "--to", &proxy.url, "--level", "0", "--limits", "--dry-run"]);
    let shown = dry_run.lines().nth(1).expect("a second line");
    assert!(shown.contains(r#""window":"fiveHour","usedPercent":37.5,"#) && !shown.contains("ada@"), "{shown}");
    let pushed = device.push_command(&proxy.url, 0).arg("--limits").output().expect("it runs");
    assert!(pushed.status.success(), "{}", String::from_utf8_lossy(&pushed.stderr));
    assert_eq!(stored(&hub), "fiveHour 37.5, weekly 92");
    assert!(proxy.recorded_text().contains(shown), "a dry run prints the bytes that are sent");
    device.home.prints(&["push", "--to", &hub.url, "--delete"]);
    assert_eq!(stored(&hub), "");
}
