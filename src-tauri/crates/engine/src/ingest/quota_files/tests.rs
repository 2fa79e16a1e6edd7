//! Reading of quota files, the accounts they name, and files that cannot be read.

use rstest::rstest;
use token_monitor_core::quota::{QuotaSource, QuotaWindow};
use token_monitor_core::time::Timestamp;

use super::*;
use crate::ingest::quota_files::inbox::INBOX_RETENTION;

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
    assert!(env.files.accounts.are_several() && names.contains(&"~/work") && names.contains(&"~/.claude"), "{names:?}");
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
