//! Reports over HTTP.

use serde_json::json;
use token_monitor_core::team::{RowGroup, TeamRow, UsageCounts};

use crate::harness::{TestHub, pick, problem, row_at, update};

/// Returns a row with every property and every count.
fn full_row() -> TeamRow {
    let group = RowGroup {
        model: "claude-opus-4-8".to_owned(),
        project: Some("p1".to_owned()),
        repository: Some("ada/shop".to_owned()),
        branch: Some("main".to_owned()),
        session: Some("s1".to_owned()),
        session_name: Some("Refunds".to_owned()),
        session_description: Some("Late refunds".to_owned()),
        tags: vec!["billing, old".to_owned(), "ü".to_owned()],
    };
    let usage = UsageCounts {
        messages: 2,
        input_tokens: 3,
        output_tokens: 5,
        cache_creation_tokens: 7,
        cache_creation_1h_tokens: 1,
        cache_read_tokens: 11,
        web_searches: 1,
        web_fetches: 1,
        cost_nanos: 2_500_000_000,
        input_cost_nanos: 500_000_000,
        output_cost_nanos: 1_000_000_000,
        cache_creation_cost_nanos: 250_000_000,
        cache_read_cost_nanos: 250_000_000,
        unpriced_tokens: 13,
        under_logged_messages: 1,
    };
    TeamRow { group, usage, ..row_at(1, 1, 1, "2026-03-01T23:55:00Z") }
}

#[test]
fn a_report_has_the_usual_fields() {
    let hub = TestHub::start();
    let token = hub.add_device("acme", "ada", "desk");
    hub.accept(&token, &update(1, 0, vec![full_row()]));
    let groups = "day,month,member,device,model,project,repository,branch,session";
    let (status, report) = hub.get(&token.credential(), &format!("/api/v1/report?by={groups}"));
    assert_eq!(status, 200);
    let totals = json!({
        "inputTokens": 3, "outputTokens": 5, "cacheCreationTokens": 7, "cacheCreation1hTokens": 1,
        "cacheReadTokens": 11, "totalTokens": 26, "totalCost": 2.5,
        "costByKind": { "input": 0.5, "output": 1.0, "cacheCreation": 0.25, "cacheRead": 0.25, "other": 0.5 },
        "costBasis": "API-equivalent", "unpricedTokens": 13, "messageCount": 2, "underLoggedMessages": 1,
        "label": "measured", "costNanos": 2_500_000_000_u64
    });
    assert_eq!(report["totals"], totals);
    let mut row = totals;
    let values = json!({
        "day": "2026-03-01", "month": "2026-03", "member": "ada", "device": "desk", "model": "claude-opus-4-8", "project": "p1",
        "repository": "ada/shop", "branch": "main", "session": "s1", "sessionName": "Refunds",
        "tags": ["billing, old", "ü"]
    });
    row.as_object_mut().expect("an object").extend(values.as_object().expect("an object").clone());
    assert_eq!(report["rows"], json!([row]));
}

#[test]
fn a_report_is_limited_to_days_and_a_member() {
    let hub = TestHub::start();
    let ada = hub.add_device("acme", "ada", "desk");
    let bob = hub.add_device("acme", "bob", "desk");
    let rows = |factor: u64| {
        let days = ["2026-02-27T00:00:00Z", "2026-02-28T23:55:00Z", "2026-03-01T00:00:00Z"];
        (1..).zip(days).map(|(number, day)| row_at(number, number, number * factor, day)).collect()
    };
    hub.accept(&ada, &update(1, 0, rows(1)));
    hub.accept(&bob, &update(1, 0, rows(100)));
    let output = |query: &str| {
        let (status, report) = hub.get(&ada.credential(), &format!("/api/v1/report?{query}"));
        assert_eq!(status, 200, "{report}");
        report["totals"]["outputTokens"].clone()
    };
    assert_eq!(output(""), json!(606));
    assert_eq!(output("since=2026-02-28"), json!(505));
    assert_eq!(output("since=2026-02-28&until=2026-02-28"), json!(202));
    assert_eq!(output("member=bob&until=2026-02-27"), json!(100));
    assert_eq!(output("member=eve"), json!(0));
    let (_, report) = hub.get(&ada.credential(), "/api/v1/report?by=member,day&since=2026-03-01");
    let rows: Vec<_> = report["rows"].as_array().expect("rows").iter().collect();
    let picked: Vec<_> = rows.iter().map(|row| pick(row, &["member", "day", "outputTokens"])).collect();
    let expected = [("ada", 3), ("bob", 300)];
    let expected =
        expected.map(|(member, output)| json!({ "member": member, "day": "2026-03-01", "outputTokens": output }));
    assert_eq!(picked, expected);
}

#[test]
fn parameters_that_are_not_understood_are_refused() {
    let hub = TestHub::start();
    let token = hub.add_device("acme", "ada", "desk");
    let detail = r#""week" is no group; use day, month, member, device, model, project, repository, branch, session"#;
    let answer = hub.get(&token.credential(), "/api/v1/report?by=day,week");
    assert_eq!(answer, (400, problem(400, "Bad Request", detail)));
    for query in [
        "since=yesterday",
        "unknown=1",
        "since=2026-03-01&since=2026-03-02",
        "member=%00",
        "member=",
        "since=-0001-01-01",
        "until=%2B10000-01-01",
    ] {
        let (status, body) = hub.get(&token.credential(), &format!("/api/v1/report?{query}"));
        assert_eq!(status, 400, "{query}: {body}");
    }
}

#[test]
fn devices_are_listed_with_their_level() {
    let hub = TestHub::start();
    let token = hub.add_device("acme", "ada", "desk");
    hub.add_device("acme", "ada", "laptop");
    hub.accept(&token, &update(1, 0, Vec::new()));
    let (_, body) = hub.get(&token.credential(), "/api/v1/devices");
    let devices = body["devices"].as_array().expect("devices");
    let picked: Vec<_> = devices.iter().map(|device| pick(device, &["member", "device", "level"])).collect();
    assert_eq!(
        picked,
        [
            json!({ "member": "ada", "device": "desk", "level": 3 }),
            json!({ "member": "ada", "device": "laptop", "level": 0 }),
        ]
    );
    assert!(devices[0]["lastSeen"].is_string() && devices[1]["lastSeen"].is_null());
}
