//! The official limits that devices share.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use token_monitor_core::team::DeviceToken;
use token_monitor_hub::forget_limits;

use crate::harness::{TestHub, pick, row, update};

fn put(hub: &TestHub, token: &DeviceToken, limits: &Value) -> u16 {
    let body = json!({ "format": 1, "limits": limits });
    hub.request(&token.credential(), "PUT", "/api/v1/limits", &body).0
}

fn limit(window: &str, used_percent: f64, resets_in: TimeDelta) -> Value {
    let now = Utc::now();
    json!({ "window": window, "usedPercent": used_percent, "resetsAt": now + resets_in, "readAt": now })
}

/// Returns member, window and percentage of the limits that a token may read.
fn listed(hub: &TestHub, token: &DeviceToken) -> Vec<Value> {
    let (status, body) = hub.get(&token.credential(), "/api/v1/limits");
    assert_eq!(status, 200, "{body}");
    let fields = ["member", "window", "usedPercent"];
    body["limits"].as_array().expect("limits").iter().map(|limit| pick(limit, &fields)).collect()
}

fn expected<const N: usize>(limits: [(&str, &str, f64); N]) -> Vec<Value> {
    limits.map(|(member, window, used)| json!({ "member": member, "window": window, "usedPercent": used })).to_vec()
}

#[test]
fn limits_are_listed_until_they_are_reset_the_fullest_first() {
    let hub = TestHub::start();
    let ada = hub.add_device("acme", "ada", "desk");
    let bob = hub.add_device("acme", "bob", "desk");
    let other = hub.add_device("globex", "eve", "desk");
    let hour = TimeDelta::hours(1);
    assert_eq!(put(&hub, &ada, &json!([limit("fiveHour", 20.5, hour), limit("weekly", 90.0, hour * 24)])), 204);
    assert_eq!(put(&hub, &bob, &json!([limit("fiveHour", 50.0, hour), limit("weekly", 99.0, -hour)])), 204);
    let all = expected([("ada", "weekly", 90.0), ("bob", "fiveHour", 50.0), ("ada", "fiveHour", 20.5)]);
    assert_eq!(listed(&hub, &ada), all);
    assert_eq!(listed(&hub, &other), expected([]));
    assert_eq!(put(&hub, &ada, &json!([limit("fiveHour", 0.0, hour)])), 204, "the new ones replace the former ones");
    assert_eq!(listed(&hub, &ada), expected([("bob", "fiveHour", 50.0), ("ada", "fiveHour", 0.0)]));
}

#[test]
fn limits_end_with_the_token_the_usage_and_the_hour() {
    let hub = TestHub::start();
    let ada = hub.add_device("acme", "ada", "desk");
    let reader = hub.add_device("acme", "bob", "desk");
    let limits = json!([limit("fiveHour", 20.0, TimeDelta::hours(5))]);
    let shared = expected([("ada", "fiveHour", 20.0)]);
    let share = || {
        assert_eq!(put(&hub, &ada, &limits), 204);
        assert_eq!(listed(&hub, &reader), shared);
    };
    share();
    hub.accept(&ada, &update(1, 0, vec![row(1, 1, 1)]));
    assert_eq!(listed(&hub, &reader), [] as [Value; 0], "a new generation deletes everything");
    share();
    let forget =
        |now: DateTime<Utc>| hub.runtime.block_on(forget_limits(&hub.database, now)).expect("they are deleted");
    forget(Utc::now() + TimeDelta::minutes(59));
    assert_eq!(listed(&hub, &reader), shared);
    let age = "UPDATE device_limits SET received_at = received_at - interval '1 hour'";
    hub.postgres.query(&hub.address, age);
    assert_eq!(listed(&hub, &reader), [] as [Value; 0], "they are not shown for longer");
    forget(Utc::now());
    assert_eq!(hub.dump("device_limits", "acme"), "");
    share();
    hub.runtime.block_on(hub.members("acme").revoke("ada", None, false)).expect("it is revoked");
    assert_eq!(put(&hub, &ada, &limits), 401);
    assert_eq!(listed(&hub, &reader), [] as [Value; 0]);
}

#[test]
fn limits_that_no_device_sends_are_refused() {
    let hub = TestHub::start();
    let token = hub.add_device("acme", "ada", "desk");
    for limits in [
        json!([limit("fiveHour", -1.0, TimeDelta::hours(1))]),
        json!([limit("product", 1.0, TimeDelta::hours(1))]),
        json!([{ "window": "fiveHour" }]),
        json!({}),
    ] {
        assert_eq!(put(&hub, &token, &limits), 400, "{limits}");
    }
    let (status, _) = hub.request("", "PUT", "/api/v1/limits", &json!({ "format": 1, "limits": [] }));
    assert_eq!(status, 401);
    assert_eq!(hub.dump("device_limits", "acme"), "");
}
