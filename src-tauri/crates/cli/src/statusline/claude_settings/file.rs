//! Reads and writes Claude Code's `settings.json`.
//!
//! Only `install` and `uninstall` write a file of Claude Code, only this one, and only after a copy of it is on disk.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{NaiveDateTime, TimeDelta};
use serde::Serialize;
use token_monitor_core::text::sanitize::sanitize_layout;
use token_monitor_engine::clock;
use token_monitor_engine::{UserDirs, read_regular_file};

use crate::error::CliError;
use crate::statusline::claude_settings::edit::{self, EditEffect, EditError, SettingsEdit};
use crate::statusline::claude_settings::obstacles::find_obstacles;
use crate::statusline::claude_settings::running_program::RunningProgram;
use crate::statusline::platform;

/// The result of a change. The names of the fields are public.
#[derive(Debug, Serialize)]
pub(crate) struct ChangeReport {
    settings: PathBuf,
    /// The effect of the change, in a sentence.
    done: String,
    /// The copy of the previous settings. None if nothing was changed or there was no file.
    backup: Option<PathBuf>,
    /// The reasons for which Claude Code does not show the status line although it is installed, one sentence each.
    warnings: Vec<String>,
}

/// The number of backups that are kept.
const MAX_BACKUPS: usize = 3;

/// The largest settings that are read, in bytes. Larger ones are not Claude Code's.
const MAX_SETTINGS_BYTES: u64 = 16 << 20;

/// The age at which a temporary file was left behind by a process that was killed.
const MAX_TEMPORARY_AGE: Duration = Duration::from_secs(600);

/// The time in the name of a backup.
const BACKUP_TIME_FORMAT: &str = "%Y%m%dT%H%M%S%.6fZ";

impl ChangeReport {
    /// Returns the report as text.
    pub(crate) fn render(&self) -> String {
        let settings = format!("Settings: {}", self.settings.display());
        let backup = self.backup.as_ref().map(|backup| format!("Previous settings: {}", backup.display()));
        let warnings = self.warnings.iter().map(|warning| format!("! {warning}"));
        let lines = [Some(self.done.clone()), Some(settings), backup].into_iter().flatten().chain(warnings);
        lines.map(|line| sanitize_layout(&line)).collect::<Vec<_>>().join("\n")
    }
}

/// Makes Claude Code run this program for its status line.
pub(crate) fn install(settings: Option<PathBuf>, dirs: &UserDirs) -> Result<ChangeReport, CliError> {
    let running = RunningProgram::current(dirs)?;
    let path = running.path_to_install();
    let Some(program) = path.to_str() else {
        let message = format!("the path of the program is not valid Unicode: {}", path.display());
        return Err(CliError::request_failed(message));
    };
    let settings = settings_path(settings, dirs)?;
    let unchanged = "The status line is already installed; nothing was changed.";
    let report =
        apply_edit(settings, unchanged, |text| edit::edit_to_install(text, program, &|name| running.compare(name)))?;
    let warnings = find_obstacles(&report.settings, dirs.home.as_deref(), &|name| running.compare(name));
    Ok(ChangeReport { warnings, ..report })
}

/// Removes this program from Claude Code's status line and restores the previous command, if there was one.
pub(crate) fn uninstall(settings: Option<PathBuf>, dirs: &UserDirs) -> Result<ChangeReport, CliError> {
    let running = RunningProgram::current(dirs)?;
    let unchanged = "There is no status line; nothing was changed.";
    apply_edit(settings_path(settings, dirs)?, unchanged, |text| {
        edit::edit_to_uninstall(text, &|name| running.compare(name))
    })
}

/// The state of the status line in Claude Code's settings. The names of the fields are public.
#[derive(Debug, Serialize)]
pub(crate) struct InstallState {
    pub(crate) settings: PathBuf,
    pub(crate) on: bool,
    /// The reasons for which Claude Code does not show the status line, one sentence each. Empty if it is off.
    pub(crate) warnings: Vec<String>,
}

impl InstallState {
    /// Returns `on` or `off`.
    pub(crate) fn as_text(&self) -> &'static str {
        if self.on { "on" } else { "off" }
    }
}

/// Checks whether Claude Code runs this program for its status line. Invalid settings count as `off`.
pub(crate) fn check_installed(settings: Option<PathBuf>, dirs: &UserDirs) -> Result<InstallState, CliError> {
    let settings = settings_path(settings, dirs)?;
    let bytes = read_if_exists(&settings)
        .map_err(|error| CliError::request_failed(format!("cannot read {}: {error}", settings.display())))?
        .unwrap_or_default();
    let running = RunningProgram::current(dirs)?;
    let lookup = |name: &str| running.compare(name);
    let on = std::str::from_utf8(&bytes).is_ok_and(|text| edit::is_installed(text, &lookup));
    let warnings = if on { find_obstacles(&settings, dirs.home.as_deref(), &lookup) } else { Vec::new() };
    Ok(InstallState { settings, on, warnings })
}

/// Returns the given settings file, or that in the first folder of `CLAUDE_CONFIG_DIR`, or that in `~/.claude`.
fn settings_path(given: Option<PathBuf>, dirs: &UserDirs) -> Result<PathBuf, CliError> {
    let folders = dirs.claude_config_dir.as_deref().unwrap_or_default();
    let first = folders.split(',').map(str::trim).find(|folder| !folder.is_empty());
    let folder = || first.map(|folder| dirs.expand_home(folder)).or_else(|| Some(dirs.home.as_ref()?.join(".claude")));
    given
        .or_else(|| Some(folder()?.join("settings.json")))
        .ok_or_else(|| CliError::bad_configuration("there is no home folder; name the file with --settings".to_owned()))
}

fn apply_edit(
    path: PathBuf,
    unchanged: &str,
    edit: impl FnOnce(Option<&str>) -> Result<SettingsEdit, EditError>,
) -> Result<ChangeReport, CliError> {
    let failed = |action: &str, error: &io::Error| {
        CliError::request_failed(format!("cannot {action} {}: {error}", path.display()))
    };
    let before = read_if_exists(&path).map_err(|error| failed("read", &error))?;
    let text = before.as_deref().map(|bytes| std::str::from_utf8(bytes).unwrap_or_default());
    match edit(text).map_err(|error| describe_error(error, &path))? {
        SettingsEdit::Unchanged => {
            Ok(ChangeReport { done: unchanged.to_owned(), settings: path, backup: None, warnings: Vec::new() })
        }
        SettingsEdit::Write { text, effect } => {
            let backup = before.as_deref().map(|bytes| back_up(&path, bytes)).transpose();
            let backup = backup.map_err(|error| failed("back up", &error))?;
            replace_file(&path, before.as_deref(), text.as_bytes()).map_err(|error| failed("write", &error))?;
            remove_old_backups(&path);
            Ok(ChangeReport { done: describe_effect(&effect), settings: path, backup, warnings: Vec::new() })
        }
    }
}

fn describe_effect(effect: &EditEffect) -> String {
    match effect {
        EditEffect::Added => "Claude Code now shows Token Monitor's status line.".to_owned(),
        EditEffect::Chained(previous) => {
            format!("Claude Code now shows Token Monitor's status line below the output of: {previous}")
        }
        EditEffect::Moved => "Claude Code now runs Token Monitor at its new location.".to_owned(),
        EditEffect::Removed => "Claude Code no longer shows Token Monitor's status line.".to_owned(),
        EditEffect::Restored(previous) => format!("Claude Code now shows only the output of: {previous}"),
    }
}

fn describe_error(error: EditError, path: &Path) -> CliError {
    let path = path.display();
    match error {
        EditError::NotAnObject => CliError::bad_configuration(format!("{path} is not valid JSON; nothing was changed")),
        EditError::Duplicate => {
            CliError::bad_configuration(format!("{path} contains two status lines; nothing was changed"))
        }
        EditError::NotACommand => {
            CliError::bad_configuration(format!("statusLine in {path} is not a command; nothing was changed"))
        }
        EditError::NotOwnCommand => {
            CliError::request_failed(format!("the status line in {path} is not Token Monitor's; nothing was changed"))
        }
        EditError::PartOfCommand => CliError::request_failed(format!(
            "Token Monitor is a part of a longer command in {path}; remove it there by hand; nothing was changed"
        )),
    }
}

/// Returns the contents of a file, or none if there is no file. A broken link is an error.
fn read_if_exists(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match read_regular_file(path, MAX_SETTINGS_BYTES) {
        Err(error) if error.kind() == io::ErrorKind::NotFound && fs::symlink_metadata(path).is_err() => Ok(None),
        result => result.map(Some),
    }
}

/// Copies the settings to a new file beside them and returns its path. The copy has a temporary name until it is complete.
fn back_up(path: &Path, bytes: &[u8]) -> io::Result<PathBuf> {
    let now = clock::now();
    let free_path = |number: i64| {
        let time = (now + TimeDelta::microseconds(number)).format(BACKUP_TIME_FORMAT);
        Some(path_with_suffix(path, &format!("{BACKUP_SUFFIX}{time}")))
            .filter(|path| fs::symlink_metadata(path).is_err())
    };
    let backup = (0..1_000).find_map(free_path).ok_or(io::ErrorKind::AlreadyExists)?;
    let temporary = temporary_path(path);
    let written = write_new_file(&temporary, None, bytes).and_then(|()| fs::rename(&temporary, &backup));
    if written.is_err() {
        // It may not exist.
        let _ = fs::remove_file(&temporary);
    }
    written.map(|()| backup)
}

/// Returns the path of a temporary file of this process beside the settings, and deletes those that other processes left
/// behind when they were killed.
fn temporary_path(path: &Path) -> PathBuf {
    let temporary = path_with_suffix(path, &format!(".{}{TEMPORARY_END}", std::process::id()));
    let prefix = path_with_suffix(path, ".").file_name().unwrap_or_default().to_owned();
    let is_temporary = |name: &str| {
        let id = name.strip_prefix(prefix.to_str()?)?.strip_suffix(TEMPORARY_END)?;
        id.bytes().all(|digit| digit.is_ascii_digit()).then_some(())
    };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let age = entry.metadata().and_then(|metadata| metadata.modified()).ok().and_then(|time| time.elapsed().ok());
        let is_left = entry.path() == temporary || age.is_some_and(|age| age > MAX_TEMPORARY_AGE);
        if is_left && entry.file_name().to_str().and_then(is_temporary).is_some() {
            // It is harmless; the next change tries again.
            let _ = fs::remove_file(entry.path());
        }
    }
    temporary
}

/// The end of the name of a temporary file.
const TEMPORARY_END: &str = ".tmp";

/// The text between the name of the settings and the time in the name of a backup.
const BACKUP_SUFFIX: &str = ".token-monitor-backup-";

/// Removes the backups of these settings except for the newest ones. A file that cannot be removed is left.
fn remove_old_backups(path: &Path) {
    let Some(prefix) = path_with_suffix(path, BACKUP_SUFFIX).file_name().map(std::ffi::OsStr::to_owned) else { return };
    let is_backup = |name: &std::ffi::OsStr| {
        let time = name.to_str().zip(prefix.to_str()).and_then(|(name, prefix)| name.strip_prefix(prefix));
        time.is_some_and(|time| NaiveDateTime::parse_from_str(time, BACKUP_TIME_FORMAT).is_ok())
    };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut names: Vec<_> = fs::read_dir(folder).into_iter().flatten().flatten().map(|file| file.file_name()).collect();
    names.retain(|name| is_backup(name));
    // The time has a fixed length, so that the names are in the order of the times.
    names.sort();
    names.iter().rev().skip(MAX_BACKUPS).for_each(|name| drop(fs::remove_file(folder.join(name))));
}

/// Writes to a temporary file and renames it, so that there are always complete settings. If the path is a link, the
/// file it points to is replaced and the link is kept. Fails if the file is not as it was before.
fn replace_file(path: &Path, before: Option<&[u8]>, text: &[u8]) -> io::Result<()> {
    let target = match before {
        Some(_) => fs::canonicalize(path)?,
        None => path.to_owned(),
    };
    if let Some(folder) = target.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        platform::create_folder(folder)?;
    }
    let temporary = temporary_path(&target);
    let result =
        write_new_file(&temporary, before.map(|_| target.as_path()), text).and_then(|()| {
            match read_if_exists(&target)?.as_deref() == before {
                true => fs::rename(&temporary, &target),
                false => Err(io::Error::other("it was changed by another program; try again")),
            }
        });
    if result.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    result
}

/// Writes a new file, with the permissions of another if there is one.
fn write_new_file(path: &Path, like: Option<&Path>, text: &[u8]) -> io::Result<()> {
    let mut file = platform::create_file(path)?;
    if let Some(like) = like {
        file.set_permissions(fs::metadata(like)?.permissions())?;
    }
    file.write_all(text)?;
    file.sync_all()
}

fn path_with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(suffix);
    path.with_file_name(name)
}
