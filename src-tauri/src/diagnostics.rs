//! A file of diagnostics, for the user to look at and to send: in the folder downloads go to, readable by its user
//! alone. A file that is there is never written over.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use chrono::{NaiveDate, Utc};
use serde_json::Value;
use tauri::{AppHandle, Manager};

/// Files of one day; whoever has so many looks for something else.
const MOST_A_DAY: u32 = 100;

/// Saves it, and answers where.
pub(crate) fn save(app: &AppHandle, found: &Value) -> anyhow::Result<String> {
    let folder = folder(app).context("there is no home folder")?;
    let (path, mut file) =
        create(&folder, Utc::now().date_naive()).with_context(|| format!("writing into {}", folder.display()))?;
    serde_json::to_writer_pretty(&mut file, found)
        .map_err(io::Error::from)
        .and_then(|()| file.flush())
        .with_context(|| format!("writing {}", path.display()))?;
    Ok(path.display().to_string())
}

fn folder(app: &AppHandle) -> Option<PathBuf> {
    let downloads = app.path().download_dir().ok().filter(|folder| folder.is_dir());
    downloads.or_else(|| app.path().home_dir().ok())
}

fn create(folder: &Path, day: NaiveDate) -> io::Result<(PathBuf, File)> {
    let names = (1..=MOST_A_DAY).map(|at| match at {
        1 => format!("token-monitor-diagnostics-{day}.json"),
        _ => format!("token-monitor-diagnostics-{day}-{at}.json"),
    });
    for path in names.map(|name| folder.join(name)) {
        match private().open(&path) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            opened => return opened.map(|file| (path, file)),
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}

/// For its user alone. Windows has it so by the folder's permissions.
fn private() -> OpenOptions {
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
    fn each_file_is_another_and_private() {
        let folder = std::env::temp_dir().join(format!("token-monitor-diagnostics-test-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let day = NaiveDate::from_ymd_opt(2026, 3, 14).expect("a day");
        let names: Vec<_> = (0..2).map(|_| create(&folder, day).expect("it can be made").0).collect();
        assert_eq!(names[0].file_name().expect("a name"), "token-monitor-diagnostics-2026-03-14.json");
        assert_eq!(names[1].file_name().expect("a name"), "token-monitor-diagnostics-2026-03-14-2.json");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(&names[0]).expect("it is there").permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        std::fs::remove_dir_all(&folder).expect("it can be removed");
    }
}
