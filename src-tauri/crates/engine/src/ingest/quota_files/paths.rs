//! The paths of files with quota figures, on all systems.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::ingest::claude_homes::{self, ClaudeHome};
use crate::ingest::dirs::UserDirs;
use crate::ingest::quota_files::QuotaFileKind;

/// Claude Desktop's history of quota percentages.
const DESKTOP_HISTORY: &str = "plan-usage-history.json";

/// Returns the paths at which files may exist.
pub(super) fn quota_paths(
    dirs: &UserDirs,
    homes: &[ClaudeHome],
    inbox: Option<&Path>,
) -> BTreeMap<PathBuf, QuotaFileKind> {
    let of_homes = homes.iter().flat_map(|home| home.claude_json.clone());
    let claude = of_homes.chain(claude_homes::default_claude_json(dirs)).map(|path| (path, QuotaFileKind::ClaudeJson));
    let desktop =
        desktop_folders(dirs).into_iter().map(|folder| (folder.join(DESKTOP_HISTORY), QuotaFileKind::DesktopHistory));
    let ours = inbox.into_iter().flat_map(child_paths).filter(|path| path.extension().is_some_and(|end| end == "json"));
    claude.chain(desktop).chain(ours.map(|path| (path, QuotaFileKind::Inbox))).collect()
}

/// Returns the folders of Claude Desktop on all systems. Those of other systems do not exist.
fn desktop_folders(homes: &UserDirs) -> Vec<PathBuf> {
    let mac = homes.home.iter().map(|home| home.join("Library/Application Support"));
    let linux = homes.xdg_config.clone().or_else(|| Some(homes.home.as_ref()?.join(".config")));
    let usual = mac.chain(linux).chain(homes.app_data.clone()).map(|folder| folder.join("Claude"));
    usual.chain(homes.app_data.iter().flat_map(|roaming| from_the_windows_store(roaming))).collect()
}

/// Returns the roaming folders of Claude Desktop from the Windows Store.
fn from_the_windows_store(roaming: &Path) -> Vec<PathBuf> {
    let Some(packages) = roaming.parent().map(|app_data| app_data.join("Local").join("Packages")) else {
        return Vec::new();
    };
    let is_claude =
        |package: &PathBuf| package.file_name().is_some_and(|name| name.to_string_lossy().starts_with("Claude_"));
    child_paths(&packages)
        .filter(is_claude)
        .map(|package| package.join("LocalCache").join("Roaming").join("Claude"))
        .collect()
}

fn child_paths(folder: &Path) -> impl Iterator<Item = PathBuf> {
    fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path())
}
