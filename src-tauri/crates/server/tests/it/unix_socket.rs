//! The Unix socket: in a folder of this user, for this user.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;

use token_monitor_server::{AllowedHosts, ListenAddress, ServerOptions, Token, WebListener, WebServer};
use tokio::net::UnixStream;

use crate::http::exchange;
use crate::test_server::TOKEN;

fn address(path: &Path) -> ListenAddress {
    ListenAddress::Unix(path.to_owned())
}

fn private_folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::set_permissions(folder.path(), Permissions::from_mode(0o700)).expect("they are set");
    folder
}

#[tokio::test]
async fn a_socket_is_private_and_its_requests_need_the_token() {
    let folder = private_folder();
    let path = folder.path().join("web.sock");
    let listener = WebListener::bind(&address(&path)).await.expect("it listens");
    assert_eq!(path.metadata().expect("it exists").mode() & 0o777, 0o600);
    let hosts = AllowedHosts::new(&address(&path), &[]);
    let token = Token::parse(TOKEN).expect("it is valid");
    let server = WebServer::new(hosts, token, ServerOptions::default()).expect("it is made");
    let serving = tokio::spawn(async move { server.serve(listener).await });
    let send = async |credentials: &str| {
        let request = format!("GET /docs HTTP/1.1\r\nHost: localhost\r\n{credentials}Connection: close\r\n\r\n");
        exchange(UnixStream::connect(&path).await.expect("it listens"), request.as_bytes()).await.status
    };
    assert_eq!(send("").await, 401);
    assert_eq!(send(&format!("Authorization: Bearer {TOKEN}\r\n")).await, 200);
    serving.abort();
    let _ = serving.await;
    assert!(!path.exists(), "it is removed at the end");
}

#[tokio::test]
async fn a_socket_left_behind_is_replaced_and_one_in_use_is_not() {
    let folder = private_folder();
    let path = folder.path().join("web.sock");
    drop(std::os::unix::net::UnixListener::bind(&path).expect("it listens"));
    let first = WebListener::bind(&address(&path)).await.expect("the socket of a process that is gone is replaced");
    let error = WebListener::bind(&address(&path)).await.expect_err("it is in use");
    assert_eq!(error.kind(), std::io::ErrorKind::AddrInUse);
    drop(first);
    fs::write(&path, "mine").expect("it is written");
    WebListener::bind(&address(&path)).await.expect_err("another file is not replaced");
    assert_eq!(fs::read_to_string(&path).expect("it is there"), "mine");
}

#[tokio::test]
async fn a_socket_in_a_folder_of_others_is_refused() {
    let folder = private_folder();
    let shared = folder.path().join("shared");
    fs::create_dir(&shared).expect("a folder");
    fs::set_permissions(&shared, Permissions::from_mode(0o777)).expect("they are set");
    let link = folder.path().join("link");
    symlink(folder.path(), &link).expect("it is made");
    for place in [shared.as_path(), &link, Path::new("/tmp"), Path::new("/nowhere")] {
        WebListener::bind(&address(&place.join("web.sock"))).await.expect_err("it is refused");
        assert!(!place.join("web.sock").exists(), "{}", place.display());
    }
}
