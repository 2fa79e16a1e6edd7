//! `token-monitor statusline install` and `uninstall`: the only two that ever write a file of Claude Code's, and only
//! `settings.json`, after a copy of it is safe.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use chrono::Utc;
use serde::Serialize;
use token_monitor_engine::Homes;

use crate::error::Failure;
use crate::render::format::clean;
use crate::statusline::edit::{self, Edit, Effect, Refusal};
use crate::statusline::platform;

/// What was done.
#[derive(Debug, Serialize)]
pub(crate) struct Done {
    settings: PathBuf,
    /// What it means, in a sentence.
    done: String,
    /// The settings as they were; none where nothing was changed, or there were none.
    backup: Option<PathBuf>,
}

impl Done {
    /// What to tell the user.
    pub(crate) fn words(&self) -> String {
        let backup = self.backup.as_ref().map(|backup| format!("The settings as they were: {}", backup.display()));
        let lines = [Some(self.done.clone()), Some(format!("Settings: {}", self.settings.display())), backup];
        lines.into_iter().flatten().map(|line| clean(&line)).collect::<Vec<_>>().join("\n")
    }
}

/// Has Claude Code run this program for its status line.
pub(crate) fn install(settings: Option<PathBuf>, homes: &Homes) -> Result<Done, Failure> {
    let program = std::env::current_exe()?;
    let Some(program) = program.to_str() else {
        return Err(Failure::refused(format!("settings cannot name the program {}", program.display())));
    };
    change(place(settings, homes)?, "Token Monitor is there already; nothing was changed.", |text| {
        edit::installed(text, program)
    })
}

/// Undoes that.
pub(crate) fn uninstall(settings: Option<PathBuf>, homes: &Homes) -> Result<Done, Failure> {
    change(place(settings, homes)?, "There is no status line; nothing was changed.", edit::uninstalled)
}

/// Whether Claude Code runs us.
#[derive(Debug, Serialize)]
pub(crate) struct Found {
    settings: PathBuf,
    on: bool,
}

impl Found {
    /// In one word.
    pub(crate) fn word(&self) -> &'static str {
        if self.on { "on" } else { "off" }
    }
}

/// Looks whether Claude Code runs this program for its status line. Settings that cannot be understood do not.
pub(crate) fn check(settings: Option<PathBuf>, homes: &Homes) -> Result<Found, Failure> {
    let settings = place(settings, homes)?;
    let text = read(&settings)
        .map_err(|error| Failure::refused(format!("cannot read {}: {error}", settings.display())))?
        .unwrap_or_default();
    Ok(Found { on: std::str::from_utf8(&text).is_ok_and(edit::is_installed), settings })
}

/// The settings the user named, or those of the first folder Claude Code uses.
fn place(named: Option<PathBuf>, homes: &Homes) -> Result<PathBuf, Failure> {
    let first =
        homes.claude_config_dir.as_deref().and_then(|all| all.split(',').map(str::trim).find(|one| !one.is_empty()));
    let folder = || first.map(|folder| homes.expand(folder)).or_else(|| Some(homes.home.as_ref()?.join(".claude")));
    named
        .or_else(|| Some(folder()?.join("settings.json")))
        .ok_or_else(|| Failure::configuration("there is no home folder; name the file with --settings".to_owned()))
}

fn change(
    path: PathBuf,
    nothing: &str,
    decide: impl FnOnce(Option<&str>) -> Result<Edit, Refusal>,
) -> Result<Done, Failure> {
    let cannot = |what: &str, error: &io::Error| Failure::refused(format!("cannot {what} {}: {error}", path.display()));
    let before = read(&path).map_err(|error| cannot("read", &error))?;
    let text = before.as_deref().map(|bytes| std::str::from_utf8(bytes).unwrap_or_default());
    match decide(text).map_err(|refusal| refused(refusal, &path))? {
        Edit::Nothing => Ok(Done { done: nothing.to_owned(), settings: path, backup: None }),
        Edit::Write { text, effect } => {
            let backup = before.as_deref().map(|bytes| back_up(&path, bytes)).transpose();
            let backup = backup.map_err(|error| cannot("back up", &error))?;
            replace(&path, before.as_deref(), text.as_bytes()).map_err(|error| cannot("write", &error))?;
            Ok(Done { done: words(&effect), settings: path, backup })
        }
    }
}

fn words(effect: &Effect) -> String {
    match effect {
        Effect::Added => "Claude Code now shows Token Monitor's status line.".to_owned(),
        Effect::Chained(previous) => {
            format!("Claude Code now shows Token Monitor's status line below that of: {previous}")
        }
        Effect::Moved => "Claude Code now runs Token Monitor from where it is.".to_owned(),
        Effect::Removed => "Claude Code no longer shows Token Monitor's status line.".to_owned(),
        Effect::Restored(previous) => format!("Claude Code again shows only the status line of: {previous}"),
    }
}

fn refused(refusal: Refusal, path: &Path) -> Failure {
    let path = path.display();
    match refusal {
        Refusal::NoObject => Failure::configuration(format!("{path} is not valid JSON; nothing was changed")),
        Refusal::Twice => Failure::configuration(format!("{path} names its status line twice; nothing was changed")),
        Refusal::NoCommand => {
            Failure::configuration(format!("statusLine in {path} is no command; nothing was changed"))
        }
        Refusal::NotOurs => {
            Failure::refused(format!("the status line in {path} is not Token Monitor's; nothing was changed"))
        }
    }
}

/// What is in the file; none where there is no file. A link that leads nowhere is an error.
fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound && fs::symlink_metadata(path).is_err() => Ok(None),
        read => read.map(Some),
    }
}

/// Copies the settings to a file of their own, beside them.
fn back_up(path: &Path, bytes: &[u8]) -> io::Result<PathBuf> {
    let stamp = Utc::now().format("%Y%m%dT%H%M%S%.6fZ");
    let backup = beside(path, &format!(".token-monitor-backup-{stamp}"));
    let mut file = platform::create_file(&backup)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    Ok(backup)
}

/// Writes beside and renames: whatever happens meanwhile, there are the old settings or the new ones. Where the path
/// is a link, the file it leads to is replaced and the link stays.
fn replace(path: &Path, before: Option<&[u8]>, text: &[u8]) -> io::Result<()> {
    let target = match before {
        Some(_) => fs::canonicalize(path)?,
        None => path.to_owned(),
    };
    if let Some(folder) = target.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        platform::create_folder(folder)?;
    }
    let fresh = beside(&target, &format!(".{}.tmp", std::process::id()));
    let written = write(&fresh, before.map(|_| target.as_path()), text).and_then(|()| {
        match read(&target)?.as_deref() == before {
            true => fs::rename(&fresh, &target),
            false => Err(io::Error::other("it was changed meanwhile; try again")),
        }
    });
    if written.is_err() {
        let _ = fs::remove_file(&fresh);
    }
    written
}

/// Writes a file with the permissions of another.
fn write(path: &Path, like: Option<&Path>, text: &[u8]) -> io::Result<()> {
    let mut file = platform::create_file(path)?;
    if let Some(like) = like {
        file.set_permissions(fs::metadata(like)?.permissions())?;
    }
    file.write_all(text)?;
    file.sync_all()
}

fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(end);
    path.with_file_name(name)
}
