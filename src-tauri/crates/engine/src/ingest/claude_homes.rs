//! Claude Code's home folders: those whose logs are searched, and further ones beside the default home.
//!
//! A home has the logs in `projects` and the account in `.claude.json`. That file of the default home is in the user's home
//! folder instead.

use std::path::{Path, PathBuf};

use crate::ingest::dirs::{self, UnreadableFolders, UserDirs};

/// The name of the file with the account and the cached quota.
const CLAUDE_JSON: &str = ".claude.json";

/// A home folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ClaudeHome {
    /// The path of the folder.
    pub(crate) path: PathBuf,
    /// The paths at which its `.claude.json` may be, the most specific first.
    pub(crate) claude_json: Vec<PathBuf>,
}

/// Returns the homes of the searched folders that exist.
pub(crate) fn homes_of_roots(roots: &[PathBuf], user_dirs: &UserDirs) -> Vec<ClaudeHome> {
    let existing = roots.iter().filter(|root| root.is_dir() && !dirs::is_desktop_folder(root));
    existing
        .filter_map(|root| root.parent())
        .map(|home| {
            let beside = user_dirs.home.as_ref().filter(|_| is_default_home(home, user_dirs));
            let claude_json = std::iter::once(home).chain(beside.map(PathBuf::as_path));
            ClaudeHome {
                path: home.to_owned(),
                claude_json: claude_json.map(|folder| folder.join(CLAUDE_JSON)).collect(),
            }
        })
        .collect()
}

/// Returns the `.claude.json` of the default home.
pub(crate) fn default_claude_json(dirs: &UserDirs) -> Option<PathBuf> {
    dirs.home.as_ref().map(|home| home.join(CLAUDE_JSON))
}

fn is_default_home(home: &Path, dirs: &UserDirs) -> bool {
    let of_user = dirs.home.iter().flat_map(|user| [user.join(".claude"), user.join(".config/claude")]);
    of_user.chain(dirs.xdg_config.iter().map(|config| config.join("claude"))).any(|default| default == home)
}

/// Returns the homes beside the default one, sorted: folders named `~/.claude-…` with a `projects` folder.
pub(crate) fn find_sibling_homes(dirs: &UserDirs, unreadable: &mut UnreadableFolders) -> Vec<PathBuf> {
    let Some(user) = dirs.home.as_ref() else { return Vec::new() };
    let folders = dirs::subfolders(user, |name| name.starts_with(".claude-"), unreadable).into_iter();
    let mut homes: Vec<PathBuf> = folders.filter(|home| home.join("projects").is_dir()).collect();
    homes.sort_unstable();
    homes
}

/// Returns the homes beside the default one in which none of the searched folders is.
pub(crate) fn find_unsearched_homes(searched: &[&Path], dirs: &UserDirs) -> Vec<PathBuf> {
    let is_searched = |home: &PathBuf| searched.iter().any(|folder| folder.starts_with(home));
    find_sibling_homes(dirs, &mut Vec::new()).into_iter().filter(|home| !is_searched(home)).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn user_dirs(home: &Path) -> UserDirs {
        UserDirs { home: Some(home.to_owned()), ..UserDirs::default() }
    }

    #[test]
    fn homes_beside_the_default_one_have_a_projects_folder() {
        let temp = tempfile::tempdir().expect("a folder");
        for folder in
            [".claude/projects", ".claude-work/projects", ".claude-b/projects", ".claude-empty", "claude-x/projects"]
        {
            fs::create_dir_all(temp.path().join(folder)).expect("a folder");
        }
        fs::write(temp.path().join(".claude-file"), "").expect("a file");
        let dirs = user_dirs(temp.path());
        assert_eq!(
            find_sibling_homes(&dirs, &mut Vec::new()),
            [".claude-b", ".claude-work"].map(|name| temp.path().join(name))
        );
    }

    #[test]
    fn only_the_default_home_has_its_account_in_the_users_home_folder() {
        let temp = tempfile::tempdir().expect("a folder");
        let roots =
            [".claude/projects", ".claude-work/projects", "missing/projects"].map(|root| temp.path().join(root));
        roots[..2].iter().for_each(|root| fs::create_dir_all(root).expect("a folder"));
        let homes = homes_of_roots(&roots, &user_dirs(temp.path()));
        let files: Vec<_> = homes.into_iter().map(|home| home.claude_json).collect();
        let file = |path: &str| temp.path().join(path);
        let default = vec![file(".claude/.claude.json"), file(".claude.json")];
        assert_eq!(files, [default, vec![file(".claude-work/.claude.json")]]);
    }
}
