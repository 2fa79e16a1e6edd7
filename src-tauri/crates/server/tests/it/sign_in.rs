//! Signing in, and what the page of the dashboard may do.

use serde_json::json;

use crate::test_server::{TOKEN, TestServer};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_signs_in_once() {
    let web = TestServer::start().await;
    let (host, path) = (&web.host, web.token().create_sign_in_path().expect("it is made"));
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nSec-Fetch-Site: none\r\nConnection: close\r\n\r\n");
    let first = web.send(request.as_bytes()).await;
    assert_eq!(first.status, 200);
    let cookie = first.header("set-cookie").expect("it sets the cookie");
    assert!(cookie.contains("; HttpOnly; SameSite=Strict;") && !cookie.contains(TOKEN), "{cookie}");
    assert!(first.body.contains("url=/") && !first.body.contains("<script"), "a page leads to the dashboard");
    let second = web.send(request.as_bytes()).await;
    assert_eq!((second.status, second.header("set-cookie")), (403, None));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_form_takes_the_token() {
    let web = TestServer::start().await;
    let host = &web.host;
    let send = async |token: &str| {
        let body = format!("token={token}");
        let request = format!(
            "POST /sign-in HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nConnection: close\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        web.send(request.as_bytes()).await
    };
    let wrong = send("wrong").await;
    assert_eq!((wrong.status, wrong.header("set-cookie")), (401, None));
    let right = send(TOKEN).await;
    assert_eq!((right.status, right.header("location")), (303, Some("/")));
    assert!(right.header("set-cookie").is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_asks_with_the_cookie() {
    let web = TestServer::start().await;
    let (host, cookie) = (&web.host, web.sign_in().await);
    let send = async |body: &str| {
        let request = format!(
            "POST /dashboard/request HTTP/1.1\r\nHost: {host}\r\n{cookie}\r\nOrigin: http://{host}\r\nConnection: close\r\n\
             Sec-Fetch-Site: same-origin\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        web.send(request.as_bytes()).await
    };
    let snapshot = send(r#"{"type":"snapshot"}"#).await;
    assert_eq!((snapshot.status, snapshot.json()["type"].clone()), (200, json!("snapshot")));
    let forbidden = send(r#"{"type":"diagnostics"}"#).await;
    assert_eq!((forbidden.status, forbidden.json()["code"].clone()), (403, json!("forbidden")));
    let restricted = send(r#"{"type":"setSetting","key":"alerts.command","value":["x"]}"#).await;
    assert_eq!((restricted.status, restricted.json()["code"].clone()), (403, json!("forbidden")));
    let unknown = send(r#"{"type":"dance"}"#).await;
    assert_eq!((unknown.status, unknown.json()["code"].clone()), (400, json!("badValue")));
    let missing = send(r#"{"type":"session","session":"zzzz"}"#).await;
    assert_eq!((missing.status, missing.json()["code"].clone()), (404, json!("notFound")));
    let start = format!("GET /dashboard/start HTTP/1.1\r\nHost: {host}\r\n{cookie}\r\nConnection: close\r\n\r\n");
    let start = web.send(start.as_bytes()).await.json();
    assert_eq!(start, json!({ "demo": false, "version": env!("CARGO_PKG_VERSION") }));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_has_a_policy_or_says_that_it_was_not_built() {
    let web = TestServer::start().await;
    let (host, cookie) = (&web.host, web.sign_in().await);
    let page =
        web.send(format!("GET / HTTP/1.1\r\nHost: {host}\r\n{cookie}\r\nConnection: close\r\n\r\n").as_bytes()).await;
    let policy = page.header("content-security-policy").unwrap_or_default();
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    match page.status {
        200 => assert!(policy.contains("connect-src 'self'")),
        status => assert_eq!((status, page.body.contains("built without it")), (503, true)),
    }
}
