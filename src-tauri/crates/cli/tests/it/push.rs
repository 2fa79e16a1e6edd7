//! `push`: what a collector receives, decoded from its requests.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Output, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use insta::assert_snapshot;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::common::v1::{KeyValue, any_value};
use opentelemetry_proto::tonic::metrics::v1::{AggregationTemporality, Sum, metric, number_data_point};
use prost::Message;
use serde_json::Value;

use crate::program::{Home, json, line};

/// The time in which a request has to arrive.
const TIMEOUT: Duration = Duration::from_secs(60);

/// A request that the collector received.
struct ReceivedRequest {
    path: String,
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
}

/// A collector that answers with prepared responses, then with success.
struct Collector {
    url: String,
    requests: Receiver<ReceivedRequest>,
}

impl Collector {
    fn start() -> Self {
        Self::with_responses(&[])
    }

    fn with_responses(responses: &'static [&'static str]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let (sender, requests) = mpsc::channel();
        thread::spawn(move || {
            for (number, stream) in listener.incoming().enumerate() {
                let response = responses.get(number).unwrap_or(&"200 OK\r\nContent-Length: 0");
                let request = answer(&stream.expect("a connection"), response);
                if sender.send(request).is_err() {
                    return;
                }
            }
        });
        Self { url, requests }
    }

    fn next(&self) -> ReceivedRequest {
        self.requests.recv_timeout(TIMEOUT).expect("a request")
    }

    fn next_export(&self) -> Export {
        Export::decode(&self.next().body)
    }

    fn received_nothing(&self) -> bool {
        self.requests.try_recv().is_err()
    }
}

fn answer(stream: &TcpStream, response: &str) -> ReceivedRequest {
    let mut reader = BufReader::new(stream);
    let mut next_line = || {
        let mut line = String::new();
        reader.read_line(&mut line).expect("a line");
        line.trim_end().to_owned()
    };
    let path = next_line().split(' ').nth(1).expect("a path").to_owned();
    let mut headers = BTreeMap::new();
    loop {
        let line = next_line();
        let Some((name, value)) = line.split_once(':') else { break };
        headers.insert(name.to_lowercase(), value.trim().to_owned());
    }
    let mut body = vec![0; headers["content-length"].parse().expect("a length")];
    reader.read_exact(&mut body).expect("a body");
    let mut stream = stream;
    write!(stream, "HTTP/1.1 {response}\r\nConnection: close\r\n\r\n").expect("an answer");
    ReceivedRequest { path, headers, body }
}

/// The decoded contents of a request.
struct Export {
    resource: BTreeMap<String, String>,
    sums: BTreeMap<String, Sum>,
    units: BTreeMap<String, String>,
}

impl Export {
    fn decode(body: &[u8]) -> Self {
        let request = ExportMetricsServiceRequest::decode(body).expect("it is protobuf");
        let [resource_metrics] = request.resource_metrics.try_into().expect("one resource");
        let [scope_metrics] = resource_metrics.scope_metrics.try_into().expect("one scope");
        let units = scope_metrics.metrics.iter().map(|metric| (metric.name.clone(), metric.unit.clone())).collect();
        let sums = scope_metrics.metrics.into_iter().map(|metric| match metric.data {
            Some(metric::Data::Sum(sum)) => (metric.name, sum),
            other => panic!("{other:?} is not a sum"),
        });
        let sums = sums.collect();
        Self { resource: attributes(&resource_metrics.resource.expect("a resource").attributes), sums, units }
    }

    /// Returns the tokens by type and model.
    fn tokens(&self) -> BTreeMap<(String, String), i64> {
        let points = self.sums.get("claude_code.token.usage").map(|sum| sum.data_points.as_slice()).unwrap_or_default();
        let tokens = points.iter().map(|point| {
            let attributes = attributes(&point.attributes);
            let Some(number_data_point::Value::AsInt(tokens)) = point.value else { panic!("not a whole number") };
            ((attributes["type"].clone(), attributes["model"].clone()), tokens)
        });
        tokens.collect()
    }

    /// Returns the dollars by model.
    fn dollars(&self) -> BTreeMap<String, f64> {
        let points = self.sums["claude_code.cost.usage"].data_points.iter();
        let dollars = points.map(|point| {
            let Some(number_data_point::Value::AsDouble(dollars)) = point.value else { panic!("not a number") };
            (attributes(&point.attributes)["model"].clone(), dollars)
        });
        dollars.collect()
    }
}

fn attributes(pairs: &[KeyValue]) -> BTreeMap<String, String> {
    let text = |pair: &KeyValue| match &pair.value.as_ref().expect("a value").value {
        Some(any_value::Value::StringValue(text)) => text.clone(),
        other => panic!("{other:?} is not a text"),
    };
    pairs.iter().map(|pair| (pair.key.clone(), text(pair))).collect()
}

fn push_command(home: &Home, collector: &Collector, args: &[&str]) -> Command {
    let mut command = home.command(&[&["push", "--otlp"], args].concat());
    command.env("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.url);
    command
}

fn push_once(home: &Home, collector: &Collector, args: &[&str]) -> Output {
    push_command(home, collector, &[&["--once"], args].concat()).output().expect("it runs")
}

fn assert_success(output: &Output) {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Adds a message with five output tokens.
fn add_message(home: &Home, number: u32) {
    let id = format!("c{number}");
    let added = line("3c3c3c3c-cccc", &id, "claude-opus-4-8", "2026-02-06T10:00:00Z", [0, 5, 0, 0]);
    home.write(&format!("-home-x-more/{id}.jsonl"), &[added]);
}

#[test]
fn a_collector_receives_the_sums_of_each_model() {
    let (home, collector) = (Home::with_sessions(), Collector::start());
    assert_success(&push_once(&home, &collector, &[]));
    let request = collector.next();
    assert_eq!(request.path, "/v1/metrics");
    assert_eq!(request.headers["content-type"], "application/x-protobuf");
    let export = Export::decode(&request.body);

    let models = home.json(&["models"]);
    let rows = models["models"].as_array().or(models["data"].as_array()).expect("rows");
    let mut expected = BTreeMap::new();
    for row in rows {
        let model = row["model"].as_str().expect("a name");
        for (kind, field) in [
            ("input", "inputTokens"),
            ("output", "outputTokens"),
            ("cacheRead", "cacheReadTokens"),
            ("cacheCreation", "cacheCreationTokens"),
        ] {
            expected.insert((kind.to_owned(), model.to_owned()), row[field].as_i64().expect("a number"));
        }
        let cost = row["totalCost"].as_f64().expect("a price");
        assert!((export.dollars()[model] - cost).abs() < 1e-9, "{model} costs {cost}");
    }
    assert_eq!(export.tokens(), expected);
    assert_eq!(export.units["claude_code.token.usage"], "tokens");
    assert_eq!(export.units["claude_code.cost.usage"], "USD");
    for sum in export.sums.values() {
        assert!(sum.is_monotonic);
        assert_eq!(sum.aggregation_temporality(), AggregationTemporality::Cumulative);
        for point in &sum.data_points {
            assert_eq!(point.start_time_unix_nano, 1_770_109_920_000_000_000, "the first message");
            assert!(point.time_unix_nano > point.start_time_unix_nano);
        }
    }
    assert_eq!(export.resource["service.name"], "token-monitor");
}

#[test]
fn the_variables_of_opentelemetry_are_honored() {
    let (home, collector) = (Home::with_sessions(), Collector::start());
    let mut command = push_command(&home, &collector, &["--once"]);
    command.env("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", format!("{}/custom", collector.url));
    command.env("OTEL_EXPORTER_OTLP_HEADERS", "Authorization=Bearer%20token,x-team=a");
    command.env("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip");
    command.env("OTEL_RESOURCE_ATTRIBUTES", "host.name=desk");
    command.env("OTEL_SERVICE_NAME", "claude-code");
    assert_success(&command.output().expect("it runs"));
    let request = collector.next();
    assert_eq!(request.path, "/custom");
    assert_eq!((request.headers["authorization"].as_str(), request.headers["x-team"].as_str()), ("Bearer token", "a"));
    assert_eq!(request.headers["content-encoding"], "gzip");
    let mut body = Vec::new();
    flate2::read::GzDecoder::new(request.body.as_slice()).read_to_end(&mut body).expect("it is compressed");
    let export = Export::decode(&body);
    assert_eq!(
        (export.resource["service.name"].as_str(), export.resource["host.name"].as_str()),
        ("claude-code", "desk")
    );
}

#[test]
fn deltas_add_up_to_the_sums() {
    let (home, collector) = (Home::with_sessions(), Collector::start());
    let opus = ("output".to_owned(), "claude-opus-4-8".to_owned());
    assert_success(&push_once(&home, &collector, &["--temporality", "delta"]));
    let first = collector.next_export();
    assert_eq!(first.tokens()[&opus], 3_245);
    assert_eq!(first.sums["claude_code.token.usage"].aggregation_temporality(), AggregationTemporality::Delta);

    add_message(&home, 1);
    assert_success(&push_once(&home, &collector, &["--temporality", "delta"]));
    let second = collector.next_export();
    assert_eq!(second.tokens(), BTreeMap::from([(opus, 5)]), "only what was added");
    let [before, after] = [&first, &second].map(|export| &export.sums["claude_code.token.usage"].data_points[0]);
    assert_eq!(after.start_time_unix_nano, before.time_unix_nano, "the periods follow each other");

    let output = push_once(&home, &collector, &["--temporality", "delta"]);
    assert_eq!(String::from_utf8_lossy(&output.stdout), "Nothing to send.\n");
    assert!(collector.received_nothing());
}

#[test]
fn a_delta_that_was_refused_is_sent_with_the_next() {
    let home = Home::with_sessions();
    let collector = Collector::with_responses(&["400 Bad Request\r\nContent-Length: 0"]);
    let output = push_once(&home, &collector, &["--temporality", "delta"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "error: the collector answered 400 Bad Request\n");
    add_message(&home, 1);
    assert_success(&push_once(&home, &collector, &["--temporality", "delta"]));
    let refused = collector.next_export();
    let received = collector.next_export();
    let opus = ("output".to_owned(), "claude-opus-4-8".to_owned());
    assert_eq!((refused.tokens()[&opus], received.tokens()[&opus]), (3_245, 3_250));
}

#[test]
fn an_overloaded_collector_receives_the_same_export_again() {
    let home = Home::with_sessions();
    let collector = Collector::with_responses(&[
        "503 Service Unavailable\r\nContent-Length: 0",
        "429 Too Many Requests\r\nRetry-After: 1\r\nContent-Length: 0",
    ]);
    assert_success(&push_once(&home, &collector, &[]));
    let bodies = [collector.next().body, collector.next().body, collector.next().body];
    assert!(bodies[0] == bodies[1] && bodies[1] == bodies[2]);
    assert!(collector.received_nothing());
}

#[test]
fn a_redirect_is_not_followed() {
    let (home, other) = (Home::with_sessions(), Collector::start());
    let response = format!("307 Temporary Redirect\r\nLocation: {}\r\nContent-Length: 0", other.url).leak();
    let collector = Collector::with_responses(Box::leak(Box::new([&*response])));
    assert_eq!(push_once(&home, &collector, &[]).status.code(), Some(1));
    assert!(other.received_nothing(), "the headers may contain secrets");
}

#[test]
fn sums_stay_as_high_over_a_store_that_is_made_new() {
    let (home, collector) = (Home::with_sessions(), Collector::start());
    assert_success(&push_once(&home, &collector, &[]));
    let before = collector.next_export();
    std::fs::remove_file(home.store()).expect("the store is deleted");
    assert_success(&push_once(&home, &collector, &[]));
    let after = collector.next_export();
    assert_eq!(after.tokens(), before.tokens());
    assert_eq!(after.resource, before.resource, "the same id");
    std::fs::remove_file(home.store()).expect("the store is deleted");
    std::fs::remove_dir_all(home.path().join(".claude/projects/-home-x-shop")).expect("logs are deleted");
    assert_success(&push_once(&home, &collector, &[]));
    assert_eq!(collector.next_export().tokens(), before.tokens(), "no counter falls");
}

#[test]
fn it_goes_on_sending_until_it_is_stopped() {
    let (home, collector) = (Home::with_sessions(), Collector::start());
    let mut command = push_command(&home, &collector, &["--interval", "1s"]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it runs");
    let opus = ("output".to_owned(), "claude-opus-4-8".to_owned());
    assert_eq!(collector.next_export().tokens()[&opus], 3_245);
    add_message(&home, 1);
    let sees_it = |_: &u32| collector.next_export().tokens()[&opus] == 3_250;
    assert!((0..30).any(|number| sees_it(&number)), "the change is sent");
    child.kill().expect("it runs");
    child.wait().expect("it ends");
}

#[test]
fn a_preview_sends_nothing_and_hides_secrets() {
    let (home, collector) = (Home::with_sessions(), Collector::start());
    let preview = |args: &[&str]| {
        let mut command = push_command(&home, &collector, &[&["--dry-run"], args].concat());
        command.env("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "https://me:secret@collector.example/v1/metrics?key=secret");
        command.env("OTEL_EXPORTER_OTLP_HEADERS", "Authorization=secret");
        command.output().expect("it runs")
    };
    let text = String::from_utf8(preview(&[]).stdout).expect("it is text");
    // The ID of an installation is random.
    let differs = |line: &str| line.starts_with("Resource:     ") || line.starts_with("Resource: service.instance.id=");
    let mut shown: Vec<&str> = text.lines().filter(|line| !differs(line)).collect();
    shown.iter_mut().for_each(|line| *line = line.trim_end());
    assert_snapshot!("push-dry-run", shown.join("\n"));
    let value: Value = json(&preview(&["--json"]));
    assert_eq!(value["headers"], serde_json::json!(["Authorization"]));
    assert_eq!(value["values"].as_array().map(Vec::len), Some(15));
    assert!(!text.contains("secret") && !value.to_string().contains("secret"));
    assert!(collector.received_nothing());
}

#[test]
fn sample_data_is_not_sent() {
    let (home, collector) = (Home::new(), Collector::start());
    let output = push_once(&home, &collector, &["--demo"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("sample data is not sent"));
    assert!(collector.received_nothing());
}

#[test]
fn an_invalid_variable_is_a_configuration_error() {
    let home = Home::with_sessions();
    let mut command = home.command(&["push", "--otlp", "--once"]);
    let output = command.env("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc").output().expect("it runs");
    assert_eq!(output.status.code(), Some(2));
    let error = "error: OTEL_EXPORTER_OTLP_PROTOCOL is invalid: only http/protobuf is supported\n";
    assert_eq!(String::from_utf8_lossy(&output.stderr), error);
    assert_eq!(home.run(&["push"]).status.code(), Some(2), "a target is required");
}

#[test]
fn the_help_is_unchanged() {
    assert_snapshot!("help-push", Home::new().prints(&["push", "--help"]));
}

#[test]
fn a_push_of_the_app_reports_if_the_collector_received_it() {
    let home = Home::with_sessions();
    let collector = Collector::with_responses(&["400 Bad Request\r\nContent-Length: 0"]);
    let mut command = home.command(&["push", "--otlp", "--background", "--interval", "1s"]);
    let mut push =
        command.env("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.url).stdin(Stdio::piped()).spawn().expect("it runs");
    collector.next();
    let problems = || {
        let status = home.json(&["status"]);
        let problems = status["problems"].as_array().expect("a list").clone();
        problems.into_iter().filter(|problem| problem["code"] == "metricsNotSent").collect::<Vec<_>>()
    };
    // It is reported after the response, and gone after the next export.
    let reported = (0..600).map(|_| problems()).find(|problems| !problems.is_empty()).expect("the problem");
    let message = reported[0]["message"].as_str().expect("a message");
    assert!(message.starts_with(&format!("The metrics were not sent to {}", collector.url)), "{message}");
    let answer = line("later", "m9", "claude-opus-4-8", "2026-02-05T10:00:00Z", [1, 2, 0, 0]);
    home.write("-home-x-shop/later.jsonl", &[answer]);
    collector.next();
    assert!((0..600).any(|_| problems().is_empty()), "it is solved");
    drop(push.stdin.take());
    assert_eq!(push.wait().expect("it ends").code(), Some(0));
}
