//! Which files and which lines count, and to whom.

use crate::world::{World, line, skipped};
use token_monitor_core::transcript::Reason;

#[test]
fn a_workflow_journal_is_no_log() {
    let world = World::new();
    world.write("p/s.jsonl", line("1", 1).ended());
    world.write("p/s/workflows/w/journal.jsonl", line("2", 100).ended());
    world.write("p/notes.json", line("3", 100).ended());
    assert_eq!(world.figures().total.output_tokens, 1);
}

#[test]
fn what_lies_below_a_session_belongs_to_it() {
    let world = World::new();
    let nameless = |id, output| line(id, output).ended().replace("\"sessionId\":\"s\",", "");
    world.write("p/s.jsonl", nameless("1", 1));
    world.write("p/s/subagents/agent-1.jsonl", nameless("2", 20));
    world.write("p/s/workflows/w/agents/agent-2.jsonl", nameless("3", 300));
    world.write("p/t/subagents/agent-3.jsonl", line("4", 4000).ended());
    let figures = world.figures();
    assert_eq!(figures.outputs().into_iter().collect::<Vec<_>>(), [("s", 4321)], "a line's own word comes first");
}

#[test]
fn a_progress_line_counts_where_nothing_else_is_known() {
    let world = World::new();
    let progress = |id: &str, output: u64| {
        let usage = format!(r#""message":{{"id":"msg_{id}","model":"m","usage":{{"output_tokens":{output}}}}}"#);
        format!(
            r#"{{"type":"progress","sessionId":"s","timestamp":"2026-05-01T10:00:00Z","data":{{"message":{{"type":"assistant",{usage}}}}}}}"#
        )
    };
    world.write("p/s.jsonl", format!("{}\n{}\n{}", progress("1", 900), progress("2", 7), line("1", 10).ended()));
    assert_eq!(world.figures().total.output_tokens, 17);
}

#[test]
fn an_advisor_is_a_message_of_its_own() {
    let world = World::new();
    let advised = r#"{"output_tokens":5,"iterations":[{"type":"message","output_tokens":5},{"type":"advisor_message","model":"big","output_tokens":70}]}"#;
    let plain = line("1", 5).ended();
    world.write("p/s.jsonl", plain.replace(r#"{"input_tokens":0,"output_tokens":5}"#, advised));
    let figures = world.figures();
    let models: Vec<_> = figures.models.iter().map(|row| (row.model.as_str(), row.totals.output_tokens)).collect();
    assert_eq!((models, figures.total.message_count), (vec![("big", 70), ("opus", 5)], 2));
}

#[test]
fn a_synthetic_answer_is_skipped_and_told() {
    let world = World::new();
    world.write("p/s.jsonl", line("1", 5).ended() + &line("2", 90).ended().replace("opus", "<synthetic>"));
    let running = world.start();
    running.catch_up();
    assert_eq!(running.total().output_tokens, 5);
    assert_eq!(skipped(&running.health()), [(Reason::Synthetic, 1)]);
    running.stop();
}

#[test]
fn a_copied_session_adds_nothing() {
    let world = World::new();
    let lines = line("1", 5).ended() + &line("2", 6).ended();
    world.write("p/s.jsonl", &lines);
    let alone = world.figures();
    world.write("p/s.bak.jsonl", &lines);
    world.write("q/fork.jsonl", lines + &line("3", 7).ended());
    let figures = world.figures();
    assert_eq!(figures.total.output_tokens, alone.total.output_tokens + 7);
    assert_eq!(figures.total.message_count, 3);
}

#[test]
fn a_message_is_that_of_its_earliest_line_in_whatever_order_the_logs_are_read() {
    let at = |minute, session| crate::world::Line { minute, session, ..line("1", 5) }.ended();
    for places in [["a", "b"], ["b", "a"]] {
        let world = World::new();
        world.write(&format!("p/{}.jsonl", places[0]), at(600, "late"));
        world.figures();
        world.write(&format!("p/{}.jsonl", places[1]), at(0, "early"));
        let figures = world.figures();
        assert_eq!(figures.outputs()["early"], 5);
        assert_eq!(figures.days.len(), 1, "nothing is left on the later day");
    }
}

#[test]
fn two_names_for_one_folder_are_one_folder() {
    let world = World::new();
    world.write("p/s.jsonl", line("1", 5).ended());
    let mut layers = world.layers();
    let (folder, inner) = (world.outside("claude"), world.projects());
    let both = format!("{}, {}", folder.display(), inner.display());
    layers.environment.insert("claude_config_dirs", both);
    assert_eq!(layers.settle().claude_config_dirs.len(), 2);
    let engine =
        token_monitor_engine::Engine::start(layers, token_monitor_engine::Conduct::OnDemand).expect("it starts");
    let handle = engine.handle();
    let ask = |ask| futures_lite::future::block_on(handle.ask(ask)).expect("it answers");
    ask(token_monitor_engine::Ask::CatchUp);
    let token_monitor_engine::Answer::Health(health) = ask(token_monitor_engine::Ask::Health) else { panic!("health") };
    assert_eq!((health.roots.len(), health.logs, health.messages), (1, 1, 1));
    engine.stop().expect("it stops");
}
