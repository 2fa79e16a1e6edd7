//! The fear: the same logs, read in another order, twice, or with a restart in between, give other totals.

use proptest::prelude::*;
use token_monitor_core::time::Timestamp;
use token_monitor_core::transcript::{Title, TitleKind};

use crate::desk::{Desk, sighting};
use crate::plain::{Line, START, counted, lines};

/// What happens while lines are read.
#[derive(Clone, Debug)]
enum Step {
    Count(Line),
    Commit,
    Reopen,
}

/// Every line at least once, some more often, in any order, with commits and restarts anywhere.
fn readings() -> impl Strategy<Value = (Vec<Line>, Vec<Step>)> {
    lines().prop_flat_map(|lines| {
        let again = prop::collection::vec(prop::sample::select(lines.clone()), 0..12);
        let breaks = prop::collection::vec(prop::sample::select(vec![Step::Commit, Step::Reopen]), 0..6);
        let steps = (Just(lines.clone()), again, breaks).prop_map(|(lines, again, breaks)| {
            lines.into_iter().chain(again).map(Step::Count).chain(breaks).collect::<Vec<_>>()
        });
        (Just(lines), steps.prop_shuffle())
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(700) })]

    #[test]
    fn any_order_any_repetition_any_split_gives_the_same_ledger((lines, steps) in readings()) {
        let mut desk = Desk::default();
        for step in steps {
            match step {
                Step::Count(line) => desk.count(&line),
                Step::Commit => desk.commit(),
                Step::Reopen => desk.reopen(),
            }
        }
        prop_assert_eq!(desk.summary(), counted(&lines));
    }

    #[test]
    fn titles_come_out_the_same_in_any_order(
        titles in Just((0..6_u64).collect::<Vec<_>>()).prop_shuffle(), same_time: bool,
    ) {
        let mut desk = Desk::default();
        for at in titles {
            let when = (at > 0).then_some(Timestamp(if same_time { START } else { START + at as i64 / 2 }));
            let title = Title { session: "a", text: &format!("title {at}"), kind: TitleKind::Chosen, when, offset: at };
            desk.ledger.title(&title, &mut token_monitor_core::ledger::Batch::default());
        }
        let session = desk.ledger.sessions.values().next().expect("the session of the titles");
        prop_assert_eq!(session.title(), Some((TitleKind::Chosen, "title 5")), "the later one wins, by time and then by place");
    }
}

#[test]
fn a_message_that_turns_out_older_moves_its_bucket() {
    let (late, early) = (Line::main(1, 300_000_000, 5), Line { session: "b", ..Line::main(1, 0, 3) });
    let mut desk = Desk::after(std::slice::from_ref(&late));
    desk.reopen();
    desk.count(&early);
    let summary = desk.summary();
    let places: Vec<_> = summary
        .buckets
        .iter()
        .map(|((_, session, _), (tokens, marks))| (session.as_str(), tokens[1], marks.clone()))
        .collect();
    assert_eq!(places, [("b", 5, vec![START])], "it is the older line's, with the larger output, and nowhere else");
    assert_eq!(summary.sessions["a"].models.len(), 0, "nothing of it stays where it was");
}

#[test]
fn the_main_conversation_replaces_what_was_said_aside() {
    let mut desk = Desk::after(&[Line::side(1, 0, 900)]);
    assert_eq!(desk.ledger.total.tokens.total(), 900, "alone, it counts");
    desk.count(&Line::main(1, 1, 40));
    assert_eq!(desk.ledger.total.tokens.total(), 40, "even where the main conversation says less");
    desk.count(&Line::side(1, 2, 1000));
    assert_eq!((desk.ledger.total.tokens.total(), desk.ledger.total.messages), (40, 1));
}

#[test]
fn of_lines_at_the_same_time_the_one_at_home_and_then_the_smaller_path_decides() {
    let away = Line { away: true, session: "copy", log: "/a/copy", ..Line::main(1, 0, 1) };
    let home = Line { session: "home", log: "/z/home", ..Line::main(1, 0, 1) };
    let other = Line { session: "other", log: "/y/other", ..Line::main(1, 0, 1) };
    for lines in [[&away, &home, &other], [&other, &home, &away], [&home, &away, &other]] {
        let mut desk = Desk::after(&lines.map(Clone::clone));
        assert_eq!(desk.summary().messages[&1].session, "other");
    }
}

#[test]
fn the_line_with_the_most_output_names_the_model() {
    let named = |model, output| Line { model, ..Line::main(1, 0, output) };
    let lines = [named("sonnet", 5), named("opus", 9), named("haiku", 9), named("aaa", 1)];
    assert_eq!(Desk::after(&lines).summary().messages[&1].model, "haiku", "the smaller name on ties");
}

/// A shelf that cannot be read.
struct Broken;

impl token_monitor_core::ledger::LedgerLookup for Broken {
    type Error = ();

    fn message(&self, _: token_monitor_core::ledger::Key) -> Result<Option<token_monitor_core::ledger::Message>, ()> {
        Ok(None)
    }

    fn bucket(
        &self,
        _: token_monitor_core::ledger::BucketKey,
    ) -> Result<Option<token_monitor_core::ledger::Bucket>, ()> {
        Err(())
    }

    fn run(&self, _: token_monitor_core::ledger::RunKey) -> Result<Option<token_monitor_core::ledger::Run>, ()> {
        Ok(None)
    }
}

#[test]
fn a_shelf_that_fails_leaves_the_totals_as_they_were() {
    let mut desk = Desk::after(&[Line::main(1, 0, 5)]);
    let before = desk.summary();
    let sighting = sighting(&Line::main(2, 0, 7), &mut desk.ledger.names);
    let failed = desk.ledger.count(&sighting, &mut token_monitor_core::ledger::Batch::default(), &Broken);
    assert_eq!((failed, desk.summary()), (Err(()), before));
}
