//! The totals do not depend on the order of the lines, on repetitions, or on commits and restarts in between.

use proptest::prelude::*;
use token_monitor_core::time::Timestamp;
use token_monitor_core::transcript::{Title, TitleKind};
use token_monitor_test_support::property_cases;

use crate::harness::{TestLedger, observe};
use crate::reference_model::{Line, START, arbitrary_lines, count_lines};

/// An action while lines are counted.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "a few actions per test case")]
enum Action {
    Count(Line),
    Commit,
    Reopen,
}

/// Generates lines, and actions that count each line at least once in any order, with commits and restarts.
fn arbitrary_actions() -> impl Strategy<Value = (Vec<Line>, Vec<Action>)> {
    arbitrary_lines().prop_flat_map(|lines| {
        let repetitions = prop::collection::vec(prop::sample::select(lines.clone()), 0..12);
        let breaks = prop::collection::vec(prop::sample::select(vec![Action::Commit, Action::Reopen]), 0..6);
        let actions = (Just(lines.clone()), repetitions, breaks).prop_map(|(lines, repetitions, breaks)| {
            lines.into_iter().chain(repetitions).map(Action::Count).chain(breaks).collect::<Vec<_>>()
        });
        (Just(lines), actions.prop_shuffle())
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(property_cases(700)) })]

    #[test]
    fn order_repetitions_and_restarts_do_not_change_the_ledger((lines, actions) in arbitrary_actions()) {
        let mut test = TestLedger::default();
        for action in actions {
            match action {
                Action::Count(line) => test.count_line(&line),
                Action::Commit => test.commit(),
                Action::Reopen => test.reopen(),
            }
        }
        prop_assert_eq!(test.summary(), count_lines(&lines));
    }

    #[test]
    fn the_order_of_titles_does_not_matter(
        titles in Just((0..6_u64).collect::<Vec<_>>()).prop_shuffle(), same_time: bool,
    ) {
        let mut test = TestLedger::default();
        for at in titles {
            let when = (at > 0).then_some(Timestamp(if same_time { START } else { START + at as i64 / 2 }));
            let title = Title { session: "a", text: &format!("title {at}"), kind: TitleKind::Custom, when, offset: at };
            test.ledger.set_title(&title, &mut token_monitor_core::ledger::Batch::default());
        }
        let session = test.ledger.sessions.values().next().expect("the session of the titles");
        prop_assert_eq!(session.best_title(), Some((TitleKind::Custom, "title 5")), "the later title is used, by time and then by position");
    }
}

#[test]
fn an_earlier_line_moves_a_message_to_another_bucket() {
    let (late, early) = (Line::main(1, 300_000_000, 5), Line { session: "b", ..Line::main(1, 0, 3) });
    let mut test = TestLedger::with_lines(std::slice::from_ref(&late));
    test.reopen();
    test.count_line(&early);
    let summary = test.summary();
    let buckets: Vec<_> = summary
        .buckets
        .iter()
        .map(|((_, session, _), (tokens, times))| (session.as_str(), tokens[1], times.clone()))
        .collect();
    assert_eq!(
        buckets,
        [("b", 5, vec![START])],
        "the message is only in the bucket of the earlier line, with the larger output"
    );
    assert_eq!(summary.sessions["a"].models.len(), 0, "the old bucket is empty");
}

#[test]
fn the_main_conversation_replaces_a_sidechain() {
    let mut test = TestLedger::with_lines(&[Line::side(1, 0, 900)]);
    assert_eq!(test.ledger.total.tokens.total(), 900, "a sidechain alone counts");
    test.count_line(&Line::main(1, 1, 40));
    assert_eq!(test.ledger.total.tokens.total(), 40, "even if the main conversation has less output");
    test.count_line(&Line::side(1, 2, 1000));
    assert_eq!((test.ledger.total.tokens.total(), test.ledger.total.messages), (40, 1));
}

#[test]
fn ties_in_time_are_broken_by_the_file_session_and_then_by_path() {
    let foreign = Line { foreign_session: true, session: "copy", log: "/a/copy", ..Line::main(1, 0, 1) };
    let home = Line { session: "home", log: "/z/home", ..Line::main(1, 0, 1) };
    let other = Line { session: "other", log: "/y/other", ..Line::main(1, 0, 1) };
    for lines in [[&foreign, &home, &other], [&other, &home, &foreign], [&home, &foreign, &other]] {
        let mut test = TestLedger::with_lines(&lines.map(Clone::clone));
        assert_eq!(test.summary().messages[&1].session, "other");
    }
}

#[test]
fn the_line_with_the_most_output_decides_the_model() {
    let named = |model, output| Line { model, ..Line::main(1, 0, output) };
    let lines = [named("sonnet", 5), named("opus", 9), named("haiku", 9), named("aaa", 1)];
    assert_eq!(
        TestLedger::with_lines(&lines).summary().messages[&1].model,
        "haiku",
        "the smaller name is used on ties"
    );
}

/// A lookup whose buckets cannot be read.
struct FailingLookup;

impl token_monitor_core::ledger::LedgerLookup for FailingLookup {
    type Error = ();

    fn find_message(
        &self,
        _: token_monitor_core::ledger::MessageKey,
    ) -> Result<Option<token_monitor_core::ledger::Message>, ()> {
        Ok(None)
    }

    fn find_alias(
        &self,
        _: token_monitor_core::ledger::MessageKey,
    ) -> Result<Option<token_monitor_core::ledger::MessageKey>, ()> {
        Ok(None)
    }

    fn find_bucket(
        &self,
        _: token_monitor_core::ledger::BucketKey,
    ) -> Result<Option<token_monitor_core::ledger::Bucket>, ()> {
        Err(())
    }

    fn find_run(
        &self,
        _: token_monitor_core::ledger::SubagentRunKey,
    ) -> Result<Option<token_monitor_core::ledger::SubagentRun>, ()> {
        Ok(None)
    }
}

#[test]
fn a_failed_lookup_does_not_change_the_totals() {
    let mut test = TestLedger::with_lines(&[Line::main(1, 0, 5)]);
    let before = test.summary();
    let observation = observe(&Line::main(2, 0, 7), &mut test.ledger.names);
    let failed =
        test.ledger.count_message(&observation, &mut token_monitor_core::ledger::Batch::default(), &FailingLookup);
    assert_eq!((failed, test.summary()), (Err(()), before));
}
