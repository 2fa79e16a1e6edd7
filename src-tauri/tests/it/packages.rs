//! The content of the packages, as far as it can be checked without building them. `npm run package` builds and tests
//! them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::{list_files, read_json, read_text, repository_path};

const LICENSES: &str = "./target/bundled/THIRD-PARTY-LICENSES";

#[test]
fn the_app_image_contains_all_programs_and_the_licenses() {
    let files = &read_json("tauri.conf.json")["bundle"]["linux"]["appimage"]["files"];
    for program in ["token-monitor", "token-monitor-tray"] {
        assert_eq!(files[format!("/usr/bin/{program}")], format!("./target/bundled/{program}"));
    }
    for license in ["./LICENSE", LICENSES] {
        let mut sources = files.as_object().expect("a list of files").values();
        assert!(sources.any(|source| source == license), "{license} is missing");
    }
}

#[test]
fn the_packages_of_macos_and_windows_contain_the_third_party_licenses() {
    let macos = &read_json("tauri.conf.json")["bundle"]["macOS"]["files"];
    assert!(macos.as_object().expect("a list of files").values().any(|source| source == LICENSES), "{macos}");
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
    let file = repository_path(&desktop_entry());
    let entry = fs::read_to_string(&file).expect("it is named like the app's id");
    let keys: BTreeMap<_, _> = entry.lines().filter_map(|line| line.split_once('=')).collect();
    for (key, value) in [("Type", "Application"), ("StartupNotify", "false"), ("X-GNOME-UsesNotifications", "true")] {
        assert_eq!(keys.get(key), Some(&value), "{key}");
    }
    for key in ["Name", "Exec", "Icon", "Categories"] {
        assert!(keys.contains_key(key), "{key} is missing");
    }
    validate_entry(&file);
}

/// Desktops take the name and the icon of a notification from the entry that it names.
#[test]
fn notifications_name_the_installed_desktop_entry() {
    let id = read_json("packaging/metadata.json")["id"].as_str().expect("an id").to_owned();
    let source = read_text("src-tauri/crates/tray/src/notification/linux/notify_call.rs");
    assert!(source.contains(&format!("const DESKTOP_ENTRY: &str = \"{id}\";")), "notifications name another entry");
}

/// Returns the path of the desktop entry in the repository.
fn desktop_entry() -> String {
    let metadata = read_json("packaging/metadata.json");
    format!("packaging/linux/{}.desktop", metadata["id"].as_str().expect("an id"))
}

/// Runs `desktop-file-validate` on a desktop entry. Does nothing on systems other than Linux.
fn validate_entry(file: &Path) {
    if !cfg!(target_os = "linux") {
        return;
    }
    let output = Command::new("desktop-file-validate").arg(file).output();
    let output = output.expect("desktop-file-utils is installed");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn the_manual_page_of_the_app_names_all_its_options() {
    let help = read_text("src-tauri/src/args.rs");
    let page = read_text("packaging/linux/man/token-monitor-app.1").replace('\\', "");
    let options = help.lines().filter_map(|line| line.trim_start().strip_prefix("--")?.split([' ', '=', '[']).next());
    let missing: Vec<&str> = options.filter(|option| !page.contains(&format!("--{option}"))).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn all_configuration_files_have_the_same_version() {
    let configuration = read_json("tauri.conf.json");
    let version = configuration["version"].as_str().expect("a version");
    assert_eq!(read_json("package.json")["version"], version);
    assert!(read_text("Cargo.toml").contains(&format!("version = \"{version}\"")), "Cargo.toml has another version");
}

#[test]
fn all_configuration_files_have_the_same_repository() {
    let repository = read_json("packaging/metadata.json")["repository"].as_str().expect("an address").to_owned();
    assert_eq!(read_json("tauri.conf.json")["bundle"]["homepage"], repository);
    assert!(read_text("Cargo.toml").contains(&format!("repository = \"{repository}\"")), "Cargo.toml has another one");
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
