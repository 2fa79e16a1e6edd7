//! Compares every figure with an independent reference implementation that shares no code with this project.
//!
//! The reference and its logs are not part of the project. The tests pass without them if they are missing.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{fs, thread};

use serde_json::{Value, json};

use crate::program::Home;

const FIELDS: [&str; 6] =
    ["inputTokens", "outputTokens", "cacheCreationTokens", "cacheReadTokens", "totalTokens", "messageCount"];

/// The time zones in which large folders of logs are compared.
const FEW_ZONES: [&str; 2] = ["UTC", "Asia/Kathmandu"];

/// Time zones with offsets of whole, half and quarter hours, on both sides of the date line, and with clock changes of
/// an hour and of half an hour.
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

/// The size up to which a folder of logs is compared in all time zones.
const MAX_SMALL_FOLDER_BYTES: u64 = 100 << 10;

/// Returns the folder with the reference, if it exists.
pub(crate) fn reference_folder() -> Option<PathBuf> {
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let beside = crate_folder.ancestors().skip(1).filter_map(Path::parent).map(|folder| folder.join("shared"));
    beside.into_iter().find(|shared| shared.join("tools/oracle.py").is_file())
}

#[expect(clippy::print_stderr, reason = "the output of the tests should show what was not compared")]
pub(crate) fn report_missing_reference() {
    eprintln!("Skipped: there is no reference implementation beside the project.");
}

fn run_python(script: &Path, args: &[&str]) -> Vec<u8> {
    let output = Command::new("python3").arg(script).args(args).output().expect("python3 runs");
    assert!(output.status.success(), "{}: {}", script.display(), String::from_utf8_lossy(&output.stderr));
    output.stdout
}

fn run_reference(shared: &Path, folder: &Path, args: &[&str]) -> Value {
    let folder = folder.to_str().expect("it is text");
    let printed = run_python(&shared.join("tools/oracle.py"), &[&[folder], args].concat());
    serde_json::from_slice(&printed).expect("it prints JSON")
}

/// Returns the figures of a row in a fixed order.
fn row_figures(row: &Value) -> Value {
    FIELDS.iter().map(|field| row[field].clone()).collect()
}

/// Returns the figures of this program's rows, by the value of a field.
fn figures_by(rows: &Value, name: &str) -> Value {
    let rows = rows.as_array().expect("a list").iter();
    rows.map(|row| (row[name].as_str().expect("a name").to_owned(), row_figures(row)))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

fn reference_figures(rows: &Value) -> Value {
    let rows = rows.as_object().expect("rows by name").iter();
    rows.map(|(name, row)| (name.clone(), row_figures(row))).collect::<serde_json::Map<_, _>>().into()
}

fn block_figures(rows: &Value) -> Value {
    let fields = ["isGap", "startTime", "endTime", "tokensUsed", "messageCount"];
    let rows = rows.as_array().expect("a list").iter();
    rows.map(|row| fields.iter().map(|field| row[field].clone()).collect::<Value>()).collect()
}

/// Compares all figures of one folder of logs.
fn compare_folder(shared: &Path, folder: &Path, zones: &[&str]) {
    let home = Home::new();
    let (sessions, models) = (home.run_on(folder, &["sessions"]), home.run_on(folder, &["models"]));
    let name = folder.display();
    for zone in zones {
        let expected = run_reference(shared, folder, &["--timezone", zone, "--sessions", "--days", "--models"]);
        let days = home.run_on(folder, &["days", "--timezone", zone]);
        assert_eq!(
            figures_by(&sessions["sessions"], "sessionId"),
            reference_figures(&expected["sessions"]),
            "sessions of {name}"
        );
        assert_eq!(figures_by(&models["models"], "model"), reference_figures(&expected["models"]), "models of {name}");
        assert_eq!(figures_by(&days["days"], "date"), reference_figures(&expected["days"]), "days of {name} in {zone}");
        for answer in [&sessions, &models, &days] {
            assert_eq!(row_figures(&answer["totals"]), row_figures(&expected["totals"]), "totals of {name}");
        }
    }
    for anchor in ["estimate", "utc"] {
        let ours = home.run_on(folder, &["blocks", "--anchor", anchor]);
        let expected = run_reference(shared, folder, &["--blocks", anchor]);
        assert_eq!(block_figures(&ours["blocks"]), block_figures(&expected["blocks"]), "{anchor} blocks of {name}");
        let (ours, theirs) = (&ours["totals"], &expected["totals"]);
        assert_eq!(
            json!([ours["totalTokens"], ours["messageCount"]]),
            json!([theirs["totalTokens"], theirs["messageCount"]])
        );
    }
}

fn folder_size(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).expect("it can be read").map(|entry| entry.expect("an entry"));
    let sizes = entries.map(|entry| match entry.metadata().expect("it is there") {
        metadata if metadata.is_dir() => folder_size(&entry.path()),
        metadata => metadata.len(),
    });
    sizes.sum()
}

#[test]
fn real_logs_match_the_reference() {
    let Some(shared) = reference_folder() else { return report_missing_reference() };
    let entries =
        fs::read_dir(shared.join("corpus")).expect("it can be read").map(|entry| entry.expect("an entry").path());
    let mut folders: Vec<_> = entries.filter(|path| path.is_dir()).map(|path| (folder_size(&path), path)).collect();
    folders.sort();
    assert!(!folders.is_empty(), "there are logs to compare");
    thread::scope(|scope| {
        let workers: Vec<_> = (0..2)
            .map(|worker| {
                let (shared, folders) = (&shared, &folders);
                scope.spawn(move || {
                    for (size, folder) in folders.iter().skip(worker).step_by(2) {
                        compare_folder(
                            shared,
                            folder,
                            if *size <= MAX_SMALL_FOLDER_BYTES { &ALL_ZONES } else { &FEW_ZONES },
                        );
                    }
                })
            })
            .collect();
        workers.into_iter().for_each(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
    });
}

#[test]
fn damaged_logs_match_the_reference() {
    let Some(shared) = reference_folder() else { return report_missing_reference() };
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().to_str().expect("it is text");
    run_python(&shared.join("tools/loggen.py"), &["fill", path, "--megabytes", "8", "--dirty"]);
    compare_folder(&shared, folder.path(), &FEW_ZONES);
}
