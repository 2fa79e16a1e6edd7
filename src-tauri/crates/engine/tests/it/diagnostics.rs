//! The diagnostics reveal nothing about the user.

use std::fs;

use serde_json::{Value, json};
use token_monitor_engine::{EngineMode, Request, Response};

use crate::harness::{TestEnv, line};

/// Names that each appear in one place the user controls.
const SECRETS: [&str; 14] = [
    "brobdingnag",
    "takeover",
    "lilliput",
    "gulliver",
    "laputa",
    "struldbrug",
    "houyhnhnm",
    "yahoo",
    "balnibarbi",
    "glubbdubdrib",
    "luggnagg",
    "munodi",
    "blefuscu",
    "flimnap",
];

#[test]
fn diagnostics_contain_no_names_of_the_user() {
    let mut env = TestEnv::new();
    env.config = Some("flimnap: 1\npricing: { overrides: { blefuscu: {} } }\nstorage: { cache_dir: /munodi/x }".into());
    let log =
        line("1", 5).with_newline().replace("/home/x", "/home/gulliver/brobdingnag").replace("opus", "struldbrug");
    let title = json!({ "type": "custom-title", "sessionId": "s", "customTitle": "Quarterly takeover" });
    env.write("-home-gulliver-lilliput/s.jsonl", format!("{log}{title}\nno JSON of houyhnhnm\n"));
    fs::create_dir_all(env.projects().join("p/yahoo.jsonl")).expect("a folder named as a log");
    let folder = env.outside("laputa/projects");
    fs::create_dir_all(&folder).expect("a folder");
    let mut sources = env.sources();
    let both = format!("{}, {}", env.outside("claude").display(), folder.display());
    sources.environment.insert("claude_config_dirs", both);
    let running = TestEnv::start_with(sources, EngineMode::OnDemand);
    running.sync();
    running.rename("s", "balnibarbi").expect("the name is free");
    for (key, value) in [
        ("alerts.command", json!(["/opt/glubbdubdrib", "--token", "luggnagg"])),
        ("pricing.litellm_url", json!("https://luggnagg.example/")),
        ("display.theme", json!("dark")),
    ] {
        running.request(Request::SetSetting { key: key.into(), value: Some(value) });
    }
    let Response::Diagnostics(found) = running.request(Request::Diagnostics) else { panic!("diagnostics") };
    let text = found.to_string();
    let home = env.outside("").display().to_string();
    for secret in SECRETS.into_iter().chain([home.trim_end_matches('/')]) {
        assert!(!text.to_lowercase().contains(&secret.to_lowercase()), "{secret} in {text}");
    }
    let setting = |key: &str| found["settings"].as_array().into_iter().flatten().find(|row| row["key"] == key).cloned();
    assert_eq!(setting("display.theme"), Some(json!({ "key": "display.theme", "value": "dark", "origin": "saved" })));
    assert_eq!(setting("alerts.command").map(|row| row["value"].clone()), Some(json!("changed")));
    assert_eq!(setting("storage.cache_dir").map(|row| row["value"].clone()), Some(json!("/…/…")));
    assert_eq!(found["settingsProblems"], json!(["none of the known settings", "pricing.overrides"]));
    assert_eq!(
        found["roots"],
        json!([
            { "path": "~/claude/projects", "found": true, "logs": 1 },
            { "path": "~/…/projects", "found": true, "logs": 0 },
        ])
    );
    assert_eq!((&found["store"]["sessions"], &found["store"]["named"]), (&json!(1), &json!(1)));
    assert_eq!(found["logs"]["skipped"].as_array().map(Vec::len), Some(1), "{text}");
    assert_eq!(found["troubles"], Value::Array(vec![]));
    running.stop();
}
