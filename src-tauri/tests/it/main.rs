//! What the popover's page is allowed to do. A change here is a change of what an attacker in the page could do, so
//! it has to be made in two places and seen by a reviewer.

mod packages;

use serde_json::Value;

const CAPABILITY: &str = include_str!("../../capabilities/popover.json");
const CONFIGURATION: &str = include_str!("../../../tauri.conf.json");
const BUILD: &str = include_str!("../../build.rs");
const SHELL: &str = include_str!("../../src/shell.rs");
const MANIFEST: &str = include_str!("../../../Cargo.toml");

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("is JSON")
}

#[test]
fn the_page_may_do_this_and_nothing_else() {
    let capability = json(CAPABILITY);
    assert_eq!(capability["windows"], json(r#"["popover"]"#), "no other window, no pattern");
    assert_eq!(
        capability["permissions"],
        json(
            r#"["core:event:allow-listen", "core:event:allow-unlisten", "allow-snapshot", "allow-sessions", "allow-session",
                "allow-rename", "allow-block-history", "allow-history", "allow-describe", "allow-settings", "allow-change", "allow-alerts", "allow-see-alerts", "allow-test-alert", "allow-pause-alerts",
                "allow-route",
        "allow-frame", "allow-autostart", "allow-set-autostart", "allow-statusline", "allow-set-statusline",
                "allow-save-diagnostics", "allow-start-resident", "allow-dismiss", "allow-painted"]"#
        )
    );
    assert!(capability.get("remote").is_none(), "no page from elsewhere gets any of it");
}

#[test]
fn every_command_obeys_the_capability() {
    let names = |text: &str, before: &str, after: &str| -> Vec<String> {
        let list = text.split_once(before).and_then(|(_, rest)| rest.split_once(after)).expect("the list is there").0;
        let name = |part: &str| part.trim().trim_start_matches("bridge::").trim_matches('"').to_owned();
        list.split(',').map(name).filter(|name| !name.is_empty()).collect()
    };
    let registered = names(BUILD, ".commands(&[", "]");
    assert_eq!(registered, names(SHELL, "generate_handler![", "]"), "a command left out of build.rs obeys nothing");
}

#[test]
fn no_script_or_style_runs_that_is_not_the_apps_own() {
    let configuration = json(CONFIGURATION);
    let policy = configuration["app"]["security"]["csp"].as_str().expect("there is a policy");
    assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"), "{policy}");
    assert!(!policy.contains("unsafe") && !policy.contains('*') && !policy.contains("https:"), "{policy}");
    assert_eq!(configuration["app"]["withGlobalTauri"], Value::Bool(false));
    assert_eq!(configuration["app"]["windows"], json("[]"), "windows are made when they are wanted");
    assert!(configuration["build"].get("devUrl").is_none(), "pages come from the program alone");
}

#[test]
fn the_released_app_has_no_inspector() {
    assert!(!MANIFEST.contains("devtools"));
}
