//! Metrics for Prometheus.

use token_monitor_hub::HubServer;
use tokio::net::TcpListener;

use crate::harness::{TestHub, row, send_to, update};

#[test]
fn requests_and_rows_are_counted_without_figures_of_organizations() {
    let hub = TestHub::start();
    let token = hub.add_device("acme", "ada", "desk");
    let server = HubServer::new(hub.database.clone());
    let [main, metrics] = [0, 1].map(|_| hub.runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a port"));
    let [url, metrics_url] =
        [&main, &metrics].map(|listener| format!("http://{}", listener.local_addr().expect("an address")));
    let other = server.clone();
    hub.runtime.spawn(async move { server.serve(&main).await });
    hub.runtime.spawn(async move { other.serve_metrics(&metrics).await });
    let body = serde_json::to_string(&update(1, 0, vec![row(1, 1, 10), row(2, 2, 20)])).expect("JSON");
    assert_eq!(send_to(&url, &token, &body).0, 200);
    assert_eq!(send_to(&url, &token, &body).0, 409);
    assert!(ureq::get(format!("{url}/nothing")).call().is_err());
    let text = ureq::get(format!("{metrics_url}/metrics"))
        .call()
        .expect("it answers")
        .body_mut()
        .read_to_string()
        .expect("text");
    for line in [
        "token_monitor_hub_rows_received_total 2",
        r#"token_monitor_hub_requests_total{route="/api/v1/usage",method="write",status="200"} 1"#,
        r#"token_monitor_hub_requests_total{route="/api/v1/usage",method="write",status="409"} 1"#,
        r#"token_monitor_hub_requests_total{route="other",method="read",status="404"} 1"#,
        r#"token_monitor_hub_request_duration_seconds_count{route="/api/v1/usage"} 2"#,
    ] {
        assert!(text.lines().any(|own| own == line), "{line} is missing in\n{text}");
    }
    assert!(text.contains("token_monitor_hub_database_connections "));
    assert!(!text.contains("acme") && !text.contains("ada"));
    assert!(ureq::get(format!("{url}/metrics")).call().is_err(), "only at an address of its own");
}
