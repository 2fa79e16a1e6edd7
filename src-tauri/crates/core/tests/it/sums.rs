//! The fear: the session list, the days, the blocks and the models disagree with the total.

use std::collections::BTreeSet;

use chrono_tz::{Asia, Tz};
use proptest::prelude::*;
use token_monitor_core::blocks::{Anchor, Blocks};
use token_monitor_core::time::{Timestamp, calendar};
use token_monitor_core::tokens::Sum;

use crate::desk::Desk;
use crate::plain::{Line, lines};

/// The total by sessions and models, by days, by blocks, and by messages one by one: tokens, dollars and all.
fn totals(desk: &mut Desk, zone: Tz, anchor: Anchor) -> Vec<Sum> {
    let (mut days, mut blocks) = (calendar::ByDay::new(zone), Blocks::new(anchor, &[]));
    for (key, bucket) in desk.buckets() {
        days.add(key, &bucket.sum);
        blocks.add(key, bucket);
    }
    let mut messages = Sum::default();
    for message in desk.messages().clone().values() {
        messages.add(&message.share(&desk.ledger.pricing, &desk.ledger.names).charge);
    }
    let sessions = desk.ledger.sessions.values().flat_map(|session| session.models.values()).sum();
    vec![sessions, days.finish().1, blocks.finish().iter().map(|block| &block.sum).sum(), messages]
}

/// What the subagents used, by their runs and by messages one by one.
fn aside(desk: &mut Desk) -> [Sum; 2] {
    let runs = desk.runs().values().map(|run| &run.sum).sum();
    let mut messages = Sum::default();
    for message in desk.messages().clone().values() {
        let share = message.share(&desk.ledger.pricing, &desk.ledger.names);
        if share.run.is_some() {
            messages.add(&share.charge);
        }
    }
    [runs, messages]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(150) })]

    #[test]
    fn sessions_days_blocks_and_models_each_add_up_to_the_total(
        lines in lines(),
        zone in prop::sample::select(vec![Tz::UTC, Asia::Kathmandu, Tz::Australia__Lord_Howe, Tz::Pacific__Kiritimati]),
        anchor in prop::sample::select(vec![Anchor::Estimate, Anchor::Utc]),
    ) {
        let mut desk = Desk::default();
        for line in &lines {
            desk.count(line);
            let total = desk.ledger.total;
            for sum in totals(&mut desk, zone, anchor) {
                prop_assert_eq!(sum, total);
            }
            let [runs, messages] = aside(&mut desk);
            prop_assert_eq!(runs, messages);
        }
    }

    #[test]
    fn no_sum_falls_unless_the_main_conversation_replaces_what_was_said_aside(lines in lines()) {
        let mut desk = Desk::default();
        let mut in_main = BTreeSet::new();
        for line in &lines {
            let before = desk.ledger.total;
            desk.count(line);
            let after = desk.ledger.total;
            let replaces = !line.side && in_main.insert(line.key);
            let fell = before.tokens.fields().iter().zip(after.tokens.fields()).any(|(before, after)| *before > after);
            prop_assert!(after.messages >= before.messages);
            prop_assert!(replaces || !fell, "{before:?} became {after:?}");
        }
    }

    #[test]
    fn blocks_never_overlap_and_hold_their_messages(
        lines in lines(), anchor in prop::sample::select(vec![Anchor::Estimate, Anchor::Utc]),
    ) {
        let mut desk = Desk::after(&lines);
        let mut blocks = Blocks::new(anchor, &[]);
        let marks: Vec<Timestamp> = desk.buckets().iter().flat_map(|(key, bucket)| {
            blocks.add(key, bucket);
            bucket.marks.iter().map(|mark| mark.in_slot(key.slot)).collect::<Vec<_>>()
        }).collect();
        let blocks = blocks.finish();
        prop_assert!(blocks.windows(2).all(|pair| pair[0].edges.end <= pair[1].edges.start));
        for when in marks {
            prop_assert_eq!(blocks.iter().filter(|block| block.contains(when)).count(), 1);
        }
    }
}

#[test]
fn a_copy_adds_nothing() {
    let line = Line::main(1, 0, 5);
    let copy = Line { log: "/p/b", session: "b", ..Line::main(1, 10, 5) };
    let mut desk = Desk::after(&[line, copy]);
    let summary = desk.summary();
    assert_eq!((summary.total.0[1], summary.total.1), (5, 1));
    assert!(summary.sessions["b"].models.is_empty(), "the session of the copy is known, and has nothing");
}
