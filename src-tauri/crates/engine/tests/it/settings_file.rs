//! Settings files, valid and invalid.

use chrono::Utc;
use rstest::rstest;
use token_monitor_core::report::model::{LimitBasis, Provenance};

use crate::harness::{Line, START, TestEnv, line};

#[rstest]
#[case::no_yaml("monitoring: [", "config.yaml: ")]
#[case::a_wrong_type(
    "performance: { worker_pool_size: many }",
    "performance.worker_pool_size: expected a whole number"
)]
#[case::an_unknown_key("colour: blue", "colour: expected one of the known settings")]
#[case::a_list("- a\n- b", "expected settings by name")]
fn an_invalid_settings_file_is_a_problem_and_the_defaults_apply(#[case] text: &str, #[case] problem: &str) {
    let mut env = TestEnv::new();
    env.config = Some(text.to_owned());
    env.write("p/s.jsonl", line("1", 5).with_newline());
    assert_eq!(env.sources().resolve().worker_pool_size, 5);
    let running = env.start();
    running.sync();
    let snapshot = running.snapshot();
    assert_eq!(snapshot.totals.output_tokens, 5);
    let found: Vec<_> = snapshot.problems.iter().map(|problem| problem.message.as_str()).collect();
    assert!(found.len() == 1 && found[0].contains(problem), "{found:?}");
    assert_eq!(running.health().settings_problems.len(), 1);
    running.stop();
}

#[test]
fn a_valid_settings_file_takes_effect() {
    let mut env = TestEnv::new();
    env.config = Some("blocks: { token_limit: 1000, anchor: utc }".to_owned());
    let now = (Utc::now().timestamp() - START) / 60;
    env.write("p/s.jsonl", Line { minute: now, ..line("1", 250) }.with_newline());
    let running = env.start();
    running.sync();
    let snapshot = running.snapshot();
    let used = snapshot.block_use.as_ref().map(|used| (used.used_percent, used.basis, used.limit, used.label));
    assert_eq!(used, Some((25.0, LimitBasis::Number, Some(1000.0), Provenance::Measured)));
    assert_eq!(snapshot.problems, vec![]);
    running.stop();
}
