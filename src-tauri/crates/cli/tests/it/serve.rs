//! The web server as a program: its bodies are what the commands print, and it comes and goes with other processes.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use rstest::rstest;

use crate::program::Home;

/// The token of the server.
const TOKEN: &str = "correct-horse-battery";

/// A running server.
struct Serve {
    child: Child,
    /// The name and the port.
    host: String,
}

impl Serve {
    fn start(home: &Home) -> Self {
        Self::start_with(home, &[])
    }

    fn start_with(home: &Home, options: &[&str]) -> Self {
        let mut command = home.command(&[&["serve", "--listen", "127.0.0.1:0"], options].concat());
        Self::spawn(command.env("TOKEN_MONITOR_SERVE_TOKEN", TOKEN))
    }

    fn spawn(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("it runs");
        let mut line = String::new();
        let mut lines = BufReader::new(child.stdout.take().expect("there is a pipe"));
        lines.read_line(&mut line).expect("it prints the address");
        let host = line.split("http://").nth(1).and_then(|rest| rest.split(';').next()).expect("an address").to_owned();
        let serve = Self { child, host };
        // The engine may not be connected yet.
        let is_ready = |serve: &Self| serve.get("/health").0 == 200;
        assert!((0..600).any(|_| is_ready(&serve)), "an engine is connected");
        serve
    }

    /// Returns the status and the body of an address.
    fn get(&self, path: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.host).expect("it listens");
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {TOKEN}\r\nConnection: close\r\n\r\n",
            self.host
        );
        stream.write_all(request.as_bytes()).expect("it is sent");
        let mut response = String::new();
        stream.read_to_string(&mut response).expect("it answers");
        let (head, body) = response.split_once("\r\n\r\n").expect("a response");
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        (status, body.to_owned())
    }
}

impl Drop for Serve {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Returns what a command prints, byte for byte.
fn printed(home: &Home, args: &[&str]) -> String {
    let output = home.run(args);
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("it prints text")
}

#[rstest]
#[case("sessions", &["sessions", "--json"])]
#[case("sessions?limit=1", &["sessions", "--json", "--limit", "1"])]
#[case("sessions?search=login", &["sessions", "--json", "--search", "login"])]
#[case("sessions/1f0e", &["session", "1f0e", "--json"])]
#[case("blocks", &["blocks", "--json"])]
#[case("blocks?anchor=utc&breakdown=true", &["blocks", "--json", "--anchor", "utc", "--breakdown"])]
#[case("days?since=2026-02&until=2026-02-04", &["days", "--json", "--since", "2026-02", "--until", "2026-02-04"])]
#[case("days?timezone=Asia/Kathmandu", &["days", "--json", "--timezone", "Asia/Kathmandu"])]
#[case("weeks?weekStart=sunday", &["weeks", "--json", "--week-start", "sunday"])]
#[case("months?breakdown=true", &["months", "--json", "--breakdown"])]
#[case("models?sort=cost&order=asc", &["models", "--json", "--sort", "cost", "--order", "asc"])]
#[case("projects?model=opus&model=haiku", &["projects", "--json", "--model", "opus", "--model", "haiku"])]
#[case("alerts?limit=5", &["alerts", "--json", "--limit", "5"])]
#[case("export", &["export"])]
#[case("export?format=tsv&by=month&by=session", &["export", "--format", "tsv", "--by", "month,session"])]
#[case("export?format=json&by=agent", &["export", "--json", "--by", "agent"])]
#[case("export?format=focus&billing=api", &["export", "--format", "focus", "--billing", "api"])]
fn a_body_is_what_the_command_prints(#[case] path: &str, #[case] args: &[&str]) {
    let home = Home::with_sessions();
    let serve = Serve::start(&home);
    printed(&home, &["status"]);
    assert_eq!(serve.get(&format!("/api/v1/{path}")), (200, printed(&home, args)));
}

#[test]
fn the_status_is_that_of_the_command_at_another_time() {
    let home = Home::with_sessions();
    let serve = Serve::start(&home);
    let printed: serde_json::Value = serde_json::from_str(&printed(&home, &["status", "--json"])).expect("it is JSON");
    let mut served: serde_json::Value = serde_json::from_str(&serve.get("/api/v1/status").1).expect("it is JSON");
    served["at"] = printed["at"].clone();
    assert_eq!(served, printed);
}

#[test]
fn the_health_is_that_of_doctor_without_what_the_command_adds() {
    let home = Home::with_sessions();
    let serve = Serve::start(&home);
    let mut printed: serde_json::Value =
        serde_json::from_str(&printed(&home, &["doctor", "--json"])).expect("it is JSON");
    let added = printed.as_object_mut().expect("an object");
    added.remove("statusLine").expect("the command adds it");
    added.remove("answeredBy").expect("the command adds it");
    let served: serde_json::Value = serde_json::from_str(&serve.get("/api/v1/health").1).expect("it is JSON");
    assert_eq!(served, printed);
}

#[test]
fn the_server_goes_on_when_the_engine_ends() {
    let home = Home::with_sessions();
    let mut owner = home.command(&["watch", "--json"]).stdout(Stdio::piped()).spawn().expect("it runs");
    let mut line = String::new();
    // Kept open: without a reader, `watch` ends.
    let mut output = BufReader::new(owner.stdout.take().expect("there is a pipe"));
    output.read_line(&mut line).expect("it owns the store");
    let serve = Serve::start(&home);
    assert_eq!(home.json(&["doctor"])["process"], owner.id(), "the server opens no store while a process owns it");
    owner.kill().expect("it ends");
    owner.wait().expect("it ends");
    let answers = |_| serve.get("/api/v1/days").0 == 200 && home.json(&["doctor"])["process"] == serve.child.id();
    assert!((0..200).any(answers), "the server owns the store now");
}

#[cfg(unix)]
#[test]
fn the_token_is_made_once_in_a_private_file() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
    let home = Home::with_sessions();
    let token = home.path().join("serve-token");
    let mut child =
        home.command(&["serve", "--listen", "127.0.0.1:0"]).stdout(Stdio::piped()).spawn().expect("it runs");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("there is a pipe")).read_line(&mut line).expect("it prints the address");
    child.kill().and_then(|()| child.wait()).expect("it ends");
    assert!(line.contains("serve-token") && !line.contains("code="), "{line}");
    assert_eq!(token.metadata().expect("it is made").mode() & 0o777, 0o600);
    let fails = |args: &[&str], message: &str| {
        let output = home.run(&[&["serve", "--listen", "127.0.0.1:0"], args].concat());
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!((output.status.code(), error.contains(message)), (Some(2), true), "{error}");
    };
    std::fs::set_permissions(&token, std::fs::Permissions::from_mode(0o644)).expect("they are set");
    fails(&[], "it is open to other users");
    std::fs::remove_file(&token).expect("it is there");
    std::fs::write(home.path().join("other"), "correct-horse-battery").expect("it is written");
    symlink(home.path().join("other"), &token).expect("it is made");
    fails(&[], "it is a symbolic link");
    fails(&["--token-file", "missing"], "cannot use the token file missing");
}

#[rstest]
#[case(&["--listen", "0.0.0.0:0"], "add --allow-plain-http")]
#[case(&["--listen", "localhost:7337"], "use an address such as")]
#[case(&["--listen", "unix:/tmp/token-monitor-web.sock"], "cannot listen at unix:/tmp")]
fn an_address_that_others_can_reach_is_refused(#[case] args: &[&str], #[case] message: &str) {
    let output = Home::new().run(&[&["serve"], args].concat());
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && error.contains(message), "{error}");
}

#[test]
fn a_port_that_is_taken_is_named() {
    let home = Home::with_sessions();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("it has one").to_string();
    let output = home.run(&["serve", "--listen", &address]);
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "{error}");
    assert!(error.contains(&format!("cannot listen at http://{address}")) && error.contains("in use"), "{error}");
}

#[rstest]
#[case(&[], "token_monitor_tokens_total")]
#[case(&["--metric-names", "claude-code"], "claude_code_token_usage")]
fn the_metrics_are_text_with_the_chosen_names(#[case] options: &[&str], #[case] family: &str) {
    let home = Home::with_sessions();
    let serve = Serve::start_with(&home, options);
    // It waits until the logs are read.
    printed(&home, &["status"]);
    let (status, body) = serve.get("/metrics");
    assert_eq!(status, 200);
    assert!(body.lines().any(|line| line.starts_with(family)), "{body}");
    let ours = body.lines().any(|line| line.starts_with("token_monitor_tokens_total"));
    assert_eq!(ours, options.is_empty(), "never both");
}

/// Returns the link in the output of a command.
fn sign_in_link(output: &str) -> String {
    let link = output.lines().find_map(|line| line.strip_prefix("Sign in, once and within five minutes: "));
    link.expect("a link").to_owned()
}

/// Stores the address of a server in the settings file.
fn set_address(home: &Home, host: &str) {
    let folder = home.path().join(".config/token-monitor");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("config.yaml"), format!("serve: {{ listen: \"{host}\" }}\n")).expect("it is written");
}

#[rstest]
#[case(&["dashboard"], None)]
#[case(&["serve", "--open"], Some("A server is already at http://"))]
fn the_dashboard_of_a_running_server_is_opened_signed_in(#[case] command: &[&str], #[case] first_line: Option<&str>) {
    let home = Home::with_sessions();
    let serve = Serve::start(&home);
    set_address(&home, &serve.host);
    let mut opening = home.command(command);
    // Without a program that opens a browser, the printed link remains.
    let output = opening.env("PATH", "").env("TOKEN_MONITOR_SERVE_TOKEN", TOKEN).output().expect("it runs");
    let text = String::from_utf8(output.stdout).expect("it is text");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(first_line.is_none_or(|expected| text.starts_with(expected)), "{text}");
    let link = sign_in_link(&text);
    let path = link.strip_prefix(&format!("http://{}", serve.host)).expect("it leads to the server");
    assert!(!link.contains(TOKEN));
    assert_eq!(serve.get(path).0, 200, "it signs in");
    assert_eq!(serve.get(path).0, 403, "but only once");
}

#[test]
fn without_a_server_there_is_no_dashboard() {
    let home = Home::new();
    // A port that was free a moment ago.
    let host = std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port");
    set_address(&home, &host.to_string());
    let output = home.run(&["dashboard"]);
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(error.starts_with(&format!("error: no server is at http://{host} (")), "{error}");
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn a_background_server_ends_with_its_input() {
    let home = Home::with_sessions();
    let mut command = home.command(&["serve", "--listen", "127.0.0.1:0", "--background"]);
    let mut serve = Serve::spawn(command.stdin(Stdio::piped()).env("TOKEN_MONITOR_SERVE_TOKEN", TOKEN));
    assert_eq!(serve.get("/api/v1/status").0, 200);
    drop(serve.child.stdin.take());
    assert_eq!(serve.child.wait().expect("it ends").code(), Some(0));
}
