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

/// The longest path of a socket in bytes: macOS has room for 104, with the byte that ends the path, and Linux for 108.
const MAX_PATH_LEN: usize = 103;

/// Returns the path of the socket for a store's hash: in the runtime folder, or else in the folder for temporary files, or
/// else in `/tmp`. A folder with too long a path is skipped.
pub(crate) fn endpoint_path(store: u64) -> PathBuf {
    let runtime = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from).filter(|folder| folder.is_dir());
    let runtime = runtime.map(|folder| folder.join("token-monitor"));
    let own_name = format!("token-monitor-{}", fs_permissions::user_id());
    let folders = runtime.into_iter().chain([std::env::temp_dir().join(&own_name)]);
    path_in_first(folders, &Path::new("/tmp").join(own_name), &format!("{store:016x}.sock"))
}

/// Returns the path of a file in the first folder in which it is not too long for a socket, or else in the last one.
fn path_in_first(folders: impl Iterator<Item = PathBuf>, last: &Path, name: &str) -> PathBuf {
    let mut paths = folders.map(|folder| folder.join(name));
    paths.find(|path| path.as_os_str().len() <= MAX_PATH_LEN).unwrap_or_else(|| last.join(name))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_with_too_long_a_path_is_skipped() {
        let (name, last) = ("0123456789abcdef.sock", Path::new("/tmp/own"));
        let folder = |len: usize| PathBuf::from(format!("/{}", "x".repeat(len - 1)));
        let longest = MAX_PATH_LEN - name.len() - 1;
        let path = |folders: &[PathBuf]| path_in_first(folders.iter().cloned(), last, name);
        assert_eq!(path(&[folder(longest), folder(5)]), folder(longest).join(name));
        assert_eq!(path(&[folder(longest + 1), folder(5)]), folder(5).join(name));
        assert_eq!(path(&[folder(longest + 1), folder(longest + 1)]), last.join(name));
    }

    #[tokio::test]
    async fn the_longest_path_can_be_bound() {
        let temp = tempfile::tempdir().expect("a folder");
        let name = "x".repeat(MAX_PATH_LEN - temp.path().as_os_str().len() - 1);
        let path = temp.path().join(name);
        assert_eq!(path.as_os_str().len(), MAX_PATH_LEN);
        UnixListener::bind(path).expect("it is bound");
    }
}
