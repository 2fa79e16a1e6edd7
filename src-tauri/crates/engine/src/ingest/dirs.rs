//! The folders that contain logs.

use std::fs::DirEntry;
use std::io;
use std::path::{Component, Path, PathBuf};

use crate::ingest::wsl;
use crate::platform;

/// The user's folders, from environment variables. They determine where Claude Code keeps its logs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserDirs {
    /// The value of `CLAUDE_CONFIG_DIR`: one folder, or several separated by commas.
    pub claude_config_dir: Option<String>,
    /// The value of `XDG_CONFIG_HOME`.
    pub xdg_config: Option<PathBuf>,
    /// The value of `APPDATA`, the configuration folder on Windows.
    pub app_data: Option<PathBuf>,
    /// The value of `LOCALAPPDATA`, the folder for data of one computer on Windows, including packaged programs.
    pub local_app_data: Option<PathBuf>,
    /// The user's home folder.
    pub home: Option<PathBuf>,
}

impl UserDirs {
    /// Reads the environment of the process.
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

    /// Returns the configuration folder.
    pub fn config_dir(&self) -> PathBuf {
        let usual = || self.home.as_ref().map(|home| home.join(".config"));
        self.app_data.clone().or_else(|| self.xdg_config.clone()).or_else(usual).unwrap_or_else(|| PathBuf::from("."))
    }

    /// Returns the autostart folder of Linux desktops. A relative `XDG_CONFIG_HOME` is ignored, as the specification requires.
    pub fn autostart_dir(&self) -> Option<PathBuf> {
        let named = self.xdg_config.clone().filter(|folder| folder.is_absolute());
        let config = named.or_else(|| Some(self.home.as_ref()?.join(".config")))?;
        Some(config.join("autostart"))
    }

    /// Replaces a leading `~` by the home folder.
    pub fn expand_home(&self, path: &str) -> PathBuf {
        match (path.strip_prefix("~/").or_else(|| path.strip_prefix("~\\")), &self.home) {
            (Some(rest), Some(home)) => home.join(rest),
            _ if path == "~" => self.home.clone().unwrap_or_else(|| PathBuf::from(path)),
            _ => PathBuf::from(path),
        }
    }
}

/// The folders that could not be read while others were looked up in them, with the error. Missing ones are left out.
pub(crate) type UnreadableFolders = Vec<(PathBuf, io::Error)>;

/// Returns all folders to search: the configured ones, those of WSL distributions, and those of Claude Desktop.
pub(crate) fn search_folders(
    named: &[PathBuf],
    dirs: &UserDirs,
    wsl: &[PathBuf],
    unreadable: &mut UnreadableFolders,
) -> Vec<PathBuf> {
    let mut folders = projects_folders(&[named, wsl].concat());
    for folder in desktop_folders(dirs, unreadable) {
        if !folders.contains(&folder) {
            folders.push(folder);
        }
    }
    folders
}

/// Returns the `projects` folders of the configured folders, without repetitions.
///
/// Each configured folder may be Claude Code's folder or the `projects` folder in it. Whole file systems and the
/// kernel's folders are rejected, because searching them by mistake would take forever.
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

/// Returns the `projects` folders of Claude Desktop, sorted by path. It gives each of its sessions a home folder with
/// Claude Code's logs. Returns none if the environment sets the folders to search.
///
/// It is cheap enough for every sweep: it reads a few folders, or one stat each where there is no Claude Desktop.
pub(crate) fn desktop_folders(dirs: &UserDirs, unreadable: &mut UnreadableFolders) -> Vec<PathBuf> {
    if dirs.claude_config_dir.is_some() {
        return Vec::new();
    }
    let sessions =
        desktop_apps(dirs).into_iter().flat_map(|app| DESKTOP_SESSION_FOLDERS.map(|sessions| app.join(sessions)));
    let sessions = sessions.filter(|folder| folder.is_dir()).map(|folder| platform::full_path(&folder));
    let mut found: Vec<PathBuf> = sessions.flat_map(|folder| desktop_projects(&folder, unreadable)).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// Returns the `.claude` folders of the running WSL distributions; none on other systems, or if the environment sets
/// the folders to search. It runs a program and may take seconds, so it is not called at every sweep.
pub(crate) fn find_wsl_folders(dirs: &UserDirs) -> Vec<PathBuf> {
    if dirs.claude_config_dir.is_some() {
        return Vec::new();
    }
    let mut running = wsl::parse_distribution_names(&platform::list_running_distributions());
    running.sort_unstable();
    running.iter().flat_map(|name| wsl::claude_folders(&wsl::share_path(name))).collect()
}

/// The names of Claude Desktop's data folders: of the app with an Anthropic account, and with another provider.
const DESKTOP_APP_FOLDERS: [&str; 2] = ["Claude", "Claude-3p"];

/// The folders in a data folder of Claude Desktop that contain its sessions.
const DESKTOP_SESSION_FOLDERS: [&str; 2] = ["local-agent-mode-sessions", "claude-code-sessions"];

/// Returns the folders where Claude Desktop may keep its data, for all systems. Those of other systems do not exist.
fn desktop_apps(dirs: &UserDirs) -> Vec<PathBuf> {
    let usual = dirs.home.as_ref().map(|home| home.join(".config"));
    let plain = [
        dirs.home.as_ref().map(|home| home.join("Library/Application Support")),
        dirs.app_data.clone(),
        dirs.xdg_config.clone().or(usual),
    ];
    // Packages of other programs may be unreadable as usual.
    let mut ignored = Vec::new();
    let packages = dirs
        .local_app_data
        .iter()
        .flat_map(|local| subfolders(&local.join("Packages"), is_claude_package, &mut ignored));
    let packaged = packages.map(|package| package.join("LocalCache/Roaming"));
    let parents = plain.into_iter().flatten().chain(packaged);
    parents.flat_map(|parent| DESKTOP_APP_FOLDERS.map(|app| parent.join(app))).collect()
}

fn is_claude_package(name: &str) -> bool {
    name.starts_with("Claude_")
}

/// Returns `<group>/<sub>/local_*/.claude/projects`, and the same below `<group>/<sub>/agent`.
fn desktop_projects(sessions: &Path, unreadable: &mut UnreadableFolders) -> Vec<PathBuf> {
    let any = |_: &str| true;
    let groups = subfolders(sessions, any, unreadable);
    let subs: Vec<PathBuf> = groups.iter().flat_map(|group| subfolders(group, any, unreadable)).collect();
    let places = subs.into_iter().flat_map(|sub| [sub.join("agent"), sub]);
    let dirs = places.flat_map(|place| subfolders(&place, |name| name.starts_with("local_"), unreadable));
    dirs.map(|home| home.join(".claude").join("projects")).filter(|projects| projects.is_dir()).collect()
}

/// Returns true if a `projects` folder belongs to a session of Claude Desktop.
pub(crate) fn is_desktop_folder(projects: &Path) -> bool {
    projects.iter().any(|part| DESKTOP_SESSION_FOLDERS.iter().any(|folder| part == *folder))
}

/// Returns the subfolders whose name passes a test; none if the folder is missing or cannot be read. Links are not followed.
pub(crate) fn subfolders(
    folder: &Path,
    pass: impl Fn(&str) -> bool,
    unreadable: &mut UnreadableFolders,
) -> Vec<PathBuf> {
    let subfolder = |entry: io::Result<DirEntry>| {
        let entry = entry?;
        let is_wanted = pass(&entry.file_name().to_string_lossy()) && entry.file_type()?.is_dir();
        Ok(is_wanted.then(|| entry.path()))
    };
    let mut found = Vec::new();
    let entries: Vec<io::Result<Option<PathBuf>>> = match std::fs::read_dir(folder) {
        Ok(entries) => entries.map(subfolder).collect(),
        Err(error) => vec![Err(error)],
    };
    for entry in entries {
        match entry {
            Ok(path) => found.extend(path),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => unreadable.push((folder.to_owned(), error)),
        }
    }
    found
}

/// Returns true if a folder without a `projects` subfolder is one itself, by its name or because it contains projects.
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

/// Returns true if a path is a whole disk or in the kernel's folders, judged by the path alone.
pub(crate) fn is_whole_file_system(path: &Path) -> bool {
    let plain = normalize_path(path);
    let kernels = ["/proc", "/sys"];
    plain.has_root()
        && (plain.parent().is_none()
            || plain == Path::new("/dev")
            || kernels.iter().any(|kernel| plain.starts_with(kernel)))
}

/// Removes `.` and `..` from a path.
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

    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("/home/ada/.config/Claude/local-agent-mode-sessions/a/b/local_1/.claude/projects", true)]
    #[case("/home/ada/.config/Claude/claude-code-sessions/a/b/local_1/.claude/projects", true)]
    #[case("/home/local_ada/.claude/projects", false)]
    #[case("/home/ada/.claude-work/projects", false)]
    fn folders_of_claude_desktop_are_told_by_their_path(#[case] projects: &str, #[case] is_desktop: bool) {
        assert_eq!(is_desktop_folder(Path::new(projects)), is_desktop);
    }

    #[test]
    fn the_autostart_folder_follows_xdg_config_home() {
        let of = |config: Option<&str>| {
            let home = Some(PathBuf::from("/home/ada"));
            UserDirs { home, xdg_config: config.map(Into::into), ..UserDirs::default() }.autostart_dir()
        };
        let usual = Some(PathBuf::from("/home/ada/.config/autostart"));
        assert_eq!(of(None), usual);
        // A path without a drive is relative on Windows.
        let absolute = if cfg!(windows) { "C:/cfg" } else { "/cfg" };
        assert_eq!(of(Some(absolute)), Some(Path::new(absolute).join("autostart")));
        assert_eq!(of(Some("relative")), usual, "the specification requires it");
        assert_eq!(UserDirs::default().autostart_dir(), None);
    }

    #[test]
    fn a_projects_folder_may_be_configured_itself() {
        let temp = tempfile::tempdir().expect("a folder");
        let projects = temp.path().join("projects");
        fs::create_dir(&projects).expect("a folder");
        assert_eq!(projects_folders(&[temp.path().to_owned()]), vec![projects.clone()]);
        assert_eq!(projects_folders(&[temp.path().to_owned(), projects.clone()]), vec![projects]);
    }

    #[test]
    fn a_missing_folder_is_kept() {
        let temp = tempfile::tempdir().expect("a folder");
        let missing = temp.path().join("nowhere");
        assert_eq!(projects_folders(std::slice::from_ref(&missing)), vec![missing.join("projects")]);
    }

    fn desktop_folders(dirs: &UserDirs) -> Vec<PathBuf> {
        super::desktop_folders(dirs, &mut Vec::new())
    }

    /// Creates folders and returns their full paths.
    fn create_folders<const N: usize>(base: &Path, folders: [impl AsRef<Path>; N]) -> [PathBuf; N] {
        folders.map(|folder| {
            fs::create_dir_all(base.join(&folder)).expect("a folder");
            let mut path = platform::full_path(base);
            path.extend(folder.as_ref().components());
            path
        })
    }

    fn homes(home: &Path) -> UserDirs {
        UserDirs { home: Some(home.to_owned()), ..UserDirs::default() }
    }

    const SESSIONS: &str = ".config/Claude/local-agent-mode-sessions";

    #[test]
    fn each_session_of_claude_desktop_has_a_projects_folder() {
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
    fn all_session_folders_of_claude_desktop_are_searched() {
        let temp = tempfile::tempdir().expect("a folder");
        let stores = [
            "Claude/claude-code-sessions",
            "Claude/local-agent-mode-sessions",
            "Claude-3p/claude-code-sessions",
            "Claude-3p/local-agent-mode-sessions",
        ];
        let places = stores.map(|store| format!(".config/{store}/a/b/local_1/.claude/projects"));
        let mut found = create_folders(temp.path(), places).to_vec();
        create_folders(temp.path(), [".config/Claude/other-sessions/a/b/local_1/.claude/projects"]);
        found.sort();
        assert_eq!(desktop_folders(&homes(temp.path())), found);
    }

    #[test]
    fn claude_desktop_is_found_in_the_folder_of_each_system() {
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
        assert!(desktop_folders(&named).is_empty(), "the environment sets the folders to search");
        assert!(find_wsl_folders(&named).is_empty());
    }

    #[test]
    fn without_claude_desktop_there_are_no_folders() {
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
        let mut unreadable = Vec::new();
        let found = super::desktop_folders(&homes(base), &mut unreadable);
        close(0o700).expect("it is ours");
        let expected = if shut { vec![open] } else { vec![closed, open] };
        assert_eq!(found, expected, "root can read all folders");
        let unread: Vec<PathBuf> = unreadable.into_iter().map(|(folder, _)| folder).collect();
        assert_eq!(unread, if shut { vec![platform::full_path(&sessions.join("a"))] } else { vec![] });
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
    fn whole_file_systems_are_rejected() {
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
    fn a_link_to_a_whole_file_system_is_rejected() {
        let temp = tempfile::tempdir().expect("a folder");
        let link = temp.path().join("projects");
        std::os::unix::fs::symlink("/", &link).expect("a link");
        assert!(projects_folders(&[link]).is_empty());
    }
}
