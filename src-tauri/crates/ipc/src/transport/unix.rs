//! A Unix socket in the user's runtime folder, accessible to that user only.

use std::fs::{self, DirBuilder, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

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
    std::env::temp_dir().join(format!("token-monitor-{}", user_id()))
}

#[expect(unsafe_code, reason = "geteuid cannot fail and accesses no memory")]
fn user_id() -> u32 {
    // SAFETY: `geteuid` has no preconditions.
    unsafe { libc::geteuid() }
}

impl Listener {
    /// Starts to listen. Replaces a socket that another process left behind; the store's lock decides the owner.
    pub(crate) fn bind(address: &Address) -> io::Result<Self> {
        let folder = address.0.parent().unwrap_or(Path::new("/"));
        create_socket_folder(folder)?;
        // There may be no socket.
        let _ = fs::remove_file(&address.0);
        let listener = UnixListener::bind(&address.0)?;
        fs::set_permissions(&address.0, Permissions::from_mode(0o600))?;
        Ok(Self(listener, address.0.clone()))
    }

    /// Waits for the next connection.
    pub(crate) async fn accept(&mut self) -> io::Result<Stream> {
        self.0.accept().await.map(|(stream, _)| stream)
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        // The socket may be gone already.
        let _ = fs::remove_file(&self.1);
    }
}

/// Creates a folder accessible to the user only, unless it exists.
pub(crate) fn create_folder(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Creates the folder of the socket. Fails if an existing one belongs to or is open to another user.
fn create_socket_folder(folder: &Path) -> io::Result<()> {
    create_folder(folder)?;
    let metadata = fs::symlink_metadata(folder)?;
    match metadata.is_dir() && metadata.uid() == user_id() && metadata.mode() & 0o077 == 0 {
        true => Ok(()),
        false => Err(io::Error::new(io::ErrorKind::PermissionDenied, "the socket's folder is open to other users")),
    }
}

/// Connects to a listener.
pub(crate) async fn connect(address: &Address) -> io::Result<Stream> {
    UnixStream::connect(&address.0).await
}
