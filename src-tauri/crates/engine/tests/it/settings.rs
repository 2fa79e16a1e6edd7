//! A bad settings file is told, and stops nothing.

use chrono::Utc;
use rstest::rstest;
use token_monitor_core::report::model::{Label, LimitBasis};

use crate::world::{Line, START, World, line};

#[rstest]
#[case::no_yaml("monitoring: [", "config.yaml: ")]
#[case::a_wrong_type(
    "performance: { worker_pool_size: many }",
    "performance.worker_pool_size: expected a whole number"
)]
#[case::an_unknown_key("colour: blue", "colour: expected one of the known settings")]
#[case::a_list("- a\n- b", "expected settings by name")]
fn a_bad_settings_file_is_a_problem_and_the_defaults_hold(#[case] text: &str, #[case] problem: &str) {
    let mut world = World::new();
    world.config = Some(text.to_owned());
    world.write("p/s.jsonl", line("1", 5).ended());
    assert_eq!(world.layers().settle().worker_pool_size, 5);
    let running = world.start();
    running.catch_up();
    let snapshot = running.snapshot();
    assert_eq!(snapshot.totals.output_tokens, 5);
    let told: Vec<_> = snapshot.problems.iter().map(|problem| problem.message.as_str()).collect();
    assert!(told.len() == 1 && told[0].contains(problem), "{told:?}");
    assert_eq!(running.health().settings_problems.len(), 1);
    running.stop();
}

#[test]
fn a_good_settings_file_holds() {
    let mut world = World::new();
    world.config = Some("blocks: { token_limit: 1000, anchor: utc }".to_owned());
    let now = (Utc::now().timestamp() - START) / 60;
    world.write("p/s.jsonl", Line { minute: now, ..line("1", 250) }.ended());
    let running = world.start();
    running.catch_up();
    let snapshot = running.snapshot();
    let used = snapshot.block_use.as_ref().map(|used| (used.used_percent, used.basis, used.limit, used.label));
    assert_eq!(used, Some((25.0, LimitBasis::Number, Some(1000.0), Label::Measured)));
    assert_eq!(snapshot.problems, vec![]);
    running.stop();
}
