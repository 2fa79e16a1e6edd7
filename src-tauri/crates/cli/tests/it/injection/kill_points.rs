//! Files while they are changed: killed, or out of room, at each call that changes them.

use std::ffi::OsString;
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;

use rstest::rstest;
use serde_json::Value;
use token_monitor_test_support::LogLine;

use super::{calls_with, command_below_tracer};
use crate::program::Home;

/// The calls that change files, of which the tracer counts each separately.
const CALLS: [&str; 12] = [
    "write",
    "pwrite64",
    "ftruncate",
    "fchmod",
    "chmod",
    "fchown",
    "fsync",
    "fdatasync",
    "rename",
    "renameat2",
    "linkat",
    "copy_file_range",
];

/// More than all calls of one kind.
const MAX_CALLS: usize = 50;

fn read_settings(home: &Home) -> String {
    fs::read_to_string(home.path().join(".claude/settings.json")).expect("the settings are there")
}

/// Returns the names of the copies that are not complete JSON.
fn damaged_copies(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.path());
    let copies = names.filter(|path| path.is_file() && !path.to_string_lossy().ends_with(".tmp"));
    let is_damaged =
        |path: &std::path::PathBuf| serde_json::from_slice::<Value>(&fs::read(path).expect("it is readable")).is_err();
    copies.filter(is_damaged).map(|path| path.display().to_string()).collect()
}

#[rstest]
#[case::killed("signal=KILL")]
#[case::without_room("error=ENOSPC")]
#[case::with_a_failing_disk("error=EIO")]
fn settings_are_the_old_or_the_new_ones(#[case] fault: &str) {
    let home = Home::new();
    let folder = home.path().join(".claude");
    fs::create_dir_all(&folder).expect("a folder");
    let old = "{\n  \"model\": \"opus\"\n}\n";
    fs::write(folder.join("settings.json"), old).expect("it is written");
    home.prints(&["statusline", "install"]);
    let new = read_settings(&home);
    assert!(new != old && new.contains("\"model\": \"opus\""), "{new}");
    let mut injected = Vec::new();
    for call in CALLS {
        let count = (1..MAX_CALLS).take_while(|number| is_safe(&home, call, fault, *number, [old, &new])).count();
        assert!(count < MAX_CALLS - 1, "{call} ends");
        injected.extend((count > 0).then_some(call));
    }
    assert!(["write", "rename"].iter().all(|call| injected.contains(call)), "something was injected: {injected:?}");
    home.prints(&["statusline", "install"]);
    assert_eq!(read_settings(&home), new);
}

/// Changes the settings while one call fails, and checks that they are the old or the new ones. Returns false if there was no
/// such call any more.
fn is_safe(home: &Home, call: &str, fault: &str, number: usize, [old, new]: [&str; 2]) -> bool {
    let folder = home.path().join(".claude");
    fs::write(folder.join("settings.json"), old).expect("it is written");
    let (trace, inject) = (format!("trace={call}"), format!("inject={call}:{fault}:when={number}"));
    let (mut command, trace) = command_below_tracer(home, &["-e", &trace, "-e", &inject], &["statusline", "install"]);
    let output = command.output().expect("it runs");
    let (what, found) = (format!("{call} {number}: {output:?}"), read_settings(home));
    assert!(found == old || found == new, "{what}: {found}");
    assert_eq!(damaged_copies(&folder), Vec::<String>::new(), "{what}");
    let is_killed = output.status.signal().is_some();
    let is_injected = is_killed || !calls_with(&trace, "(INJECTED)").is_empty();
    assert!(!output.status.success() || found == new, "an error is reported: {what}");
    if is_injected && !is_killed {
        assert_eq!(temporary_files(&folder), Vec::<String>::new(), "nothing is left behind: {what}");
    }
    for left in temporary_files(&folder) {
        fs::remove_file(folder.join(left)).expect("a killed process left it");
    }
    is_injected
}

/// The calls that change the store.
const STORE_CALLS: [&str; 4] = ["openat", "ftruncate", "pwrite64", "fdatasync"];

/// The next start neither takes the new store for a damaged one nor lacks anything.
#[test]
fn a_store_whose_creation_was_killed_is_created_again() {
    let mut kills = Vec::new();
    for call in STORE_CALLS {
        for number in 1..MAX_CALLS {
            let home = Home::new();
            home.append("-home-x/a.jsonl", &LogLine::new("m1").counts([1, 20, 300, 4_000]).with_newline());
            let store = home.store();
            let (trace, inject) = (format!("trace={call}"), format!("inject={call}:signal=KILL:when={number}"));
            let path = store.to_str().expect("it is text");
            let options = ["-P", path, "-e", &trace, "-e", &inject];
            let (mut command, _) = command_below_tracer(&home, &options, &["status", "--json"]);
            let output = command.output().expect("it runs");
            let what = format!("{call} {number}");
            let totals = home.json(&["models"])["totals"].clone();
            assert_eq!(totals["totalTokens"], 4_321, "{what}");
            let set_aside = format!("{}.corrupt", store.file_name().expect("a name").to_string_lossy());
            let files = fs::read_dir(store.parent().expect("a folder")).expect("a folder").flatten();
            let is_set_aside = |name: OsString| name.to_string_lossy().starts_with(&set_aside);
            assert!(!files.map(|file| file.file_name()).any(is_set_aside), "{what}: nothing was damaged");
            if output.status.signal().is_none() {
                break;
            }
            kills.push(what);
        }
    }
    assert!(kills.len() > 10 && kills.contains(&"pwrite64 2".to_owned()), "{kills:?}");
}

/// Returns the names of the temporary files in a folder.
fn temporary_files(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.file_name());
    names.map(|name| name.to_string_lossy().into_owned()).filter(|name| name.ends_with(".tmp")).collect()
}
