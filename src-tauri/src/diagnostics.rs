//! Saves diagnostics to a file in the download folder, for the user to review and attach to a report.
//!
//! Only the user can read the file, and no file is overwritten.

use std::io::{self, Write};
use std::path::PathBuf;
use token_monitor_engine::clock;

use anyhow::Context;
use serde_json::Value;
use tauri::{AppHandle, Manager};

use crate::new_file::create_dated;

/// Saves diagnostics to a new file and returns its path.
pub(crate) fn save(app: &AppHandle, diagnostics: &Value) -> anyhow::Result<String> {
    let folder = target_folder(app).context("there is no home folder")?;
    let (path, mut file) = create_dated(&folder, "token-monitor-diagnostics", clock::now().date_naive(), "json")
        .with_context(|| format!("writing into {}", folder.display()))?;
    serde_json::to_writer_pretty(&mut file, diagnostics)
        .map_err(io::Error::from)
        .and_then(|()| file.flush())
        .with_context(|| format!("writing {}", path.display()))?;
    Ok(path.display().to_string())
}

fn target_folder(app: &AppHandle) -> Option<PathBuf> {
    let downloads = app.path().download_dir().ok().filter(|folder| folder.is_dir());
    downloads.or_else(|| app.path().home_dir().ok())
}
