//! The check for updates of a live engine, with a release list on this computer.

use std::path::Path;

use serde_json::json;
use token_monitor_engine::{Request, Response};

use crate::harness::{TestEngine, TestEnv, serve_json};

const NEWER: &str = r#"[{"tag_name":"v999.0.0"}]"#;

fn env_with(list: &'static str, check: bool) -> TestEnv {
    let mut env = TestEnv::new();
    let (cache, url) = (env.outside("cache").display().to_string(), serve_json(list));
    let updates = format!("updates: {{ check: {check}, url: {url} }}");
    env.config = Some(format!("{updates}\nstorage: {{ cache_dir: '{cache}' }}"));
    env
}

fn set_check(engine: &TestEngine, is_on: bool) {
    let request = Request::SetSetting { key: "updates.check".to_owned(), value: Some(json!(is_on)) };
    assert!(matches!(engine.request(request), Response::Settings(_)));
}

fn has_checked(env: &TestEnv) -> bool {
    Path::new(&env.outside("cache")).join("updates.json").exists()
}

#[test]
fn a_newer_version_is_in_the_snapshot_until_checks_are_turned_off() {
    let env = env_with(NEWER, true);
    let running = env.live();
    let snapshot = running.until("the newer version", |snapshot| snapshot.update.is_some());
    let update = snapshot.update.clone().expect("it is there");
    assert_eq!(update.version, "999.0.0");
    assert!(update.url.ends_with("/releases/tag/v999.0.0"), "{}", update.url);
    assert!(snapshot.problems.is_empty(), "an update is no problem");
    set_check(&running, false);
    running.until("no version", |snapshot| snapshot.update.is_none());
    running.stop();
}

#[test]
fn nothing_is_requested_until_checks_are_turned_on() {
    let env = env_with(NEWER, false);
    let running = env.live();
    running.sync();
    assert_eq!(running.snapshot().update, None);
    assert!(!has_checked(&env), "the setting is off");
    set_check(&running, true);
    running.until("the newer version", |snapshot| snapshot.update.is_some());
    assert!(has_checked(&env));
    running.stop();
}

#[test]
fn a_command_shows_the_last_result_without_a_request() {
    let env = env_with(NEWER, true);
    let running = env.start();
    running.sync();
    assert_eq!((running.snapshot().update, has_checked(&env)), (None, false), "only a live engine checks");
    running.stop();
    let running = env.live();
    running.until("the newer version", |snapshot| snapshot.update.is_some());
    running.stop();
    let running = env.start();
    assert_eq!(running.snapshot().update.map(|update| update.version).as_deref(), Some("999.0.0"));
    running.stop();
}
