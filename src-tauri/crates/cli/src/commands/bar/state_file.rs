//! The file with the state of a bar. It is replaced as a whole, so that a reader never gets half of it.

use std::path::PathBuf;

use token_monitor_engine::fs_permissions;

use crate::error::CliError;

/// A file with the state of a bar.
pub(crate) struct StateFile {
    path: PathBuf,
    written: Option<String>,
}

impl StateFile {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self { path, written: None }
    }

    /// Writes a text unless the file has it already. Refuses to replace what is no regular file.
    pub(crate) fn write(&mut self, text: &str) -> Result<(), CliError> {
        if self.written.as_deref() == Some(text) {
            return Ok(());
        }
        let path = self.path.display();
        if std::fs::symlink_metadata(&self.path).is_ok_and(|metadata| !metadata.is_file()) {
            return Err(CliError::request_failed(format!("{path} is no regular file")));
        }
        fs_permissions::replace_file(&self.path, format!("{text}\n").as_bytes())
            .map_err(|error| CliError::request_failed(format!("cannot write {path}: {error}")))?;
        self.written = Some(text.to_owned());
        Ok(())
    }
}
