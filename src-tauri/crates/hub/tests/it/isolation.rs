//! No request of a member of one organization returns or changes anything of another one.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};
use token_monitor_core::team::DeviceToken;
use token_monitor_hub::{AllocationRules, CostCenterShare, RuleSettings, Share};

use crate::harness::{TestHub, row, row_at, send_to, update};

/// A text in all data of the other organization, and in nothing else.
const SECRET: &str = "globex";

/// Parts of a token.
#[derive(Clone, Copy, Debug)]
enum TokenPart {
    Own,
    Other,
    Zero,
}

fn part() -> impl Strategy<Value = TokenPart> {
    prop_oneof![4 => Just(TokenPart::Own), 1 => Just(TokenPart::Other), 1 => Just(TokenPart::Zero)]
}

fn choose<const N: usize>(part: TokenPart, own: [u8; N], other: [u8; N]) -> [u8; N] {
    match part {
        TokenPart::Own => own,
        TokenPart::Other => other,
        TokenPart::Zero => [0; N],
    }
}

/// Values of parameters, among them names and ids of the other organization and SQL.
fn parameter() -> impl Strategy<Value = String> {
    let fixed = [
        "member",
        "day,member",
        "session",
        "project,branch,repository",
        "globex-eve",
        "acme-ada",
        "2026-03-01",
        "2026-03",
        "' OR 1=1 --",
        "%27%20OR%20%271%27=%271",
        "*",
        "",
        "0",
        "organization",
        "csv",
        "focus",
        "usage_days.organization",
        "member,globex",
        "\u{0}",
    ];
    prop_oneof![prop::sample::select(fixed.to_vec()).prop_map(str::to_owned), "[ -~]{0,20}"]
}

fn path() -> impl Strategy<Value = String> {
    let names = prop::sample::select(vec![
        "by",
        "since",
        "until",
        "member",
        "organization",
        "org",
        "device",
        "limit",
        "format",
        "month",
    ]);
    let parameters = prop::collection::vec((names, parameter()), 0..4);
    let base = prop::sample::select(vec![
        "/api/v1/report",
        "/api/v1/devices",
        "/api/v1/allocation",
        "/api/v1/rules",
        "/api/v1/budgets",
        "/api/v1/budgets/reached",
        "/api/v1/history",
        "/api/v1/sessions",
        "/api/v1/limits",
        "/api/v1/me",
        "/api/v1/usage",
        "/health",
        "/",
        "/api/v1/members",
        "/api/v1/report/globex",
    ]);
    (base, parameters).prop_map(|(base, parameters)| {
        let encoded: Vec<String> = parameters.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
        if encoded.is_empty() { base.to_owned() } else { format!("{base}?{}", encoded.join("&")) }
    })
}

fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { (byte as char).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

#[test]
fn no_request_of_one_organization_returns_or_changes_a_row_of_another() {
    let hub = TestHub::start();
    let own = hub.add_device("acme", "acme-ada", "acme-desk");
    let other = hub.add_device("globex", "globex-eve", "globex-desk");
    hub.accept(&own, &update(1, 0, vec![row(1, 1, 10)]));
    let mut hidden = row_at(1, 1, 987_654_321, "2026-03-01T12:05:00Z");
    hidden.group.session = Some(SECRET.to_owned());
    hidden.group.session_name = Some(SECRET.to_owned());
    hidden.group.session_description = Some(SECRET.to_owned());
    hidden.group.repository = Some(SECRET.to_owned());
    hub.accept(&other, &update(1, 0, vec![hidden]));
    let shared = json!({ "format": 1, "limits": [{ "window": "weeklyScoped", "scope": SECRET, "usedPercent": 50,
        "resetsAt": "2999-01-01T00:00:00Z", "readAt": "2026-03-01T00:00:00Z" }] });
    assert_eq!(hub.request(&other.credential(), "PUT", "/api/v1/limits", &shared).0, 204);
    hub.runtime.block_on(hub.members("acme").set_admin("acme-ada", true)).expect("it is set");
    let rules = AllocationRules::new(&hub.database, hub.members("globex").organization());
    let rule = hub.runtime.block_on(rules.add(rule_of(SECRET))).expect("it is added").id;
    let tables = [
        "usage_buckets",
        "usage_days",
        "usage_device_days",
        "usage_project_days",
        "changed_days",
        "device_limits",
        "devices",
        "members",
        "allocation_rules",
    ];
    let state = || tables.map(|table| hub.dump(table, "globex"));
    let before = state();

    let mut runner = TestRunner::new(Config { cases: 300, ..Config::default() });
    let requests = (part(), part(), part(), path(), 0_u64..4, 0_u64..6, 0_u64..50);
    let ran = runner.run(&requests, |(organization, device, secret, path, generation, revision, output)| {
        // The secret of the other organization's device is what its members have, and those of this one do not.
        let secret = match secret {
            TokenPart::Own => own.secret,
            TokenPart::Other | TokenPart::Zero => [0; 32],
        };
        let token = DeviceToken {
            organization: choose(organization, own.organization, other.organization),
            device: choose(device, own.device, other.device),
            secret,
            pseudonym_key: [0; 16],
        };
        let (_, body) = hub.get(&token.credential(), &path);
        prop_assert!(!shows_other(&body, &path), "{} returned {}", path, body);
        let sent = update(generation, revision, vec![row(1 + revision, 1 + revision, output)]);
        let (_, body) = send_to(&hub.url, &token, &serde_json::to_string(&sent).expect("it is JSON"));
        prop_assert!(!body.to_string().contains(SECRET));
        let own_limits = json!({ "format": 1, "limits": [] });
        let (status, _) = hub.request(&token.credential(), "PUT", "/api/v1/limits", &own_limits);
        prop_assert!(status == 204 || status == 401, "the limits: {status}");
        let changed = json!({ "shares": [{ "costCenter": "taken", "percent": 100 }] });
        for method in ["PUT", "DELETE"] {
            let (status, _) = hub.request(&token.credential(), method, &format!("/api/v1/rules/{rule}"), &changed);
            prop_assert!(status == 401 || status == 404, "{method} returned {status}");
        }
        Ok(())
    });
    ran.expect("nothing of the other organization is returned");
    assert_eq!(state(), before, "nothing of the other organization has changed");
}

fn rule_of(cost_center: &str) -> RuleSettings {
    let share = CostCenterShare { cost_center: cost_center.to_owned(), share: Share(10_000) };
    RuleSettings { shares: vec![share], ..RuleSettings::default() }
}

/// Returns true if a response has something of the other organization. A message may repeat the parameters.
fn shows_other(body: &Value, path: &str) -> bool {
    let text = body.to_string();
    let is_repeated = path.contains(SECRET) && body["detail"].is_string();
    text.contains("987654321") || (text.contains(SECRET) && !is_repeated)
}

#[test]
fn devices_of_two_organizations_may_have_equal_names() {
    let hub = TestHub::start();
    for (organization, output) in [("acme", 1), ("globex", 2)] {
        let token = hub.add_device(organization, "ada", "desk");
        hub.accept(&token, &update(1, 0, vec![row(1, 1, output)]));
        let (status, report) = hub.get(&token.credential(), "/api/v1/report?by=member");
        assert_eq!((status, &report["rows"][0]["member"]), (200, &Value::from("ada")));
        assert_eq!(report["totals"]["outputTokens"], Value::from(output));
    }
}
