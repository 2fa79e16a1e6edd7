//! Finds the settings that keep Claude Code from showing the user's status line.
//!
//! Claude Code merges several settings files: those that an administrator manages take precedence over those of a
//! project, and these over the user's. Files that cannot be read or are not valid JSON are ignored, as it does.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use token_monitor_engine::read_regular_file;

use crate::statusline::claude_settings::own_command::{OwnCommand, ProgramLookup};

/// The folder of the settings that an administrator manages.
const MANAGED_FOLDER: &str = if cfg!(target_os = "macos") {
    "/Library/Application Support/ClaudeCode"
} else if cfg!(windows) {
    r"C:\Program Files\ClaudeCode"
} else {
    "/etc/claude-code"
};

/// The names of the settings files of a project, in the order of their precedence.
const PROJECT_FILES: [&str; 2] = ["settings.local.json", "settings.json"];

/// The maximum size of a settings file, in bytes.
const MAX_SETTINGS_BYTES: u64 = 1 << 20;

/// Returns the reasons for which Claude Code does not show the status line of the user's settings, one sentence each.
/// The project is that of the current folder.
pub(crate) fn find_obstacles(user: &Path, home: Option<&Path>, lookup: ProgramLookup<'_>) -> Vec<String> {
    let project = std::env::current_dir().ok().and_then(|folder| find_project(&folder, user, home));
    let managed = managed_files(Path::new(MANAGED_FOLDER));
    describe_obstacles(user, project.as_deref(), &managed, lookup)
}

/// Returns the managed settings files. A file of the folder `managed-settings.d` overrides the ones before it, and all of
/// them the main file.
fn managed_files(folder: &Path) -> Vec<PathBuf> {
    let parts = fs::read_dir(folder.join("managed-settings.d")).into_iter().flatten().flatten();
    let mut parts: Vec<_> = parts.map(|file| file.path()).collect();
    parts.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    parts.sort();
    parts.reverse();
    parts.push(folder.join("managed-settings.json"));
    parts
}

/// Returns the nearest folder at or above this one that has settings of a project. The user's own settings are not those
/// of a project.
fn find_project(folder: &Path, user: &Path, home: Option<&Path>) -> Option<PathBuf> {
    let has_settings =
        |folder: &&Path| project_paths(folder).filter(|path| !is_same_file(path, user)).any(|path| path.is_file());
    let is_above_home = |folder: &Path| home.is_some_and(|home| home != folder && home.starts_with(folder));
    folder.ancestors().take_while(|folder| !is_above_home(folder)).find(has_settings).map(Path::to_owned)
}

/// Returns the paths of the settings files of a project.
fn project_paths(folder: &Path) -> impl Iterator<Item = PathBuf> {
    let folder = folder.join(".claude");
    PROJECT_FILES.iter().map(move |name| folder.join(name))
}

fn is_same_file(one: &Path, other: &Path) -> bool {
    matches!((fs::canonicalize(one), fs::canonicalize(other)), (Ok(one), Ok(other)) if one == other)
}

fn describe_obstacles(
    user: &Path,
    project: Option<&Path>,
    managed: &[PathBuf],
    lookup: ProgramLookup<'_>,
) -> Vec<String> {
    let managed: Vec<_> = managed.iter().filter_map(|path| SettingsFile::load(path)).collect();
    let project_files: Vec<_> = project
        .into_iter()
        .flat_map(project_paths)
        .filter(|path| !is_same_file(path, user))
        .filter_map(|path| SettingsFile::load(&path))
        .collect();
    let user = SettingsFile::load(user);
    let mut obstacles = Vec::new();
    match managed.iter().find_map(|file| Some((file, file.flag("disableAllHooks")?))) {
        Some((file, true)) => obstacles.push(file.sentence("sets disableAllHooks: Claude Code shows no status line.")),
        // The administrator has decided.
        Some((_, false)) => {}
        None => {
            let is_disabled = |file: &&SettingsFile| file.flag("disableAllHooks") == Some(true);
            let text = "sets disableAllHooks: Claude Code shows no status line";
            let in_project = project_files.iter().find(is_disabled);
            obstacles.extend(in_project.map(|file| file.sentence(&format!("{text} in this project."))));
            obstacles.extend(user.iter().find(is_disabled).map(|file| file.sentence(&format!("{text}."))));
        }
    }
    let is_foreign = |file: &&SettingsFile| file.has_other_status_line(lookup);
    let managed_line = managed.iter().find(|file| file.value.get("statusLine").is_some());
    if let Some(file) = managed_line.filter(is_foreign) {
        obstacles.push(file.sentence("sets another statusLine: Claude Code shows that one instead."));
    } else if managed_line.is_none() {
        let text = "sets allowManagedHooksOnly: Claude Code shows no status line of your own.";
        let only_managed = managed.iter().find(|file| file.flag("allowManagedHooksOnly").is_some());
        let only_managed = only_managed.filter(|file| file.flag("allowManagedHooksOnly") == Some(true));
        obstacles.extend(only_managed.map(|file| file.sentence(text)));
        let project_line = project_files.iter().find(|file| file.value.get("statusLine").is_some());
        let text = "sets another statusLine: Claude Code shows that one instead in this project.";
        obstacles.extend(project_line.filter(is_foreign).map(|file| file.sentence(text)));
    }
    obstacles
}

/// A settings file of Claude Code.
struct SettingsFile {
    path: PathBuf,
    value: Value,
}

impl SettingsFile {
    /// Loads a file. Returns `None` if it is missing, too large or not valid JSON.
    fn load(path: &Path) -> Option<Self> {
        let text = read_regular_file(path, MAX_SETTINGS_BYTES).ok()?;
        let text = text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&text);
        Some(Self { path: path.to_owned(), value: serde_json::from_slice(text).ok()? })
    }

    fn flag(&self, name: &str) -> Option<bool> {
        self.value.get(name)?.as_bool()
    }

    /// Returns true if the status line does not run this program.
    fn has_other_status_line(&self, lookup: ProgramLookup<'_>) -> bool {
        let command = self.value.get("statusLine").and_then(|line| line.get("command")?.as_str());
        command.is_none_or(|command| OwnCommand::parse(command, lookup).is_none())
    }

    fn sentence(&self, effect: &str) -> String {
        format!("{} {effect}", self.path.display())
    }
}

#[cfg(test)]
mod tests {
    use std::path::MAIN_SEPARATOR;

    use rstest::rstest;

    use super::*;
    use crate::statusline::claude_settings::own_command::ProgramMatch;

    const OWN: &str = r#""statusLine":{"type":"command","command":"token-monitor statusline"}"#;
    const OTHER: &str = r#""statusLine":{"type":"command","command":"ccusage statusline"}"#;

    /// Writes the files and returns the obstacles, without the path of the folder.
    fn obstacles(files: &[(&str, &str)]) -> Vec<String> {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        for (name, members) in files {
            let path = root.join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("it is created");
            fs::write(path, format!("{{{members}}}")).expect("it is written");
        }
        let user = root.join("home/.claude/settings.json");
        let project = find_project(&root.join("home/code/deep"), &user, Some(&root.join("home")));
        let lookup = |_: &str| ProgramMatch::Other;
        let found = describe_obstacles(&user, project.as_deref(), &managed_files(&root.join("etc")), &lookup);
        let prefix = format!("{}{MAIN_SEPARATOR}", root.display());
        found.iter().map(|text| text.replace(&prefix, "").replace(MAIN_SEPARATOR, "/")).collect()
    }

    const USER: &str = "home/.claude/settings.json";
    const MANAGED: &str = "etc/managed-settings.json";

    #[rstest]
    #[case::user(USER, r#""disableAllHooks":true"#, "disableAllHooks: Claude Code shows no status line.")]
    #[case::project(
        "home/code/.claude/settings.json",
        r#""disableAllHooks":true"#,
        "disableAllHooks: Claude Code shows no status line in this project."
    )]
    #[case::local_project(
        "home/code/.claude/settings.local.json",
        OTHER,
        "another statusLine: Claude Code shows that one instead in this project."
    )]
    #[case::local_home(
        "home/.claude/settings.local.json",
        OTHER,
        "another statusLine: Claude Code shows that one instead in this project."
    )]
    #[case::managed(MANAGED, OTHER, "another statusLine: Claude Code shows that one instead.")]
    #[case::managed_part(
        "etc/managed-settings.d/10-hooks.json",
        r#""allowManagedHooksOnly":true"#,
        "allowManagedHooksOnly: Claude Code shows no status line of your own."
    )]
    fn each_obstacle_is_reported(#[case] file: &str, #[case] members: &str, #[case] text: &str) {
        assert_eq!(obstacles(&[(file, members)]), [format!("{file} sets {text}")]);
    }

    #[test]
    fn settings_without_effect_are_not_reported() {
        assert_eq!(obstacles(&[(USER, OWN), ("home/code/.claude/settings.json", OWN)]), [""; 0]);
        assert_eq!(obstacles(&[(USER, r#""disableAllHooks":false,"allowManagedHooksOnly":true"#)]), [""; 0]);
        assert_eq!(obstacles(&[(USER, r#""disableAllHooks":true"#), (MANAGED, r#""disableAllHooks":false"#)]), [""; 0]);
        assert_eq!(obstacles(&[(MANAGED, &format!(r#""allowManagedHooksOnly":true,{OWN}"#))]), [""; 0]);
        assert_eq!(obstacles(&[(MANAGED, OWN), ("home/code/.claude/settings.json", OTHER)]), [""; 0]);
    }

    #[test]
    fn invalid_settings_are_ignored() {
        assert_eq!(obstacles(&[(USER, "\"disableAllHooks\":true,"), (MANAGED, "//")]), [""; 0]);
    }
}
