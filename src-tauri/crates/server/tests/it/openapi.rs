//! The committed description of the API.

use crate::test_server::TestServer;

/// The path of the committed file.
const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../docs/openapi.json");

/// Compares the committed file with the description, or writes it if `UPDATE_OPENAPI` is set.
#[test]
fn the_committed_description_is_that_of_the_types() {
    let description = token_monitor_server::openapi_json();
    if std::env::var_os("UPDATE_OPENAPI").is_some() {
        std::fs::write(PATH, description).expect("it is written");
    }
    let committed = std::fs::read_to_string(PATH).expect("docs/openapi.json is committed");
    assert_eq!(committed, description, "run the tests with UPDATE_OPENAPI=1, and read the difference");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_description_is_served_with_a_page_that_has_no_foreign_parts() {
    let web = TestServer::start().await;
    assert_eq!(web.get("/openapi.json").await.body, token_monitor_server::openapi_json());
    let page = web.get("/docs").await;
    assert_eq!(page.status, 200);
    assert!(!page.body.contains("http://") && !page.body.contains("https://"), "{}", page.body);
    assert!(
        page.header("content-security-policy")
            .is_some_and(|policy| policy.starts_with("default-src 'none'; script-src 'self'"))
    );
    assert_eq!(web.get("/docs.js").await.header("content-type"), Some("text/javascript; charset=utf-8"));
}
