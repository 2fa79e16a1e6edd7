//! A reference implementation of the counting rules over a list of lines: slow, simple, and sharing no code with the
//! ledger.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use token_monitor_core::pricing::BillingTerms;

use crate::harness::{LedgerSummary, MessageRow, SessionRow};

/// A generated log line.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) key: u128,
    pub(crate) copy_key: Option<u128>,
    pub(crate) usage: [u64; 7],
    pub(crate) model: &'static str,
    pub(crate) terms: u8,
    pub(crate) reported_cost: Option<u64>,
    pub(crate) under_logged: bool,
    pub(crate) run: Option<&'static str>,
    pub(crate) side: bool,
    pub(crate) when: i64,
    pub(crate) has_old_session: bool,
    pub(crate) foreign_session: bool,
    pub(crate) log: &'static str,
    pub(crate) session: &'static str,
    pub(crate) project: Option<&'static str>,
    pub(crate) copied_into: Option<&'static str>,
}

/// 2026-05-01T10:00:00Z, the start of a five-minute slot.
pub(crate) const START: i64 = 1_777_629_600_000_000;

impl Line {
    /// Creates a line in the main conversation of session `a`, at `when` microseconds after [`START`].
    pub(crate) fn main(key: u128, when: i64, output: u64) -> Self {
        let usage = [0, output, 0, 0, 0, 0, 0];
        Self {
            key,
            copy_key: None,
            usage,
            model: "claude-opus-5",
            terms: 0,
            reported_cost: None,
            under_logged: false,
            run: None,
            side: false,
            when: START + when,
            has_old_session: false,
            foreign_session: false,
            log: "/p/a",
            session: "a",
            project: None,
            copied_into: None,
        }
    }

    /// Creates a line of a subagent of session `a`.
    pub(crate) fn side(key: u128, when: i64, output: u64) -> Self {
        Self { side: true, ..Self::main(key, when, output) }
    }
}

/// Generates lines that interact: few messages and logs, and times near the edges of slots, hours and days.
pub(crate) fn arbitrary_lines() -> impl Strategy<Value = Vec<Line>> {
    let slot =
        prop::sample::select(vec![0, 1, 12, 60, 288].into_iter().map(|slot| slot * 300_000_000).collect::<Vec<i64>>());
    let when = (slot, prop::sample::select(vec![-1, 0, 1, 299_999_999])).prop_map(|(slot, step)| START + slot + step);
    let counts = prop::array::uniform7(prop_oneof![Just(0), Just(7), 0..1000_u64]);
    let model = prop::sample::select(vec!["claude-haiku-4-5", "claude-opus-5", "glm-4.7"]);
    let log = prop::sample::select(vec!["/p/a", "/p/b", "/q/a"]);
    let session = prop::sample::select(vec!["a", "b", "c"]);
    let project = prop::sample::select(vec![None, Some("/home/x"), Some("/home/y")]);
    let reported_cost = prop::sample::select(vec![None, Some(0), Some(7_000_000)]);
    let run = prop::sample::select(vec![None, Some("x"), Some("wf/y")]);
    let properties = (model, 0..12_u8, reported_cost, any::<bool>(), run);
    let location = (any::<bool>(), any::<bool>(), log, session, project);
    let keys = (0..5_u128, prop::option::of(0..4_u128));
    let line = (keys, counts, properties, any::<bool>(), when, location).prop_map(
        |(
            (key, copy_key),
            usage,
            (model, terms, reported_cost, under_logged, run),
            side,
            when,
            (has_old_session, foreign_session, log, session, project),
        )| Line {
            // Keys are hashes, so their high bits must differ.
            key: key << 64 | key,
            // A message either has second keys on all of its lines or on none.
            copy_key: (key > 1).then(|| copy_key.map_or(key << 64 | key, |copy| (copy + 100) << 64 | copy)),
            usage,
            model,
            terms,
            reported_cost,
            under_logged,
            run,
            side,
            when,
            has_old_session,
            foreign_session,
            log,
            session,
            project,
            copied_into: None,
        },
    );
    prop::collection::vec(line, 1..24)
}

/// Counts the lines by the rules.
pub(crate) fn count_lines(lines: &[Line]) -> LedgerSummary {
    let mut summary = LedgerSummary::default();
    let mut messages: BTreeMap<u128, Vec<&Line>> = BTreeMap::new();
    for line in lines {
        messages.entry(message_of(line, lines)).or_default().push(line);
        record_activity(&mut summary, line);
    }
    for (key, lines) in messages {
        let row = merge_lines(&lines);
        summary.add(key, row);
    }
    summary
}

/// Returns the smallest first key among the lines that are connected with a line by shared keys.
fn message_of(line: &Line, lines: &[Line]) -> u128 {
    let (mut keys, mut copy_keys) = (BTreeSet::from([line.key]), BTreeSet::from_iter(line.copy_key));
    loop {
        let before = (keys.len(), copy_keys.len());
        for other in lines.iter().filter(|other| other.copy_key.is_some()) {
            let is_connected =
                keys.contains(&other.key) || other.copy_key.is_some_and(|copy_key| copy_keys.contains(&copy_key));
            if is_connected {
                keys.insert(other.key);
                copy_keys.extend(other.copy_key);
            }
        }
        if before == (keys.len(), copy_keys.len()) {
            return *keys.first().expect("the key of the line");
        }
    }
}

/// Merges the lines of one message: those of the main conversation if there are any, otherwise those of sidechains.
fn merge_lines(lines: &[&Line]) -> MessageRow {
    let has_main = lines.iter().any(|line| !line.side);
    let reports: Vec<_> = lines.iter().filter(|line| line.side != has_main).collect();
    let max_output = reports.iter().map(|line| line.usage[1]).max().expect("a message has a line");
    let first = lines
        .iter()
        .min_by_key(|line| (line.when, line.has_old_session, line.foreign_session, line.log, line.session, line.run));
    let first = first.expect("a message has a line");
    let terms = |line: &&Line| BillingTerms::from_byte(line.terms).expect("the byte is valid");
    MessageRow {
        when: first.when,
        session: first.session.to_owned(),
        model: reports
            .iter()
            .filter(|line| line.usage[1] == max_output)
            .map(|line| line.model)
            .min()
            .expect("a message has a line")
            .into(),
        terms: reports
            .iter()
            .filter(|line| line.usage[1] == max_output)
            .map(|line| terms(line))
            .max()
            .expect("a message has a line"),
        reported_cost: reports.iter().filter_map(|line| line.reported_cost).max(),
        under_logged: {
            let has_tokens = |line: &Line| [0, 1, 2, 4].iter().any(|&kind| line.usage[kind] > 0);
            let decisive = reports.iter().any(|line| has_tokens(line));
            reports.iter().filter(|line| has_tokens(line) == decisive).all(|line| line.under_logged)
        },
        run: first.run.map(str::to_owned),
        usage: std::array::from_fn(|i| reports.iter().map(|line| line.usage[i]).max().expect("a message has a line")),
    }
}

fn record_activity(summary: &mut LedgerSummary, line: &Line) {
    let row: &mut SessionRow = summary.sessions.entry(line.session.to_owned()).or_default();
    let (first, last) = row.span.unwrap_or((line.when, line.when));
    row.span = Some((first.min(line.when), last.max(line.when)));
    let candidate = line.project.map(|project| (line.when, project.to_owned()));
    row.project = row.project.take().into_iter().chain(candidate).min();
}
