//! Servers that are not the program: of another user, silent, or without an end.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::net::UnixListener as BlockingListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use token_monitor_engine::config::ConfigSources;
use token_monitor_engine::{Engine, EngineMode, ErrorCode, UserDirs};
use token_monitor_ipc::{ActivateRequest, Address, Client, InstanceLock, Request, Server};
use tokio::io::AsyncWriteExt;
use tokio::net::UnixListener;

use crate::runtime_folder::with_runtime_folder;

/// The user `nobody`.
const ANOTHER_USER: u32 = 65_534;

/// The environment variable with the path of the socket, set in the process of the other user.
const SOCKET_ENV: &str = "TOKEN_MONITOR_TEST_SOCKET";

const HELLO: &[u8] = b"{\"protocol\":4}\n";

/// Creates the socket's folder, and returns the path of the socket of a store.
async fn socket_path(folder: &Path) -> (Address, PathBuf) {
    let address = Address::of_store(&folder.join("sessions.db"));
    let sources = ConfigSources {
        dirs: UserDirs { home: Some(folder.to_owned()), ..UserDirs::default() },
        ..ConfigSources::default()
    };
    let engine = Engine::start(sources, EngineMode::OnDemand).expect("the store opens");
    let server = Server::start(&address, engine.handle()).expect("it listens");
    let entries = fs::read_dir(folder.join("token-monitor")).expect("it is there");
    let socket = entries.flatten().next().expect("a socket").path();
    drop(server);
    engine.stop().expect("it stops");
    while socket.exists() {
        tokio::task::yield_now().await;
    }
    (address, socket)
}

/// Accepts connections, sends some bytes on each, and then keeps it open.
fn serve_bytes(socket: &Path, bytes: &'static [u8], repeated: &'static [u8]) {
    let listener = UnixListener::bind(socket).expect("it listens");
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.expect("a connection");
            tokio::spawn(async move {
                stream.write_all(bytes).await.expect("it is sent");
                while !repeated.is_empty() && stream.write_all(repeated).await.is_ok() {}
                std::future::pending::<()>().await;
            });
        }
    });
}

/// Starts a process of another user that listens at a path. Returns None if the tests do not run as root.
fn start_foreign_server(test: &str, socket: &Path) -> Option<Child> {
    let folder = socket.parent().expect("it has a folder");
    chown(folder, Some(ANOTHER_USER), Some(ANOTHER_USER)).ok()?;
    let mut child = Command::new(std::env::current_exe().expect("this test"))
        .args(["--exact", test])
        .env(SOCKET_ENV, socket)
        .uid(ANOTHER_USER)
        .gid(ANOTHER_USER)
        .stdout(Stdio::null())
        .spawn()
        .ok()?;
    while !socket.exists() {
        if child.try_wait().expect("it is a child").is_some() {
            return None;
        }
        std::thread::yield_now();
    }
    Some(child)
}

/// Serves the protocol in the process of the other user, until it is killed.
fn serve_as_another_user(socket: &Path) {
    use std::io::Write;

    let listener = BlockingListener::bind(socket).expect("it listens");
    fs::set_permissions(socket, Permissions::from_mode(0o666)).expect("it is its own");
    let mut streams = Vec::new();
    for stream in listener.incoming() {
        let mut stream = stream.expect("a connection");
        // The client may have closed the connection.
        let _ = stream.write_all(HELLO);
        streams.push(stream);
    }
}

#[test]
fn a_server_of_another_user_is_refused() {
    let test = "fake_server::a_server_of_another_user_is_refused";
    if let Some(socket) = std::env::var_os(SOCKET_ENV) {
        return serve_as_another_user(Path::new(&socket));
    }
    with_runtime_folder(test, |folder| async move {
        fs::set_permissions(&folder, Permissions::from_mode(0o755)).expect("it is ours");
        let (address, socket) = socket_path(&folder).await;
        let Some(mut server) = start_foreign_server(test, &socket) else { return };
        assert!(Client::connect(address.clone()).await.is_none(), "the folder belongs to another user");
        let socket_folder = socket.parent().expect("it has a folder");
        fs::set_permissions(socket_folder, Permissions::from_mode(0o700)).expect("root may do so");
        chown(socket_folder, Some(0), Some(0)).expect("root may do so");
        assert!(Client::connect(address).await.is_none(), "the process belongs to another user");
        server.kill().and_then(|()| server.wait()).expect("it is a child");
    });
}

#[test]
fn a_socket_folder_open_to_other_users_is_not_entered() {
    with_runtime_folder("fake_server::a_socket_folder_open_to_other_users_is_not_entered", |folder| async move {
        let (address, socket) = socket_path(&folder).await;
        serve_bytes(&socket, HELLO, b"");
        assert!(Client::connect(address.clone()).await.is_some());
        fs::set_permissions(socket.parent().expect("a folder"), Permissions::from_mode(0o777)).expect("it is ours");
        assert!(Client::connect(address).await.is_none());
        assert!(!ActivateRequest::default().send(&folder.join("sessions.db")).await);
    });
}

#[test]
fn a_silent_server_times_out() {
    with_runtime_folder("fake_server::a_silent_server_times_out", |folder| async move {
        let (address, socket) = socket_path(&folder).await;
        serve_bytes(&socket, HELLO, b"");
        let client = Client::connect(address).await.expect("it answers");
        tokio::time::pause();
        let error = client.request(Request::Snapshot).await.expect_err("it sends no response");
        assert_eq!((error.code, error.message.contains("no response")), (ErrorCode::Offline, true), "{error}");
        assert!(client.subscribe_snapshots().await.is_err());
        assert!(client.subscribe_alerts().await.is_err());
    });
}

#[test]
fn a_server_that_sends_no_hello_times_out() {
    with_runtime_folder("fake_server::a_server_that_sends_no_hello_times_out", |folder| async move {
        let (address, socket) = socket_path(&folder).await;
        serve_bytes(&socket, b"", b"");
        tokio::time::pause();
        assert!(Client::connect(address).await.is_none());
    });
}

#[test]
fn an_endless_response_is_bounded() {
    with_runtime_folder("fake_server::an_endless_response_is_bounded", |folder| async move {
        let (address, socket) = socket_path(&folder).await;
        serve_bytes(&socket, HELLO, &[b'x'; 64 << 10]);
        let client = Client::connect(address.clone()).await.expect("it answers");
        let error = client.request(Request::Snapshot).await.expect_err("the response has no end");
        assert_eq!((error.code, error.message.contains("longer than")), (ErrorCode::Offline, true), "{error}");
        fs::remove_file(&socket).expect("it is ours");
        serve_bytes(&socket, b"", &[b'x'; 64 << 10]);
        assert!(Client::connect(address).await.is_none(), "the hello has no end");
    });
}

#[test]
fn a_lock_of_another_user_is_refused() {
    let temp = tempfile::tempdir().expect("a folder");
    let (store, lock) = (temp.path().join("sessions.db"), temp.path().join("sessions.tray-lock"));
    fs::write(temp.path().join("target"), "precious").expect("a file");
    std::os::unix::fs::symlink(temp.path().join("target"), &lock).expect("a link");
    let error = InstanceLock::acquire(&store).expect_err("it is a link").to_string();
    assert!(error.contains("sessions.tray-lock: it is a symbolic link"), "{error}");
    assert_eq!(fs::read(temp.path().join("target")).expect("a file"), b"precious");
    fs::remove_file(&lock).and_then(|()| fs::write(&lock, "")).expect("a file");
    if chown(&lock, Some(ANOTHER_USER), None).is_ok() {
        let error = InstanceLock::acquire(&store).expect_err("it is foreign").to_string();
        assert!(error.contains("it belongs to another user"), "{error}");
    }
}
