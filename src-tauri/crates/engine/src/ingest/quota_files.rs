//! Finds and reads the files with official quota figures on this computer.
//!
//! Each call checks the metadata of all files and opens only changed ones. It reads regular files only and keeps nothing
//! but the figures. A missing file is not a problem; an unreadable or implausible one is counted and does not stop the
//! others.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use token_monitor_core::quota::{
    AccountId, CurrentAccounts, ParsedReadings, QuotaNote, Reading, SessionNote, parse_cached_usage,
    parse_desktop_history, parse_inbox,
};
use token_monitor_core::report::SessionNotes;
use token_monitor_core::transcript::FileStat;
use token_monitor_store::fs_permissions::{self, Refusal};

use crate::api::IgnoredPath;
use crate::config::shorten_path;
use crate::ingest::claude_homes::{self, ClaudeHome};
use crate::ingest::dirs::UserDirs;
use crate::ingest::discover::{self, FoundLog};
use crate::platform;

/// The largest file that is read, in bytes. Claude Code's own file contains prompts and can have several MB.
const MAX_FILE_BYTES: u64 = 64 << 20;

/// The largest inbox file that is read, in bytes. An inbox file has a few numbers.
const MAX_INBOX_FILE_BYTES: u64 = 1 << 20;

/// Claude Desktop's history of quota percentages.
const DESKTOP_HISTORY: &str = "plan-usage-history.json";

/// The kind of a file, which determines its parser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum QuotaFileKind {
    ClaudeJson,
    DesktopHistory,
    Inbox,
}

impl QuotaFileKind {
    fn read(self, bytes: &[u8]) -> ParsedReadings {
        match self {
            Self::ClaudeJson => parse_cached_usage(bytes),
            Self::DesktopHistory => parse_desktop_history(bytes),
            Self::Inbox => parse_inbox(bytes),
        }
    }

    fn max_bytes(self) -> u64 {
        match self {
            Self::ClaudeJson | Self::DesktopHistory => MAX_FILE_BYTES,
            Self::Inbox => MAX_INBOX_FILE_BYTES,
        }
    }
}

/// The known files and their problems.
#[derive(Debug, Default)]
pub(crate) struct QuotaFiles {
    known: BTreeMap<PathBuf, KnownFile>,
    /// The accounts of the searched homes.
    pub(crate) accounts: CurrentAccounts,
    /// The context and prompt cache that the status line passed on, by session id.
    pub(crate) session_notes: SessionNotes,
    /// The searched homes with their accounts.
    homes: Vec<(PathBuf, Option<AccountId>)>,
    /// The inbox that is not read, and the reason.
    refused_inbox: Option<(PathBuf, Refusal)>,
    /// The number of opened files, for tests.
    #[cfg(test)]
    opened: usize,
}

/// The time for which the account used last stays the same while it is in use beside another one, in nanoseconds.
const ACCOUNT_SWITCH_NANOS: i64 = 5 * 60 * 1_000_000_000;

/// A file that was read before.
#[derive(Debug, Default)]
struct KnownFile {
    /// The metadata when it was read; None to read it again.
    stat: Option<FileStat>,
    problems: BTreeMap<&'static str, u64>,
    /// The account, organization and session that the file names.
    account: Option<AccountId>,
    organization: Option<AccountId>,
    session: Option<String>,
    /// The context and prompt cache of the session, and its id.
    note: Option<(String, SessionNote)>,
}

impl KnownFile {
    fn with_problem(reason: &'static str) -> Self {
        Self { problems: BTreeMap::from([(reason, 1)]), ..Self::default() }
    }
}

/// The time inbox files are kept. Their figures are in the store.
const INBOX_RETENTION: Duration = Duration::from_secs(24 * 60 * 60);

/// Removes old files of the status line command, which writes one file for each session. Files with other names are
/// kept, and nothing is removed from a folder that belongs to another user or is a link.
pub(crate) fn remove_old_inbox_files(inbox: &Path) {
    if fs_permissions::check_own_folder(inbox).is_err() {
        return;
    }
    for entry in fs::read_dir(inbox).into_iter().flatten().flatten() {
        let Ok(metadata) = entry.metadata() else { continue };
        let age = metadata.modified().ok().and_then(|modified| modified.elapsed().ok());
        let is_own = entry.file_name().to_str().is_some_and(QuotaNote::is_own_file_name);
        if is_own && metadata.is_file() && age.is_some_and(|age| age > INBOX_RETENTION) {
            // A failure is retried at the next sweep.
            let _ = fs::remove_file(entry.path());
        }
    }
}

impl QuotaFiles {
    /// Reads all files that changed since the last call, and returns their figures with the accounts they belong to.
    ///
    /// `roots` are the searched folders, `logs` the logs found in them, and `inbox` is the folder of the app's own files.
    pub(crate) fn read_changed(
        &mut self,
        dirs: &UserDirs,
        roots: &[PathBuf],
        logs: &[FoundLog],
        inbox: &Path,
    ) -> Vec<Reading> {
        let refusal = fs_permissions::check_own_folder(inbox).err().and_then(|error| Refusal::from_error(&error));
        self.refused_inbox = refusal.map(|refusal| (inbox.to_owned(), refusal));
        let homes = claude_homes::homes_of_roots(roots, dirs);
        let places = quota_paths(dirs, &homes, self.refused_inbox.is_none().then_some(inbox));
        self.known.retain(|path, _| places.contains_key(path));
        let found: Vec<(PathBuf, Vec<Reading>)> =
            places.into_iter().map(|(path, kind)| (path.clone(), self.check_file(path, kind))).collect();
        self.update_accounts(&homes, logs, dirs);
        self.session_notes = self.known.values().filter_map(|file| file.note.clone()).collect();
        let mut readings = Vec::new();
        for (path, found) in found.into_iter().filter(|(path, _)| !self.is_of_another_account(path, &homes)) {
            let account = self.account_of_file(&path, logs);
            readings.extend(found.into_iter().map(|reading| Reading { account, ..reading }));
        }
        readings
    }

    /// Returns the account of the home to which a path belongs.
    pub(crate) fn account_of_path(&self, path: &Path) -> Option<AccountId> {
        self.home_of_path(path).map(|(_, account)| account)
    }

    /// Returns the home to which a path belongs, if its account is known.
    pub(crate) fn home_of_path(&self, path: &Path) -> Option<(&Path, AccountId)> {
        let homes = self.homes.iter().filter(|(home, _)| path.starts_with(home));
        let (home, account) = homes.max_by_key(|(home, _)| home.as_os_str().len())?;
        Some((home, (*account)?))
    }

    fn update_accounts(&mut self, homes: &[ClaudeHome], logs: &[FoundLog], dirs: &UserDirs) {
        let account_of = |home: &ClaudeHome| home.claude_json.iter().find_map(|file| self.known.get(file)?.account);
        self.homes = homes.iter().map(|home| (home.path.clone(), account_of(home))).collect();
        let mut names = BTreeMap::new();
        for (home, account) in &self.homes {
            if let Some(account) = account {
                names.entry(*account).or_insert_with(|| shorten_path(home, dirs));
            }
        }
        let latest = if names.len() > 1 { self.latest_account(logs) } else { names.keys().next().copied() };
        self.accounts = CurrentAccounts { names, latest, ..CurrentAccounts::default() };
    }

    /// Returns the account of the log written last. If two accounts are used at the same time, the previous one is kept.
    fn latest_account(&self, logs: &[FoundLog]) -> Option<AccountId> {
        let last_write = |account: Option<AccountId>| {
            let own = logs.iter().filter(|log| account.is_none() || self.account_of_path(&log.path) == account);
            own.max_by_key(|log| log.stat.modified)
        };
        let latest = last_write(None)?;
        let previous = self.accounts.latest.filter(|account| {
            let write = last_write(Some(*account));
            write.is_some_and(|log| log.stat.modified.saturating_add(ACCOUNT_SWITCH_NANOS) >= latest.stat.modified)
        });
        previous.or_else(|| self.account_of_path(&latest.path))
    }

    /// Returns true for the file of the default home if its logs are not searched and its account is not one of those
    /// that are.
    fn is_of_another_account(&self, path: &Path, homes: &[ClaudeHome]) -> bool {
        let names = &self.accounts.names;
        let account = self.known.get(path).and_then(|file| file.account);
        let is_of_home = homes.iter().any(|home| home.claude_json.iter().any(|file| file == path));
        !is_of_home && !names.is_empty() && account.is_some_and(|account| !names.contains_key(&account))
    }

    fn account_of_file(&self, path: &Path, logs: &[FoundLog]) -> Option<AccountId> {
        let file = self.known.get(path)?;
        let of_organization = || {
            let organization = file.organization?;
            let members = self.known.values().filter(|other| other.organization == Some(organization));
            members.filter_map(|other| other.account).next()
        };
        let of_session = || {
            let session = file.session.as_ref()?;
            self.account_of_path(&logs.iter().find(|log| log.session == *session)?.path)
        };
        file.account.or_else(of_session).or_else(of_organization)
    }

    /// Returns the inbox that is not read, and the reason; `None` if it is read or does not exist.
    pub(crate) fn refused_inbox(&self) -> Option<(&Path, Refusal)> {
        self.refused_inbox.as_ref().map(|(inbox, refusal)| (inbox.as_path(), *refusal))
    }

    /// Returns the problems of the current files by reason.
    pub(crate) fn problems(&self) -> Vec<IgnoredPath> {
        let mut rows: BTreeMap<&str, (u64, &Path)> = BTreeMap::new();
        for (path, seen) in &self.known {
            for (reason, count) in &seen.problems {
                rows.entry(reason).or_insert((0, path)).0 += count;
            }
        }
        let row = |(reason, (count, example)): (&str, (u64, &Path))| IgnoredPath {
            reason: reason.to_owned(),
            count,
            example: example.display().to_string(),
        };
        rows.into_iter().map(row).collect()
    }

    fn check_file(&mut self, path: PathBuf, kind: QuotaFileKind) -> Vec<Reading> {
        let metadata = match fs::metadata(&path) {
            Ok(metadata) => metadata,
            Err(error) => return self.record_error(path, &error),
        };
        if !metadata.is_file() {
            return self.remember_file(path, KnownFile::with_problem("quota files that are no files"));
        }
        let stat = discover::file_stat(&metadata);
        let unchanged = self.known.get(&path).is_some_and(|seen| seen.stat == Some(stat));
        if unchanged { Vec::new() } else { self.read_file(path, kind) }
    }

    fn read_file(&mut self, path: PathBuf, kind: QuotaFileKind) -> Vec<Reading> {
        #[cfg(test)]
        {
            self.opened += 1;
        }
        match read_file_contents(&path, kind.max_bytes()) {
            Ok((stat, Some(bytes))) => {
                let found = kind.read(&bytes);
                let problems = found.rejected.iter().map(|(why, count)| (why.description(), *count)).collect();
                let ParsedReadings { account, organization, session, .. } = found;
                let note = (kind == QuotaFileKind::Inbox).then(|| QuotaNote::parse_figures(&bytes)).flatten();
                let file = KnownFile { stat: Some(stat), problems, account, organization, session, note };
                self.remember_file(path, file);
                found.readings
            }
            Ok((stat, None)) => {
                let seen = KnownFile { stat: Some(stat), ..KnownFile::with_problem("quota files too large to read") };
                self.remember_file(path, seen)
            }
            Err(error) => self.record_error(path, &error),
        }
    }

    fn record_error(&mut self, path: PathBuf, error: &io::Error) -> Vec<Reading> {
        if error.kind() == io::ErrorKind::NotFound {
            self.known.remove(&path);
            return Vec::new();
        }
        let reason = match error.kind() {
            io::ErrorKind::PermissionDenied => "quota files without permission to read",
            io::ErrorKind::InvalidInput => "quota files that are no files",
            _ => "quota files that are unreadable",
        };
        self.remember_file(path, KnownFile::with_problem(reason))
    }

    fn remember_file(&mut self, path: PathBuf, seen: KnownFile) -> Vec<Reading> {
        self.known.insert(path, seen);
        Vec::new()
    }
}

/// Reads a regular file and its metadata from before the read. The bytes are None if the file is too large.
pub(crate) fn read_file_contents(path: &Path, max_bytes: u64) -> io::Result<(FileStat, Option<Vec<u8>>)> {
    let file = platform::open_for_reading(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "no regular file"));
    }
    let mut bytes = Vec::new();
    if metadata.len() <= max_bytes {
        file.take(max_bytes + 1).read_to_end(&mut bytes)?;
    }
    let fits = metadata.len() <= max_bytes && bytes.len() as u64 <= max_bytes;
    Ok((discover::file_stat(&metadata), fits.then_some(bytes)))
}

/// Returns the paths at which files may exist.
fn quota_paths(dirs: &UserDirs, homes: &[ClaudeHome], inbox: Option<&Path>) -> BTreeMap<PathBuf, QuotaFileKind> {
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

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use token_monitor_core::quota::{QuotaSource, QuotaWindow};
    use token_monitor_core::time::Timestamp;

    use super::*;

    /// A home folder with an inbox.
    struct QuotaTestEnv {
        temp: tempfile::TempDir,
        files: QuotaFiles,
        homes: UserDirs,
        roots: Vec<PathBuf>,
    }

    impl QuotaTestEnv {
        fn new() -> Self {
            let temp = tempfile::tempdir().expect("a folder");
            let homes = UserDirs { home: Some(temp.path().to_owned()), ..UserDirs::default() };
            Self { temp, files: QuotaFiles::default(), homes, roots: Vec::new() }
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
            let roots = self.roots.clone();
            self.files.read_changed(&self.homes, &roots, &[], &inbox)
        }

        fn add_home(&mut self, home: &str) {
            let root = self.path(home).join("projects");
            fs::create_dir_all(&root).expect("a folder");
            self.roots.push(root);
        }

        /// Returns reasons and counts.
        fn problems(&self) -> Vec<(String, u64)> {
            self.files.problems().into_iter().map(|row| (row.reason, row.count)).collect()
        }
    }

    fn cached_usage(percent: u32) -> String {
        format!(
            r#"{{"cachedUsageUtilization":{{"fetchedAtMs":1784289600000,
                "utilization":{{"five_hour":{{"utilization":{percent}}}}}}},"projects":{{}}}}"#
        )
    }

    fn inbox_note(percent: u32) -> String {
        format!(
            r#"{{"version":1,"at":"2026-07-17T12:00:00Z","session":"s",
                "rate_limits":{{"seven_day":{{"used_percentage":{percent}}}}}}}"#
        )
    }

    const HISTORY: &str = r#"{"version":2,"samples":[{"t":1784289600000,"org":"a","u":{"fh":7}}]}"#;

    #[test]
    fn missing_files_are_not_a_problem() {
        let mut env = QuotaTestEnv::new();
        assert!(env.look().is_empty() && env.problems().is_empty());
    }

    #[test]
    fn every_file_is_found_and_read_once() {
        let mut env = QuotaTestEnv::new();
        for home in ["work", "other"] {
            env.add_home(home);
        }
        for (path, percent) in [(".claude.json", 1), ("work/.claude.json", 2), ("other/.claude.json", 3)] {
            env.write(path, &cached_usage(percent));
        }
        env.write("inbox/a.json", &inbox_note(4));
        env.write("inbox/b.json", &inbox_note(5));
        env.write("inbox/b.json.tmp", &inbox_note(6));
        let mut percents: Vec<_> = env.look().iter().map(|reading| reading.used.thousandths() / 1000).collect();
        percents.sort_unstable();
        assert_eq!(percents, vec![1, 2, 3, 4, 5]);
        assert_eq!(env.files.opened, 5);
        assert!(env.look().is_empty(), "nothing changed");
        assert_eq!(env.files.opened, 5, "so nothing was opened");
    }

    #[rstest]
    #[case("Library/Application Support/Claude/plan-usage-history.json")]
    #[case(".config/Claude/plan-usage-history.json")]
    #[case("AppData/Roaming/Claude/plan-usage-history.json")]
    #[case("AppData/Local/Packages/Claude_pzs8sxrjxfjjc/LocalCache/Roaming/Claude/plan-usage-history.json")]
    fn claude_desktop_is_found_on_each_system(#[case] path: &str) {
        let mut env = QuotaTestEnv::new();
        env.homes.app_data = Some(env.path("AppData/Roaming"));
        env.write(path, HISTORY);
        let at = Timestamp::parse("2026-07-17T12:00:00Z").expect("a time");
        let found: Vec<_> = env.look().into_iter().map(|r| (r.window, r.source, r.at)).collect();
        assert_eq!(found, vec![(QuotaWindow::FiveHour, QuotaSource::DesktopHistory, at)]);
    }

    #[test]
    fn a_file_that_changed_is_read_again() {
        let mut env = QuotaTestEnv::new();
        env.write(".claude.json", &cached_usage(1));
        assert_eq!(env.look().len(), 1);
        env.write(".claude.json", &cached_usage(10));
        assert_eq!(env.look()[0].used.thousandths(), 10_000);
    }

    #[test]
    fn an_incomplete_file_is_a_problem_until_it_is_complete() {
        let mut env = QuotaTestEnv::new();
        let whole = cached_usage(1);
        env.write(".claude.json", &whole[..whole.len() / 2]);
        assert!(env.look().is_empty());
        assert_eq!(env.problems(), vec![("quota files that are not JSON".to_owned(), 1)]);
        assert!(env.look().is_empty());
        assert_eq!(env.problems().len(), 1, "counted once, however often it is looked at");
        env.write(".claude.json", &whole);
        assert_eq!(env.look().len(), 1);
        assert!(env.problems().is_empty());
    }

    #[test]
    fn implausible_figures_are_counted_by_reason() {
        let mut env = QuotaTestEnv::new();
        env.write("inbox/a.json", &inbox_note(300));
        env.write("inbox/b.json", &inbox_note(301));
        assert!(env.look().is_empty());
        assert_eq!(env.problems(), vec![("quota percentages out of range".to_owned(), 2)]);
        fs::remove_file(env.path("inbox/a.json")).expect("is removed");
        env.look();
        assert_eq!(env.problems()[0].1, 1, "a file that is gone is no problem any more");
    }

    fn usage_of(percent: u32, account: &str) -> String {
        cached_usage(percent).replace(
            "fetchedAtMs",
            &format!("accountUuid\":\"{account}\",\"organizationUuid\":\"{account}-org\",\"fetchedAtMs"),
        )
    }

    fn used_by(readings: &[Reading]) -> Vec<(u32, Option<AccountId>)> {
        let mut rows: Vec<_> =
            readings.iter().map(|reading| (reading.used.thousandths() / 1000, reading.account)).collect();
        rows.sort_unstable();
        rows
    }

    #[test]
    fn the_default_file_of_another_account_is_ignored_unless_its_logs_are_searched() {
        let [a, b] = ["a", "b"].map(AccountId::from_uuid);
        let mut env = QuotaTestEnv::new();
        env.add_home("work");
        env.write("work/.claude.json", &usage_of(10, "a"));
        env.write(".claude.json", &usage_of(95, "b"));
        assert_eq!(used_by(&env.look()), [(10, a)]);
        assert!(!env.files.accounts.are_several());
        env.write(".claude.json", &usage_of(9, "a"));
        assert_eq!(used_by(&env.look()), [(9, a)], "it is the same account");
        env.add_home(".claude");
        env.write(".claude.json", &usage_of(96, "b"));
        assert_eq!(used_by(&env.look()), [(96, b)]);
        let names: Vec<_> = env.files.accounts.names.values().map(String::as_str).collect();
        assert!(
            env.files.accounts.are_several() && names.contains(&"~/work") && names.contains(&"~/.claude"),
            "{names:?}"
        );
    }

    #[test]
    fn claude_desktops_organization_determines_its_account() {
        let mut env = QuotaTestEnv::new();
        env.add_home("work");
        env.write("work/.claude.json", &usage_of(10, "a"));
        env.write(".config/Claude/plan-usage-history.json", &HISTORY.replace(r#""org":"a""#, r#""org":"a-org""#));
        let a = AccountId::from_uuid("a");
        assert_eq!(used_by(&env.look()), [(7, a), (10, a)]);
    }

    #[test]
    fn a_file_that_is_too_large_is_not_read() {
        let mut env = QuotaTestEnv::new();
        env.write("inbox/a.json", &(inbox_note(5) + &" ".repeat(MAX_INBOX_FILE_BYTES as usize)));
        assert!(env.look().is_empty());
        assert_eq!(env.problems(), vec![("quota files too large to read".to_owned(), 1)]);
    }

    #[test]
    fn a_folder_named_like_a_file_is_not_opened() {
        let mut env = QuotaTestEnv::new();
        env.write(".claude.json/inner", "");
        env.write("inbox/a.json/inner", "");
        assert!(env.look().is_empty());
        assert_eq!(env.problems(), vec![("quota files that are no files".to_owned(), 2)]);
        assert_eq!(env.files.opened, 0);
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_or_device_named_like_a_file_is_not_opened() {
        let mut env = QuotaTestEnv::new();
        fs::create_dir(env.path("inbox")).expect("a folder");
        std::os::unix::fs::symlink("/dev/zero", env.path("inbox/zero.json")).expect("a link");
        let made = std::process::Command::new("mkfifo").arg(env.path("inbox/pipe.json")).status();
        assert!(made.is_ok_and(|status| status.success()), "the test needs a pipe");
        assert!(env.look().is_empty());
        assert_eq!(env.problems(), vec![("quota files that are no files".to_owned(), 2)]);
        assert_eq!(env.files.opened, 0);
    }

    fn write_old(env: &QuotaTestEnv, path: &str) -> PathBuf {
        env.write(path, "x");
        let file = fs::File::options().write(true).open(env.path(path)).expect("it is ours");
        file.set_modified(std::time::SystemTime::now() - 2 * INBOX_RETENTION).expect("it is ours");
        env.path(path)
    }

    #[test]
    fn only_old_notes_are_removed_from_the_inbox() {
        let env = QuotaTestEnv::new();
        let removed =
            ["0123456789abcdef.json", "0123456789abcdef.7.tmp"].map(|name| write_old(&env, &format!("inbox/{name}")));
        let kept = ["taxes.json", "letter.txt", "notes.tmp"].map(|name| write_old(&env, &format!("inbox/{name}")));
        env.write("inbox/fedcba9876543210.json", "x");
        remove_old_inbox_files(&env.path("inbox"));
        assert!(removed.iter().all(|path| !path.exists()));
        assert!(kept.iter().all(|path| path.exists()), "files of the user");
        assert!(env.path("inbox/fedcba9876543210.json").exists(), "a recent note");
    }

    #[cfg(unix)]
    #[test]
    fn an_inbox_that_other_users_can_write_to_is_refused() {
        use std::os::unix::fs::{PermissionsExt, symlink};

        let mut env = QuotaTestEnv::new();
        let note = write_old(&env, "inbox/0123456789abcdef.json");
        env.write("inbox/a.json", &inbox_note(5));
        fs::set_permissions(env.path("inbox"), fs::Permissions::from_mode(0o777)).expect("it is ours");
        remove_old_inbox_files(&env.path("inbox"));
        assert!(note.exists());
        assert!(env.look().is_empty(), "another user could have written it");
        assert_eq!(env.files.refused_inbox(), Some((env.path("inbox").as_path(), Refusal::WritableByOthers)));
        symlink(env.path("inbox"), env.path("link")).expect("a link");
        remove_old_inbox_files(&env.path("link"));
        assert!(note.exists());
        fs::set_permissions(env.path("inbox"), fs::Permissions::from_mode(0o700)).expect("it is ours");
        assert_eq!(env.look().len(), 1);
        assert_eq!(env.files.refused_inbox(), None);
    }

    #[cfg(unix)]
    #[test]
    fn a_file_without_permission_is_read_once_permitted() {
        use std::os::unix::fs::PermissionsExt;

        let mut env = QuotaTestEnv::new();
        env.write("inbox/a.json", &inbox_note(5));
        let path = env.path("inbox/a.json");
        let allow = |mode| fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("is allowed");
        allow(0o000);
        if fs::File::open(&path).is_ok() {
            return; // Nothing is forbidden to root.
        }
        assert!(env.look().is_empty());
        assert_eq!(env.problems(), vec![("quota files without permission to read".to_owned(), 1)]);
        allow(0o600);
        assert_eq!(env.look().len(), 1, "though neither its length nor its time changed");
        assert!(env.problems().is_empty());
    }
}
