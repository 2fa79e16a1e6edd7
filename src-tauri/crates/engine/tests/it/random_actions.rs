//! Random sequences of writes, truncations, moves, restarts, kills and damage, compared with a reference model.
//!
//! The totals must be those of all lines that were in a log at any sync.

use std::collections::BTreeMap;
use std::fs;

use proptest::prelude::*;
use token_monitor_core::report::model::SessionChanges;
use token_monitor_engine::Request;
use token_monitor_test_support::property_cases;

use crate::harness::{Line, TestEngine, TestEnv, stamp};
use crate::reference_model::{self, LoggedLine};

/// The size of a page of the store.
const PAGE_BYTES: usize = 4096;

const PLACES: [&str; 5] = ["p/a.jsonl", "p/b.jsonl", "q/a.jsonl", "q/b.jsonl", "r/a.jsonl"];

#[derive(Clone, Debug)]
enum Action {
    /// Appends a line, after the rest of an unfinished one.
    Append(usize, Line),
    /// Appends the first part of a line.
    HalfLine(usize, Line, usize),
    /// Appends a line without finishing the previous one.
    Splice(usize, Line),
    /// Truncates a log to a percentage of its length.
    Truncate(usize, usize),
    /// Replaces a log by another file of the same name.
    Replace(usize, Vec<Line>),
    /// Overwrites a log in place.
    Rewrite(usize, Vec<Line>),
    Rename(usize, usize),
    Copy(usize, usize),
    Delete(usize),
    /// Replaces the tags of a session.
    Describe(&'static str, u8),
    CatchUp,
    Restart,
    /// Ends the process without closing the store.
    Kill,
    /// Damages a page of the store after a backup.
    Damage(usize),
}

fn session() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["a", "b", "c"])
}

fn line() -> impl Strategy<Value = Line> {
    let session = session();
    let model = prop::sample::select(vec!["opus", "sonnet"]);
    (0..12_u64, session, model, 0..600_i64, 0..50_u64, 0..500_u64, any::<u64>()).prop_map(
        |(id, session, model, minute, input, output, uuid)| {
            // A message is either always or never in a sidechain: if the main conversation replaces a sidechain, sums may fall.
            Line { id: id.to_string(), session, model, minute, side: id % 3 == 0, input, output, uuid }
        },
    )
}

fn action() -> impl Strategy<Value = Action> {
    let log = || 0..PLACES.len();
    prop_oneof![
        6 => (log(), line()).prop_map(|(log, line)| Action::Append(log, line)),
        3 => (log(), line(), 1..250_usize).prop_map(|(log, line, cut)| Action::HalfLine(log, line, cut)),
        1 => (log(), line()).prop_map(|(log, line)| Action::Splice(log, line)),
        1 => (log(), 0..100_usize).prop_map(|(log, part)| Action::Truncate(log, part)),
        1 => (log(), prop::collection::vec(line(), 0..6)).prop_map(|(log, lines)| Action::Replace(log, lines)),
        1 => (log(), prop::collection::vec(line(), 0..6)).prop_map(|(log, lines)| Action::Rewrite(log, lines)),
        1 => (log(), log()).prop_map(|(from, to)| Action::Rename(from, to)),
        1 => (log(), log()).prop_map(|(from, to)| Action::Copy(from, to)),
        1 => log().prop_map(Action::Delete),
        1 => (session(), 0..4_u8).prop_map(|(session, tag)| Action::Describe(session, tag)),
        5 => Just(Action::CatchUp),
        1 => Just(Action::Restart),
        1 => Just(Action::Kill),
        1 => any::<usize>().prop_map(Action::Damage),
    ]
}

/// The expected files, and all lines that were read so far.
struct Model {
    env: TestEnv,
    logs: BTreeMap<usize, Vec<u8>>,
    /// The rest of a line whose first part was written.
    owed: BTreeMap<usize, Vec<u8>>,
    met: Vec<LoggedLine>,
    tags: BTreeMap<&'static str, String>,
    running: TestEngine,
}

impl Model {
    fn new() -> Self {
        let env = TestEnv::new();
        let (logs, owed, tags) = <(BTreeMap<_, _>, BTreeMap<_, _>, BTreeMap<_, _>)>::default();
        Self { running: env.start(), env, logs, owed, met: Vec::new(), tags }
    }

    fn act(mut self, action: Action) -> Self {
        match action {
            Action::Append(log, line) => {
                let mut bytes = self.owed.remove(&log).unwrap_or_default();
                bytes.extend(line.with_newline().into_bytes());
                self.append(log, &bytes);
            }
            Action::HalfLine(log, line, cut) => {
                let mut bytes = self.owed.remove(&log).unwrap_or_default();
                let whole = line.with_newline().into_bytes();
                let (front, rest) = whole.split_at(cut.min(whole.len()));
                bytes.extend(front);
                self.append(log, &bytes);
                self.owed.insert(log, rest.to_vec());
            }
            Action::Splice(log, line) => {
                self.owed.remove(&log);
                self.append(log, line.with_newline().as_bytes());
            }
            Action::Truncate(log, part) => {
                let Some(mut bytes) = self.logs.get(&log).cloned() else { return self };
                bytes.truncate(bytes.len() * part / 100);
                self.set(log, bytes);
            }
            Action::Replace(log, lines) => {
                let bytes: String = lines.iter().map(Line::with_newline).collect();
                self.env.write("p/new.tmp", &bytes);
                let path = self.env.log(PLACES[log]);
                fs::rename(self.env.log("p/new.tmp"), path).expect("it takes the place");
                self.owed.remove(&log);
                self.logs.insert(log, bytes.into_bytes());
            }
            Action::Rewrite(log, lines) => {
                self.set(log, lines.iter().map(Line::with_newline).collect::<String>().into_bytes());
            }
            Action::Rename(from, to) => {
                let Some(bytes) = self.logs.remove(&from) else { return self };
                fs::rename(self.env.log(PLACES[from]), self.env.log(PLACES[to])).expect("it moves");
                self.owed.remove(&to);
                if let Some(owed) = self.owed.remove(&from) {
                    self.owed.insert(to, owed);
                }
                self.logs.insert(to, bytes);
            }
            Action::Copy(from, to) => {
                let Some(bytes) = self.logs.get(&from).cloned() else { return self };
                self.set(to, bytes);
            }
            Action::Delete(log) => {
                if self.logs.remove(&log).is_some() {
                    fs::remove_file(self.env.log(PLACES[log])).expect("it goes");
                    self.owed.remove(&log);
                }
            }
            Action::Describe(session, tag) => self.describe(session, tag),
            Action::CatchUp => self.sync(),
            Action::Restart => {
                self.running.stop();
                self.running = self.env.start();
            }
            Action::Kill => return self.kill(),
            Action::Damage(page) => return self.damage(page),
        }
        self
    }

    /// Ends the process without closing the store. What is not committed yet would be lost with it.
    fn kill(mut self) -> Self {
        self.sync();
        self.running.request(Request::Backtest);
        let killed = fs::read(self.env.store()).expect("it is readable");
        self.running.stop();
        fs::write(self.env.store(), killed).expect("it is written");
        self.running = self.env.start();
        self
    }

    /// Damages a page of the store after a backup.
    fn damage(mut self, page: usize) -> Self {
        self.sync();
        self.running.request(Request::CreateBackup);
        self.running.stop();
        let mut bytes = fs::read(self.env.store()).expect("it is readable");
        let pages = bytes.len() / PAGE_BYTES;
        bytes[page % pages * PAGE_BYTES..][..PAGE_BYTES].fill(0x5a);
        fs::write(self.env.store(), bytes).expect("it is written");
        self.running = self.env.start();
        self.sync();
        self
    }

    fn append(&mut self, log: usize, bytes: &[u8]) {
        self.env.append(PLACES[log], bytes);
        stamp(&self.env.log(PLACES[log]));
        self.logs.entry(log).or_default().extend(bytes);
    }

    /// Overwrites the file in place.
    fn set(&mut self, log: usize, bytes: Vec<u8>) {
        self.env.write(PLACES[log], &bytes);
        self.owed.remove(&log);
        self.logs.insert(log, bytes);
    }

    fn sync(&mut self) {
        self.met.extend(self.logs.iter().flat_map(|(log, bytes)| reference_model::lines_of(PLACES[*log], bytes)));
        self.running.sync();
    }

    /// Updates a session, which succeeds only if it has messages.
    fn describe(&mut self, session: &'static str, tag: u8) {
        let changes = SessionChanges { tags: Some(vec![tag.to_string()]), ..SessionChanges::default() };
        let described = self.running.try_request(Request::UpdateSession { session: session.to_owned(), changes });
        assert_eq!(described.is_ok(), reference_model::sessions(&self.met).contains_key(session), "{described:?}");
        if described.is_ok() {
            self.tags.insert(session, tag.to_string());
        }
    }

    fn check(&self) {
        let figures = self.running.figures();
        for (id, row) in &figures.sessions {
            assert_eq!(row.tags.first(), self.tags.get(id.as_str()), "what was added outlives all that logs do");
        }
        let found: BTreeMap<_, _> = figures
            .sessions
            .iter()
            .map(|(id, row)| (id.clone(), (row.totals.total_tokens, row.totals.message_count)))
            .collect();
        assert_eq!(found, reference_model::sessions(&self.met));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(property_cases(200)) })]

    #[test]
    fn totals_are_those_of_all_lines_ever_read_whatever_happens_to_the_logs(
        actions in prop::collection::vec(action(), 1..50),
    ) {
        let mut model = Model::new();
        let mut before = (0, 0);
        for action in actions {
            let looked = matches!(action, Action::CatchUp | Action::Restart | Action::Kill | Action::Damage(_));
            model = model.act(action);
            if looked {
                model.check();
                let total = reference_model::total(&model.met);
                prop_assert!(total >= before, "no total ever falls");
                before = total;
            }
        }
        for last in [Action::CatchUp, Action::Restart, Action::CatchUp] {
            model = model.act(last);
            model.check();
        }
        model.running.stop();
    }
}
