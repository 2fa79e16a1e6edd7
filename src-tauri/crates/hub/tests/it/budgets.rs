//! Budgets: thresholds are reported once a month, with a signed message.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, Sender, channel};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use token_monitor_core::team::{DeviceToken, TeamRow, UsageCounts};
use token_monitor_hub::{BudgetSettings, Budgets, WebhookKey, check_budgets, signature_of};

use crate::harness::{TestHub, pick, row_at, update};

/// A message as a receiver gets it.
struct Message {
    headers: Vec<(String, String)>,
    body: String,
}

impl Message {
    fn header(&self, name: &str) -> &str {
        &self.headers.iter().find(|(own, _)| own == name).expect("the header").1
    }
}

/// A receiver of webhooks that answers with the statuses it is given.
struct WebhookReceiver {
    url: String,
    messages: Receiver<Message>,
    statuses: Sender<u16>,
}

impl WebhookReceiver {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}/hook", listener.local_addr().expect("an address"));
        let ((send_message, messages), (statuses, next_status)) = (channel(), channel());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.expect("a connection");
                let message = read_message(&stream);
                let Ok(status) = next_status.recv() else { return };
                write!(stream, "HTTP/1.1 {status} Status\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                    .expect("it is sent");
                if send_message.send(message).is_err() {
                    return;
                }
            }
        });
        Self { url, messages, statuses }
    }
}

fn read_message(stream: &std::net::TcpStream) -> Message {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).expect("a request");
    let mut headers = Vec::new();
    loop {
        line.clear();
        reader.read_line(&mut line).expect("a header");
        let Some((name, value)) = line.trim().split_once(": ") else { break };
        headers.push((name.to_lowercase(), value.to_owned()));
    }
    let mut message = Message { headers, body: String::new() };
    let length = message.header("content-length").parse().expect("a length");
    let mut body = vec![0; length];
    reader.read_exact(&mut body).expect("a body");
    message.body = String::from_utf8(body).expect("text");
    message
}

fn spend(hub: &TestHub, token: &DeviceToken, revision: u64, dollars: u64, day: &str) {
    let row = row_at(revision, revision, 1, &format!("{day}T12:00:00Z"));
    let usage = UsageCounts { cost_nanos: dollars * 1_000_000_000, ..row.usage };
    hub.accept(token, &update(1, revision - 1, vec![TeamRow { usage, ..row }]));
}

fn budget(receiver: &WebhookReceiver, cost_center: Option<&str>, dollars: i64) -> BudgetSettings {
    BudgetSettings {
        cost_center: cost_center.map(str::to_owned),
        monthly_cost_nanos: dollars * 1_000_000_000,
        thresholds: vec![100, 50],
        webhook_url: receiver.url.clone(),
    }
}

fn add(hub: &TestHub, settings: BudgetSettings) -> WebhookKey {
    let budgets = Budgets::new(&hub.database, hub.members("acme").organization());
    hub.runtime.block_on(budgets.add(settings)).expect("it is added").1
}

fn check(hub: &TestHub, now: &str) -> usize {
    hub.runtime.block_on(check_budgets(&hub.database, time(now))).expect("they are checked")
}

fn time(text: &str) -> DateTime<Utc> {
    text.parse().expect("a time")
}

#[test]
fn a_threshold_is_reported_once_a_month_with_a_signature() {
    let hub = TestHub::start();
    let token = hub.add_device("acme", "ada", "desk");
    let receiver = WebhookReceiver::start();
    let key = add(&hub, budget(&receiver, None, 10));
    let now = "2026-03-20T08:00:00Z";
    spend(&hub, &token, 1, 4, "2026-03-01");
    spend(&hub, &token, 2, 100, "2026-02-28");
    assert_eq!(check(&hub, now), 0, "the month before does not count");
    spend(&hub, &token, 3, 1, "2026-03-20");
    receiver.statuses.send(204).expect("it runs");
    assert_eq!(check(&hub, now), 1);
    let message = receiver.messages.recv().expect("a message");
    let data = json!({
        "organization": "acme", "costCenter": null, "month": "2026-03", "threshold": 50, "budget": 10.0, "cost": 5.0,
        "costNanos": 5_000_000_000_u64
    });
    let body: Value = serde_json::from_str(&message.body).expect("JSON");
    assert_eq!(body, json!({ "type": "budget.threshold_reached", "data": data }));
    let seconds = message.header("webhook-timestamp").parse().expect("seconds");
    assert_eq!(seconds, time(now).timestamp());
    let signature = signature_of(&key, message.header("webhook-id"), seconds, &message.body);
    assert_eq!(message.header("webhook-signature"), signature);
    assert_eq!(check(&hub, "2026-03-31T23:59:00Z"), 0, "it was reported");
    spend(&hub, &token, 4, 6, "2026-04-01");
    receiver.statuses.send(200).expect("it runs");
    assert_eq!(check(&hub, "2026-04-01T13:00:00Z"), 1, "another month");
}

#[test]
fn a_message_that_was_not_accepted_is_sent_again() {
    let hub = TestHub::start();
    let token = hub.add_device("acme", "ada", "desk");
    let receiver = WebhookReceiver::start();
    add(&hub, budget(&receiver, None, 10));
    spend(&hub, &token, 1, 5, "2026-03-01");
    let start = time("2026-03-20T08:00:00Z");
    let check = |now: DateTime<Utc>| hub.runtime.block_on(check_budgets(&hub.database, now)).expect("they are checked");
    receiver.statuses.send(500).expect("it runs");
    assert_eq!(check(start), 0);
    assert_eq!(check(start + TimeDelta::seconds(60)), 0, "the first attempt may still be on its way");
    receiver.statuses.send(200).expect("it runs");
    assert_eq!(check(start + TimeDelta::seconds(180)), 1);
    let ids: Vec<String> =
        receiver.messages.try_iter().map(|message| message.header("webhook-id").to_owned()).collect();
    assert_eq!((ids.len(), &ids[0]), (2, &ids[1]), "the id is the same");
}

#[test]
fn of_several_hubs_one_reports_a_threshold() {
    let hub = TestHub::start();
    let token = hub.add_device("acme", "ada", "desk");
    let receiver = WebhookReceiver::start();
    add(&hub, budget(&receiver, None, 10));
    spend(&hub, &token, 1, 10, "2026-03-01");
    for _ in 0..2 {
        receiver.statuses.send(200).expect("it runs");
    }
    let checks: Vec<_> = (0..8)
        .map(|_| {
            let database = hub.database.clone();
            hub.runtime.spawn(async move { check_budgets(&database, time("2026-03-20T08:00:00Z")).await })
        })
        .collect();
    let mut sent = 0;
    for check in checks {
        sent += hub.runtime.block_on(check).expect("it ends").expect("they are checked");
    }
    assert_eq!(sent, 2, "50% and 100%, once each");
}

#[test]
fn a_cost_center_has_a_budget_of_its_own() {
    let hub = TestHub::start();
    let token = hub.add_device("acme", "ada", "desk");
    hub.runtime.block_on(hub.members("acme").set_admin("ada", true)).expect("it is set");
    let shares = json!([{ "costCenter": "web", "percent": 40 }, { "costCenter": "ops", "percent": 60 }]);
    hub.request(&token.credential(), "POST", "/api/v1/rules", &json!({ "shares": shares }));
    let receiver = WebhookReceiver::start();
    add(&hub, budget(&receiver, Some("web"), 10));
    spend(&hub, &token, 1, 12, "2026-03-01");
    assert_eq!(check(&hub, "2026-03-20T08:00:00Z"), 0, "its part is $4.80");
    spend(&hub, &token, 2, 1, "2026-03-02");
    receiver.statuses.send(200).expect("it runs");
    assert_eq!(check(&hub, "2026-03-20T08:01:00Z"), 1);
    let body: Value = serde_json::from_str(&receiver.messages.recv().expect("a message").body).expect("JSON");
    assert_eq!((&body["data"]["costCenter"], &body["data"]["cost"]), (&json!("web"), &json!(5.2)));
    let budgets = Budgets::new(&hub.database, hub.members("acme").organization());
    let day = "2026-03-20".parse().expect("a day");
    let used = hub.runtime.block_on(budgets.list_with_costs(day)).expect("a list");
    assert_eq!(used[0].cost_nanos, 5_200_000_000);
    let (_, listed) = hub.get(&token.credential(), "/api/v1/budgets");
    let listed = &listed["budgets"][0];
    assert_eq!(listed["reached"], json!([{ "month": "2026-03-01", "threshold": 50, "isSent": true }]));
    assert!(!listed.to_string().contains("hook"), "the address of the webhook is not shown");
}

#[test]
fn a_budget_that_is_not_valid_is_refused() {
    let hub = TestHub::start();
    let receiver = WebhookReceiver::start();
    let budgets = Budgets::new(&hub.database, hub.members("acme").organization());
    let valid = budget(&receiver, None, 10);
    for invalid in [
        BudgetSettings { monthly_cost_nanos: 0, ..valid.clone() },
        BudgetSettings { thresholds: vec![], ..valid.clone() },
        BudgetSettings { thresholds: vec![0], ..valid.clone() },
        BudgetSettings { webhook_url: "file:///etc/passwd".to_owned(), ..valid.clone() },
        BudgetSettings { cost_center: Some(" ".to_owned()), ..valid },
    ] {
        assert!(hub.runtime.block_on(budgets.add(invalid.clone())).is_err(), "{invalid:?}");
    }
}

#[test]
fn devices_read_the_thresholds_that_were_reached_in_this_month() {
    let hub = TestHub::start();
    let token = hub.add_device("acme", "ada", "desk");
    let other = hub.add_device("globex", "eve", "desk");
    let receiver = WebhookReceiver::start();
    add(&hub, budget(&receiver, None, 10));
    let now = Utc::now();
    let reached = |token: &DeviceToken| {
        let (status, body) = hub.get(&token.credential(), "/api/v1/budgets/reached");
        assert_eq!(status, 200, "{body}");
        body["reached"].as_array().expect("thresholds").clone()
    };
    spend(&hub, &token, 1, 6, &now.date_naive().to_string());
    assert_eq!(reached(&token), [] as [Value; 0], "nothing was compared yet");
    // The receiver refuses the message, and devices read the threshold all the same.
    receiver.statuses.send(500).expect("it waits");
    assert_eq!(check(&hub, &now.to_rfc3339()), 0);
    let thresholds = reached(&token);
    assert_eq!(thresholds.len(), 1);
    let month = format!("{}-01", now.format("%Y-%m"));
    let fields = ["costCenter", "monthlyCostNanos", "month", "threshold"];
    let expected =
        json!({ "costCenter": null, "monthlyCostNanos": 10_000_000_000_u64, "month": month, "threshold": 50 });
    assert_eq!(pick(&thresholds[0], &fields), expected);
    assert_eq!(reached(&other), [] as [Value; 0]);
    assert_eq!(hub.get("", "/api/v1/budgets/reached").0, 401);
    let former = "UPDATE budget_alerts SET month = (month - interval '1 month')::date";
    hub.postgres.query(&hub.address, former);
    assert_eq!(reached(&token), [] as [Value; 0], "another month");
}
