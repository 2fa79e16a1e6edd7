//! The socket as a file, which only Unix has: access for the user only, invalid messages, shared
//! connections, and a socket left behind.

use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use token_monitor_engine::config::ConfigSources;
use token_monitor_engine::{Engine, EngineMode, UserDirs};
use token_monitor_ipc::{Address, Client, Request, Response, Server};
use token_monitor_test_support::DEADLINE;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::time::timeout;

use crate::runtime_folder::with_runtime_folder;
use crate::socket::Owner;

/// Returns the path of the socket.
fn socket(folder: &Path) -> PathBuf {
    let entries = fs::read_dir(folder.join("token-monitor")).expect("it is there");
    let mut sockets = entries
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|end| end == "sock"));
    sockets.next().expect("a server listens")
}

#[test]
fn only_the_user_can_access_the_socket() {
    with_runtime_folder("unix_socket::only_the_user_can_access_the_socket", |folder| async move {
        let owner = Owner::start(&folder);
        let mode = |path: &Path| fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
        assert_eq!(mode(&socket(&folder)), 0o600);
        assert_eq!(mode(&folder.join("token-monitor")), 0o700);
        drop(owner.server);
        owner.engine.stop().expect("it stops");
    });
}

#[test]
fn a_socket_folder_open_to_other_users_is_rejected() {
    with_runtime_folder("unix_socket::a_socket_folder_open_to_other_users_is_rejected", |folder| async move {
        let socket_folder = folder.join("token-monitor");
        fs::create_dir(&socket_folder).expect("a folder");
        fs::set_permissions(&socket_folder, fs::Permissions::from_mode(0o777)).expect("it is ours");
        let address = Address::of_store(&folder.join("sessions.db"));
        let sources = ConfigSources {
            dirs: UserDirs { home: Some(folder.clone()), ..UserDirs::default() },
            ..ConfigSources::default()
        };
        let engine = Engine::start(sources, EngineMode::OnDemand).expect("the store opens");
        let error = Server::start(&address, engine.handle()).expect_err("another user could replace the socket");
        assert_eq!(error.kind(), std::io::ErrorKind::PermissionDenied);
        engine.stop().expect("it stops");
    });
}

#[test]
fn invalid_messages_do_not_stop_the_server() {
    with_runtime_folder("unix_socket::invalid_messages_do_not_stop_the_server", |folder| async move {
        let owner = Owner::start(&folder);
        let path = socket(&folder);
        let invalid: [&[u8]; 8] = [
            b"",
            b"\n",
            b"hello\n",
            b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
            b"{\"request\":{\"type\":\"dance\"}}\n",
            b"{\"request\":",
            &[0xFF; 4096],
            &[b'['; 100_000],
        ];
        for bytes in invalid {
            let mut stream = UnixStream::connect(&path).expect("it listens");
            // The server may close the connection before it has read everything.
            let _ = stream.write_all(bytes);
            drop(stream);
            let client = owner.client().await;
            assert!(client.request(Request::Snapshot).await.is_ok(), "after {:?}", &bytes[..bytes.len().min(20)]);
        }
        let idle = UnixStream::connect(&path).expect("it listens");
        assert!(owner.client().await.request(Request::Snapshot).await.is_ok(), "an idle client blocks no other");
        drop(idle);
        owner.engine.stop().expect("it stops");
    });
}

#[test]
fn a_client_waits_while_the_largest_number_of_connections_is_open() {
    let test = "unix_socket::a_client_waits_while_the_largest_number_of_connections_is_open";
    with_runtime_folder(test, |folder| async move {
        let owner = Owner::start(&folder);
        let path = socket(&folder);
        // Returns true if the server sends its version within a time.
        let is_served = |mut stream: UnixStream, limit: Duration| async move {
            stream.set_read_timeout(Some(limit)).expect("it is a socket");
            let read = tokio::task::spawn_blocking(move || (stream.read(&mut [0; 64]), stream)).await;
            let (version, stream) = read.expect("it is read");
            (version.is_ok_and(|len| len > 0), stream)
        };
        let mut open = Vec::new();
        for _ in 0..256 {
            let (served, stream) = is_served(UnixStream::connect(&path).expect("it listens"), DEADLINE).await;
            assert!(served, "connection {}", open.len());
            open.push(stream);
        }
        let further = UnixStream::connect(&path).expect("it listens");
        let (served, further) = is_served(further, Duration::from_millis(500)).await;
        assert!(!served, "it waits");
        drop(open);
        let (served, _further) = is_served(further, DEADLINE).await;
        assert!(served, "others have closed");
        assert!(owner.client().await.request(Request::Snapshot).await.is_ok());
        owner.engine.stop().expect("it stops");
    });
}

#[test]
fn a_stale_socket_is_replaced() {
    with_runtime_folder("unix_socket::a_stale_socket_is_replaced", |folder| async move {
        let owner = Owner::start(&folder);
        let path = socket(&folder);
        drop(owner.server);
        let gone = async {
            while Client::connect(owner.address.clone()).await.is_some() {
                tokio::task::yield_now().await;
            }
        };
        timeout(DEADLINE, gone).await.expect("the server has stopped");
        // A killed process leaves its socket.
        drop(std::os::unix::net::UnixListener::bind(&path).expect("it is free"));
        assert!(Client::connect(owner.address.clone()).await.is_none(), "the socket has no server");
        let server = Server::start(&owner.address, owner.engine.handle()).expect("it listens");
        assert!(Client::connect(owner.address.clone()).await.is_some());
        drop(server);
        owner.engine.stop().expect("it stops");
    });
}

#[test]
fn the_server_sends_its_version_first_and_each_store_has_an_address() {
    with_runtime_folder(
        "unix_socket::the_server_sends_its_version_first_and_each_store_has_an_address",
        |folder| async move {
            let owner = Owner::start(&folder);
            let path = socket(&folder);
            let mut stream = UnixStream::connect(&path).expect("it listens");
            stream.set_nonblocking(false).expect("it can wait");
            let hello = tokio::task::spawn_blocking(move || {
                let mut hello = [0; 64];
                let len = stream.read(&mut hello).expect("it sends its version");
                String::from_utf8_lossy(&hello[..len]).into_owned()
            });
            assert!(hello.await.expect("it is read").starts_with("{\"protocol\":"));
            let other = Address::of_store(&folder.join("other.db"));
            assert!(Client::connect(other).await.is_none(), "another store has another address");
            owner.engine.stop().expect("it stops");
        },
    );
}

/// Serves connections at a path: each one handles a number of requests and is closed. Counts the connections.
fn serve_connections(path: &Path, requests: usize) -> Arc<AtomicUsize> {
    let listener = tokio::net::UnixListener::bind(path).expect("it listens");
    let count = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&count);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            counter.fetch_add(1, Ordering::Relaxed);
            tokio::spawn(async move {
                let mut stream = BufReader::new(stream);
                stream.write_all(b"{\"protocol\":4}\n").await.expect("it is written");
                for _ in 0..requests {
                    let mut line = String::new();
                    if stream.read_line(&mut line).await.expect("a request") == 0 {
                        return;
                    }
                    stream.write_all(b"{\"response\":{\"type\":\"done\"}}\n").await.expect("it is written");
                }
            });
        }
    });
    count
}

#[test]
fn requests_that_follow_each_other_share_a_connection() {
    with_runtime_folder("unix_socket::requests_that_follow_each_other_share_a_connection", |folder| async move {
        let owner = Owner::start(&folder);
        let path = socket(&folder);
        // It removes its socket.
        drop(owner.server);
        let removed = async {
            while path.exists() {
                tokio::task::yield_now().await;
            }
        };
        timeout(DEADLINE, removed).await.expect("the server has stopped");
        let connections = serve_connections(&path, 3);
        let client = Client::connect(owner.address).await.expect("it answers");
        for _ in 0..3 {
            assert_eq!(client.request(Request::Sync).await, Ok(Response::Done));
        }
        assert_eq!(connections.load(Ordering::Relaxed), 1);
        assert_eq!(client.request(Request::Sync).await, Ok(Response::Done), "sent again on another connection");
        assert_eq!(connections.load(Ordering::Relaxed), 2);
        tokio::time::sleep(Duration::from_millis(1100)).await;
        assert_eq!(client.request(Request::Sync).await, Ok(Response::Done));
        assert_eq!(connections.load(Ordering::Relaxed), 3, "a connection is not kept for long");
        owner.engine.stop().expect("it stops");
    });
}
