//! A thousand random requests: none of them is answered with an error of the server.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use tokio::runtime::Runtime;

use crate::test_server::{TOKEN, TestServer};

/// The number of requests.
const REQUESTS: u32 = 1_000;

const PATHS: [&str; 22] = [
    "/api/v1/status",
    "/api/v1/quota",
    "/api/v1/sessions",
    "/api/v1/sessions/aaaa-1",
    "/api/v1/sessions/b",
    "/api/v1/blocks",
    "/api/v1/days",
    "/api/v1/weeks",
    "/api/v1/months",
    "/api/v1/models",
    "/api/v1/projects",
    "/api/v1/alerts",
    "/api/v1/export",
    "/api/v1/health",
    "/health",
    "/metrics",
    "/openapi.json",
    "/docs",
    "/dashboard/start",
    "/dashboard/request",
    "/sign-in",
    "/",
];
const NAMES: [&str; 20] = [
    "since",
    "until",
    "project",
    "branch",
    "model",
    "tag",
    "search",
    "timezone",
    "breakdown",
    "sort",
    "order",
    "limit",
    "cursor",
    "anchor",
    "weekStart",
    "by",
    "format",
    "billing",
    "code",
    "x",
];
const VALUES: [&str; 24] = [
    "7d",
    "36600w",
    "2026-02-03",
    "9999-12",
    "0001-01-01",
    "monday",
    "UTC",
    "Asia/Kathmandu",
    "true",
    "cost",
    "name",
    "asc",
    "desc",
    "0",
    "1",
    "18446744073709551615",
    "-1",
    "utc",
    "day",
    "agent",
    "pr",
    "focus",
    "json",
    "*",
];
const METHODS: [&str; 6] = ["GET", "GET", "GET", "HEAD", "PATCH", "POST"];
const BODIES: [&str; 9] = [
    "",
    "{}",
    "[]",
    "{\"name\":\"x\"}",
    "{\"name\":\"\"}",
    "{\"tags\":[\"a\",\"\"]}",
    "{\"isPinned\":true}",
    "{\"type\":\"history\",\"from\":\"0001-01-01\",\"to\":null,\"by\":\"tag\"}",
    "{\"type\":\"sessions\",\"offset\":18446744073709551615,\"limit\":18446744073709551615,\"search\":null}",
];

fn arbitrary_request() -> impl Strategy<Value = (String, String)> {
    let value = prop_oneof![4 => prop::sample::select(&VALUES[..]).prop_map(str::to_owned), 1 => "[ -~]{0,12}", 1 => "\\PC{0,6}"];
    let pairs = prop::collection::vec((prop::sample::select(&NAMES[..]), value), 0..4);
    let path = prop_oneof![12 => prop::sample::select(&PATHS[..]).prop_map(str::to_owned), 1 => "/[a-z0-9/%.]{0,12}"];
    let body = prop_oneof![3 => prop::sample::select(&BODIES[..]).prop_map(str::to_owned), 1 => "\\PC{0,40}"];
    (prop::sample::select(&METHODS[..]), path, pairs, body).prop_map(|(method, path, pairs, body)| {
        let query: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
        (format!("{method} {path}?{}", query.join("&")), body)
    })
}

/// Leaves half of the values as they are, except what would end the request line.
fn encode(value: &str) -> String {
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.~/".contains(byte);
    value
        .bytes()
        .map(|byte| if is_plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

#[test]
fn no_request_is_answered_with_an_error_of_the_server() {
    let runtime = Runtime::new().expect("it starts");
    let web = runtime.block_on(TestServer::start());
    let mut runner = TestRunner::new(Config { cases: REQUESTS, failure_persistence: None, ..Config::default() });
    let result = runner.run(&arbitrary_request(), |(line, body)| {
        let request = format!(
            "{line} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {TOKEN}\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            web.host,
            body.len()
        );
        let response = runtime.block_on(web.send(request.as_bytes()));
        // `/` answers so if the page was not built.
        let is_unbuilt_page = response.status == 503 && line.split(['?', ' ']).nth(1) == Some("/");
        prop_assert!(response.status < 500 || is_unbuilt_page, "{line}: {response:?}");
        Ok(())
    });
    let _guard = runtime.enter();
    drop(web);
    result.expect("no request fails");
}
