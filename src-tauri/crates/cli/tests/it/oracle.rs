//! Every figure compared with an independent reference that shares no code with us, where there is one.
//!
//! The reference, and the logs it is run on, are kept beside the project's folder and not in it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{fs, thread};

use serde_json::{Value, json};

use crate::program::Home;

const FIELDS: [&str; 6] =
    ["inputTokens", "outputTokens", "cacheCreationTokens", "cacheReadTokens", "totalTokens", "messageCount"];

/// The zones that every large collection of logs is looked at in.
const FEW_ZONES: [&str; 2] = ["UTC", "Asia/Kathmandu"];

/// Whole, half and quarter hours, both ends of the date line, and clocks that change by an hour and by half of one.
const ALL_ZONES: [&str; 9] = [
    "UTC",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Kiritimati",
    "Etc/GMT+12",
    "America/New_York",
    "Europe/Lisbon",
    "Asia/Kolkata",
    "America/St_Johns",
];

/// A collection of logs no larger than this is looked at in all zones.
const SMALL: u64 = 100 << 10;

/// The folder with the reference, if it is there.
pub(crate) fn shared() -> Option<PathBuf> {
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let beside = crate_folder.ancestors().skip(1).filter_map(Path::parent).map(|folder| folder.join("shared"));
    beside.into_iter().find(|shared| shared.join("tools/oracle.py").is_file())
}

#[expect(clippy::print_stderr, reason = "who reads the tests' output should know what was not compared")]
pub(crate) fn nothing_to_compare_with() {
    eprintln!("There is no reference beside the project: nothing to compare with.");
}

fn python(script: &Path, args: &[&str]) -> Vec<u8> {
    let output = Command::new("python3").arg(script).args(args).output().expect("python3 runs");
    assert!(output.status.success(), "{}: {}", script.display(), String::from_utf8_lossy(&output.stderr));
    output.stdout
}

fn reference(shared: &Path, folder: &Path, args: &[&str]) -> Value {
    let folder = folder.to_str().expect("it is text");
    let printed = python(&shared.join("tools/oracle.py"), &[&[folder], args].concat());
    serde_json::from_slice(&printed).expect("it prints JSON")
}

/// The figures of a row alone, in one order.
fn figures(row: &Value) -> Value {
    FIELDS.iter().map(|field| row[field].clone()).collect()
}

/// Our rows by a name of theirs.
fn by(rows: &Value, name: &str) -> Value {
    let rows = rows.as_array().expect("a list").iter();
    rows.map(|row| (row[name].as_str().expect("a name").to_owned(), figures(row)))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

fn theirs(rows: &Value) -> Value {
    let rows = rows.as_object().expect("rows by name").iter();
    rows.map(|(name, row)| (name.clone(), figures(row))).collect::<serde_json::Map<_, _>>().into()
}

fn blocks(rows: &Value) -> Value {
    let fields = ["isGap", "startTime", "endTime", "tokensUsed", "messageCount"];
    let rows = rows.as_array().expect("a list").iter();
    rows.map(|row| fields.iter().map(|field| row[field].clone()).collect::<Value>()).collect()
}

/// Compares everything there is to compare in one collection of logs.
fn compare(shared: &Path, folder: &Path, zones: &[&str]) {
    let home = Home::new();
    let (sessions, models) = (home.run_on(folder, &["sessions"]), home.run_on(folder, &["models"]));
    let shown = folder.display();
    for zone in zones {
        let expected = reference(shared, folder, &["--timezone", zone, "--sessions", "--days", "--models"]);
        let days = home.run_on(folder, &["days", "--timezone", zone]);
        assert_eq!(by(&sessions["sessions"], "sessionId"), theirs(&expected["sessions"]), "sessions of {shown}");
        assert_eq!(by(&models["models"], "model"), theirs(&expected["models"]), "models of {shown}");
        assert_eq!(by(&days["days"], "date"), theirs(&expected["days"]), "days of {shown} in {zone}");
        for answer in [&sessions, &models, &days] {
            assert_eq!(figures(&answer["totals"]), figures(&expected["totals"]), "totals of {shown}");
        }
    }
    for anchor in ["estimate", "utc"] {
        let ours = home.run_on(folder, &["blocks", "--anchor", anchor]);
        let expected = reference(shared, folder, &["--blocks", anchor]);
        assert_eq!(blocks(&ours["blocks"]), blocks(&expected["blocks"]), "{anchor} blocks of {shown}");
        let (ours, theirs) = (&ours["totals"], &expected["totals"]);
        assert_eq!(
            json!([ours["totalTokens"], ours["messageCount"]]),
            json!([theirs["totalTokens"], theirs["messageCount"]])
        );
    }
}

fn size(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).expect("it can be read").map(|entry| entry.expect("an entry"));
    let sizes = entries.map(|entry| match entry.metadata().expect("it is there") {
        metadata if metadata.is_dir() => size(&entry.path()),
        metadata => metadata.len(),
    });
    sizes.sum()
}

#[test]
fn real_logs_give_the_figures_of_the_reference() {
    let Some(shared) = shared() else { return nothing_to_compare_with() };
    let entries =
        fs::read_dir(shared.join("corpus")).expect("it can be read").map(|entry| entry.expect("an entry").path());
    let mut folders: Vec<_> = entries.filter(|path| path.is_dir()).map(|path| (size(&path), path)).collect();
    folders.sort();
    assert!(!folders.is_empty(), "there is something to compare");
    thread::scope(|scope| {
        let workers: Vec<_> = (0..2)
            .map(|worker| {
                let (shared, folders) = (&shared, &folders);
                scope.spawn(move || {
                    for (size, folder) in folders.iter().skip(worker).step_by(2) {
                        compare(shared, folder, if *size <= SMALL { &ALL_ZONES } else { &FEW_ZONES });
                    }
                })
            })
            .collect();
        workers.into_iter().for_each(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
    });
}

#[test]
fn damaged_logs_give_the_figures_of_the_reference() {
    let Some(shared) = shared() else { return nothing_to_compare_with() };
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path().to_str().expect("it is text");
    python(&shared.join("tools/loggen.py"), &["fill", place, "--megabytes", "8", "--dirty"]);
    compare(&shared, folder.path(), &FEW_ZONES);
}
