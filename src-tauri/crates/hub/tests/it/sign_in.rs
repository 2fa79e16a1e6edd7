//! Signing in to the dashboard, and what the session of a browser may do.

use serde_json::{Value, json};
use ureq::http::{Request, Response};

use crate::harness::{TestHub, row_at, update};

/// A response whose redirects were not followed.
struct Answer(Response<ureq::Body>);

impl Answer {
    fn status(&self) -> u16 {
        self.0.status().as_u16()
    }

    fn header(&self, name: &str) -> &str {
        self.0.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Returns the cookie that the browser would send from now on.
    fn cookie(&self) -> String {
        self.header("set-cookie").split(';').next().unwrap_or_default().to_owned()
    }

    fn json(mut self) -> Value {
        serde_json::from_str(&self.0.body_mut().read_to_string().expect("text")).expect("it is JSON")
    }
}

/// Sends a request with headers and without a token.
fn send(hub: &TestHub, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0).build().into();
    let mut request = Request::builder().method(method).uri(format!("{}{path}", hub.url));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    Answer(agent.run(request.body(body.to_owned()).expect("it is valid")).expect("it answers"))
}

const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");
const SAME_ORIGIN: (&str, &str) = ("Sec-Fetch-Site", "same-origin");

fn sign_in(hub: &TestHub, token: &str) -> Answer {
    send(hub, "POST", "/sign-in", &[FORM, SAME_ORIGIN], &format!("token={token}"))
}

#[test]
fn a_browser_signs_in_with_a_token_and_out_again() {
    let hub = TestHub::start();
    let token = hub.add_device("acme", "ada", "desk");
    let first = send(&hub, "GET", "/", &[], "");
    assert_eq!((first.status(), first.header("location")), (303, "/sign-in"));
    assert_eq!(send(&hub, "GET", "/sign-in", &[], "").status(), 200);
    assert_eq!(sign_in(&hub, "tmh1.wrong").status(), 401);
    for text in [token.to_string(), token.credential()] {
        let signed_in = sign_in(&hub, &text);
        assert_eq!((signed_in.status(), signed_in.header("location")), (303, "/"));
        let cookie = signed_in.cookie();
        let me = send(&hub, "GET", "/api/v1/me", &[("Cookie", &cookie)], "");
        let expected =
            json!({ "organization": "acme", "member": "ada", "isAdmin": false, "version": env!("CARGO_PKG_VERSION") });
        assert_eq!(me.json(), expected);
        let signed_out = send(&hub, "POST", "/sign-out", &[SAME_ORIGIN, ("Cookie", &cookie)], "");
        assert_eq!((signed_out.status(), signed_out.header("location")), (303, "/sign-in"));
        assert_eq!(send(&hub, "GET", "/api/v1/me", &[("Cookie", &cookie)], "").status(), 401);
    }
}

#[test]
fn a_session_ends_with_its_token() {
    let hub = TestHub::start();
    let token = hub.add_device("acme", "ada", "desk");
    let signed_in = |cookie: &str| send(&hub, "GET", "/api/v1/me", &[("Cookie", cookie)], "").status();
    let cookie = sign_in(&hub, &token.to_string()).cookie();
    assert_eq!(signed_in(&cookie), 200);
    let renewed = hub.add_device("acme", "ada", "desk");
    assert_eq!(signed_in(&cookie), 401, "the device has another token");
    let cookie = sign_in(&hub, &renewed.to_string()).cookie();
    assert_eq!(signed_in(&cookie), 200);
    hub.runtime.block_on(hub.members("acme").revoke("ada", None, false)).expect("it is revoked");
    assert_eq!(signed_in(&cookie), 401);
    let cookies = hub.dump("sessions", "acme");
    assert!(!cookies.contains(cookie.rsplit('.').next().expect("an id")), "only hashes are stored");
}

#[test]
fn pages_of_other_sites_change_nothing() {
    let hub = TestHub::start();
    let token = hub.add_device("acme", "ada", "desk");
    hub.runtime.block_on(hub.members("acme").set_admin("ada", true)).expect("it is set");
    let cookie = sign_in(&hub, &token.to_string()).cookie();
    let rule = json!({ "shares": [{ "costCenter": "web", "percent": 100 }] }).to_string();
    let post = |source: &[(&str, &str)]| {
        let headers = [&[("Cookie", cookie.as_str()), ("Content-Type", "application/json")], source].concat();
        send(&hub, "POST", "/api/v1/rules", &headers, &rule).status()
    };
    assert_eq!(post(&[]), 403);
    assert_eq!(post(&[("Sec-Fetch-Site", "cross-site")]), 403);
    assert_eq!(post(&[("Origin", "https://other.example")]), 403);
    assert_eq!(post(&[SAME_ORIGIN]), 201);
    assert_eq!(post(&[("Origin", hub.url.as_str())]), 201);
    let foreign = send(&hub, "POST", "/sign-in", &[FORM, ("Sec-Fetch-Site", "cross-site")], "token=x");
    assert_eq!(foreign.status(), 403);
}

#[test]
fn cookies_are_sent_with_tls_only_where_a_proxy_provides_it() {
    let hub = TestHub::start();
    let token = hub.add_device("acme", "ada", "desk").to_string();
    let headers = [FORM, SAME_ORIGIN, ("X-Forwarded-Proto", "https")];
    let answer = send(&hub, "POST", "/sign-in", &headers, &format!("token={token}"));
    assert!(answer.header("set-cookie").ends_with("; Secure"));
    assert!(!sign_in(&hub, &token).header("set-cookie").contains("Secure"));
    let page = send(&hub, "GET", "/sign-in", &[], "");
    assert_eq!((page.header("x-frame-options"), page.header("referrer-policy")), ("DENY", "no-referrer"));
    assert!(page.header("content-security-policy").starts_with("default-src 'none'"));
}

#[test]
fn a_history_divides_days_by_member_and_cost_center() {
    let hub = TestHub::start();
    let ada = hub.add_device("acme", "ada", "desk");
    let bob = hub.add_device("acme", "bob", "desk");
    hub.accept(&ada, &update(1, 0, vec![row_at(1, 1, 10, "2026-03-01T12:00:00Z")]));
    let rows = vec![row_at(1, 1, 5, "2026-03-01T12:00:00Z"), row_at(2, 2, 7, "2026-03-03T12:00:00Z")];
    hub.accept(&bob, &update(1, 0, rows));
    hub.runtime.block_on(hub.members("acme").set_admin("ada", true)).expect("it is set");
    let rule = json!({ "member": "bob", "shares": [{ "costCenter": "web", "percent": 100 }] });
    assert_eq!(hub.request(&ada.credential(), "POST", "/api/v1/rules", &rule).0, 201);
    let history = |query: &str| {
        let (status, history) = hub.get(&ada.credential(), &format!("/api/v1/history?{query}&until=2026-03-31"));
        assert_eq!(status, 200, "{history}");
        let names: Vec<Value> =
            history["parts"].as_array().expect("parts").iter().map(|part| part["name"].clone()).collect();
        let tokens = |day: &Value| {
            let parts = day["parts"].as_array().expect("parts").iter().map(|part| part["tokens"].clone());
            (day["date"].clone(), parts.collect::<Vec<_>>())
        };
        let days: Vec<_> = history["days"].as_array().expect("days").iter().map(tokens).collect();
        (names, days)
    };
    let days = |first: [u32; 2], last: [u32; 2]| {
        [("2026-03-01", first), ("2026-03-03", last)]
            .map(|(day, parts)| (json!(day), parts.map(|count| json!(count)).to_vec()))
            .to_vec()
    };
    assert_eq!(history("by=member"), (vec![json!("bob"), json!("ada")], days([5, 10], [7, 0])));
    assert_eq!(history("by=costCenter"), (vec![json!("web"), Value::Null], days([5, 10], [7, 0])));
    let (names, last) = history("by=member&since=2026-03-02");
    assert_eq!((names, last.len()), (vec![json!("bob")], 1));
}
