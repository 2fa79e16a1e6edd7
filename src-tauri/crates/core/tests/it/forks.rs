//! Forks: copied lines belong to the session that made the call, and the totals that Claude Code reports for a fork are
//! compared with the fork's own calls.

use token_monitor_core::ledger::{Batch, ReportedTotals};
use token_monitor_core::money::Usd;
use token_monitor_core::time::Timestamp;

use crate::harness::TestLedger;
use crate::reference_model::{Line, START};

const SECOND: i64 = 1_000_000;

/// A line of session `parent` in its own log.
fn parent_line(key: u128, second: i64, output: u64) -> Line {
    Line { session: "parent", log: "/p/parent", ..Line::main(key, second * SECOND, output) }
}

/// The copy of a line of session `parent` in the log of session `fork`, whose path is the smaller one.
fn copied_line(key: u128, second: i64, output: u64) -> Line {
    let original = parent_line(key, second, output);
    Line { log: "/p/fork", foreign_session: true, copied_into: Some("fork"), ..original }
}

/// A line of session `fork`.
fn fork_line(key: u128, second: i64, output: u64) -> Line {
    Line { session: "fork", log: "/p/fork", ..Line::main(key, second * SECOND, output) }
}

/// Totals of some output whose counter started at a second.
fn totals(output: u64, start: Option<i64>) -> ReportedTotals {
    let start = start.map(|second| Timestamp(START + second * SECOND));
    ReportedTotals { cost: Usd(output), output, start, ..ReportedTotals::default() }
}

fn report(test: &mut TestLedger, session: &str, totals: ReportedTotals) {
    test.ledger.set_reported_totals(session, &totals, &mut Batch::default());
}

/// Returns the output tokens of a session that are not in the logs.
fn excess_output(test: &TestLedger, session: &str) -> Option<u128> {
    let id = test.ledger.names.sessions.get(session.as_bytes()).expect("the session is known");
    test.ledger.reported_excess(id).map(|excess| excess.output)
}

/// A parent with two messages, and a fork with copies of both and one message of its own.
fn forked_session() -> Vec<Line> {
    let copies = [copied_line(1, 10, 100), copied_line(2, 20, 50)];
    let own = [parent_line(1, 10, 100), parent_line(2, 20, 50), fork_line(3, 30, 7)];
    copies.into_iter().chain(own).collect()
}

#[test]
fn a_copied_line_belongs_to_the_session_that_made_the_call() {
    let mut lines = forked_session();
    for _ in 0..lines.len() {
        lines.rotate_left(1);
        let summary = TestLedger::with_lines(&lines).summary();
        let messages = |session: &str| summary.sessions[session].models.values().map(|sums| sums.1).sum::<u64>();
        assert_eq!((messages("parent"), messages("fork")), (2, 1));
        let start = |session: &str| summary.sessions[session].span.map(|(first, _)| first - START);
        assert_eq!((start("parent"), start("fork")), (Some(10 * SECOND), Some(30 * SECOND)));
    }
}

#[test]
fn a_copied_line_belongs_to_its_session_even_without_that_sessions_log() {
    let summary = TestLedger::with_lines(&[copied_line(1, 10, 100), fork_line(3, 30, 7)]).summary();
    assert_eq!(summary.messages[&1].session, "parent");
}

#[test]
fn the_folder_of_a_copy_is_used_only_if_there_is_no_other() {
    let copy = Line { project: Some("/home/a"), ..copied_line(1, 10, 100) };
    let own = Line { project: Some("/home/z"), ..parent_line(2, 20, 50) };
    let project = |lines: &[Line]| {
        let summary = TestLedger::with_lines(lines).summary();
        summary.sessions["parent"].project.clone().map(|(_, project)| project)
    };
    assert_eq!(project(std::slice::from_ref(&copy)).as_deref(), Some("/home/a"));
    for lines in [[copy.clone(), own.clone()], [own, copy]] {
        assert_eq!(project(&lines).as_deref(), Some("/home/z"));
    }
}

#[test]
fn a_session_of_the_old_rule_is_corrected_in_any_order() {
    let old = [1, 2].map(|key| Line {
        has_old_session: true,
        foreign_session: false,
        session: "fork",
        copied_into: None,
        ..copied_line(key, 10 * key as i64, 60)
    });
    let mut lines = forked_session();
    for _ in 0..lines.len() {
        lines.rotate_left(1);
        let mut test = TestLedger::with_lines(&old);
        test.reopen();
        assert_eq!(test.summary().messages[&1].session, "fork");
        let total = test.ledger.total.messages;
        lines.iter().for_each(|line| test.count_line(line));
        let summary = test.summary();
        assert_eq!(
            (summary.messages[&1].session.as_str(), summary.messages[&2].session.as_str()),
            ("parent", "parent")
        );
        assert_eq!(summary.messages[&3].session, "fork");
        assert_eq!(test.ledger.total.messages, total + 1, "only the fork's own message is new");
    }
}

#[test]
fn a_corrected_fork_starts_with_its_own_first_message() {
    let old = Line { has_old_session: true, foreign_session: false, session: "fork", ..copied_line(1, 10, 100) };
    let mut test = TestLedger::with_lines(&[Line { copied_into: None, ..old }]);
    forked_session().iter().for_each(|line| test.count_line(line));
    let [fork, parent] = ["fork", "parent"].map(|name| test.ledger.names.sessions.get(name.as_bytes()).expect("known"));
    let start = |test: &TestLedger, id| test.ledger.sessions[&id].span.map(|(first, _)| first.0 - START);
    assert_eq!(start(&test, fork), Some(10 * SECOND));
    let starts = test.messages().values().map(|message| (message.first.session, message.first.when)).collect();
    test.ledger.correct_fork_starts(&starts, &mut Batch::default());
    assert_eq!((start(&test, fork), start(&test, parent)), (Some(30 * SECOND), Some(10 * SECOND)));
}

#[test]
fn the_totals_that_a_fork_continues_are_subtracted() {
    let mut test = TestLedger::with_lines(&forked_session());
    report(&mut test, "parent", totals(150, Some(5)));
    report(&mut test, "fork", totals(157, Some(5)));
    assert_eq!((excess_output(&test, "parent"), excess_output(&test, "fork")), (None, None));
    report(&mut test, "parent", totals(170, Some(5)));
    report(&mut test, "fork", totals(181, Some(5)));
    assert_eq!((excess_output(&test, "parent"), excess_output(&test, "fork")), (Some(20), Some(4)));
}

#[test]
fn totals_that_start_with_a_branch_are_compared_with_its_own_messages() {
    let mut test = TestLedger::with_lines(&forked_session());
    report(&mut test, "fork", totals(9, Some(25)));
    assert_eq!(excess_output(&test, "fork"), Some(2));
}

#[test]
fn the_totals_of_a_fork_of_a_fork_are_compared_with_its_own_messages() {
    let mut lines = forked_session();
    let second = |line: Line| Line { log: "/p/again", foreign_session: true, copied_into: Some("again"), ..line };
    lines.extend([second(parent_line(1, 10, 100)), second(fork_line(3, 30, 7))]);
    lines.push(Line { session: "again", log: "/p/again", ..Line::main(4, 40 * SECOND, 5) });
    let mut test = TestLedger::with_lines(&lines);
    report(&mut test, "parent", totals(150, Some(5)));
    report(&mut test, "fork", totals(160, Some(5)));
    report(&mut test, "again", totals(166, Some(5)));
    assert_eq!((excess_output(&test, "fork"), excess_output(&test, "again")), (Some(3), Some(1)));
}

#[test]
fn an_uncertain_excess_of_a_fork_is_not_reported() {
    type Step<'a> = &'a dyn Fn(&mut TestLedger);
    let cases: [(&str, Step<'_>); 5] = [
        ("the totals have no start", &|test| {
            report(test, "parent", totals(150, None));
            report(test, "fork", totals(500, None));
        }),
        ("the parent reported no totals", &|test| report(test, "fork", totals(500, Some(5)))),
        ("the parent's counter was started again", &|test| {
            report(test, "parent", totals(150, Some(6)));
            report(test, "fork", totals(500, Some(5)));
        }),
        ("the parent went on after the fork", &|test| {
            test.count_line(&parent_line(9, 60, 40));
            report(test, "parent", totals(190, Some(5)));
            report(test, "fork", totals(500, Some(5)));
        }),
        ("the parent's totals do not include its messages", &|test| {
            report(test, "parent", totals(120, Some(5)));
            report(test, "fork", totals(500, Some(5)));
        }),
    ];
    for (name, prepare) in cases {
        let mut test = TestLedger::with_lines(&forked_session());
        prepare(&mut test);
        assert_eq!(excess_output(&test, "fork"), None, "{name}");
    }
}

#[test]
fn two_sessions_with_one_counter_and_no_marked_copies_have_no_certain_excess() {
    let mut test = TestLedger::with_lines(&[parent_line(1, 10, 100), fork_line(3, 30, 7)]);
    report(&mut test, "parent", totals(150, Some(5)));
    assert_eq!(excess_output(&test, "parent"), Some(50));
    report(&mut test, "fork", totals(157, Some(5)));
    assert_eq!((excess_output(&test, "parent"), excess_output(&test, "fork")), (None, None));
    test.reopen();
    report(&mut test, "fork", totals(158, Some(5)));
    assert_eq!(excess_output(&test, "fork"), None);
}

#[test]
fn copies_of_an_id_that_is_local_to_a_session_are_one_message() {
    let line =
        |key, uuid: u128, session, log| Line { copy_key: Some(uuid << 64), session, log, ..Line::main(key, 0, 40) };
    // Two lines of one answer, and their copies in two other sessions.
    let lines = [
        line(1 << 64, 101, "a", "/p/a"),
        line(1 << 64, 102, "a", "/p/a"),
        line(2 << 64, 101, "b", "/p/b"),
        line(2 << 64, 102, "b", "/p/b"),
        line(3 << 64, 102, "c", "/p/c"),
    ];
    let mut order = lines.to_vec();
    for step in 1..=lines.len() {
        order.rotate_left(step % 3 + 1);
        order.swap(0, step % 5);
        for reopens in [false, true] {
            let mut test = TestLedger::default();
            for line in &order {
                test.count_line(line);
                if reopens {
                    test.reopen();
                }
            }
            assert_eq!((test.ledger.total.messages, test.ledger.total.tokens.total()), (1, 40));
            let summary = test.summary();
            assert_eq!(summary.messages[&(1 << 64)].session, "a");
            assert_eq!((summary.sessions["b"].models.len(), summary.messages.len()), (0, 1));
        }
    }
}
