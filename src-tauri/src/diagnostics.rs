//! Saves diagnostics to a file in the download folder, for the user to review and attach to a report.
//!
//! Only the user can read the file, and no file is overwritten.

use std::io::{self, Write};

use anyhow::Context;
use serde_json::Value;
use tauri::AppHandle;

use crate::new_file::create_download;

/// Saves diagnostics to a new file and returns its path.
pub(crate) fn save(app: &AppHandle, diagnostics: &Value) -> anyhow::Result<String> {
    let (path, mut file) = create_download(app, "token-monitor-diagnostics", "json")?;
    serde_json::to_writer_pretty(&mut file, diagnostics)
        .map_err(io::Error::from)
        .and_then(|()| file.flush())
        .with_context(|| format!("writing {}", path.display()))?;
    Ok(path.display().to_string())
}
