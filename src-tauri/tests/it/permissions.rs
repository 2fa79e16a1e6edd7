//! The permissions of the popover's page.

use std::fs;

use serde_json::Value;

use crate::support::{list_files, parse_json, read_json, read_text, repository_path};

#[test]
fn the_page_has_these_permissions_only() {
    let capability = read_json("src-tauri/capabilities/popover.json");
    assert_eq!(capability["windows"], parse_json(r#"["popover"]"#), "no other window and no pattern");
    assert_eq!(
        capability["permissions"],
        parse_json(
            r#"["core:event:allow-listen", "core:event:allow-unlisten",
                "core:window:allow-start-dragging", "allow-request", "allow-route", "allow-frame",
                "allow-autostart", "allow-set-autostart", "allow-statusline", "allow-set-statusline",
                "allow-save-diagnostics", "allow-start-daemon", "allow-dismiss", "allow-painted",
                "allow-fit-height", "allow-start-demo", "allow-leave-demo", "allow-set-pinned", "allow-detach",
                "allow-quit", "allow-copy-text", "allow-open-session-folder", "allow-save-share-card",
                "allow-copy-share-card", "allow-export-history", "allow-open-dashboard"]"#
        )
    );
    assert!(capability.get("remote").is_none(), "pages from other origins have no permissions");
}

/// A command that is missing in the list of build.rs can be called without a permission.
#[test]
fn every_command_needs_a_permission() {
    let registered = listed_names(&read_text("src-tauri/build.rs"), ".commands(&[");
    let handled = listed_names(&source_with_handlers(), "generate_handler![");
    assert_eq!(registered, handled);
}

/// Returns the shell's source file that registers the command handlers.
fn source_with_handlers() -> String {
    list_files(&repository_path("src-tauri/src"), ".rs")
        .iter()
        .map(|path| fs::read_to_string(path).expect("the source can be read"))
        .find(|text| text.contains("generate_handler!["))
        .expect("one file registers the handlers")
}

/// Returns the names in a list that begins with `start`, without quotes and module paths.
fn listed_names(text: &str, start: &str) -> Vec<String> {
    let (_, rest) = text.split_once(start).expect("the list exists");
    let (list, _) = rest.split_once(']').expect("the list ends");
    list.split(',')
        .map(|item| item.trim().trim_matches('"'))
        .map(|item| item.rsplit("::").next().unwrap_or(item).to_owned())
        .filter(|name| !name.is_empty())
        .collect()
}

#[test]
fn the_page_loads_nothing_from_outside_the_app() {
    let configuration = read_json("tauri.conf.json");
    let policy = configuration["app"]["security"]["csp"].as_str().expect("a policy is set");
    assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"), "{policy}");
    assert!(!policy.contains("unsafe") && !policy.contains('*') && !policy.contains("https:"), "{policy}");
    assert_eq!(configuration["app"]["withGlobalTauri"], Value::Bool(false));
    assert_eq!(configuration["app"]["windows"], parse_json("[]"), "windows are created on demand only");
    assert!(configuration["build"].get("devUrl").is_none(), "no page comes from a development server");
}

#[test]
fn the_released_app_has_no_web_inspector() {
    assert!(!read_text("Cargo.toml").contains("devtools"));
}
