//! Finds and reads the files in which the vendor's quota figures lie on this computer.
//!
//! Asked often and mostly in vain, so it stats and opens only what changed. It opens for reading only, regular
//! files only, and of what it reads it keeps the figures alone. A file that is not there is no problem; one that
//! cannot be read or believed is counted and stops nothing.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use token_monitor_core::quota::{Gathered, Reading, from_cached_usage, from_desktop_history, from_inbox};
use token_monitor_core::transcript::Look;

use crate::api::PassedOver;
use crate::ingest::dirs::Homes;
use crate::ingest::discover;
use crate::platform;

/// Larger files are not read. Claude Code's own can have several MB, for it keeps prompts.
const LARGEST: u64 = 64 << 20;

/// Of ours none is larger: one holds a few numbers.
const LARGEST_OF_OURS: u64 = 1 << 20;

/// Claude Desktop's history of quota percentages.
const DESKTOP_HISTORY: &str = "plan-usage-history.json";

/// What a file is, and so how it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    ClaudeJson,
    DesktopHistory,
    Inbox,
}

impl Kind {
    fn read(self, bytes: &[u8]) -> Gathered {
        match self {
            Self::ClaudeJson => from_cached_usage(bytes),
            Self::DesktopHistory => from_desktop_history(bytes),
            Self::Inbox => from_inbox(bytes),
        }
    }

    fn largest(self) -> u64 {
        match self {
            Self::ClaudeJson | Self::DesktopHistory => LARGEST,
            Self::Inbox => LARGEST_OF_OURS,
        }
    }
}

/// The files met so far, and what was wrong with them.
#[derive(Debug, Default)]
pub(crate) struct QuotaFiles {
    seen: BTreeMap<PathBuf, Seen>,
    /// How often something was opened: what tests measure.
    #[cfg(test)]
    opened: usize,
}

/// A file met before.
#[derive(Debug, Default)]
struct Seen {
    /// What it looked like when it was read; none to try again.
    look: Option<Look>,
    troubles: BTreeMap<&'static str, u64>,
}

impl Seen {
    fn trouble(reason: &'static str) -> Self {
        Self { look: None, troubles: BTreeMap::from([(reason, 1)]) }
    }
}

/// What lies in the inbox for longer tells nothing any more; what it told is in the store.
const KEPT: Duration = Duration::from_secs(24 * 60 * 60);

/// Removes what the status line command left there long ago: each of Claude Code's sessions has a file of its own.
pub(crate) fn tidy(inbox: &Path) {
    for entry in fs::read_dir(inbox).into_iter().flatten().flatten() {
        let Ok(metadata) = entry.metadata() else { continue };
        let age = metadata.modified().ok().and_then(|modified| modified.elapsed().ok());
        if metadata.is_file() && age.is_some_and(|age| age > KEPT) {
            // It is tried again at the next look.
            let _ = fs::remove_file(entry.path());
        }
    }
}

impl QuotaFiles {
    /// The figures of all files that changed since the last look. `inbox` is the folder of our own files.
    pub(crate) fn look(&mut self, homes: &Homes, inbox: &Path) -> Vec<Reading> {
        let places = places(homes, inbox);
        self.seen.retain(|path, _| places.contains_key(path));
        places.into_iter().flat_map(|(path, kind)| self.look_at(path, kind)).collect()
    }

    /// What was wrong with the files as they are now, by reason.
    pub(crate) fn problems(&self) -> Vec<PassedOver> {
        let mut rows: BTreeMap<&str, (u64, &Path)> = BTreeMap::new();
        for (path, seen) in &self.seen {
            for (reason, count) in &seen.troubles {
                rows.entry(reason).or_insert((0, path)).0 += count;
            }
        }
        let row = |(reason, (count, example)): (&str, (u64, &Path))| PassedOver {
            reason: reason.to_owned(),
            count,
            example: example.display().to_string(),
        };
        rows.into_iter().map(row).collect()
    }

    fn look_at(&mut self, path: PathBuf, kind: Kind) -> Vec<Reading> {
        let metadata = match fs::metadata(&path) {
            Ok(metadata) => metadata,
            Err(error) => return self.not_there(path, &error),
        };
        if !metadata.is_file() {
            return self.remember(path, Seen::trouble("quota files that are no files"));
        }
        let look = discover::look(&metadata);
        let unchanged = self.seen.get(&path).is_some_and(|seen| seen.look == Some(look));
        if unchanged { Vec::new() } else { self.read(path, kind) }
    }

    fn read(&mut self, path: PathBuf, kind: Kind) -> Vec<Reading> {
        #[cfg(test)]
        {
            self.opened += 1;
        }
        match contents(&path, kind.largest()) {
            Ok((look, Some(bytes))) => {
                let found = kind.read(&bytes);
                let troubles = found.rejected.iter().map(|(why, count)| (why.words(), *count)).collect();
                self.remember(path, Seen { look: Some(look), troubles });
                found.readings
            }
            Ok((look, None)) => {
                let seen = Seen { look: Some(look), ..Seen::trouble("quota files too large to read") };
                self.remember(path, seen)
            }
            Err(error) => self.not_there(path, &error),
        }
    }

    fn not_there(&mut self, path: PathBuf, error: &io::Error) -> Vec<Reading> {
        if error.kind() == io::ErrorKind::NotFound {
            self.seen.remove(&path);
            return Vec::new();
        }
        let reason = match error.kind() {
            io::ErrorKind::PermissionDenied => "quota files without permission to read",
            io::ErrorKind::InvalidInput => "quota files that are no files",
            _ => "quota files that are unreadable",
        };
        self.remember(path, Seen::trouble(reason))
    }

    fn remember(&mut self, path: PathBuf, seen: Seen) -> Vec<Reading> {
        self.seen.insert(path, seen);
        Vec::new()
    }
}

/// All of a file and what it looked like before it was read; no bytes if it has too many.
pub(crate) fn contents(path: &Path, largest: u64) -> io::Result<(Look, Option<Vec<u8>>)> {
    let file = platform::open_for_reading(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "no regular file"));
    }
    let mut bytes = Vec::new();
    if metadata.len() <= largest {
        file.take(largest + 1).read_to_end(&mut bytes)?;
    }
    let fits = metadata.len() <= largest && bytes.len() as u64 <= largest;
    Ok((discover::look(&metadata), fits.then_some(bytes)))
}

/// Where the files are, if they are.
fn places(homes: &Homes, inbox: &Path) -> BTreeMap<PathBuf, Kind> {
    let claude = claude_folders(homes).into_iter().map(|folder| (folder.join(".claude.json"), Kind::ClaudeJson));
    let desktop = desktop_folders(homes).into_iter().map(|folder| (folder.join(DESKTOP_HISTORY), Kind::DesktopHistory));
    let ours = children(inbox).filter(|path| path.extension().is_some_and(|end| end == "json"));
    claude.chain(desktop).chain(ours.map(|path| (path, Kind::Inbox))).collect()
}

/// The home folder, and each that `CLAUDE_CONFIG_DIR` names.
fn claude_folders(homes: &Homes) -> Vec<PathBuf> {
    let named = homes.claude_config_dir.iter().flat_map(|dirs| dirs.split(','));
    let named = named.map(str::trim).filter(|dir| !dir.is_empty()).map(|dir| homes.expand(dir));
    homes.home.iter().cloned().chain(named).collect()
}

/// Claude Desktop's folder on each system; those of other systems are not there, and cost a stat.
fn desktop_folders(homes: &Homes) -> Vec<PathBuf> {
    let mac = homes.home.iter().map(|home| home.join("Library/Application Support"));
    let linux = homes.xdg_config.clone().or_else(|| Some(homes.home.as_ref()?.join(".config")));
    let usual = mac.chain(linux).chain(homes.app_data.clone()).map(|folder| folder.join("Claude"));
    usual.chain(homes.app_data.iter().flat_map(|roaming| from_the_windows_store(roaming))).collect()
}

/// Apps from the Windows Store have a roaming folder of their own.
fn from_the_windows_store(roaming: &Path) -> Vec<PathBuf> {
    let Some(packages) = roaming.parent().map(|app_data| app_data.join("Local").join("Packages")) else {
        return Vec::new();
    };
    let is_claude =
        |package: &PathBuf| package.file_name().is_some_and(|name| name.to_string_lossy().starts_with("Claude_"));
    children(&packages)
        .filter(is_claude)
        .map(|package| package.join("LocalCache").join("Roaming").join("Claude"))
        .collect()
}

fn children(folder: &Path) -> impl Iterator<Item = PathBuf> {
    fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use token_monitor_core::quota::{QuotaSource, Window};
    use token_monitor_core::time::Timestamp;

    use super::*;

    /// A home folder with an inbox in it.
    struct World {
        temp: tempfile::TempDir,
        files: QuotaFiles,
        homes: Homes,
    }

    impl World {
        fn new() -> Self {
            let temp = tempfile::tempdir().expect("a folder");
            let homes = Homes { home: Some(temp.path().to_owned()), ..Homes::default() };
            Self { temp, files: QuotaFiles::default(), homes }
        }

        fn path(&self, path: &str) -> PathBuf {
            self.temp.path().join(path)
        }

        fn write(&self, path: &str, text: &str) {
            let path = self.path(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, text).expect("a file");
        }

        fn look(&mut self) -> Vec<Reading> {
            let inbox = self.path("inbox");
            self.files.look(&self.homes, &inbox)
        }

        /// Reason and count.
        fn problems(&self) -> Vec<(String, u64)> {
            self.files.problems().into_iter().map(|row| (row.reason, row.count)).collect()
        }
    }

    fn cached(percent: u32) -> String {
        format!(
            r#"{{"cachedUsageUtilization":{{"fetchedAtMs":1784289600000,
                "utilization":{{"five_hour":{{"utilization":{percent}}}}}}},"projects":{{}}}}"#
        )
    }

    fn ours(percent: u32) -> String {
        format!(
            r#"{{"version":1,"at":"2026-07-17T12:00:00Z","session":"s",
                "rate_limits":{{"seven_day":{{"used_percentage":{percent}}}}}}}"#
        )
    }

    const HISTORY: &str = r#"{"version":2,"samples":[{"t":1784289600000,"org":"a","u":{"fh":7}}]}"#;

    #[test]
    fn where_nothing_is_there_nothing_is_wrong() {
        let mut world = World::new();
        assert!(world.look().is_empty() && world.problems().is_empty());
    }

    #[test]
    fn every_file_is_found_and_read_once() {
        let mut world = World::new();
        world.homes.claude_config_dir = Some(format!("~/work, {}", world.path("other").display()));
        for (path, percent) in [(".claude.json", 1), ("work/.claude.json", 2), ("other/.claude.json", 3)] {
            world.write(path, &cached(percent));
        }
        world.write("inbox/a.json", &ours(4));
        world.write("inbox/b.json", &ours(5));
        world.write("inbox/b.json.tmp", &ours(6));
        let mut percents: Vec<_> = world.look().iter().map(|reading| reading.used.thousandths() / 1000).collect();
        percents.sort_unstable();
        assert_eq!(percents, vec![1, 2, 3, 4, 5]);
        assert_eq!(world.files.opened, 5);
        assert!(world.look().is_empty(), "nothing changed");
        assert_eq!(world.files.opened, 5, "so nothing was opened");
    }

    #[rstest]
    #[case("Library/Application Support/Claude/plan-usage-history.json")]
    #[case(".config/Claude/plan-usage-history.json")]
    #[case("AppData/Roaming/Claude/plan-usage-history.json")]
    #[case("AppData/Local/Packages/Claude_pzs8sxrjxfjjc/LocalCache/Roaming/Claude/plan-usage-history.json")]
    fn claude_desktop_is_found_on_each_system(#[case] path: &str) {
        let mut world = World::new();
        world.homes.app_data = Some(world.path("AppData/Roaming"));
        world.write(path, HISTORY);
        let at = Timestamp::parse("2026-07-17T12:00:00Z").expect("a time");
        let found: Vec<_> = world.look().into_iter().map(|r| (r.window, r.source, r.at)).collect();
        assert_eq!(found, vec![(Window::FiveHour, QuotaSource::DesktopHistory, at)]);
    }

    #[test]
    fn a_file_that_changed_is_read_again() {
        let mut world = World::new();
        world.write(".claude.json", &cached(1));
        assert_eq!(world.look().len(), 1);
        world.write(".claude.json", &cached(10));
        assert_eq!(world.look()[0].used.thousandths(), 10_000);
    }

    #[test]
    fn half_a_file_is_a_problem_until_the_rest_is_there() {
        let mut world = World::new();
        let whole = cached(1);
        world.write(".claude.json", &whole[..whole.len() / 2]);
        assert!(world.look().is_empty());
        assert_eq!(world.problems(), vec![("quota files that are not JSON".to_owned(), 1)]);
        assert!(world.look().is_empty());
        assert_eq!(world.problems().len(), 1, "counted once, however often it is looked at");
        world.write(".claude.json", &whole);
        assert_eq!(world.look().len(), 1);
        assert!(world.problems().is_empty());
    }

    #[test]
    fn what_is_not_believed_is_counted_by_reason() {
        let mut world = World::new();
        world.write("inbox/a.json", &ours(300));
        world.write("inbox/b.json", &ours(301));
        assert!(world.look().is_empty());
        assert_eq!(world.problems(), vec![("quota percentages out of range".to_owned(), 2)]);
        fs::remove_file(world.path("inbox/a.json")).expect("is removed");
        world.look();
        assert_eq!(world.problems()[0].1, 1, "a file that is gone is no problem any more");
    }

    #[test]
    fn a_file_too_large_is_not_read() {
        let mut world = World::new();
        world.write("inbox/a.json", &(ours(5) + &" ".repeat(LARGEST_OF_OURS as usize)));
        assert!(world.look().is_empty());
        assert_eq!(world.problems(), vec![("quota files too large to read".to_owned(), 1)]);
    }

    #[test]
    fn a_folder_named_like_a_file_is_not_opened() {
        let mut world = World::new();
        world.write(".claude.json/inner", "");
        world.write("inbox/a.json/inner", "");
        assert!(world.look().is_empty());
        assert_eq!(world.problems(), vec![("quota files that are no files".to_owned(), 2)]);
        assert_eq!(world.files.opened, 0);
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_or_device_named_like_a_file_is_not_opened() {
        let mut world = World::new();
        fs::create_dir(world.path("inbox")).expect("a folder");
        std::os::unix::fs::symlink("/dev/zero", world.path("inbox/zero.json")).expect("a link");
        let made = std::process::Command::new("mkfifo").arg(world.path("inbox/pipe.json")).status();
        assert!(made.is_ok_and(|status| status.success()), "the test needs a pipe");
        assert!(world.look().is_empty());
        assert_eq!(world.problems(), vec![("quota files that are no files".to_owned(), 2)]);
        assert_eq!(world.files.opened, 0);
    }

    #[cfg(unix)]
    #[test]
    fn a_file_without_permission_is_tried_again() {
        use std::os::unix::fs::PermissionsExt;

        let mut world = World::new();
        world.write("inbox/a.json", &ours(5));
        let path = world.path("inbox/a.json");
        let allow = |mode| fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("is allowed");
        allow(0o000);
        if fs::File::open(&path).is_ok() {
            return; // Nothing is forbidden to root.
        }
        assert!(world.look().is_empty());
        assert_eq!(world.problems(), vec![("quota files without permission to read".to_owned(), 1)]);
        allow(0o600);
        assert_eq!(world.look().len(), 1, "though neither its length nor its time changed");
        assert!(world.problems().is_empty());
    }
}
