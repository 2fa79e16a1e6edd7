//! Which folders hold logs.

use std::path::{Path, PathBuf};

/// The folders that tell where Claude Code keeps its logs: the environment as values, not looked up here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Homes {
    /// `CLAUDE_CONFIG_DIR`: one folder, or several with commas between them.
    pub claude_config_dir: Option<String>,
    /// `XDG_CONFIG_HOME`.
    pub xdg_config: Option<PathBuf>,
    /// `APPDATA`, where Windows keeps configuration.
    pub app_data: Option<PathBuf>,
    /// The user's home folder.
    pub home: Option<PathBuf>,
}

impl Homes {
    /// As the process was started with.
    pub fn from_env() -> Self {
        let folder = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        Self {
            claude_config_dir: std::env::var("CLAUDE_CONFIG_DIR").ok().filter(|dirs| !dirs.trim().is_empty()),
            xdg_config: folder("XDG_CONFIG_HOME"),
            app_data: folder("APPDATA").filter(|_| cfg!(windows)),
            home: folder(if cfg!(windows) { "USERPROFILE" } else { "HOME" }),
        }
    }

    /// Where configuration lives.
    pub fn config(&self) -> PathBuf {
        let usual = || self.home.as_ref().map(|home| home.join(".config"));
        self.app_data.clone().or_else(|| self.xdg_config.clone()).or_else(usual).unwrap_or_else(|| PathBuf::from("."))
    }

    /// A path with its leading `~` filled in.
    pub fn expand(&self, path: &str) -> PathBuf {
        match (path.strip_prefix("~/").or_else(|| path.strip_prefix("~\\")), &self.home) {
            (Some(rest), Some(home)) => home.join(rest),
            _ if path == "~" => self.home.clone().unwrap_or_else(|| PathBuf::from(path)),
            _ => PathBuf::from(path),
        }
    }
}

/// The folders to search, given what the settings and the environment name. A folder named twice is searched once.
///
/// Each may be Claude Code's folder or the `projects` folder in it. Whole file systems and the kernel's own folders
/// are refused: a slip in a setting must not make us walk them.
pub(crate) fn projects_folders(named: &[PathBuf]) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = Vec::new();
    for folder in named.iter().filter(|folder| is_sensible(folder)) {
        let inner = folder.join("projects");
        let folder = if inner.is_dir() || !is_projects(folder) { inner } else { folder.clone() };
        let known = folders.iter().any(|known| same(known, &folder));
        if !known {
            folders.push(folder);
        }
    }
    folders
}

/// Whether a folder without a `projects` folder in it is one itself: by its name, or because it holds projects.
fn is_projects(folder: &Path) -> bool {
    folder.file_name().is_some_and(|name| name == "projects") || children(folder).any(|child| holds_logs(&child))
}

fn holds_logs(folder: &Path) -> bool {
    children(folder).any(|child| child.extension().is_some_and(|end| end == "jsonl"))
}

fn children(folder: &Path) -> impl Iterator<Item = PathBuf> {
    std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path())
}

fn same(a: &Path, b: &Path) -> bool {
    a == b || matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}

fn is_sensible(folder: &Path) -> bool {
    let kernels = ["/", "/proc", "/sys", "/dev"];
    folder.is_absolute() && !kernels.iter().any(|kernel| folder == Path::new(kernel))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_projects_folder_may_be_named_itself() {
        let temp = tempfile::tempdir().expect("a folder");
        let projects = temp.path().join("projects");
        fs::create_dir(&projects).expect("a folder");
        assert_eq!(projects_folders(&[temp.path().to_owned()]), vec![projects.clone()]);
        assert_eq!(projects_folders(&[temp.path().to_owned(), projects.clone()]), vec![projects]);
    }

    #[test]
    fn a_folder_that_is_not_there_yet_is_waited_for() {
        let missing = PathBuf::from("/nowhere/.claude");
        assert_eq!(projects_folders(&[missing]), vec![PathBuf::from("/nowhere/.claude/projects")]);
    }

    #[test]
    fn whole_file_systems_are_refused() {
        assert!(projects_folders(&["/".into(), "/proc".into(), "relative".into()]).is_empty());
    }
}
