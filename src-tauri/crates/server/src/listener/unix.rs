//! A Unix socket in a folder of this user.

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::path::{Path, PathBuf};

use token_monitor_engine::fs_permissions;
use tokio::net::{UnixListener, UnixStream};

/// The permissions of the socket: this user only.
const SOCKET_MODE: u32 = 0o600;

/// A listening Unix socket. Its file is removed when it is dropped.
#[derive(Debug)]
pub struct UnixSocket {
    listener: UnixListener,
    path: PathBuf,
}

impl UnixSocket {
    /// Starts to listen at a path. A socket that a killed process left behind is replaced.
    pub(super) async fn bind(path: PathBuf) -> io::Result<Self> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs_permissions::check_own_folder(folder)?;
        check_free(&path).await?;
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{}.tmp", std::process::id()));
        let temporary = path.with_file_name(name);
        // Left behind by an earlier process with the same id.
        let _ = fs::remove_file(&temporary);
        let listener = UnixListener::bind(&temporary)?;
        // The file gets its name once nobody else can connect.
        fs::set_permissions(&temporary, Permissions::from_mode(SOCKET_MODE))
            .and_then(|()| fs::rename(&temporary, &path))
            .inspect_err(|_| drop(fs::remove_file(&temporary)))?;
        Ok(Self { listener, path })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Accepts a connection of a process of this user or of root.
    pub(super) async fn accept(&self) -> io::Result<UnixStream> {
        loop {
            let (stream, _) = self.listener.accept().await?;
            let peer = stream.peer_cred()?.uid();
            if peer == fs_permissions::user_id() || peer == 0 {
                return Ok(stream);
            }
        }
    }
}

impl Drop for UnixSocket {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

/// Fails if a process listens at a path, or if there is something else than a socket.
async fn check_free(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
        Ok(metadata) if !metadata.file_type().is_socket() => {
            Err(io::Error::new(io::ErrorKind::AlreadyExists, "there is another file"))
        }
        Ok(_) => match UnixStream::connect(path).await {
            Ok(_) => Err(io::ErrorKind::AddrInUse.into()),
            Err(_) => Ok(()),
        },
    }
}
