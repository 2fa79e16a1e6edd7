//! Starting with the session, on Linux: an entry in the user's autostart folder.
//!
//! Written here and not by Tauri's plugin: its entry does not quote the program's path, it looks for no
//! `XDG_CONFIG_HOME`, and asking it takes a display. Nothing is ever turned on that its user did not turn on.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use tauri::{AppHandle, Builder, Wry};
use token_monitor_engine::Homes;

use crate::args::Order;

/// The entry's file, in the autostart folder.
const NAME: &str = "io.github.token-monitor.app.desktop";

/// Does as told, and says whether the app starts with the session afterwards.
pub(crate) fn obey(order: Order, _app: Option<&AppHandle>) -> anyhow::Result<bool> {
    let place = place(&Homes::from_env()).context("there is no home folder")?;
    let current = read(&place).with_context(|| format!("reading {}", place.display()))?;
    let is_on = current.as_deref().is_some_and(is_enabled);
    match order {
        Order::Status => Ok(is_on),
        Order::On => write(&place, &entry(&program()?)?).map(|()| true),
        Order::Off => remove(&place).map(|()| false),
        Order::Repair => {
            let wanted = entry(&program()?)?;
            if is_on && current.as_deref().and_then(exec) != exec(&wanted) {
                write(&place, &wanted)?;
                tracing::info!(entry = %place.display(), "The program moved; it starts with the session from here now.");
            }
            Ok(is_on)
        }
    }
}

/// Nothing of it is part of the app here.
pub(crate) fn plug(app: Builder<Wry>) -> Builder<Wry> {
    app
}

fn place(homes: &Homes) -> Option<PathBuf> {
    let config = homes.xdg_config.clone().filter(|folder| folder.is_absolute());
    let config = config.or_else(|| Some(homes.home.as_ref()?.join(".config")))?;
    Some(config.join("autostart").join(NAME))
}

/// What to start: the AppImage this program came out of, or the program itself.
fn program() -> anyhow::Result<PathBuf> {
    let image = std::env::var_os("APPIMAGE").map(PathBuf::from).filter(|image| image.is_absolute());
    let program = image.map_or_else(std::env::current_exe, Ok).context("finding this program")?;
    // A program replaced while it runs has no path of its own any more.
    if !program.is_file() {
        bail!("{} is not there any more", program.display());
    }
    Ok(program)
}

fn entry(program: &Path) -> anyhow::Result<String> {
    let Some(path) = program.to_str().filter(|path| !path.contains(char::is_control)) else {
        bail!("an autostart entry cannot name the program {}", program.display());
    };
    Ok(format!(
        "[Desktop Entry]\nType=Application\nName=Token Monitor\nComment=Live token counter for Claude Code\n\
         Exec={} --background\nIcon=token-monitor-app\nTerminal=false\nStartupNotify=false\n\
         X-GNOME-Autostart-enabled=true\n",
        quoted(path)
    ))
}

/// A path as one argument of an `Exec` line: quoted as the specification has it, then escaped as all its values are.
fn quoted(path: &str) -> String {
    let mut argument = String::from('"');
    for letter in path.chars() {
        match letter {
            '"' | '`' | '$' | '\\' => argument.extend(['\\', letter]),
            '%' => argument.push_str("%%"),
            other => argument.push(other),
        }
    }
    argument.push('"');
    argument.replace('\\', "\\\\")
}

fn exec(entry: &str) -> Option<&str> {
    entry.lines().find_map(|line| line.strip_prefix("Exec="))
}

/// Desktops turn an entry off without removing it.
fn is_enabled(entry: &str) -> bool {
    let says = |line: &str| entry.lines().any(|own| own.trim().eq_ignore_ascii_case(line));
    exec(entry).is_some() && !says("Hidden=true") && !says("X-GNOME-Autostart-enabled=false")
}

fn read(place: &Path) -> io::Result<Option<String>> {
    match fs::read_to_string(place) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Writes beside and renames: a session that starts meanwhile finds the old entry or the new one.
fn write(place: &Path, text: &str) -> anyhow::Result<()> {
    let folder = place.parent().context("the entry lies in a folder")?;
    let fresh = place.with_extension(format!("{}.tmp", std::process::id()));
    let written =
        fs::create_dir_all(folder).and_then(|()| fs::write(&fresh, text)).and_then(|()| fs::rename(&fresh, place));
    if written.is_err() {
        // There may be none.
        let _ = fs::remove_file(&fresh);
    }
    written.with_context(|| format!("writing {}", place.display()))
}

fn remove(place: &Path) -> anyhow::Result<()> {
    match fs::remove_file(place) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("removing {}", place.display()))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_with_spaces_and_signs_is_one_argument() {
        assert_eq!(quoted("/opt/token monitor/app"), r#""/opt/token monitor/app""#);
        assert_eq!(quoted(r#"/a"b/c$d/100%/e\f`g"#), r#""/a\\"b/c\\$d/100%%/e\\\\f\\`g""#);
    }

    #[test]
    fn a_path_that_would_be_two_lines_is_refused() {
        assert!(entry(Path::new("/opt/a\nExec=evil")).is_err());
    }

    #[test]
    fn an_entry_that_a_desktop_turned_off_is_off() {
        let on = entry(Path::new("/opt/app")).expect("it can be named");
        assert!(is_enabled(&on));
        assert!(!is_enabled(&on.replace("enabled=true", "enabled=false")));
        assert!(!is_enabled(&format!("{on}Hidden=true\n")));
        assert!(!is_enabled(""));
    }

    #[test]
    fn it_lies_where_the_session_looks() {
        let home = Some(PathBuf::from("/home/ada"));
        let homes =
            |config: Option<&str>| Homes { home: home.clone(), xdg_config: config.map(Into::into), ..Homes::default() };
        let of = |config| place(&homes(config)).map(|place| place.parent().map(Path::to_owned));
        assert_eq!(of(None), Some(Some("/home/ada/.config/autostart".into())));
        assert_eq!(of(Some("/cfg")), Some(Some("/cfg/autostart".into())));
        assert_eq!(
            of(Some("cfg")),
            Some(Some("/home/ada/.config/autostart".into())),
            "a relative one counts for nothing"
        );
    }
}
