//! The fear: some sequence of writes, cuts, moves and restarts loses a message, counts one twice, or takes one back.
//!
//! Whatever is done to the logs, the totals are those of the union of everything that was ever caught up with.

use std::collections::BTreeMap;
use std::fs;

use proptest::prelude::*;
use token_monitor_core::report::model::SessionChanges;
use token_monitor_engine::Ask;

use crate::plain::{self, Met};
use crate::world::{Line, Running, World, stamp};

const PLACES: [&str; 5] = ["p/a.jsonl", "p/b.jsonl", "q/a.jsonl", "q/b.jsonl", "r/a.jsonl"];

#[derive(Clone, Debug)]
enum Action {
    /// A line; first the rest of the one before, if only half of that was written.
    Append(usize, Line),
    /// The front of a line.
    HalfLine(usize, Line, usize),
    /// A line right behind whatever is there: the rest of the one before never comes.
    Splice(usize, Line),
    /// Cut to so many hundredths of its length.
    Truncate(usize, usize),
    /// Another file under the same name.
    Replace(usize, Vec<Line>),
    /// Other bytes in the same file.
    Rewrite(usize, Vec<Line>),
    Rename(usize, usize),
    Copy(usize, usize),
    Delete(usize),
    /// A tag in place of those a session has.
    Describe(&'static str, u8),
    CatchUp,
    Restart,
}

fn session() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["a", "b", "c"])
}

fn line() -> impl Strategy<Value = Line> {
    let session = session();
    let model = prop::sample::select(vec!["opus", "sonnet"]);
    (0..12_u64, session, model, 0..600_i64, 0..50_u64, 0..500_u64, any::<u64>()).prop_map(
        |(id, session, model, minute, input, output, uuid)| {
            // A message is always said aside or never: where the main conversation replaces an aside, sums may fall.
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
    ]
}

/// The files as they should be, and everything met in them so far.
struct Model {
    world: World,
    logs: BTreeMap<usize, Vec<u8>>,
    /// The rest of a line of which only the front was written.
    owed: BTreeMap<usize, Vec<u8>>,
    met: Vec<Met>,
    tags: BTreeMap<&'static str, String>,
    running: Running,
}

impl Model {
    fn new() -> Self {
        let world = World::new();
        let (logs, owed, tags) = <(BTreeMap<_, _>, BTreeMap<_, _>, BTreeMap<_, _>)>::default();
        Self { running: world.start(), world, logs, owed, met: Vec::new(), tags }
    }

    fn act(mut self, action: Action) -> Self {
        match action {
            Action::Append(log, line) => {
                let mut bytes = self.owed.remove(&log).unwrap_or_default();
                bytes.extend(line.ended().into_bytes());
                self.append(log, &bytes);
            }
            Action::HalfLine(log, line, cut) => {
                let mut bytes = self.owed.remove(&log).unwrap_or_default();
                let whole = line.ended().into_bytes();
                let (front, rest) = whole.split_at(cut.min(whole.len()));
                bytes.extend(front);
                self.append(log, &bytes);
                self.owed.insert(log, rest.to_vec());
            }
            Action::Splice(log, line) => {
                self.owed.remove(&log);
                self.append(log, line.ended().as_bytes());
            }
            Action::Truncate(log, part) => {
                let Some(mut bytes) = self.logs.get(&log).cloned() else { return self };
                bytes.truncate(bytes.len() * part / 100);
                self.set(log, bytes);
            }
            Action::Replace(log, lines) => {
                let bytes: String = lines.iter().map(Line::ended).collect();
                self.world.write("p/new.tmp", &bytes);
                let path = self.world.log(PLACES[log]);
                fs::rename(self.world.log("p/new.tmp"), path).expect("it takes the place");
                self.owed.remove(&log);
                self.logs.insert(log, bytes.into_bytes());
            }
            Action::Rewrite(log, lines) => {
                self.set(log, lines.iter().map(Line::ended).collect::<String>().into_bytes());
            }
            Action::Rename(from, to) => {
                let Some(bytes) = self.logs.remove(&from) else { return self };
                fs::rename(self.world.log(PLACES[from]), self.world.log(PLACES[to])).expect("it moves");
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
                    fs::remove_file(self.world.log(PLACES[log])).expect("it goes");
                    self.owed.remove(&log);
                }
            }
            Action::Describe(session, tag) => self.describe(session, tag),
            Action::CatchUp => self.catch_up(),
            Action::Restart => {
                self.running.stop();
                self.running = self.world.start();
            }
        }
        self
    }

    fn append(&mut self, log: usize, bytes: &[u8]) {
        self.world.append(PLACES[log], bytes);
        stamp(&self.world.log(PLACES[log]));
        self.logs.entry(log).or_default().extend(bytes);
    }

    /// Other bytes in the same file.
    fn set(&mut self, log: usize, bytes: Vec<u8>) {
        self.world.write(PLACES[log], &bytes);
        self.owed.remove(&log);
        self.logs.insert(log, bytes);
    }

    fn catch_up(&mut self) {
        self.met.extend(self.logs.iter().flat_map(|(log, bytes)| plain::lines_of(PLACES[*log], bytes)));
        self.running.catch_up();
    }

    /// Only a session that has messages can be described.
    fn describe(&mut self, session: &'static str, tag: u8) {
        let changes = SessionChanges { tags: Some(vec![tag.to_string()]), ..SessionChanges::default() };
        let described = self.running.try_to(Ask::Describe { session: session.to_owned(), changes });
        assert_eq!(described.is_ok(), plain::sessions(&self.met).contains_key(session), "{described:?}");
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
        assert_eq!(found, plain::sessions(&self.met));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(48) })]

    #[test]
    fn whatever_is_done_to_the_logs_the_totals_are_those_of_all_that_was_ever_met(
        actions in prop::collection::vec(action(), 1..50),
    ) {
        let mut model = Model::new();
        let mut before = (0, 0);
        for action in actions {
            let looked = matches!(action, Action::CatchUp | Action::Restart);
            model = model.act(action);
            if looked {
                model.check();
                let total = plain::total(&model.met);
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
