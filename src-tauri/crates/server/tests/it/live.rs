//! Live updates beside a writer: over reconnections nothing is lost or doubled, and the last state is the status.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use token_monitor_engine::Request;
use token_monitor_test_support::{DEADLINE, LogLine};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{WebSocketStream, client_async};

use crate::test_server::{TOKEN, TestServer};

/// The number of times a client connects.
const CONNECTIONS: usize = 11;

/// The interval between two messages: slow enough that a busy computer makes no client skip one.
const WRITE_INTERVAL: Duration = Duration::from_millis(25);

/// The number of updates for which it stays.
const UPDATES: usize = 8;

/// Appends messages to a log until it is dropped.
struct Writer {
    is_done: Arc<AtomicBool>,
    task: JoinHandle<()>,
}

impl Writer {
    fn start(web: &TestServer) -> Self {
        let is_done = Arc::new(AtomicBool::new(false));
        let (path, done) = (web.folder.log_path("p/aaaa-1.jsonl"), Arc::clone(&is_done));
        let task = tokio::spawn(async move {
            for number in 0.. {
                if done.load(Ordering::Relaxed) {
                    return;
                }
                let line = LogLine::new(&format!("live{number}")).session("aaaa-1").output(1).with_newline();
                let mut log = std::fs::OpenOptions::new().append(true).open(&path).expect("it opens");
                std::io::Write::write_all(&mut log, line.as_bytes()).expect("it is written");
                tokio::time::sleep(WRITE_INTERVAL).await;
            }
        });
        Self { is_done, task }
    }

    async fn stop(self) {
        self.is_done.store(true, Ordering::Relaxed);
        self.task.await.expect("it ends");
    }
}

/// A client of the events. The old version of HTTP has no chunks, so the body is the stream itself.
struct EventClient(Lines<BufReader<TcpStream>>);

impl EventClient {
    async fn connect(web: &TestServer, last: Option<u64>) -> Self {
        let last = last.map_or(String::new(), |id| format!("Last-Event-ID: {id}\r\n"));
        let request =
            format!("GET /api/v1/events HTTP/1.0\r\nHost: {}\r\nAuthorization: Bearer {TOKEN}\r\n{last}\r\n", web.host);
        let mut stream = web.connect().await;
        stream.write_all(request.as_bytes()).await.expect("it is sent");
        Self(BufReader::new(stream).lines())
    }

    /// Returns the id and the data of the next event.
    async fn next(&mut self) -> (Option<u64>, Value) {
        let mut id = None;
        loop {
            let line = timeout(DEADLINE, self.0.next_line()).await.expect("there is an event").expect("it is text");
            let line = line.expect("the stream goes on");
            if let Some(number) = line.strip_prefix("id: ") {
                id = Some(number.parse().expect("a revision"));
            }
            if let Some(data) = line.strip_prefix("data: ") {
                return (id, serde_json::from_str(data).expect("it is JSON"));
            }
        }
    }
}

fn revision(snapshot: &Value) -> u64 {
    snapshot["revision"].as_u64().expect("a revision")
}

fn messages(snapshot: &Value) -> u64 {
    snapshot["totals"]["messageCount"].as_u64().expect("a number")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn events_go_on_where_they_stopped() {
    let web = TestServer::start().await;
    let writer = Writer::start(&web);
    let mut watched = EventClient::connect(&web, None).await;
    let watcher = tokio::spawn(async move {
        let mut ids = Vec::new();
        loop {
            let (id, snapshot) = watched.next().await;
            ids.extend(id);
            if snapshot["sessionCount"] == 4 {
                return ids;
            }
        }
    });
    let (mut ids, mut last) = (Vec::new(), None);
    for _ in 0..CONNECTIONS {
        let mut client = EventClient::connect(&web, last).await;
        for _ in 0..UPDATES {
            let (id, snapshot) = client.next().await;
            if let Some(id) = id {
                assert_eq!(id, revision(&snapshot));
                ids.push(id);
            }
            last = last.max(id);
        }
    }
    writer.stop().await;
    web.ask_engine(Request::Sync).await;
    web.folder.append_log("p/dddd-4.jsonl", LogLine::new("end").session("dddd-4").output(1).with_newline());
    let mut client = EventClient::connect(&web, last).await;
    let final_snapshot = loop {
        let (id, snapshot) = client.next().await;
        ids.extend(id);
        if snapshot["sessionCount"] == 4 {
            break snapshot;
        }
    };
    assert!(ids.is_sorted_by(|a, b| a < b), "no id comes twice: {ids:?}");
    let all = timeout(DEADLINE, watcher).await.expect("it sees the end").expect("it runs");
    let since_first: Vec<u64> = all.into_iter().filter(|id| *id >= ids[0]).collect();
    assert_eq!(ids, since_first, "a client that never left saw the same revisions");
    let status = web.get("/api/v1/status").await.json();
    assert_eq!(messages(&final_snapshot), messages(&status));
    assert_eq!(final_snapshot["totals"], status["totals"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_with_the_latest_revision_gets_its_figures_without_an_id() {
    let web = TestServer::start().await;
    let (id, snapshot) = EventClient::connect(&web, None).await.next().await;
    assert_eq!(id, Some(revision(&snapshot)), "the first event has an id");
    let (again, same) = EventClient::connect(&web, id).await.next().await;
    assert_eq!((again, revision(&same)), (None, revision(&snapshot)));
    let unknown = web.get_with("/api/v1/events", "Last-Event-ID: x\r\n").await;
    assert_eq!(unknown.status, 400);
}

type Socket = WebSocketStream<TcpStream>;

async fn connect_socket(web: &TestServer, after: Option<u64>) -> Socket {
    let query = after.map_or(String::new(), |revision| format!("?after={revision}"));
    let mut request = format!("ws://{}/api/v1/live{query}", web.host).into_client_request().expect("an address");
    let token = format!("Bearer {TOKEN}").parse().expect("it can be sent");
    request.headers_mut().insert("authorization", token);
    client_async(request, web.connect().await).await.expect("it connects").0
}

/// Returns the next update.
async fn next_update(socket: &mut Socket) -> Value {
    loop {
        let message = timeout(DEADLINE, socket.next()).await.expect("there is a message").expect("it goes on");
        if let Message::Text(text) = message.expect("it is valid") {
            return serde_json::from_str(&text).expect("it is JSON");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_of_a_socket_go_on_where_they_stopped() {
    let web = TestServer::start().await;
    let writer = Writer::start(&web);
    let (mut revisions, mut last) = (Vec::new(), None);
    for _ in 0..CONNECTIONS {
        let mut socket = connect_socket(&web, last).await;
        for _ in 0..UPDATES {
            let update = next_update(&mut socket).await;
            assert_eq!((&update["type"], &update["at"]), (&Value::from("snapshot"), &update["data"]["at"]));
            assert_eq!(update["revision"], update["data"]["revision"]);
            last = Some(revision(&update));
            revisions.extend(last);
        }
    }
    writer.stop().await;
    assert!(revisions.is_sorted(), "none is sent after a newer one: {revisions:?}");
    web.ask_engine(Request::Sync).await;
    let status = web.get("/api/v1/status").await.json();
    let mut socket = connect_socket(&web, last).await;
    let mut update = next_update(&mut socket).await;
    while messages(&update["data"]) < messages(&status) {
        update = next_update(&mut socket).await;
    }
    assert_eq!(update["data"]["totals"], status["totals"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn live_clients_do_not_take_the_places_of_requests() {
    let web = TestServer::start().await;
    let mut clients = Vec::new();
    for _ in 0..2 * token_monitor_server::MAX_CONNECTIONS {
        let mut client = EventClient::connect(&web, None).await;
        client.next().await;
        clients.push(client);
    }
    assert_eq!(web.get("/api/v1/status").await.status, 200);
    web.folder.append_log("p/dddd-4.jsonl", LogLine::new("end").session("dddd-4").output(1).with_newline());
    for client in &mut clients {
        while client.next().await.1["sessionCount"] != 4 {}
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_of_a_client_that_is_too_long_ends_its_connection() {
    let web = TestServer::start().await;
    let mut socket = connect_socket(&web, None).await;
    next_update(&mut socket).await;
    // The server may close the connection before it has read everything.
    let _ = socket.send(Message::Text("x".repeat(1 << 20).into())).await;
    let closed = async { while let Some(Ok(_)) = socket.next().await {} };
    timeout(DEADLINE, closed).await.expect("the connection is closed");
    assert_eq!(web.get("/api/v1/status").await.status, 200, "others are answered");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_ordinary_request_is_told_to_upgrade() {
    let web = TestServer::start().await;
    let response = web.get("/api/v1/live").await;
    assert_eq!((response.status, response.header("upgrade")), (426, Some("websocket")));
}
