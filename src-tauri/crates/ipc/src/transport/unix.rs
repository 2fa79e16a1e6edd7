//! A Unix socket in the user's runtime folder, accessible to that user only.

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use token_monitor_engine::fs_permissions::{self, Refusal};
use tokio::net::{UnixListener, UnixStream};

use crate::address::Address;

/// A connection.
pub(crate) type Stream = UnixStream;

/// A listener for connections. Its socket is removed when it is dropped.
#[derive(Debug)]
pub(crate) struct Listener(UnixListener, PathBuf);

/// Returns the path of the socket for a store's hash. Socket paths are limited to about a hundred bytes.
pub(crate) fn endpoint_path(store: u64) -> PathBuf {
    let runtime = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from).filter(|folder| folder.is_dir());
    let folder = runtime.map_or_else(fallback_folder, |folder| folder.join("token-monitor"));
    folder.join(format!("{store:016x}.sock"))
}

fn fallback_folder() -> PathBuf {
    std::env::temp_dir().join(format!("token-monitor-{}", fs_permissions::user_id()))
}

impl Listener {
    /// Starts to listen. Replaces a socket that another process left behind; the store's lock decides the owner.
    pub(crate) fn bind(address: &Address) -> io::Result<Self> {
        let folder = socket_folder(address);
        fs_permissions::create_own_folder(folder)?;
        fs_permissions::check_private_folder(folder)?;
        // There may be no socket.
        let _ = fs::remove_file(&address.0);
        let listener = UnixListener::bind(&address.0)?;
        fs::set_permissions(&address.0, Permissions::from_mode(0o600))?;
        Ok(Self(listener, address.0.clone()))
    }

    /// Waits for the next connection of the same user. Connections of other users are closed.
    pub(crate) async fn accept(&mut self) -> io::Result<Stream> {
        loop {
            let (stream, _) = self.0.accept().await?;
            if check_peer(&stream).is_ok() {
                return Ok(stream);
            }
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        // The socket may be gone already.
        let _ = fs::remove_file(&self.1);
    }
}

fn socket_folder(address: &Address) -> &Path {
    address.0.parent().unwrap_or(Path::new("/"))
}

/// Connects to a listener of the same user. Fails if the folder of the socket is open to other users, or if the process
/// at the other end belongs to another user: it could read requests and forge responses.
pub(crate) async fn connect(address: &Address) -> io::Result<Stream> {
    fs_permissions::check_private_folder(socket_folder(address))?;
    let stream = UnixStream::connect(&address.0).await?;
    check_peer(&stream)?;
    Ok(stream)
}

/// Checks that the process at the other end belongs to the same user.
fn check_peer(stream: &Stream) -> io::Result<()> {
    match stream.peer_cred()?.uid() == fs_permissions::user_id() {
        true => Ok(()),
        false => Err(Refusal::ForeignOwner.into()),
    }
}
