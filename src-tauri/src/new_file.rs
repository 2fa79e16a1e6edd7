//! Creates files in the user's folders. No file is overwritten, and only the user can read them.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use anyhow::Context;
use chrono::NaiveDate;
use tauri::{AppHandle, Manager};
use token_monitor_engine::clock;

/// The most files with the same date.
const MAX_FILES_PER_DAY: u32 = 100;

/// Creates a file in the download folder, or in the home folder if there is none. Its name has today's date.
pub(crate) fn create_download(app: &AppHandle, stem: &str, extension: &str) -> anyhow::Result<(PathBuf, File)> {
    let downloads = app.path().download_dir().ok().filter(|folder| folder.is_dir());
    let folder = downloads.or_else(|| app.path().home_dir().ok()).context("there is no home folder")?;
    create_dated(&folder, stem, clock::now().date_naive(), extension)
        .with_context(|| format!("writing into {}", folder.display()))
}

/// Creates a file whose name has the date, and a number if that name is taken.
pub(crate) fn create_dated(folder: &Path, stem: &str, day: NaiveDate, extension: &str) -> io::Result<(PathBuf, File)> {
    let names = (1..=MAX_FILES_PER_DAY).map(|at| match at {
        1 => format!("{stem}-{day}.{extension}"),
        _ => format!("{stem}-{day}-{at}.{extension}"),
    });
    for path in names.map(|name| folder.join(name)) {
        match private_options().open(&path) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            opened => return opened.map(|file| (path, file)),
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}

/// Returns options for a new file that only the user can read. On Windows the folder's permissions ensure it.
fn private_options() -> OpenOptions {
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
        let folder = std::env::temp_dir().join(format!("token-monitor-new-file-test-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let day = NaiveDate::from_ymd_opt(2026, 3, 14).expect("a day");
        let create = || create_dated(&folder, "report", day, "json").expect("the file is created").0;
        let names = [create(), create()];
        assert_eq!(names[0].file_name().expect("a name"), "report-2026-03-14.json");
        assert_eq!(names[1].file_name().expect("a name"), "report-2026-03-14-2.json");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(&names[0]).expect("the file exists").permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        std::fs::remove_dir_all(&folder).expect("the folder is removed");
    }
}
