//! `token-monitor update`, with a release list on this computer.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::process::{Command, Output};
use std::sync::mpsc::{self, Receiver};
use std::thread;

use serde_json::json;

use crate::program::{Home, json};

/// A server with one release list. It reports the first line and the headers of each request.
struct ReleaseServer {
    url: String,
    requests: Receiver<String>,
}

impl ReleaseServer {
    fn start(status: &'static str, body: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}/releases", listener.local_addr().expect("an address"));
        let (sender, requests) = mpsc::channel();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.expect("a connection");
                let lines = BufReader::new(&stream).lines().map(|line| line.expect("a line"));
                let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
                let length = body.len();
                write!(stream, "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}")
                    .expect("a response");
                if sender.send(head.join("\n").to_lowercase()).is_err() {
                    return;
                }
            }
        });
        Self { url, requests }
    }
}

fn update(home: &Home, server: &ReleaseServer, args: &[&str]) -> Command {
    command_with(home, server, &[&["update"], args].concat())
}

/// Returns a command with a settings file that has the address of the server, and regular checks on.
fn command_with(home: &Home, server: &ReleaseServer, args: &[&str]) -> Command {
    let config = home.path().join("config.yaml");
    std::fs::write(&config, format!("updates:\n  check: true\n  url: {}\n", server.url)).expect("a file");
    let mut command = home.command(args);
    command.arg("--config").arg(config);
    command
}

fn run(mut command: Command) -> Output {
    command.output().expect("it runs")
}

#[test]
fn a_check_reports_a_newer_version_and_remembers_it() {
    let home = Home::new();
    let server = ReleaseServer::start("200 OK", r#"[{"tag_name":"v999.0.0"},{"tag_name":"v999.1.0-rc.1"}]"#);
    let checked = json(&run(update(&home, &server, &["--check", "--json"])));
    assert_eq!(checked["current"], env!("CARGO_PKG_VERSION"));
    assert_eq!(checked["latest"], "999.0.0");
    let url = "https://github.com/token-monitor/token-monitor/releases/tag/v999.0.0";
    assert_eq!(checked["update"], json!({ "version": "999.0.0", "url": url }));
    let request = server.requests.recv().expect("it was requested");
    assert!(request.starts_with("get /releases http/1.1\n"), "{request}");
    assert!(request.contains(concat!("user-agent: token-monitor/", env!("CARGO_PKG_VERSION"))), "{request}");

    assert_eq!(json(&run(update(&home, &server, &["--json"]))), checked, "the result of the last check");
    assert!(server.requests.try_recv().is_err(), "without --check nothing is requested");
    let text = String::from_utf8(run(update(&home, &server, &[])).stdout).expect("text");
    let first = format!("Version 999.0.0 is available; this is {}.\n{url}\n", env!("CARGO_PKG_VERSION"));
    assert!(text.starts_with(&first), "{text}");
}

#[test]
fn a_failed_check_is_an_error_with_its_reason() {
    let home = Home::new();
    let server = ReleaseServer::start("403 Forbidden", "");
    let output = run(update(&home, &server, &["--check"]));
    assert_eq!(output.status.code(), Some(1));
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(error.starts_with(&format!("error: no response from {}: ", server.url)), "{error}");
    assert!(error.contains("403"), "{error}");
}

#[test]
fn other_commands_request_nothing_even_with_the_setting() {
    let home = Home::with_sessions();
    let server = ReleaseServer::start("200 OK", "[]");
    for command in ["status", "days", "doctor", "update"] {
        let output = run(command_with(&home, &server, &[command]));
        assert!(output.status.success(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
    }
    assert!(server.requests.try_recv().is_err(), "only a live engine checks regularly");
}
