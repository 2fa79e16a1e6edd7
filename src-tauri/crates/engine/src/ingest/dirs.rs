//! Which folders hold logs.

use std::path::{Component, Path, PathBuf};

use crate::ingest::wsl;
use crate::platform;

/// The folders that tell where Claude Code keeps its logs: the environment as values, not looked up here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserDirs {
    /// `CLAUDE_CONFIG_DIR`: one folder, or several with commas between them.
    pub claude_config_dir: Option<String>,
    /// `XDG_CONFIG_HOME`.
    pub xdg_config: Option<PathBuf>,
    /// `APPDATA`, where Windows keeps configuration.
    pub app_data: Option<PathBuf>,
    /// `LOCALAPPDATA`, where Windows keeps what belongs to one computer, packaged programs among it.
    pub local_app_data: Option<PathBuf>,
    /// The user's home folder.
    pub home: Option<PathBuf>,
}

impl UserDirs {
    /// As the process was started with.
    pub fn from_env() -> Self {
        let folder = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        Self {
            claude_config_dir: std::env::var("CLAUDE_CONFIG_DIR").ok().filter(|dirs| !dirs.trim().is_empty()),
            xdg_config: folder("XDG_CONFIG_HOME"),
            app_data: folder("APPDATA").filter(|_| cfg!(windows)),
            local_app_data: folder("LOCALAPPDATA").filter(|_| cfg!(windows)),
            home: folder(if cfg!(windows) { "USERPROFILE" } else { "HOME" }),
        }
    }

    /// Where configuration lives.
    pub fn config_dir(&self) -> PathBuf {
        let usual = || self.home.as_ref().map(|home| home.join(".config"));
        self.app_data.clone().or_else(|| self.xdg_config.clone()).or_else(usual).unwrap_or_else(|| PathBuf::from("."))
    }

    /// Where desktops of Linux look for what starts with a session; a relative `XDG_CONFIG_HOME` counts for nothing.
    pub fn autostart_dir(&self) -> Option<PathBuf> {
        let named = self.xdg_config.clone().filter(|folder| folder.is_absolute());
        let config = named.or_else(|| Some(self.home.as_ref()?.join(".config")))?;
        Some(config.join("autostart"))
    }

    /// A path with its leading `~` filled in.
    pub fn expand_home(&self, path: &str) -> PathBuf {
        match (path.strip_prefix("~/").or_else(|| path.strip_prefix("~\\")), &self.home) {
            (Some(rest), Some(home)) => home.join(rest),
            _ if path == "~" => self.home.clone().unwrap_or_else(|| PathBuf::from(path)),
            _ => PathBuf::from(path),
        }
    }
}

/// All folders to search: those that are named, those of Linux distributions on Windows, those of Claude Desktop.
pub(crate) fn search_folders(named: &[PathBuf], dirs: &UserDirs, wsl: &[PathBuf]) -> Vec<PathBuf> {
    let mut folders = projects_folders(&[named, wsl].concat());
    for folder in desktop_folders(dirs) {
        if !folders.contains(&folder) {
            folders.push(folder);
        }
    }
    folders
}

/// The folders to search, given what the settings and the environment name. A folder named twice is searched once.
///
/// Each may be Claude Code's folder or the `projects` folder in it. Whole file systems and the kernel's own folders
/// are refused: a slip in a setting must not make us walk them.
pub(crate) fn projects_folders(named: &[PathBuf]) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = Vec::new();
    for folder in named.iter().filter(|folder| is_searchable(folder)) {
        let inner = folder.join("projects");
        let folder = if inner.is_dir() || !is_projects_folder(folder) { inner } else { folder.clone() };
        let known = folders.iter().any(|known| is_same_folder(known, &folder));
        if !known {
            folders.push(folder);
        }
    }
    folders
}

/// The `projects` folders of Claude Desktop: it gives each of its own sessions a home folder, and Claude Code keeps
/// its logs in there. In order of path; none where the environment names the folders to search.
///
/// Cheap enough for every sweep: a look at a few names, and where there is no Claude Desktop one stat a place.
pub(crate) fn desktop_folders(dirs: &UserDirs) -> Vec<PathBuf> {
    if dirs.claude_config_dir.is_some() {
        return Vec::new();
    }
    let sessions = desktop_apps(dirs).into_iter().map(|app| app.join("local-agent-mode-sessions"));
    let sessions = sessions.filter(|folder| folder.is_dir()).map(|folder| platform::full_path(&folder));
    let mut found: Vec<PathBuf> = sessions.flat_map(|folder| desktop_projects(&folder)).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// The `.claude` folders in the Linux distributions that run on this Windows; none on other systems, and none where
/// the environment names the folders to search. Asks a program and may take seconds: not for every sweep.
pub(crate) fn find_wsl_folders(dirs: &UserDirs) -> Vec<PathBuf> {
    if dirs.claude_config_dir.is_some() {
        return Vec::new();
    }
    let mut running = wsl::parse_distribution_names(&platform::list_running_distributions());
    running.sort_unstable();
    running.iter().flat_map(|name| wsl::claude_folders(&wsl::share_path(name))).collect()
}

/// Where Claude Desktop may keep its data. Each system's place is looked at on all of them: only its own is there.
fn desktop_apps(dirs: &UserDirs) -> Vec<PathBuf> {
    let usual = dirs.home.as_ref().map(|home| home.join(".config"));
    let plain = [
        dirs.home.as_ref().map(|home| home.join("Library/Application Support/Claude")),
        dirs.app_data.as_ref().map(|app_data| app_data.join("Claude")),
        dirs.xdg_config.clone().or(usual).map(|config| config.join("Claude")),
    ];
    let packages = dirs.local_app_data.iter().flat_map(|local| subfolders(&local.join("Packages"), is_claude_package));
    let packaged = packages.map(|package| package.join("LocalCache/Roaming/Claude"));
    plain.into_iter().flatten().chain(packaged).collect()
}

fn is_claude_package(name: &str) -> bool {
    name.starts_with("Claude_")
}

/// `<group>/<sub>/local_*/.claude/projects`, and the same below `<group>/<sub>/agent`. No other folder is entered.
fn desktop_projects(sessions: &Path) -> Vec<PathBuf> {
    let any = |_: &str| true;
    let subs = subfolders(sessions, any).into_iter().flat_map(|group| subfolders(&group, any));
    let places = subs.flat_map(|sub| [sub.join("agent"), sub]);
    let dirs = places.flat_map(|place| subfolders(&place, |name| name.starts_with("local_")));
    dirs.map(|home| home.join(".claude").join("projects")).filter(|projects| projects.is_dir()).collect()
}

/// The folders in a folder whose name passes a test; none where it cannot be read. Folders behind links are not
/// among them.
fn subfolders(folder: &Path, pass: impl Fn(&str) -> bool) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let wanted = entries.filter(|entry| entry.file_name().to_str().is_some_and(&pass));
    wanted.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir())).map(|entry| entry.path()).collect()
}

/// Whether a folder without a `projects` folder in it is one itself: by its name, or because it holds projects.
fn is_projects_folder(folder: &Path) -> bool {
    folder.file_name().is_some_and(|name| name == "projects") || child_paths(folder).any(|child| contains_logs(&child))
}

fn contains_logs(folder: &Path) -> bool {
    child_paths(folder).any(|child| child.extension().is_some_and(|end| end == "jsonl"))
}

fn child_paths(folder: &Path) -> impl Iterator<Item = PathBuf> {
    std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path())
}

fn is_same_folder(a: &Path, b: &Path) -> bool {
    a == b || matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}

fn is_searchable(folder: &Path) -> bool {
    let leads_to = |folder: &Path| folder.canonicalize().is_ok_and(|real| is_whole_file_system(&real));
    folder.is_absolute() && !is_whole_file_system(folder) && !leads_to(folder)
}

/// Whether a path is that of a whole disk or of the kernel's own folders. Goes by the path alone.
pub(crate) fn is_whole_file_system(path: &Path) -> bool {
    let plain = normalize_path(path);
    let kernels = ["/proc", "/sys"];
    plain.has_root()
        && (plain.parent().is_none()
            || plain == Path::new("/dev")
            || kernels.iter().any(|kernel| plain.starts_with(kernel)))
}

/// A path without `.` and `..`.
fn normalize_path(path: &Path) -> PathBuf {
    path.components().fold(PathBuf::new(), |mut plain, part| {
        match part {
            Component::CurDir => {}
            Component::ParentDir => drop(plain.pop()),
            Component::Prefix(_) | Component::RootDir | Component::Normal(_) => plain.push(part),
        }
        plain
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn what_starts_with_a_session_lies_where_it_looks() {
        let of = |config: Option<&str>| {
            let home = Some(PathBuf::from("/home/ada"));
            UserDirs { home, xdg_config: config.map(Into::into), ..UserDirs::default() }.autostart_dir()
        };
        let usual = Some(PathBuf::from("/home/ada/.config/autostart"));
        assert_eq!(of(None), usual);
        assert_eq!(of(Some("/cfg")), Some("/cfg/autostart".into()));
        assert_eq!(of(Some("relative")), usual, "the specification says so");
        assert_eq!(UserDirs::default().autostart_dir(), None);
    }

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

    /// Makes folders, and gives them back as paths in full.
    fn create_folders<const N: usize>(base: &Path, folders: [impl AsRef<Path>; N]) -> [PathBuf; N] {
        folders.map(|folder| {
            let path = base.join(folder);
            fs::create_dir_all(&path).expect("a folder");
            platform::full_path(&path)
        })
    }

    fn homes(home: &Path) -> UserDirs {
        UserDirs { home: Some(home.to_owned()), ..UserDirs::default() }
    }

    const SESSIONS: &str = ".config/Claude/local-agent-mode-sessions";

    #[test]
    fn claude_desktop_gives_each_session_a_projects_folder() {
        let temp = tempfile::tempdir().expect("a folder");
        let base = temp.path();
        let found = create_folders(
            &base.join(SESSIONS),
            ["a/b/agent/local_1/.claude/projects", "a/b/local_2/.claude/projects", "a/c/local_1/.claude/projects"],
        );
        create_folders(&base.join(SESSIONS), ["a/b/other/.claude/projects", "a/b/local_3", "local_4/.claude/projects"]);
        create_folders(
            &base.join(SESSIONS),
            ["a/b/c/local_5/.claude/projects", "a/b/agent/x/local_6/.claude/projects"],
        );
        fs::write(base.join(SESSIONS).join("a/b/local_2.json"), "{}").expect("a file");
        assert_eq!(desktop_folders(&homes(base)), found);
    }

    #[test]
    fn claude_desktop_is_looked_for_where_each_system_has_it() {
        let temp = tempfile::tempdir().expect("a folder");
        let base = temp.path();
        let session = "local-agent-mode-sessions/a/b/local_1/.claude/projects";
        let places = [
            "home/Library/Application Support/Claude",
            "local/Packages/Claude_pzs8sxrjxfjjc/LocalCache/Roaming/Claude",
            "roaming/Claude",
            "xdg/Claude",
        ];
        let found = create_folders(base, places.map(|place| format!("{place}/{session}")));
        create_folders(base, ["local/Packages/Other_Claude_1/LocalCache/Roaming/Claude/local-agent-mode-sessions"]);
        let dirs = UserDirs {
            claude_config_dir: None,
            xdg_config: Some(base.join("xdg")),
            app_data: Some(base.join("roaming")),
            local_app_data: Some(base.join("local")),
            home: Some(base.join("home")),
        };
        assert_eq!(desktop_folders(&dirs), found);
        let named = UserDirs { claude_config_dir: Some("/elsewhere".into()), ..dirs };
        assert!(desktop_folders(&named).is_empty(), "the environment names the folders to search");
        assert!(find_wsl_folders(&named).is_empty());
    }

    #[test]
    fn where_there_is_no_claude_desktop_there_is_nothing() {
        let temp = tempfile::tempdir().expect("a folder");
        assert!(desktop_folders(&homes(temp.path())).is_empty());
        assert!(desktop_folders(&UserDirs::default()).is_empty());
        fs::create_dir_all(temp.path().join(".config/Claude")).expect("a folder");
        fs::write(temp.path().join(SESSIONS), "").expect("a file");
        assert!(desktop_folders(&homes(temp.path())).is_empty(), "a file is no folder of sessions");
    }

    #[test]
    fn a_path_longer_than_windows_used_to_allow_is_found() {
        let temp = tempfile::tempdir().expect("a folder");
        let base = temp.path();
        let long = format!("{0}/{0}/local_{0}/.claude/projects", "x".repeat(100));
        let found = create_folders(&base.join(SESSIONS), [&long]);
        assert!(found[0].as_os_str().len() > 300);
        assert_eq!(desktop_folders(&homes(base)), found);
    }

    #[cfg(unix)]
    #[test]
    fn an_unreadable_folder_hides_no_other() {
        use std::os::unix::fs::PermissionsExt;

        let temp = tempfile::tempdir().expect("a folder");
        let base = temp.path();
        let sessions = base.join(SESSIONS);
        let [closed, open] =
            create_folders(&sessions, ["a/b/local_1/.claude/projects", "c/d/local_1/.claude/projects"]);
        let close = |mode| fs::set_permissions(sessions.join("a"), fs::Permissions::from_mode(mode));
        close(0o000).expect("it is ours");
        let shut = fs::read_dir(sessions.join("a")).is_err();
        let found = desktop_folders(&homes(base));
        close(0o700).expect("it is ours");
        let expected = if shut { vec![open] } else { vec![closed, open] };
        assert_eq!(found, expected, "whoever may read everything reads this too");
    }

    #[cfg(unix)]
    #[test]
    fn folders_behind_links_are_not_entered() {
        let temp = tempfile::tempdir().expect("a folder");
        let base = temp.path();
        let [away, sub] = create_folders(base, ["away", ".config/Claude/local-agent-mode-sessions/a/b"]);
        create_folders(&away, [".claude/projects"]);
        std::os::unix::fs::symlink(&away, sub.join("local_1")).expect("a link");
        assert!(desktop_folders(&homes(base)).is_empty());
    }

    #[test]
    fn whole_file_systems_are_refused() {
        assert!(projects_folders(&["/".into(), "/proc".into(), "relative".into()]).is_empty());
        for whole in ["/", "//", "/.", "/tmp/..", "/proc", "/proc/1", "/sys/", "/dev/", "/home/../../dev"] {
            assert!(is_whole_file_system(whole.as_ref()), "{whole}");
        }
        for part in ["/home/me", "/processes", "/dev/shm/claude", "/home/me/proc"] {
            assert!(!is_whole_file_system(part.as_ref()), "{part}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_to_a_whole_file_system_is_refused() {
        let temp = tempfile::tempdir().expect("a folder");
        let link = temp.path().join("projects");
        std::os::unix::fs::symlink("/", &link).expect("a link");
        assert!(projects_folders(&[link]).is_empty());
    }
}
