//! The files and lines that are counted, and the sessions they belong to.

use crate::harness::{TestEnv, line, skip_counts};
use token_monitor_core::transcript::SkipReason;

#[test]
fn a_workflow_journal_is_not_a_log() {
    let env = TestEnv::new();
    env.write("p/s.jsonl", line("1", 1).with_newline());
    env.write("p/s/workflows/w/journal.jsonl", line("2", 100).with_newline());
    env.write("p/notes.json", line("3", 100).with_newline());
    assert_eq!(env.figures().total.output_tokens, 1);
}

#[test]
fn logs_below_a_session_belong_to_it() {
    let env = TestEnv::new();
    let nameless = |id, output| line(id, output).with_newline().replace("\"sessionId\":\"s\",", "");
    env.write("p/s.jsonl", nameless("1", 1));
    env.write("p/s/subagents/agent-1.jsonl", nameless("2", 20));
    env.write("p/s/workflows/w/agents/agent-2.jsonl", nameless("3", 300));
    env.write("p/t/subagents/agent-3.jsonl", line("4", 4000).with_newline());
    let figures = env.figures();
    assert_eq!(figures.outputs().into_iter().collect::<Vec<_>>(), [("s", 4321)], "a line's own word comes first");
}

#[test]
fn a_progress_line_is_counted_if_nothing_else_is_known() {
    let env = TestEnv::new();
    let progress = |id: &str, output: u64| {
        let usage = format!(r#""message":{{"id":"msg_{id}","model":"m","usage":{{"output_tokens":{output}}}}}"#);
        format!(
            r#"{{"type":"progress","sessionId":"s","timestamp":"2026-05-01T10:00:00Z","data":{{"message":{{"type":"assistant",{usage}}}}}}}"#
        )
    };
    env.write("p/s.jsonl", format!("{}\n{}\n{}", progress("1", 900), progress("2", 7), line("1", 10).with_newline()));
    assert_eq!(env.figures().total.output_tokens, 17);
}

#[test]
fn an_advisor_is_a_separate_message() {
    let env = TestEnv::new();
    let advised = r#"{"output_tokens":5,"iterations":[{"type":"message","output_tokens":5},{"type":"advisor_message","model":"big","output_tokens":70}]}"#;
    let plain = line("1", 5).with_newline();
    env.write("p/s.jsonl", plain.replace(r#"{"input_tokens":0,"output_tokens":5}"#, advised));
    let figures = env.figures();
    let models: Vec<_> = figures.models.iter().map(|row| (row.model.as_str(), row.totals.output_tokens)).collect();
    assert_eq!((models, figures.total.message_count), (vec![("big", 70), ("opus", 5)], 2));
}

#[test]
fn a_synthetic_answer_is_skipped_and_reported() {
    let env = TestEnv::new();
    env.write("p/s.jsonl", line("1", 5).with_newline() + &line("2", 90).with_newline().replace("opus", "<synthetic>"));
    let running = env.start();
    running.sync();
    assert_eq!(running.total().output_tokens, 5);
    assert_eq!(skip_counts(&running.health()), [(SkipReason::Synthetic, 1)]);
    running.stop();
}

#[test]
fn a_copied_session_adds_nothing() {
    let env = TestEnv::new();
    let lines = line("1", 5).with_newline() + &line("2", 6).with_newline();
    env.write("p/s.jsonl", &lines);
    let alone = env.figures();
    env.write("p/s.bak.jsonl", &lines);
    env.write("q/fork.jsonl", lines + &line("3", 7).with_newline());
    let figures = env.figures();
    assert_eq!(figures.total.output_tokens, alone.total.output_tokens + 7);
    assert_eq!(figures.total.message_count, 3);
}

#[test]
fn a_message_belongs_to_its_earliest_line_in_any_read_order() {
    let at = |minute, session| crate::harness::Line { minute, session, ..line("1", 5) }.with_newline();
    for places in [["a", "b"], ["b", "a"]] {
        let env = TestEnv::new();
        env.write(&format!("p/{}.jsonl", places[0]), at(600, "late"));
        env.figures();
        env.write(&format!("p/{}.jsonl", places[1]), at(0, "early"));
        let figures = env.figures();
        assert_eq!(figures.outputs()["early"], 5);
        assert_eq!(figures.days.len(), 1, "nothing is left on the later day");
    }
}

#[test]
fn a_folder_with_two_names_is_searched_once() {
    let env = TestEnv::new();
    env.write("p/s.jsonl", line("1", 5).with_newline());
    let mut sources = env.sources();
    let (folder, inner) = (env.outside("claude"), env.projects());
    let both = format!("{}, {}", folder.display(), inner.display());
    sources.environment.insert("claude_config_dirs", both);
    assert_eq!(sources.resolve().claude_config_dirs.len(), 2);
    let engine =
        token_monitor_engine::Engine::start(sources, token_monitor_engine::EngineMode::OnDemand).expect("it starts");
    let handle = engine.handle();
    let ask = |ask| futures_lite::future::block_on(handle.request(ask)).expect("it answers");
    ask(token_monitor_engine::Request::Sync);
    let token_monitor_engine::Response::Health(health) = ask(token_monitor_engine::Request::Health) else {
        panic!("health")
    };
    assert_eq!((health.roots.len(), health.logs, health.messages), (1, 1, 1));
    engine.stop().expect("it stops");
}
