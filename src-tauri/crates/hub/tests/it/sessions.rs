//! Shared sessions: their texts, their figures, and that they are taken back.

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use serde_json::{Value, json};
use token_monitor_core::team::{RowGroup, SharingLevel, TeamRow, TeamUpdate};

use crate::harness::{TestHub, pick, row_at, update};

/// Returns a row of a session with texts.
fn session_row(number: u64, output: u64, session: &str, start: &str) -> TeamRow {
    let row = row_at(number, number, output, start);
    let group = RowGroup {
        repository: Some("acme/shop".to_owned()),
        branch: Some("main".to_owned()),
        session: Some(session.to_owned()),
        session_name: Some(format!("Name of {session}")),
        session_description: Some("Late refunds".to_owned()),
        tags: vec!["billing".to_owned()],
        ..row.group
    };
    TeamRow { group, ..row }
}

fn list(hub: &TestHub, credential: &str, query: &str) -> Value {
    let (status, body) = hub.get(credential, &format!("/api/v1/sessions{query}"));
    assert_eq!(status, 200, "{body}");
    body
}

const MARCH: &str = "?since=2026-03-01&until=2026-03-31";

#[test]
fn sessions_are_listed_with_their_texts_and_figures() {
    let hub = TestHub::start();
    let ada = hub.add_device("acme", "ada", "desk");
    let bob = hub.add_device("acme", "bob", "laptop");
    let rows = vec![
        session_row(1, 10, "s1", "2026-03-01T23:55:00Z"),
        session_row(2, 20, "s1", "2026-03-02T00:00:00Z"),
        session_row(3, 40, "s2", "2026-03-01T12:00:00Z"),
        row_at(4, 4, 80, "2026-03-01T12:00:00Z"),
        session_row(5, 160, "s1", "2026-04-01T00:00:00Z"),
    ];
    hub.accept(&ada, &update(1, 0, rows));
    hub.accept(&bob, &update(1, 0, vec![session_row(1, 5, "s1", "2026-03-02T00:05:00Z")]));
    let body = list(&hub, &ada.credential(), MARCH);
    let fields = ["member", "device", "session", "outputTokens", "lastActivity", "isActive"];
    let rows: Vec<Value> = body["sessions"].as_array().expect("rows").iter().map(|row| pick(row, &fields)).collect();
    let expected = [
        ("bob", "laptop", "s1", 5, "2026-03-02T00:10:00Z"),
        ("ada", "desk", "s1", 30, "2026-03-02T00:05:00Z"),
        ("ada", "desk", "s2", 40, "2026-03-01T12:05:00Z"),
    ];
    let expected = expected.map(|(member, device, session, output, at)| {
        json!({ "member": member, "device": device, "session": session, "outputTokens": output, "lastActivity": at,
            "isActive": false })
    });
    assert_eq!(rows, expected);
    let texts = pick(
        &body["sessions"][1],
        &["sessionName", "description", "tags", "project", "repository", "branch", "messageCount", "totalTokens"],
    );
    let expected = json!({ "sessionName": "Name of s1", "description": "Late refunds", "tags": ["billing"],
        "project": "shop", "repository": "acme/shop", "branch": "main", "messageCount": 2, "totalTokens": 30 });
    assert_eq!(texts, expected);
    assert_eq!((&body["hasMore"], &body["sharingDevices"]), (&json!(false), &json!(2)));
}

#[test]
fn sessions_of_the_last_minutes_are_active() {
    let hub = TestHub::start();
    let token = hub.add_device("acme", "ada", "desk");
    let slot = Utc::now().duration_trunc(TimeDelta::minutes(5)).expect("a time");
    let at = |minutes: i64| (slot - TimeDelta::minutes(minutes)).to_rfc3339();
    let rows = vec![session_row(1, 1, "now", &at(0)), session_row(2, 1, "before", &at(15))];
    hub.accept(&token, &update(1, 0, rows));
    let body = list(&hub, &token.credential(), "");
    let active = |session: &Value| (session["session"].clone(), session["isActive"].clone());
    let active: Vec<_> = body["sessions"].as_array().expect("rows").iter().map(active).collect();
    assert_eq!(active, [(json!("now"), json!(true)), (json!("before"), json!(false))]);
    let last: DateTime<Utc> = body["sessions"][0]["lastActivity"].as_str().expect("a time").parse().expect("a time");
    assert!(last <= Utc::now(), "it is not in the future: {last}");
}

#[test]
fn a_session_that_is_taken_back_leaves_nothing_but_its_usage() {
    let hub = TestHub::start();
    let token = hub.add_device("acme", "ada", "desk");
    hub.accept(&token, &update(1, 0, vec![session_row(1, 10, "s1", "2026-03-01T12:00:00Z")]));
    let deleted = row_at(1, 2, 0, "2026-03-01T12:00:00Z");
    let again = TeamRow { revision: 3, ..row_at(2, 3, 10, "2026-03-01T12:00:00Z") };
    hub.accept(&token, &update(1, 1, vec![deleted, again]));
    assert_eq!(list(&hub, &token.credential(), MARCH)["sessions"], json!([]));
    for table in ["usage_buckets", "usage_days"] {
        let stored = hub.dump(table, "acme");
        assert!(!stored.contains("s1") && !stored.contains("Late refunds") && !stored.contains("billing"), "{stored}");
    }
    assert_eq!(hub.outputs("acme", &[token_monitor_hub::ReportGroup::Member])["ada"], 10);
}

#[test]
fn a_lower_level_removes_the_sessions() {
    let hub = TestHub::start();
    let token = hub.add_device("acme", "ada", "desk");
    hub.accept(&token, &update(1, 0, vec![session_row(1, 10, "s1", "2026-03-01T12:00:00Z")]));
    let row = row_at(1, 2, 10, "2026-03-01T12:00:00Z");
    hub.accept(&token, &TeamUpdate { level: SharingLevel::Projects, ..update(2, 0, vec![row]) });
    let body = list(&hub, &token.credential(), MARCH);
    assert_eq!((&body["sessions"], &body["sharingDevices"]), (&json!([]), &json!(0)));
    for query in ["?since=yesterday", "?days=7", "?since=-0001-01-01"] {
        assert_eq!(hub.get(&token.credential(), &format!("/api/v1/sessions{query}")).0, 400, "{query}");
    }
    assert_eq!(hub.get("", "/api/v1/sessions").0, 401);
}
