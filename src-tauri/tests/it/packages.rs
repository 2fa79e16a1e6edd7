//! The content of the packages, as far as it can be checked without building them. `npm run package` builds and tests
//! them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::{list_files, read_json, read_text, repository_path};

const LICENSES: &str = "./target/bundled/THIRD-PARTY-LICENSES";

#[test]
fn linux_packages_contain_the_command_and_the_license() {
    let bundle = &read_json("tauri.conf.json")["bundle"];
    for kind in ["deb", "rpm"] {
        let files = bundle["linux"][kind]["files"].as_object().expect("a list of files");
        assert_eq!(files["/usr/bin/token-monitor"], "./target/bundled/token-monitor");
        assert!(files.values().any(|source| source == "./LICENSE"), "{kind} lacks the license");
        let template = bundle["linux"][kind]["desktopTemplate"].as_str().expect("a template");
        assert!(repository_path(template).is_file(), "{template} does not exist");
    }
}

#[test]
fn all_packages_contain_the_third_party_licenses() {
    let bundle = &read_json("tauri.conf.json")["bundle"];
    for files in [&bundle["linux"]["deb"]["files"], &bundle["linux"]["rpm"]["files"], &bundle["macOS"]["files"]] {
        let mut sources = files.as_object().expect("a list of files").values();
        assert!(sources.any(|source| source == LICENSES), "{files}");
    }
    let windows = &read_json("packaging/windows.json")["bundle"]["resources"];
    assert!(windows.get(LICENSES.trim_start_matches("./")).is_some(), "{windows}");
}

#[test]
fn the_third_party_licenses_are_written_before_a_package_is_built() {
    let command = read_json("tauri.conf.json")["build"]["beforeBundleCommand"].clone();
    let script = command.as_str().and_then(|command| command.strip_prefix("node ")).expect("a script");
    let file = LICENSES.trim_start_matches("./");
    assert!(read_text(script).contains(&format!("writeLicenses(path.join(ROOT, '{file}')")), "{script}");
}

#[test]
fn every_icon_exists() {
    let bundle = &read_json("tauri.conf.json")["bundle"];
    for icon in bundle["icon"].as_array().expect("a list of icons") {
        let icon = icon.as_str().expect("a path");
        assert!(repository_path(icon).is_file(), "{icon} does not exist; create it with: npm run icons");
    }
}

#[test]
fn the_desktop_entry_is_valid() {
    let template = read_text("packaging/token-monitor.desktop");
    let keys: BTreeMap<_, _> = template.lines().filter_map(|line| line.split_once('=')).collect();
    for (key, value) in [("Type", "Application"), ("StartupNotify", "false"), ("X-GNOME-UsesNotifications", "true")] {
        assert_eq!(keys.get(key), Some(&value), "{key}");
    }
    for key in ["Name", "Exec", "Icon", "Categories"] {
        assert!(keys.contains_key(key), "{key} is missing");
    }
    validate_entry(&fill_template(&template));
}

/// Replaces the placeholders of the desktop entry as the packager does.
fn fill_template(template: &str) -> String {
    let values = [
        ("{{name}}", "Token Monitor"),
        ("{{comment}}", "Live token counter"),
        ("{{exec}}", "token-monitor-app"),
        ("{{icon}}", "token-monitor-app"),
        ("{{categories}}", "Development;"),
    ];
    let entry = values.iter().fold(template.to_owned(), |entry, (name, value)| entry.replace(name, value));
    assert!(!entry.contains("{{"), "unknown placeholder: {entry}");
    entry
}

/// Runs `desktop-file-validate` on a desktop entry. Does nothing on systems other than Linux.
fn validate_entry(entry: &str) {
    if !cfg!(target_os = "linux") {
        return;
    }
    let file = std::env::temp_dir().join(format!("token-monitor-{}.desktop", std::process::id()));
    fs::write(&file, entry).expect("the entry can be written");
    let output = Command::new("desktop-file-validate").arg(&file).output();
    fs::remove_file(&file).expect("the entry can be removed");
    let output = output.expect("desktop-file-utils is installed");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn all_configuration_files_have_the_same_version() {
    let configuration = read_json("tauri.conf.json");
    let version = configuration["version"].as_str().expect("a version");
    assert_eq!(read_json("package.json")["version"], version);
    assert!(read_text("Cargo.toml").contains(&format!("version = \"{version}\"")), "Cargo.toml has another version");
}

/// A tag or branch of an action can be moved to other code; a commit hash cannot.
#[test]
fn all_actions_of_the_workflows_are_pinned_to_a_commit() {
    let files = list_files(&repository_path(".github"), ".yml");
    assert!(files.iter().any(|file| file.ends_with("workflows/ci.yml")));
    for action in files.iter().flat_map(|file| used_actions(file)) {
        let (_, pin) = action.split_once('@').expect("a version");
        let (commit, version) = pin.split_once(" # v").expect("the version as a comment");
        assert!(commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit()), "{action}");
        assert_eq!(version.split('.').count(), 3, "{action}");
    }
}

/// Returns the actions that a workflow uses, except those of this repository.
fn used_actions(file: &Path) -> Vec<String> {
    let text = fs::read_to_string(file).expect("the workflow can be read");
    let actions = text.lines().filter_map(|line| Some(line.split_once("uses: ")?.1.to_owned()));
    actions.filter(|action| !action.starts_with("./")).collect()
}
