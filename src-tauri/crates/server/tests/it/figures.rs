//! The figures: bodies, entity tags, pages, changes and errors.

use rstest::rstest;
use serde_json::{Value, json};
use token_monitor_core::report::model::{Grouping, ReportQuery};
use token_monitor_engine::{Request, Response};
use token_monitor_export::{ReportJson, to_json};
use token_monitor_test_support::LogLine;

use crate::http::HttpResponse;
use crate::test_server::TestServer;

#[rstest]
#[case("sessions", Grouping::Session)]
#[case("blocks", Grouping::Block)]
#[case("days", Grouping::Day)]
#[case("weeks", Grouping::Week)]
#[case("months", Grouping::Month)]
#[case("models", Grouping::Model)]
#[case("projects", Grouping::Project)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_report_is_the_json_of_the_command(#[case] name: &str, #[case] by: Grouping) {
    let web = TestServer::start().await;
    let query = ReportQuery { by: vec![by], breakdown: true, ..ReportQuery::default() };
    let Response::Report(report) = web.ask_engine(Request::Report(Box::new(query))).await else { panic!("a report") };
    let response = web.get(&format!("/api/v1/{name}?breakdown=true")).await;
    assert_eq!(response.status, 200);
    assert_eq!(response.header("content-type"), Some("application/json"));
    assert_eq!(response.body, to_json(&ReportJson { report: &report, by }).expect("it is JSON") + "\n");
    assert!(!report.rows.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_status_has_the_quota_and_its_tag_does_not_depend_on_the_time() {
    let web = TestServer::start().await;
    let [first, second] = [web.get("/api/v1/status").await, web.get("/api/v1/status").await];
    assert_eq!((first.status, first.json()["totals"]["messageCount"].clone()), (200, json!(3)));
    assert_ne!(first.json()["at"], second.json()["at"], "each snapshot has its own time");
    assert_eq!(first.header("etag"), second.header("etag"));
    let quota = web.get("/api/v1/quota").await.json();
    assert_eq!(quota, json!({ "quota": first.json()["quota"], "reachedLimits": first.json()["reachedLimits"] }));
}

#[rstest]
#[case("status")]
#[case("quota")]
#[case("sessions")]
#[case("sessions/aaaa-1")]
#[case("blocks")]
#[case("days")]
#[case("days?since=7d")]
#[case("models")]
#[case("alerts")]
#[case("health")]
#[case("export")]
#[case("export?format=focus&since=today")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_has_a_body_gets_no_other_until_it_changes(#[case] name: &str) {
    let (web, path) = (TestServer::start().await, format!("/api/v1/{name}"));
    let tag = web.get(&path).await.header("etag").expect("it has a tag").to_owned();
    let again = web.get_with(&path, &format!("If-None-Match: W/{tag}, \"x\"\r\n")).await;
    assert_eq!((again.status, again.body.as_str(), again.header("etag")), (304, "", Some(tag.as_str())));
    assert_eq!(web.get_with(&path, "If-None-Match: \"x\"\r\n").await.status, 200);
    web.folder.append_log("p/aaaa-1.jsonl", LogLine::new("new").session("aaaa-1").output(5).with_newline());
    web.ask_engine(Request::Sync).await;
    let changed = async || web.get_with(&path, &format!("If-None-Match: {tag}\r\n")).await.status == 200;
    let shows_usage = !["quota", "alerts", "export?format=focus&since=today", "days?since=7d"].contains(&name);
    for _ in 0..100 {
        if !shows_usage || changed().await {
            return;
        }
    }
    panic!("{path} shows the new message");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_of_sessions_have_each_of_them_once() {
    let web = TestServer::start().await;
    let all = ids(&web.get("/api/v1/sessions?sort=name").await);
    let mut path = "/api/v1/sessions?sort=name&limit=2".to_owned();
    let mut found = Vec::new();
    loop {
        let page = web.get(&path).await;
        found.extend(ids(&page));
        assert_eq!(page.json()["rowCount"], 3);
        let Some(link) = page.header("link") else { break };
        let next = link.strip_prefix('<').and_then(|link| link.strip_suffix(">; rel=\"next\""));
        path = next.expect("it is the next page").to_owned();
    }
    assert_eq!((all.len(), found), (3, all));
}

#[rstest]
#[case("search=fix%20bbbb", &["bbbb-2"])]
#[case("search=OPUS", &["cccc-3", "aaaa-1"])]
#[case("search=nothing", &[])]
#[case("sort=time&order=asc", &["aaaa-1", "bbbb-2", "cccc-3"])]
#[case("model=sonnet&model=haiku", &["bbbb-2"])]
#[case("since=2026-02-04&until=2026-02-04", &["bbbb-2"])]
#[case("cursor=unknown", &[])]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sessions_are_selected_and_sorted(#[case] query: &str, #[case] expected: &[&str]) {
    let web = TestServer::start().await;
    assert_eq!(ids(&web.get(&format!("/api/v1/sessions?{query}")).await), expected);
}

fn ids(response: &HttpResponse) -> Vec<String> {
    let rows = response.json()["sessions"].as_array().cloned().expect("it has sessions");
    rows.iter().map(|row| row["sessionId"].as_str().expect("it has an id").to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_is_found_by_a_part_of_its_id_and_can_be_changed() {
    let web = TestServer::start().await;
    assert_eq!(web.get("/api/v1/sessions/aaaa").await.json()["session"]["sessionId"], "aaaa-1");
    let changes = json!({ "name": "The login", "tags": ["client"], "description": "Slow.", "isPinned": true });
    let changed = web.send_json("PATCH", "/api/v1/sessions/aaaa", &changes).await;
    assert_eq!((changed.status, changed.json()["name"].clone()), (200, json!("The login")));
    let session = web.get("/api/v1/sessions/The%20login").await.json();
    assert_eq!((&session["description"], &session["session"]["tags"]), (&json!("Slow."), &json!(["client"])));
}

#[rstest]
#[case("aaaa-1", json!({ "name": "taken" }), 409, "nameTaken")]
#[case("aaaa-1", json!({ "name": "x".repeat(1000) }), 422, "nameInvalid")]
#[case("aaaa-1", json!({ "tags": ["x".repeat(1000)] }), 422, "badValue")]
#[case("zzzz", json!({ "name": "x" }), 404, "notFound")]
#[case("aaaa-1", json!({}), 400, "")]
#[case("aaaa-1", json!({ "name": null }), 400, "")]
#[case("aaaa-1", json!({ "color": "red" }), 400, "")]
#[case("aaaa-1", json!([]), 400, "")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn changes_are_checked(#[case] id: &str, #[case] changes: Value, #[case] status: u16, #[case] code: &str) {
    let web = TestServer::start().await;
    assert_eq!(web.send_json("PATCH", "/api/v1/sessions/bbbb-2", &json!({ "name": "taken" })).await.status, 200);
    let response = web.send_json("PATCH", &format!("/api/v1/sessions/{id}"), &changes).await;
    assert_eq!(response.status, status, "{response:?}");
    assert_eq!(response.header("content-type"), Some("application/problem+json"));
    let problem = response.json();
    assert_eq!((&problem["status"], &problem["type"]), (&json!(status), &json!("about:blank")));
    assert_eq!(problem["code"].as_str().unwrap_or_default(), code);
}

#[rstest]
#[case("csv", "text/csv; charset=utf-8", "day,model,messages,")]
#[case("tsv", "text/tab-separated-values; charset=utf-8", "day\tmodel\tmessages\t")]
#[case("json", "application/json", "{\"columns\":[\"day\",\"model\",")]
#[case("focus", "text/csv; charset=utf-8", "BilledCost,BillingAccountId,")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_export_is_a_file(#[case] format: &str, #[case] media_type: &str, #[case] start: &str) {
    let web = TestServer::start().await;
    let response = web.get(&format!("/api/v1/export?format={format}&by=day&by=model")).await;
    assert_eq!((response.status, response.header("content-type")), (200, Some(media_type)));
    assert!(response.body.starts_with(start), "{}", response.body);
    assert!(response.header("content-disposition").is_some_and(|value| value.starts_with("attachment")));
}

#[rstest]
#[case("days?since=someday")]
#[case("days?limit=-1")]
#[case("days?limit=1&limit=2")]
#[case("days?colour=red")]
#[case("days?anchor=utc")]
#[case("days?timezone=Mars/Olympus")]
#[case("sessions?sort=size")]
#[case("export?format=pdf")]
#[case("alerts?limit=many")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parameters_that_are_not_understood_are_refused(#[case] path: &str) {
    let response = TestServer::start().await.get(&format!("/api/v1/{path}")).await;
    assert_eq!((response.status, response.header("content-type")), (400, Some("application/problem+json")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_an_engine_the_server_says_so() {
    let mut web = TestServer::start().await;
    // It waits until the server is connected to the engine.
    assert_eq!(web.get("/api/v1/status").await.status, 200);
    assert_eq!(web.get("/health").await.json()["status"], "ok");
    web.stop_engine();
    let response = web.get("/api/v1/status").await;
    assert_eq!((response.status, response.json()["code"].clone()), (503, json!("offline")));
    assert_eq!(response.header("retry-after"), Some("1"));
    let health = web.get("/health").await;
    assert_eq!((health.status, health.json()["status"].clone()), (503, json!("unavailable")));
}

#[cfg(unix)]
#[rstest]
#[case("days")]
#[case("sessions")]
#[case("sessions/aaaa-1")]
#[case("status")]
#[case("export")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn incomplete_figures_are_marked_until_everything_can_be_read(#[case] name: &str) {
    let (web, path) = (TestServer::start().await, format!("/api/v1/{name}"));
    let is_marked = |response: &HttpResponse| match name {
        "export" => response.header("token-monitor-incomplete") == Some("true"),
        _ => response.json()["incomplete"] == true && response.body.contains("\"folderUnreadable\""),
    };
    let complete = web.get(&path).await;
    assert_eq!((complete.status, is_marked(&complete)), (200, false));
    let mut tag = complete.header("etag").expect("it has a tag").to_owned();
    let (folder, elsewhere) = (web.folder.path().join("claude"), web.folder.path().join("elsewhere"));
    for expected in [true, false] {
        if expected {
            // A link in a circle cannot be read, also by root.
            std::fs::rename(&folder, &elsewhere).expect("it is renamed");
            std::os::unix::fs::symlink(&folder, &folder).expect("it is created");
        } else {
            std::fs::remove_file(&folder).expect("it is deleted");
            std::fs::rename(&elsewhere, &folder).expect("it is renamed");
        }
        let start = std::time::Instant::now();
        loop {
            web.ask_engine(Request::Sync).await;
            let response = web.get_with(&path, &format!("If-None-Match: {tag}\r\n")).await;
            // A file that is the same has the same tag: only its header would change.
            let response = if name == "export" { web.get(&path).await } else { response };
            if response.status == 200 && is_marked(&response) == expected {
                tag = response.header("etag").expect("it has a tag").to_owned();
                break;
            }
            assert!(start.elapsed() < token_monitor_test_support::DEADLINE, "{name}: {}", response.body);
        }
    }
}
