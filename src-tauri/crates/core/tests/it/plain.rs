//! The counting rule over a plain list of lines: slow, obvious, and sharing no code with the ledger.

use std::collections::BTreeMap;

use proptest::prelude::*;
use token_monitor_core::pricing::Terms;

use crate::desk::{Row, SessionRow, Summary};

/// One line as a test makes it up.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) key: u128,
    pub(crate) usage: [u64; 7],
    pub(crate) model: &'static str,
    pub(crate) terms: u8,
    pub(crate) reported: Option<u64>,
    pub(crate) under_logged: bool,
    pub(crate) run: Option<&'static str>,
    pub(crate) side: bool,
    pub(crate) when: i64,
    pub(crate) away: bool,
    pub(crate) log: &'static str,
    pub(crate) session: &'static str,
    pub(crate) project: Option<&'static str>,
}

/// 2026-05-01T10:00:00Z, the start of a five-minute slot.
pub(crate) const START: i64 = 1_777_629_600_000_000;

impl Line {
    /// A line in the main conversation of session `a`.
    pub(crate) fn main(key: u128, when: i64, output: u64) -> Self {
        let usage = [0, output, 0, 0, 0, 0, 0];
        Self {
            key,
            usage,
            model: "claude-opus-5",
            terms: 0,
            reported: None,
            under_logged: false,
            run: None,
            side: false,
            when: START + when,
            away: false,
            log: "/p/a",
            session: "a",
            project: None,
        }
    }

    /// A line of a subagent of session `a`.
    pub(crate) fn side(key: u128, when: i64, output: u64) -> Self {
        Self { side: true, ..Self::main(key, when, output) }
    }
}

/// Lines that meet each other: few messages, few places, instants around the edges of slots, hours and days.
pub(crate) fn lines() -> impl Strategy<Value = Vec<Line>> {
    let slot =
        prop::sample::select(vec![0, 1, 12, 60, 288].into_iter().map(|slot| slot * 300_000_000).collect::<Vec<i64>>());
    let when = (slot, prop::sample::select(vec![-1, 0, 1, 299_999_999])).prop_map(|(slot, step)| START + slot + step);
    let counts = prop::array::uniform7(prop_oneof![Just(0), Just(7), 0..1000_u64]);
    let model = prop::sample::select(vec!["claude-haiku-4-5", "claude-opus-5", "glm-4.7"]);
    let log = prop::sample::select(vec!["/p/a", "/p/b", "/q/a"]);
    let session = prop::sample::select(vec!["a", "b", "c"]);
    let project = prop::sample::select(vec![None, Some("/home/x"), Some("/home/y")]);
    let reported = prop::sample::select(vec![None, Some(0), Some(7_000_000)]);
    let run = prop::sample::select(vec![None, Some("x"), Some("wf/y")]);
    let about = (model, 0..12_u8, reported, any::<bool>(), run);
    let place = (any::<bool>(), log, session, project);
    let line = (0..5_u128, counts, about, any::<bool>(), when, place).prop_map(
        |(key, usage, (model, terms, reported, under_logged, run), side, when, (away, log, session, project))| Line {
            // Keys are hashes: their high bits differ.
            key: key << 64 | key,
            usage,
            model,
            terms,
            reported,
            under_logged,
            run,
            side,
            when,
            away,
            log,
            session,
            project,
        },
    );
    prop::collection::vec(line, 1..24)
}

/// What the lines amount to, by the rule.
pub(crate) fn counted(lines: &[Line]) -> Summary {
    let mut summary = Summary::default();
    let mut messages: BTreeMap<u128, Vec<&Line>> = BTreeMap::new();
    for line in lines {
        messages.entry(line.key).or_default().push(line);
        see(&mut summary, line);
    }
    for (key, lines) in messages {
        let row = message(&lines);
        summary.add(key, row);
    }
    summary
}

/// What one message's lines amount to: the main conversation if it is there, else what was said aside.
fn message(lines: &[&Line]) -> Row {
    let has_main = lines.iter().any(|line| !line.side);
    let told: Vec<_> = lines.iter().filter(|line| line.side != has_main).collect();
    let most = told.iter().map(|line| line.usage[1]).max().expect("a message has a line");
    let first = lines.iter().min_by_key(|line| (line.when, line.away, line.log, line.session, line.run));
    let first = first.expect("it has one");
    let terms = |line: &&Line| Terms::from_byte(line.terms).expect("each is a combination");
    Row {
        when: first.when,
        session: first.session.to_owned(),
        model: told
            .iter()
            .filter(|line| line.usage[1] == most)
            .map(|line| line.model)
            .min()
            .expect("it has one")
            .into(),
        terms: told.iter().filter(|line| line.usage[1] == most).map(|line| terms(line)).max().expect("it has one"),
        reported: told.iter().filter_map(|line| line.reported).max(),
        under_logged: told.iter().all(|line| line.under_logged),
        run: first.run.map(str::to_owned),
        usage: std::array::from_fn(|i| told.iter().map(|line| line.usage[i]).max().expect("it has one")),
    }
}

fn see(summary: &mut Summary, line: &Line) {
    let row: &mut SessionRow = summary.sessions.entry(line.session.to_owned()).or_default();
    let (first, last) = row.span.unwrap_or((line.when, line.when));
    row.span = Some((first.min(line.when), last.max(line.when)));
    let ran = line.project.map(|project| (line.when, project.to_owned()));
    row.project = row.project.take().into_iter().chain(ran).min();
}
