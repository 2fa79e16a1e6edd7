//! Saves diagnostics to a file in the download folder, for the user to review and attach to a report.
//!
//! Only the user can read the file, and no file is overwritten.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use chrono::{NaiveDate, Utc};
use serde_json::Value;
use tauri::{AppHandle, Manager};

/// The most files with the same date.
const MAX_FILES_PER_DAY: u32 = 100;

/// Saves diagnostics to a new file and returns its path.
pub(crate) fn save(app: &AppHandle, diagnostics: &Value) -> anyhow::Result<String> {
    let folder = target_folder(app).context("there is no home folder")?;
    let (path, mut file) =
        create_file(&folder, Utc::now().date_naive()).with_context(|| format!("writing into {}", folder.display()))?;
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

fn create_file(folder: &Path, day: NaiveDate) -> io::Result<(PathBuf, File)> {
    let names = (1..=MAX_FILES_PER_DAY).map(|at| match at {
        1 => format!("token-monitor-diagnostics-{day}.json"),
        _ => format!("token-monitor-diagnostics-{day}-{at}.json"),
    });
    for path in names.map(|name| folder.join(name)) {
        match private_file_options().open(&path) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            opened => return opened.map(|file| (path, file)),
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}

/// Returns options for a new file that only the user can read. On Windows the folder's permissions ensure it.
fn private_file_options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_file_is_new_and_private() {
        let folder = std::env::temp_dir().join(format!("token-monitor-diagnostics-test-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let day = NaiveDate::from_ymd_opt(2026, 3, 14).expect("a day");
        let names: Vec<_> = (0..2).map(|_| create_file(&folder, day).expect("the file is created").0).collect();
        assert_eq!(names[0].file_name().expect("a name"), "token-monitor-diagnostics-2026-03-14.json");
        assert_eq!(names[1].file_name().expect("a name"), "token-monitor-diagnostics-2026-03-14-2.json");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(&names[0]).expect("the file exists").permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        std::fs::remove_dir_all(&folder).expect("the folder is removed");
    }
}
