//! Changing settings at runtime: effect, persistence and invalid values.

use std::collections::BTreeMap;
use std::fs;

use chrono::Utc;
use proptest::prelude::*;
use rstest::rstest;
use serde_json::{Value, json};
use token_monitor_core::report::model::{DisplaySettings, SettingOrigin, SettingRow, SettingsPage, Theme, TrayFigure};
use token_monitor_engine::config::ConfigSources;
use token_monitor_engine::{ApiError, EngineMode, ErrorCode, Request, Response, SessionQuery};

use crate::harness::{Line, START, TestEngine, TestEnv, line, stamp};

impl TestEngine {
    fn page(&self) -> SettingsPage {
        let Response::Settings(page) = self.request(Request::Settings) else { panic!("the settings") };
        *page
    }

    fn row(&self, key: &str) -> SettingRow {
        self.page().rows.into_iter().find(|row| row.key == key).expect("each setting has a row")
    }

    fn shown(&self, key: &str) -> (Value, SettingOrigin) {
        let row = self.row(key);
        (row.value, row.origin)
    }

    fn set(&self, key: &str, value: impl Into<Option<Value>>) -> Result<SettingsPage, ApiError> {
        let answer = self.try_request(Request::SetSetting { key: key.to_owned(), value: value.into() })?;
        let Response::Settings(page) = answer else { panic!("the settings") };
        Ok(*page)
    }

    fn change(&self, key: &str, value: impl Into<Option<Value>>) {
        self.set(key, value).expect("it is a good value");
    }
}

/// Returns sources in which the environment does not set the folders to search.
fn free(env: &TestEnv) -> ConfigSources {
    let mut sources = env.sources();
    sources.environment.remove("claude_config_dirs");
    sources
}

/// Returns a message of the current minute, which is in the open block.
fn now(id: &str, output: u64) -> String {
    let minute = (Utc::now().timestamp() - START) / 60;
    Line { minute, ..line(id, output) }.with_newline()
}

#[test]
fn a_change_takes_effect_at_once_and_after_a_restart() {
    let env = TestEnv::new();
    let running = env.start();
    let revision = running.snapshot().revision;
    running.change("display.theme", json!("dark"));
    assert!(running.snapshot().revision > revision, "a page that shows settings asks for them again");
    running.change("display.tray", json!(["burn"]));
    running.change("alerts.daily_budget", json!("$20"));
    let display = DisplaySettings { theme: Theme::Dark, tray: vec![TrayFigure::Burn], ..DisplaySettings::default() };
    let holds = |running: TestEngine| {
        assert_eq!(running.snapshot().display, display);
        assert_eq!(running.shown("display.theme"), (json!("dark"), SettingOrigin::Saved));
        assert_eq!(running.shown("alerts.daily_budget"), (json!("$20"), SettingOrigin::Saved));
        running.stop();
    };
    holds(running);
    holds(env.start());
}

#[test]
fn a_reset_setting_has_the_value_of_the_next_layer() {
    let mut env = TestEnv::new();
    env.config = Some("blocks: { anchor: utc }".to_owned());
    let running = env.start();
    running.change("blocks.anchor", json!("estimate"));
    assert_eq!(running.shown("blocks.anchor"), (json!("estimate"), SettingOrigin::Saved));
    running.change("blocks.anchor", None);
    assert_eq!(running.shown("blocks.anchor"), (json!("utc"), SettingOrigin::File));
    assert_eq!(fs::read_to_string(env.config_path()).expect("it is there"), "blocks: { anchor: utc }");
    running.stop();
}

#[rstest]
#[case::a_bad_word("blocks.anchor", json!("moon"), "blocks.anchor: expected auto, estimate or utc")]
#[case::a_wrong_type("alerts.command", json!(7), "alerts.command: expected a program, or a list")]
#[case::half_good_prices(
    "pricing.overrides",
    json!({ "m": { "input": 1, "output": 1 }, "n": {} }),
    "pricing.overrides.n.input: expected dollars"
)]
#[case::no_setting("colour", json!("blue"), "there is no setting “colour”")]
#[case::of_the_environment("claude_config_dirs", json!("/x"), "claude_config_dirs is set by the environment")]
#[case::where_it_would_lie("storage.db_path", json!("/x"), "storage.db_path is set by the environment")]
#[case::read_before_the_store("logging.level", json!("debug"), "logging.level is read before the store is open")]
fn invalid_values_are_rejected_and_not_saved(#[case] key: &str, #[case] value: Value, #[case] message: &str) {
    let env = TestEnv::new();
    let running = env.start();
    let before = running.page();
    let error = running.set(key, value).expect_err("it cannot be");
    assert_eq!(error.code, ErrorCode::BadValue);
    assert!(error.message.starts_with(message), "{}", error.message);
    assert_eq!(running.page(), before);
    running.stop();
    let again = env.start();
    assert_eq!(again.page(), before, "nothing was saved");
    again.stop();
}

#[test]
fn the_page_shows_which_settings_can_change_and_which_need_a_restart() {
    let env = TestEnv::new();
    let running = env.start();
    let page = running.page();
    let rows: BTreeMap<&str, (bool, bool)> =
        page.rows.iter().map(|row| (row.key.as_str(), (row.can_change, row.needs_restart))).collect();
    assert_eq!(rows["display.theme"], (true, false));
    assert_eq!(rows["claude_config_dirs"], (false, false), "the environment has the last word");
    assert_eq!(rows["storage.db_path"], (false, true));
    assert_eq!(rows["logging.level"], (false, true));
    assert_eq!((page.config_path, page.store_path), {
        let text = |path: std::path::PathBuf| path.display().to_string();
        (text(env.config_path()), text(env.store()))
    });
    running.stop();
}

#[test]
fn the_first_snapshot_has_the_display_settings() {
    let mut env = TestEnv::new();
    env.config = Some("display: { tray: icon, theme: contrast }".to_owned());
    let running = env.start();
    let shown = running.until("the first", |_| true);
    assert_eq!((&shown.display.theme, shown.display.tray.len()), (&Theme::Contrast, 0));
    running.stop();
}

#[test]
fn homes_that_the_configured_folders_leave_out_are_named_and_can_be_included() {
    let env = TestEnv::new();
    fs::create_dir_all(env.outside(".claude-work/projects")).expect("a folder");
    let running = TestEnv::start_with(free(&env), EngineMode::OnDemand);
    assert_eq!(running.page().unsearched_homes, [""; 0], "they are searched by default");
    running.change("claude_config_dirs", json!(["~/.claude"]));
    assert_eq!(running.page().unsearched_homes, ["~/.claude-work"]);
    running.change("claude_config_dirs", json!(["~/.claude", "~/.claude-work"]));
    assert_eq!(running.page().unsearched_homes, [""; 0]);
    running.stop();
}

#[test]
fn a_new_folder_is_read_at_once_and_watched() {
    let env = TestEnv::new();
    let log = env.outside("elsewhere/projects/p/s.jsonl");
    fs::create_dir_all(log.parent().expect("it has a folder")).expect("a folder");
    fs::write(&log, line("1", 5).with_newline()).expect("it is written");
    let running = TestEnv::start_with(free(&env), EngineMode::Live);
    running.until("nothing is there", |snapshot| !snapshot.roots.is_empty());
    running.change("claude_config_dirs", json!(["~/elsewhere"]));
    let shown = running.until("it is read", |snapshot| snapshot.totals.output_tokens == 5);
    assert!(shown.roots.iter().any(|root| root.path.contains("elsewhere") && root.logs == 1), "{:?}", shown.roots);
    fs::write(&log, line("1", 5).with_newline() + &line("2", 6).with_newline()).expect("it is written");
    running.until("it is watched", |snapshot| snapshot.totals.output_tokens == 11);
    running.stop();
}

#[test]
fn a_new_limit_changes_the_used_share() {
    let env = TestEnv::new();
    env.write("p/s.jsonl", now("1", 250));
    let running = env.live();
    let used = |running: &TestEngine| running.snapshot().block_use.and_then(|used| used.limit);
    running.until("it is read", |snapshot| snapshot.totals.output_tokens == 250);
    assert_eq!(used(&running), None);
    for limit in [1000, 500] {
        running.change("blocks.token_limit", json!(limit));
        let percent = 25_000.0 / f64::from(limit);
        let holds = move |snapshot: &token_monitor_core::report::model::Snapshot| {
            snapshot.block_use.as_ref().is_some_and(|used| used.used_percent == percent)
        };
        running.until("it is shown", holds);
    }
    running.stop();
}

#[test]
fn a_new_zone_changes_today() {
    let env = TestEnv::new();
    let running = env.start();
    let mut days = Vec::new();
    // These zones are 25 hours apart, so they never have the same date.
    for zone in ["Pacific/Kiritimati", "Pacific/Niue"] {
        running.change("display.zone", json!(zone));
        let snapshot = running.snapshot();
        assert_eq!(snapshot.zone, zone);
        days.push(snapshot.today.date);
    }
    assert!(days[0] > days[1], "{days:?}");
    running.stop();
}

#[test]
fn a_new_price_changes_all_costs_and_no_count() {
    let env = TestEnv::new();
    env.write("p/s.jsonl", line("1", 1_000_000).with_newline() + &line("2", 500_000).with_newline());
    let running = env.start();
    running.sync();
    let before = running.figures();
    assert_eq!(before.total.total_cost, None, "no price is known");
    running.change("pricing.overrides", json!({ "opus": { "input": 1, "output": 4 } }));
    let after = running.figures();
    assert_eq!(after.total.total_cost, Some(6.0));
    assert_eq!(after.total.total_tokens, before.total.total_tokens);
    running.change("cost.mode", json!("display"));
    assert_eq!(running.figures().total.total_cost, Some(0.0), "the log has no cost");
    running.change("cost.mode", None);
    running.change("pricing.overrides", None);
    assert_eq!(running.figures(), before);
    running.stop();
    assert_eq!(env.figures(), before);
}

#[test]
fn a_shorter_retention_shortens_the_list() {
    let env = TestEnv::new();
    env.write("p/s.jsonl", now("1", 5));
    let running = env.start();
    running.sync();
    assert_eq!(running.snapshot().recent_sessions.len(), 1);
    running.change("monitoring.session_retention", json!("0s"));
    let snapshot = running.snapshot();
    assert_eq!((snapshot.session_count, snapshot.recent_sessions.len()), (1, 0), "no session is deleted");
    let counts = |include_hidden| {
        let query = SessionQuery { include_hidden, limit: 9, ..SessionQuery::default() };
        let Response::Sessions(page) = running.request(Request::Sessions(query)) else { panic!("sessions") };
        (page.count, page.older_count)
    };
    assert_eq!((counts(false), counts(true)), ((0, 1), (1, 0)));
    running.stop();
}

#[test]
fn an_edit_of_the_file_takes_effect_at_the_next_sweep() {
    let mut env = TestEnv::new();
    env.config = Some("display: { theme: dark, week_start: sunday }".to_owned());
    let running = env.start();
    running.change("display.week_start", json!("saturday"));
    let edit = |text: &str| {
        fs::write(env.config_path(), text).expect("it is written");
        stamp(&env.config_path());
        running.sync();
    };
    edit("display: { theme: light, zone: Asia/Kathmandu }\nlogging: { level: trace }");
    let snapshot = running.snapshot();
    assert_eq!((snapshot.display.theme, snapshot.zone.as_str()), (Theme::Light, "Asia/Kathmandu"));
    assert_eq!(
        running.shown("display.week_start"),
        (json!("saturday"), SettingOrigin::Saved),
        "what was saved still wins"
    );
    assert_eq!(
        running.shown("logging.level"),
        (json!("info"), SettingOrigin::Default),
        "that holds from the next start on"
    );

    edit("display: { theme: pink, keep_popover: 5s }");
    let page = running.page();
    assert_eq!(running.shown("display.theme"), (json!("auto"), SettingOrigin::Default));
    assert_eq!(running.shown("display.keep_popover"), (json!("5s"), SettingOrigin::File), "the others hold");
    assert!(page.problems.len() == 1 && page.problems[0].contains("display.theme: expected auto"), "{page:?}");
    assert!(running.snapshot().problems.iter().any(|problem| problem.message == page.problems[0]));

    fs::remove_file(env.config_path()).expect("it goes");
    assert_eq!(running.shown("display.keep_popover"), (json!("0s"), SettingOrigin::Default), "asking looks, too");
    running.stop();
}

#[cfg(unix)]
#[test]
fn an_unreadable_settings_file_is_a_problem_and_does_not_block() {
    let env = TestEnv::new();
    let path = env.config_path();
    let made = std::process::Command::new("mkfifo").arg(&path).status().expect("it runs");
    assert!(made.success());
    let running = env.start();
    assert_eq!(running.page().problems, [format!("{} is not a file", path.display())]);
    running.stop();
}

#[derive(Clone, Debug)]
enum Step {
    Change(&'static str, Option<Value>),
    Restart,
}

/// Generates changes of a few settings, some to invalid values.
fn step() -> impl Strategy<Value = Step> {
    let values: Vec<(&'static str, Vec<Value>)> = vec![
        ("display.theme", vec![json!("dark"), json!("light"), json!("pink")]),
        ("blocks.token_limit", vec![json!("max"), json!(1000), json!(0)]),
        ("alerts.block", vec![json!([]), json!([50, 60]), json!([0])]),
        ("cost.mode", vec![json!("calculate"), json!("display")]),
        ("claude_config_dirs", vec![json!(["~/claude"]), json!(["/nowhere"]), json!(["/"])]),
    ];
    let change = prop::sample::select(values).prop_flat_map(|(key, values)| {
        let value = prop::option::weighted(0.8, prop::sample::select(values));
        value.prop_map(move |value| Step::Change(key, value))
    });
    prop_oneof![5 => change, 1 => Just(Step::Restart)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Checks that the last valid value of each setting is in effect, now and after a restart.
    #[test]
    fn the_last_valid_value_is_in_effect(steps in prop::collection::vec(step(), 1..12)) {
        let env = TestEnv::new();
        let mut running = TestEnv::start_with(free(&env), EngineMode::OnDemand);
        let mut saved: BTreeMap<&str, Value> = BTreeMap::new();
        for step in steps.into_iter().chain([Step::Restart]) {
            match step {
                Step::Change(key, value) => {
                    let taken = running.set(key, value.clone()).is_ok();
                    let bad = [json!("pink"), json!(0), json!([0]), json!(["/"])];
                    prop_assert_eq!(taken, !value.as_ref().is_some_and(|value| bad.contains(value)));
                    match value.filter(|_| taken) {
                        Some(value) => drop(saved.insert(key, value)),
                        None if taken => drop(saved.remove(key)),
                        None => {}
                    }
                }
                Step::Restart => {
                    running.stop();
                    running = TestEnv::start_with(free(&env), EngineMode::OnDemand);
                }
            }
            for row in running.page().rows.into_iter().filter(|row| row.can_change) {
                let expected = saved.get(row.key.as_str()).unwrap_or(&row.default);
                prop_assert_eq!(&row.value, expected, "{}", row.key);
                let origin = if saved.contains_key(row.key.as_str()) { SettingOrigin::Saved } else { SettingOrigin::Default };
                prop_assert_eq!(row.origin, origin, "{}", row.key);
            }
        }
        running.stop();
    }
}
