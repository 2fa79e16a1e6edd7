//! What the packages are made of, as far as that can be told without making them; `npm run package` makes and tries
//! them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

const CONFIGURATION: &str = include_str!("../../../tauri.conf.json");
const ENTRY: &str = include_str!("../../../packaging/token-monitor.desktop");
const PACKAGE: &str = include_str!("../../../package.json");
const MANIFEST: &str = include_str!("../../../Cargo.toml");

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("is JSON")
}

#[test]
fn packages_for_linux_carry_the_resident_and_the_license() {
    let bundle = &json(CONFIGURATION)["bundle"];
    for kind in ["deb", "rpm"] {
        let files = bundle["linux"][kind]["files"].as_object().expect("there are some");
        assert_eq!(files["/usr/bin/token-monitor"], "./target/bundled/token-monitor");
        assert!(files.values().any(|from| from == "./LICENSE"), "{kind} without a license");
        let template = bundle["linux"][kind]["desktopTemplate"].as_str().expect("there is one");
        assert!(root().join(template).is_file(), "{template} is missing");
    }
}

#[test]
fn every_icon_is_there() {
    let bundle = &json(CONFIGURATION)["bundle"];
    for icon in bundle["icon"].as_array().expect("there are some") {
        let icon = icon.as_str().expect("is a path");
        assert!(root().join(icon).is_file(), "{icon} is missing: npm run icons");
    }
}

#[test]
fn the_menu_entry_says_what_desktops_want_to_know() {
    let says: BTreeMap<_, _> = ENTRY.lines().filter_map(|line| line.split_once('=')).collect();
    for (key, value) in [("Type", "Application"), ("StartupNotify", "false"), ("X-GNOME-UsesNotifications", "true")] {
        assert_eq!(says.get(key), Some(&value), "{key}");
    }
    for key in ["Name", "Exec", "Icon", "Categories"] {
        assert!(says.contains_key(key), "{key} is missing");
    }
    validate(&filled_in());
}

fn filled_in() -> String {
    let values = [
        ("{{name}}", "Token Monitor"),
        ("{{comment}}", "Live token counter"),
        ("{{exec}}", "token-monitor-app"),
        ("{{icon}}", "token-monitor-app"),
        ("{{categories}}", "Development;"),
    ];
    let entry = values.iter().fold(ENTRY.to_owned(), |entry, (name, value)| entry.replace(name, value));
    assert!(!entry.contains("{{"), "a value nobody gives: {entry}");
    entry
}

/// By the tool of the desktops themselves, on the systems they are on.
fn validate(entry: &str) {
    let file = std::env::temp_dir().join(format!("token-monitor-{}.desktop", std::process::id()));
    std::fs::write(&file, entry).expect("it is written");
    let checked = cfg!(target_os = "linux").then(|| Command::new("desktop-file-validate").arg(&file).output());
    std::fs::remove_file(&file).expect("it can be removed");
    if let Some(checked) = checked {
        let checked = checked.expect("desktop-file-utils is installed");
        assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
    }
}

#[test]
fn there_is_one_version() {
    let version = json(CONFIGURATION)["version"].as_str().expect("there is one").to_owned();
    assert_eq!(json(PACKAGE)["version"], version);
    assert!(MANIFEST.contains(&format!("version = \"{version}\"")), "Cargo.toml says another");
}

#[test]
fn build_servers_run_nothing_that_can_change_under_its_name() {
    let folder = root().join(".github/workflows");
    let files: Vec<_> =
        std::fs::read_dir(folder).expect("it is there").map(|file| file.expect("listed").path()).collect();
    assert!(files.len() >= 2, "one checks, one releases");
    for file in files {
        for used in uses(&file) {
            let (_, pin) = used.split_once('@').expect("a version is named");
            let (commit, version) = pin.split_once(" # v").expect("the version stands beside it");
            assert!(commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit()), "{used}");
            assert!(version.split('.').count() == 3, "{used}");
        }
    }
}

fn uses(file: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(file).expect("it can be read");
    let all: Vec<_> = text.lines().filter_map(|line| Some(line.split_once("uses: ")?.1.to_owned())).collect();
    assert!(!all.is_empty(), "{} uses nothing", file.display());
    all
}
