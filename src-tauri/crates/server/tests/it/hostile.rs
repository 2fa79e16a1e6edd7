//! Requests that must be refused, each with the right status. `{host}`, `{token}` and `{cookie}` stand for those of the
//! server; every request closes its connection.

use rstest::rstest;
use token_monitor_test_support::DEADLINE;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;

use crate::http::HttpResponse;
use crate::test_server::{TOKEN, TestServer};

const AUTH: &str = "Authorization: Bearer correct-horse-battery\r\n";

/// Sends a request with a request line and headers, and checks what every response has.
async fn send(web: &TestServer, line: &str, headers: &str, body: &str) -> HttpResponse {
    let headers = headers.replace("{host}", &web.host).replace("{token}", TOKEN);
    let headers =
        if headers.contains("{cookie}") { headers.replace("{cookie}", &web.sign_in().await) } else { headers };
    let line = line.replace("{host}", &web.host);
    let response = web.send(format!("{line} HTTP/1.1\r\n{headers}Connection: close\r\n\r\n{body}").as_bytes()).await;
    assert!(!response.has_cors_headers(), "{response:?}");
    response
}

#[rstest]
#[case::no_host("", 400)]
#[case::two_hosts("Host: {host}\r\nHost: {host}\r\n", 400)]
#[case::two_different_hosts("Host: {host}\r\nHost: evil.example\r\n", 400)]
#[case::a_name_that_was_rebound("Host: evil.example\r\n", 421)]
#[case::a_rebound_name_with_the_port("Host: evil.example:7337\r\n", 421)]
#[case::no_port("Host: 127.0.0.1\r\n", 421)]
#[case::another_port("Host: 127.0.0.1:1\r\n", 421)]
#[case::a_name_that_begins_alike("Host: {host}.evil.example\r\n", 421)]
#[case::a_name_with_a_user("Host: user@{host}\r\n", 421)]
#[case::a_name_with_a_dot("Host: localhost.:7337\r\n", 421)]
#[case::an_empty_name("Host: \r\n", 421)]
#[case::the_unspecified_address("Host: 0.0.0.0:7337\r\n", 421)]
#[case::the_address_as_a_number("Host: 2130706433:7337\r\n", 421)]
#[case::a_name_for_a_proxy("Host: evil.example\r\nX-Forwarded-Host: {host}\r\n", 421)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_name_is_refused_also_with_the_token(#[case] host: &str, #[case] status: u16) {
    let web = TestServer::start().await;
    assert_eq!(send(&web, "GET /api/v1/status", &format!("{host}{AUTH}"), "").await.status, status);
}

#[rstest]
#[case::another_site("Origin: http://evil.example\r\n")]
#[case::a_sandbox("Origin: null\r\n")]
#[case::another_scheme("Origin: https://{host}\r\n")]
#[case::another_port("Origin: http://127.0.0.1:1\r\n")]
#[case::a_name_that_begins_alike("Origin: http://{host}.evil.example\r\n")]
#[case::own_and_foreign("Origin: http://{host}\r\nOrigin: http://evil.example\r\n")]
#[case::cross_site("Sec-Fetch-Site: cross-site\r\n")]
#[case::another_port_of_this_site("Sec-Fetch-Site: same-site\r\n")]
#[case::an_unknown_relation("Sec-Fetch-Site: friends\r\n")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_of_other_sites_are_refused(#[case] source: &str) {
    let web = TestServer::start().await;
    let upgrade = "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    for (line, more) in [
        ("GET /api/v1/status", ""),
        ("GET /api/v1/events", ""),
        ("GET /api/v1/live", upgrade),
        ("OPTIONS /api/v1/status", ""),
        ("POST /sign-in", ""),
        ("GET /", ""),
    ] {
        let headers = format!("Host: {{host}}\r\n{AUTH}{source}{more}");
        assert_eq!(send(&web, line, &headers, "").await.status, 403, "{line}");
    }
}

#[rstest]
#[case::none("")]
#[case::a_wrong_token("Authorization: Bearer wrong-horse-battery\r\n")]
#[case::a_part_of_the_token("Authorization: Bearer correct-horse\r\n")]
#[case::more_than_the_token("Authorization: Bearer correct-horse-battery-staple\r\n")]
#[case::an_empty_token("Authorization: Bearer \r\n")]
#[case::no_scheme("Authorization: correct-horse-battery\r\n")]
#[case::another_scheme("Authorization: Basic correct-horse-battery\r\n")]
#[case::two_tokens("Authorization: Bearer wrong\r\nAuthorization: Bearer {token}\r\n")]
#[case::a_made_up_cookie("Cookie: token_monitor_session=0123456789abcdef\r\n")]
#[case::the_token_as_a_cookie("Cookie: token_monitor_session={token}\r\n")]
#[case::a_wrong_token_with_the_cookie("{cookie}\r\nAuthorization: Bearer wrong\r\n")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_with_figures_is_answered_without_credentials(#[case] credentials: &str) {
    let web = TestServer::start().await;
    for path in [
        "/api/v1/status",
        "/api/v1/events",
        "/api/v1/live",
        "/metrics",
        "/health",
        "/openapi.json",
        "/docs",
        "/dashboard/start",
        "/nothing",
        "/api/v1/export?token=correct-horse-battery",
    ] {
        let response = send(&web, &format!("GET {path}"), &format!("Host: {{host}}\r\n{credentials}"), "").await;
        assert_eq!((response.status, response.header("www-authenticate")), (401, Some("Bearer")), "{path}");
        assert_eq!(response.header("cache-control"), Some("no-store"));
    }
    let page = send(&web, "GET /", &format!("Host: {{host}}\r\n{credentials}"), "").await;
    assert_eq!((page.status, page.header("location")), (303, Some("/sign-in")));
}

#[rstest]
#[case::a_change_without_a_source("PATCH /api/v1/sessions/aaaa-1", "", 403)]
#[case::a_request_of_the_page_without_a_source("POST /dashboard/request", "", 403)]
#[case::a_change_from_another_site("PATCH /api/v1/sessions/aaaa-1", "Origin: http://evil.example\r\n", 403)]
#[case::a_form_of_the_own_page(
    "POST /dashboard/request",
    "Origin: http://{host}\r\nContent-Type: application/x-www-form-urlencoded\r\n",
    415
)]
#[case::text_of_the_own_page(
    "PATCH /api/v1/sessions/aaaa-1",
    "Origin: http://{host}\r\nContent-Type: text/plain\r\n",
    415
)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cookie_alone_changes_nothing(#[case] line: &str, #[case] headers: &str, #[case] status: u16) {
    let web = TestServer::start().await;
    let body = r#"{"type":"snapshot"}"#;
    let headers = format!("Host: {{host}}\r\n{{cookie}}\r\nContent-Length: {}\r\n{headers}", body.len());
    assert_eq!(send(&web, line, &headers, body).await.status, status);
}

#[rstest]
#[case("GET /../etc/passwd", 401, 404)]
#[case("GET /api/v1/../../etc/passwd", 401, 404)]
#[case("GET /%2e%2e/%2e%2e/etc/passwd", 401, 404)]
#[case("GET /assets/..%2f..%2fetc/passwd", 401, 404)]
#[case("GET //api/v1/status", 401, 404)]
#[case("GET /api/v1/status/", 401, 404)]
#[case("GET /API/V1/STATUS", 401, 404)]
#[case("GET /%61pi/v1/status", 401, 404)]
#[case("GET /sign-in/../api/v1/status", 401, 404)]
#[case("GET /sign-in%2f..%2fapi/v1/status", 401, 404)]
#[case("GET /sign-in;/api/v1/status", 401, 404)]
#[case("GET /health/../api/v1/status", 401, 404)]
#[case("GET /index.html", 401, 404)]
#[case("GET /api/v1/sessions/%00", 401, 404)]
#[case("GET /api/v1/sessions/%ff", 401, 400)]
#[case("GET /api/v1/sessions/..%2f..%2fx", 401, 404)]
#[case("GET /sign-in?/../api/v1/status", 400, 400)]
#[case("GET /sign-in?code=guess", 403, 403)]
#[case("GET http://evil.example/api/v1/status", 400, 400)]
#[case("GET http://{host}/api/v1/status", 400, 400)]
#[case("CONNECT evil.example:443", 400, 400)]
#[case("TRACE /api/v1/status", 401, 405)]
#[case("OPTIONS /api/v1/status", 401, 405)]
#[case("DELETE /api/v1/sessions/aaaa-1", 401, 405)]
#[case("PATCH /api/v1/status", 401, 405)]
#[case("PROPFIND /api/v1/status", 401, 405)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_trick_finds_nothing(#[case] line: &str, #[case] without_token: u16, #[case] with_token: u16) {
    let web = TestServer::start().await;
    assert_eq!(send(&web, line, "Host: {host}\r\n", "").await.status, without_token);
    assert_eq!(send(&web, line, &format!("Host: {{host}}\r\n{AUTH}"), "").await.status, with_token);
}

#[rstest]
#[case::two_ways_to_end("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n", 411)]
#[case::two_ways_in_the_other_order("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", "0\r\n\r\n", 411)]
#[case::two_lengths("Content-Length: 4\r\nContent-Length: 5\r\n", "abcd", 400)]
#[case::a_list_of_lengths("Content-Length: 4, 4\r\n", "abcd", 400)]
#[case::a_negative_length("Content-Length: -1\r\n", "", 400)]
#[case::a_length_with_a_sign("Content-Length: +4\r\n", "abcd", 400)]
#[case::a_length_beyond_numbers("Content-Length: 99999999999999999999\r\n", "", 400)]
#[case::two_encodings("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n", 411)]
#[case::an_unknown_encoding("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n", 400)]
#[case::an_encoding_that_does_not_end("Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n", 400)]
#[case::a_space_before_the_colon("Content-Length : 4\r\n", "abcd", 400)]
#[case::a_folded_header("X-Folded: a\r\n b\r\n", "", 400)]
#[case::a_zero_byte("X-Zero: a\0b\r\n", "", 400)]
#[case::a_chunk_that_is_none(
    "Transfer-Encoding: chunked\r\nContent-Type: application/json\r\n",
    "zz\r\nabc\r\n0\r\n\r\n",
    411
)]
#[case::a_chunk_beyond_numbers(
    "Transfer-Encoding: chunked\r\nContent-Type: application/json\r\n",
    "fffffffffffffffff\r\nabc",
    411
)]
#[case::a_body_that_is_announced_as_huge("Content-Type: application/json\r\nContent-Length: 1000000000\r\n", "{", 413)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_whose_end_is_not_certain_is_refused(#[case] headers: &str, #[case] body: &str, #[case] status: u16) {
    let web = TestServer::start().await;
    let headers = format!("Host: {{host}}\r\n{AUTH}{headers}");
    let response = send(&web, "PATCH /api/v1/sessions/aaaa-1", &headers, body).await;
    assert_eq!(response.status, status, "{response:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_that_are_too_large_are_refused() {
    let web = TestServer::start().await;
    let base = format!("Host: {{host}}\r\n{AUTH}");
    let long = format!("{base}X-Long: {}\r\n", "x".repeat(20_000));
    assert_eq!(send(&web, "GET /api/v1/status", &long, "").await.status, 431);
    let many = base.clone() + &"X-Many: x\r\n".repeat(100);
    assert_eq!(send(&web, "GET /api/v1/status", &many, "").await.status, 431);
    let path = format!("GET /api/v1/days?project={}", "x".repeat(20_000));
    assert!([414, 431].contains(&send(&web, &path, &base, "").await.status));
    let body = "x".repeat(70_000);
    let headers = format!("{base}Content-Type: application/json\r\nContent-Length: {}\r\n", body.len());
    assert_eq!(send(&web, "PATCH /api/v1/sessions/aaaa-1", &headers, &body).await.status, 413);
}

#[rstest]
#[case::no_http("\u{16}\u{3}\u{1}\u{2}")]
#[case::another_version("GET / HTTP/3.7\r\n\r\n")]
#[case::the_start_of_http_2("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")]
#[case::no_version("GET /\r\n\r\n")]
#[case::a_method_that_is_none("G@T / HTTP/1.1\r\n\r\n")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_request_is_refused(#[case] text: &str) {
    let web = TestServer::start().await;
    let mut stream = web.connect().await;
    stream.write_all(text.as_bytes()).await.expect("it is sent");
    stream.shutdown().await.expect("it ends");
    let mut response = Vec::new();
    let _ = timeout(DEADLINE, stream.read_to_end(&mut response)).await.expect("the connection is closed");
    let status = String::from_utf8_lossy(&response).split(' ').nth(1).map(str::to_owned);
    assert!(status.as_deref().is_none_or(|status| ["400", "505"].contains(&status)), "{status:?}");
}

/// Slow clients get the time limit, and in the meantime others are answered.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_clients_hold_up_no_other_and_are_given_up() {
    let web = TestServer::start().await;
    let mut head = web.connect().await;
    head.write_all(b"GET /api/v1/status HTTP/1.1\r\nHost: ").await.expect("it is sent");
    let mut body = web.connect().await;
    let request = format!(
        "PATCH /api/v1/sessions/aaaa-1 HTTP/1.1\r\nHost: {}\r\n{AUTH}Content-Type: application/json\r\nContent-Length: 9\r\n\r\n{{",
        web.host
    );
    body.write_all(request.as_bytes()).await.expect("it is sent");
    assert_eq!(web.get("/api/v1/status").await.status, 200);
    let mut response = [0; 12];
    timeout(2 * DEADLINE, body.read_exact(&mut response)).await.expect("it is given up").expect("it answers");
    assert_eq!(&response, b"HTTP/1.1 408");
    let mut rest = Vec::new();
    timeout(2 * DEADLINE, head.read_to_end(&mut rest)).await.expect("it is given up").expect("it is closed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn beyond_the_limit_connections_get_a_503() {
    let web = TestServer::start().await;
    let mut open = Vec::new();
    for _ in 0..token_monitor_server::MAX_CONNECTIONS {
        open.push(web.connect().await);
    }
    let refused = web.get("/api/v1/status").await;
    assert_eq!((refused.status, refused.json()["status"].clone()), (503, 503.into()));
    drop(open);
    for _ in 0..100 {
        if web.get("/api/v1/status").await.status == 200 {
            return;
        }
    }
    panic!("the places are free again");
}
