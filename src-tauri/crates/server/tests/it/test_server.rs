//! A server with an engine in a temporary folder.

use serde_json::Value;
use token_monitor_engine::config::ConfigSources;
use token_monitor_engine::{Engine, EngineMode, Request, Response, UserDirs};
use token_monitor_ipc::EngineClient;
use token_monitor_server::{AllowedHosts, ServerOptions, Token, WebListener, WebServer};
use token_monitor_test_support::{ClaudeFolder, LogLine, custom_title};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

use crate::http::{HttpResponse, exchange};

/// The token of the server.
pub(crate) const TOKEN: &str = "correct-horse-battery";

/// A running server and its engine.
pub(crate) struct TestServer {
    pub(crate) folder: ClaudeFolder,
    engine: Option<Engine>,
    /// The name and the port.
    pub(crate) host: String,
    tasks: Vec<JoinHandle<()>>,
}

impl TestServer {
    /// Starts a server with three sessions.
    pub(crate) async fn start() -> Self {
        Self::start_with(ServerOptions::default()).await
    }

    pub(crate) async fn start_with(options: ServerOptions) -> Self {
        let folder = ClaudeFolder::new("claude");
        for (session, model, time) in [
            ("aaaa-1", "claude-opus-4-8", "2026-02-03T09:12:00Z"),
            ("bbbb-2", "claude-sonnet-5", "2026-02-04T23:30:00Z"),
            ("cccc-3", "claude-opus-4-8", "2026-02-05T11:00:00Z"),
        ] {
            let line = LogLine::new(session).session(session).model(model).at(time).counts([1_200, 350, 20_000, 7]);
            let lines = [custom_title(session, &format!("Fix {session}")), line.with_newline()];
            folder.write_log(&format!("p/{session}.jsonl"), lines.concat());
        }
        let engine = Engine::start(sources(&folder), EngineMode::Live).expect("the store opens");
        let client = EngineClient::InProcess(engine.handle());
        client.request(Request::Sync).await.expect("the logs are read");
        let listener = WebListener::bind(&"127.0.0.1:0".parse().expect("an address")).await.expect("a port is free");
        let address = listener.address().expect("it has an address");
        let token = Token::parse(TOKEN).expect("it is valid");
        let server = WebServer::new(AllowedHosts::new(&address, &[]), token, options).expect("it is made");
        let host = address.to_string().trim_start_matches("http://").to_owned();
        let mut snapshots = client.subscribe_snapshots().await.expect("the engine runs");
        let now = client.snapshot().await.expect("it answers").revision;
        snapshots.wait_for(|snapshot| snapshot.revision >= now).await.expect("the engine runs");
        let (following, serving) = (server.clone(), server);
        let tasks = vec![
            tokio::spawn(async move { following.follow_engine(client, snapshots).await }),
            tokio::spawn(async move { serving.serve(listener).await }),
        ];
        Self { folder, engine: Some(engine), host, tasks }
    }

    /// Stops the engine, while the server goes on.
    pub(crate) fn stop_engine(&mut self) {
        self.engine.take().expect("it runs").stop().expect("it stops");
    }

    pub(crate) async fn connect(&self) -> TcpStream {
        TcpStream::connect(&self.host).await.expect("it listens")
    }

    /// Sends a request as it is.
    pub(crate) async fn send(&self, request: &[u8]) -> HttpResponse {
        exchange(self.connect().await, request).await
    }

    /// Asks for an address with the token and further header lines.
    pub(crate) async fn get_with(&self, path: &str, headers: &str) -> HttpResponse {
        let Self { host, .. } = self;
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {TOKEN}\r\nConnection: close\r\n{headers}\r\n"
        );
        self.send(request.as_bytes()).await
    }

    /// Asks for an address with the token.
    pub(crate) async fn get(&self, path: &str) -> HttpResponse {
        self.get_with(path, "").await
    }

    /// Sends a body of JSON with the token.
    pub(crate) async fn send_json(&self, method: &str, path: &str, body: &Value) -> HttpResponse {
        let (Self { host, .. }, body) = (self, body.to_string());
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {TOKEN}\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        self.send(request.as_bytes()).await
    }

    /// Returns a response of the engine, without the server.
    pub(crate) async fn ask_engine(&self, request: Request) -> Response {
        self.engine.as_ref().expect("it runs").handle().request(request).await.expect("it answers")
    }

    /// Returns the token of the server.
    pub(crate) fn token(&self) -> Token {
        Token::parse(TOKEN).expect("it is a token")
    }

    /// Signs in and returns the header with the cookie.
    pub(crate) async fn sign_in(&self) -> String {
        let path = self.token().create_sign_in_path().expect("it is made");
        let request = format!("GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.host);
        let response = self.send(request.as_bytes()).await;
        let cookie = response.header("set-cookie").expect("it sets the cookie").split(';').next().expect("a pair");
        format!("Cookie: {cookie}")
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
        // A running engine keeps one of the few file system watchers that a user may have.
        if let Some(engine) = self.engine.take() {
            engine.stop().expect("it stops");
        }
    }
}

fn sources(folder: &ClaudeFolder) -> ConfigSources {
    let dirs = UserDirs { home: Some(folder.path().to_owned()), ..UserDirs::default() };
    let mut sources = ConfigSources { dirs, ..ConfigSources::default() };
    let store = folder.path().join("config/sessions.db");
    sources.environment.insert("claude_config_dirs", folder.path().join("claude").display().to_string());
    sources.environment.insert("storage.db_path", store.display().to_string());
    sources.flags.insert("display.zone", "UTC".to_owned());
    sources
}
