//! The fear: a setting is said to be changed and is not, is lost at the next start, or a bad one is kept.

use std::collections::BTreeMap;
use std::fs;

use chrono::Utc;
use proptest::prelude::*;
use rstest::rstest;
use serde_json::{Value, json};
use token_monitor_core::report::model::{Display, Origin, SettingRow, SettingsPage, Theme, TrayFigure};
use token_monitor_engine::config::Layers;
use token_monitor_engine::{Answer, Ask, Conduct, Refusal, RefusalCode};

use crate::world::{Line, Running, START, World, line, stamp};

impl Running {
    fn page(&self) -> SettingsPage {
        let Answer::Settings(page) = self.ask(Ask::Settings) else { panic!("the settings") };
        *page
    }

    fn row(&self, key: &str) -> SettingRow {
        self.page().rows.into_iter().find(|row| row.key == key).expect("each setting has a row")
    }

    fn shown(&self, key: &str) -> (Value, Origin) {
        let row = self.row(key);
        (row.value, row.origin)
    }

    fn set(&self, key: &str, value: impl Into<Option<Value>>) -> Result<SettingsPage, Refusal> {
        let answer = self.try_to(Ask::Change { key: key.to_owned(), value: value.into() })?;
        let Answer::Settings(page) = answer else { panic!("the settings") };
        Ok(*page)
    }

    fn change(&self, key: &str, value: impl Into<Option<Value>>) {
        self.set(key, value).expect("it is a good value");
    }
}

/// Settings in which the folders to search are not those of the environment.
fn free(world: &World) -> Layers {
    let mut layers = world.layers();
    layers.environment.remove("claude_config_dirs");
    layers
}

/// A message of this minute, so that it lies in the open block.
fn now(id: &str, output: u64) -> String {
    let minute = (Utc::now().timestamp() - START) / 60;
    Line { minute, ..line(id, output) }.ended()
}

#[test]
fn what_is_changed_holds_at_once_and_after_a_restart() {
    let world = World::new();
    let running = world.start();
    let revision = running.snapshot().revision;
    running.change("display.theme", json!("dark"));
    assert!(running.snapshot().revision > revision, "a page that shows settings asks for them again");
    running.change("display.tray", json!(["burn"]));
    running.change("alerts.daily_budget", json!("$20"));
    let display = Display { theme: Theme::Dark, tray: vec![TrayFigure::Burn], ..Display::default() };
    let holds = |running: Running| {
        assert_eq!(running.snapshot().display, display);
        assert_eq!(running.shown("display.theme"), (json!("dark"), Origin::Saved));
        assert_eq!(running.shown("alerts.daily_budget"), (json!("$20"), Origin::Saved));
        running.stop();
    };
    holds(running);
    holds(world.start());
}

#[test]
fn without_a_value_the_layer_beneath_holds_again() {
    let mut world = World::new();
    world.config = Some("blocks: { anchor: utc }".to_owned());
    let running = world.start();
    running.change("blocks.anchor", json!("estimate"));
    assert_eq!(running.shown("blocks.anchor"), (json!("estimate"), Origin::Saved));
    running.change("blocks.anchor", None);
    assert_eq!(running.shown("blocks.anchor"), (json!("utc"), Origin::File));
    assert_eq!(fs::read_to_string(world.config_path()).expect("it is there"), "blocks: { anchor: utc }");
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
#[case::read_before_the_store("logging.level", json!("debug"), "logging.level is read before the saved settings are")]
fn what_cannot_be_is_refused_and_not_saved(#[case] key: &str, #[case] value: Value, #[case] message: &str) {
    let world = World::new();
    let running = world.start();
    let before = running.page();
    let refusal = running.set(key, value).expect_err("it cannot be");
    assert_eq!(refusal.code, RefusalCode::BadValue);
    assert!(refusal.message.starts_with(message), "{}", refusal.message);
    assert_eq!(running.page(), before);
    running.stop();
    let again = world.start();
    assert_eq!(again.page(), before, "nothing was saved");
    again.stop();
}

#[test]
fn the_page_says_what_can_be_changed_and_what_waits_for_a_restart() {
    let world = World::new();
    let running = world.start();
    let page = running.page();
    let rows: BTreeMap<&str, (bool, bool)> =
        page.rows.iter().map(|row| (row.key.as_str(), (row.can_change, row.needs_restart))).collect();
    assert_eq!(rows["display.theme"], (true, false));
    assert_eq!(rows["claude_config_dirs"], (false, false), "the environment has the last word");
    assert_eq!(rows["storage.db_path"], (false, true));
    assert_eq!(rows["logging.level"], (false, true));
    assert_eq!((page.config_path, page.store_path), {
        let text = |path: std::path::PathBuf| path.display().to_string();
        (text(world.config_path()), text(world.store()))
    });
    running.stop();
}

#[test]
fn the_display_is_shown_before_anything_was_read() {
    let mut world = World::new();
    world.config = Some("display: { tray: icon, theme: contrast }".to_owned());
    let running = world.start();
    let shown = running.until("the first", |_| true);
    assert_eq!((&shown.display.theme, shown.display.tray.len()), (&Theme::Contrast, 0));
    running.stop();
}

#[test]
fn a_new_folder_is_read_at_once_and_watched() {
    let world = World::new();
    let log = world.outside("elsewhere/projects/p/s.jsonl");
    fs::create_dir_all(log.parent().expect("it lies in a project")).expect("a folder");
    fs::write(&log, line("1", 5).ended()).expect("it is written");
    let running = World::run_on(free(&world), Conduct::Live);
    running.until("nothing is there", |snapshot| !snapshot.roots.is_empty());
    running.change("claude_config_dirs", json!(["~/elsewhere"]));
    let shown = running.until("it is read", |snapshot| snapshot.totals.output_tokens == 5);
    assert!(shown.roots.iter().any(|root| root.path.contains("elsewhere") && root.logs == 1), "{:?}", shown.roots);
    fs::write(&log, line("1", 5).ended() + &line("2", 6).ended()).expect("it is written");
    running.until("it is watched", |snapshot| snapshot.totals.output_tokens == 11);
    running.stop();
}

#[test]
fn another_limit_is_another_share() {
    let world = World::new();
    world.write("p/s.jsonl", now("1", 250));
    let running = world.live();
    let used = |running: &Running| running.snapshot().block_use.and_then(|used| used.limit);
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
fn another_zone_is_another_today() {
    let world = World::new();
    let running = world.start();
    let mut days = Vec::new();
    // 25 hours lie between these two, so it is never the same day in both.
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
fn another_price_is_another_cost_everywhere_and_no_other_count() {
    let world = World::new();
    world.write("p/s.jsonl", line("1", 1_000_000).ended() + &line("2", 500_000).ended());
    let running = world.start();
    running.catch_up();
    let before = running.figures();
    assert_eq!(before.total.total_cost, None, "nobody knows a price");
    running.change("pricing.overrides", json!({ "opus": { "input": 1, "output": 4 } }));
    let after = running.figures();
    assert_eq!(after.total.total_cost, Some(6.0));
    assert_eq!(after.total.total_tokens, before.total.total_tokens);
    running.change("cost.mode", json!("display"));
    assert_eq!(running.figures().total.total_cost, Some(0.0), "only what the log says, which is nothing");
    running.change("cost.mode", None);
    running.change("pricing.overrides", None);
    assert_eq!(running.figures(), before);
    running.stop();
    assert_eq!(world.figures(), before);
}

#[test]
fn a_shorter_retention_shortens_the_list() {
    let world = World::new();
    world.write("p/s.jsonl", now("1", 5));
    let running = world.start();
    running.catch_up();
    assert_eq!(running.snapshot().session_count, 1);
    running.change("monitoring.session_retention", json!("0s"));
    assert_eq!(running.snapshot().session_count, 0);
    running.stop();
}

#[test]
fn an_edit_of_the_file_holds_from_the_next_look_on() {
    let mut world = World::new();
    world.config = Some("display: { theme: dark, week_start: sunday }".to_owned());
    let running = world.start();
    running.change("display.week_start", json!("saturday"));
    let edit = |text: &str| {
        fs::write(world.config_path(), text).expect("it is written");
        stamp(&world.config_path());
        running.catch_up();
    };
    edit("display: { theme: light, zone: Asia/Kathmandu }\nlogging: { level: trace }");
    let snapshot = running.snapshot();
    assert_eq!((snapshot.display.theme, snapshot.zone.as_str()), (Theme::Light, "Asia/Kathmandu"));
    assert_eq!(running.shown("display.week_start"), (json!("saturday"), Origin::Saved), "what was saved still wins");
    assert_eq!(running.shown("logging.level"), (json!("info"), Origin::Default), "that holds from the next start on");

    edit("display: { theme: pink, keep_popover: 5s }");
    let page = running.page();
    assert_eq!(running.shown("display.theme"), (json!("auto"), Origin::Default));
    assert_eq!(running.shown("display.keep_popover"), (json!("5s"), Origin::File), "the others hold");
    assert!(page.problems.len() == 1 && page.problems[0].contains("display.theme: expected auto"), "{page:?}");
    assert!(running.snapshot().problems.iter().any(|problem| problem.message == page.problems[0]));

    fs::remove_file(world.config_path()).expect("it goes");
    assert_eq!(running.shown("display.keep_popover"), (json!("0s"), Origin::Default), "asking looks, too");
    running.stop();
}

#[cfg(unix)]
#[test]
fn a_settings_file_that_is_none_is_a_problem_and_holds_nobody_up() {
    let world = World::new();
    let path = world.config_path();
    let made = std::process::Command::new("mkfifo").arg(&path).status().expect("it runs");
    assert!(made.success());
    let running = world.start();
    assert_eq!(running.page().problems, [format!("{} is not a file", path.display())]);
    running.stop();
}

#[derive(Clone, Debug)]
enum Step {
    Change(&'static str, Option<Value>),
    Restart,
}

/// Changes of a few settings, some to values that cannot be.
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

    /// Whatever is changed in whatever order, the last good value of each setting holds, now and after a restart.
    #[test]
    fn the_last_good_value_holds(steps in prop::collection::vec(step(), 1..12)) {
        let world = World::new();
        let mut running = World::run_on(free(&world), Conduct::OnDemand);
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
                    running = World::run_on(free(&world), Conduct::OnDemand);
                }
            }
            for row in running.page().rows.into_iter().filter(|row| row.can_change) {
                let expected = saved.get(row.key.as_str()).unwrap_or(&row.default);
                prop_assert_eq!(&row.value, expected, "{}", row.key);
                let origin = if saved.contains_key(row.key.as_str()) { Origin::Saved } else { Origin::Default };
                prop_assert_eq!(row.origin, origin, "{}", row.key);
            }
        }
        running.stop();
    }
}
