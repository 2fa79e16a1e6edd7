//! The committed description of the API.

use serde_json::Value;

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

#[test]
fn every_reference_of_the_description_resolves() {
    let description: Value = serde_json::from_str(token_monitor_server::openapi_json()).expect("it is JSON");
    let mut references = Vec::new();
    collect_references(&description, &mut references);
    assert!(references.len() > 50, "{references:?}");
    for reference in references {
        let pointer = reference.strip_prefix('#').expect("it is in the document");
        assert!(description.pointer(pointer).is_some(), "{reference}");
    }
}

fn collect_references(value: &Value, references: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            references.extend(fields.get("$ref").and_then(Value::as_str).map(str::to_owned));
            fields.values().for_each(|field| collect_references(field, references));
        }
        Value::Array(items) => items.iter().for_each(|item| collect_references(item, references)),
        _ => {}
    }
}
