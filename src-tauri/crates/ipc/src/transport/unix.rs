//! A Unix socket in the user's run-time folder, for the user alone.

use std::fs::{self, DirBuilder, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use tokio::net::{UnixListener, UnixStream};

use crate::address::Address;

/// One end of a connection.
pub(crate) type Stream = UnixStream;

/// Hears connections.
#[derive(Debug)]
pub(crate) struct Listener(UnixListener, PathBuf);

/// Where the socket for a store is. Short, because socket paths are bounded at about a hundred bytes.
pub(crate) fn place(store: u64) -> PathBuf {
    let runtime = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from).filter(|folder| folder.is_dir());
    let folder = runtime.map_or_else(fallback, |folder| folder.join("token-monitor"));
    folder.join(format!("{store:016x}.sock"))
}

fn fallback() -> PathBuf {
    std::env::temp_dir().join(format!("token-monitor-{}", user()))
}

#[expect(unsafe_code, reason = "asking for the user's number cannot fail and touches no memory")]
fn user() -> u32 {
    // SAFETY: `geteuid` has no preconditions.
    unsafe { libc::geteuid() }
}

impl Listener {
    /// Starts to listen. A socket somebody left behind is replaced; the store's lock says who is the owner.
    pub(crate) fn bind(address: &Address) -> io::Result<Self> {
        let folder = address.0.parent().unwrap_or(Path::new("/"));
        private_folder(folder)?;
        // There may be none.
        let _ = fs::remove_file(&address.0);
        let listener = UnixListener::bind(&address.0)?;
        fs::set_permissions(&address.0, Permissions::from_mode(0o600))?;
        Ok(Self(listener, address.0.clone()))
    }

    /// The next connection.
    pub(crate) async fn accept(&mut self) -> io::Result<Stream> {
        self.0.accept().await.map(|(stream, _)| stream)
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        // Somebody may have cleaned up.
        let _ = fs::remove_file(&self.1);
    }
}

/// Makes a folder, if it is not there, for the user alone.
pub(crate) fn create_folder(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Makes the folder for the user alone, and refuses one that belongs to somebody else.
fn private_folder(folder: &Path) -> io::Result<()> {
    create_folder(folder)?;
    let metadata = fs::symlink_metadata(folder)?;
    match metadata.is_dir() && metadata.uid() == user() && metadata.mode() & 0o077 == 0 {
        true => Ok(()),
        false => Err(io::Error::new(io::ErrorKind::PermissionDenied, "the socket's folder is open to others")),
    }
}

/// Connects to whoever listens.
pub(crate) async fn connect(address: &Address) -> io::Result<Stream> {
    UnixStream::connect(&address.0).await
}
