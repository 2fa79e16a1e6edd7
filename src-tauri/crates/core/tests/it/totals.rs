//! The totals of sessions, days, blocks and models agree with the overall total.

use std::collections::BTreeSet;

use chrono_tz::{Asia, Tz};
use proptest::prelude::*;
use token_monitor_core::blocks::{BlockPlacement, BlockPlacer};
use token_monitor_core::ledger::DailySums;
use token_monitor_core::time::Timestamp;
use token_monitor_core::tokens::UsageSum;
use token_monitor_test_support::property_cases;

use crate::harness::TestLedger;
use crate::reference_model::{Line, arbitrary_lines};

/// Returns the total computed from sessions and models, from days, from blocks, and from single messages.
fn total_by_each_grouping(test: &mut TestLedger, zone: Tz, anchor: BlockPlacement) -> Vec<UsageSum> {
    let (mut days, mut blocks) = (DailySums::new(zone), BlockPlacer::new(anchor, &[]));
    for (key, bucket) in test.buckets() {
        days.add(key, &bucket.sum);
        blocks.add_bucket(key, bucket);
    }
    let mut messages = UsageSum::default();
    for message in test.messages().clone().values() {
        messages.add(&message.contribution(&test.ledger.pricing, &test.ledger.names).priced);
    }
    let sessions = test.ledger.sessions.values().flat_map(|session| session.models.iter()).map(|(_, sum)| sum).sum();
    vec![sessions, days.into_sums().values().sum(), blocks.finish().iter().map(|block| &block.sum).sum(), messages]
}

/// Returns the usage of subagents, computed from their runs and from single messages.
fn subagent_totals(test: &mut TestLedger) -> [UsageSum; 2] {
    let runs = test.runs().values().map(|run| &run.sum).sum();
    let mut messages = UsageSum::default();
    for message in test.messages().clone().values() {
        let contribution = message.contribution(&test.ledger.pricing, &test.ledger.names);
        if contribution.run.is_some() {
            messages.add(&contribution.priced);
        }
    }
    [runs, messages]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(property_cases(150)) })]

    #[test]
    fn sessions_days_blocks_and_models_each_add_up_to_the_total(
        lines in arbitrary_lines(),
        zone in prop::sample::select(vec![Tz::UTC, Asia::Kathmandu, Tz::Australia__Lord_Howe, Tz::Pacific__Kiritimati]),
        anchor in prop::sample::select(vec![BlockPlacement::Estimate, BlockPlacement::Utc]),
    ) {
        let mut test = TestLedger::default();
        for line in &lines {
            test.count_line(line);
            let total = test.ledger.total;
            for sum in total_by_each_grouping(&mut test, zone, anchor) {
                prop_assert_eq!(sum, total);
            }
            let [runs, messages] = subagent_totals(&mut test);
            prop_assert_eq!(runs, messages);
        }
    }

    #[test]
    fn sums_only_decrease_when_the_main_conversation_replaces_a_sidechain(lines in arbitrary_lines()) {
        let mut test = TestLedger::default();
        let mut in_main = BTreeSet::new();
        // Messages that turn out to be copies of each other are counted twice before.
        for line in lines.into_iter().map(|line| Line { copy_key: None, ..line }) {
            let before = test.ledger.total;
            test.count_line(&line);
            let after = test.ledger.total;
            let replaces = !line.side && in_main.insert(line.key);
            let decreased = before.tokens.to_array().iter().zip(after.tokens.to_array()).any(|(before, after)| *before > after);
            prop_assert!(after.messages >= before.messages);
            prop_assert!(replaces || !decreased, "{before:?} became {after:?}");
        }
    }

    #[test]
    fn blocks_do_not_overlap_and_contain_their_messages(
        lines in arbitrary_lines(), anchor in prop::sample::select(vec![BlockPlacement::Estimate, BlockPlacement::Utc]),
    ) {
        let mut test = TestLedger::with_lines(&lines);
        let mut blocks = BlockPlacer::new(anchor, &[]);
        let times: Vec<Timestamp> = test.buckets().iter().flat_map(|(key, bucket)| {
            blocks.add_bucket(key, bucket);
            bucket.offsets.iter().map(|offset| offset.to_timestamp(key.slot)).collect::<Vec<_>>()
        }).collect();
        let blocks = blocks.finish();
        prop_assert!(blocks.windows(2).all(|pair| pair[0].edges.end <= pair[1].edges.start));
        for when in times {
            prop_assert_eq!(blocks.iter().filter(|block| block.contains(when)).count(), 1);
        }
    }
}

#[test]
fn a_copied_line_adds_nothing() {
    let line = Line::main(1, 0, 5);
    let copy = Line { log: "/p/b", session: "b", ..Line::main(1, 10, 5) };
    let mut test = TestLedger::with_lines(&[line, copy]);
    let summary = test.summary();
    assert_eq!((summary.total.0[1], summary.total.1), (5, 1));
    assert!(summary.sessions["b"].models.is_empty(), "the session of the copy is listed without usage");
}
