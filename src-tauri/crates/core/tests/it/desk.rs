//! A ledger with a shelf in memory, and what it holds under plain names.

use std::collections::BTreeMap;
use std::convert::Infallible;

use token_monitor_core::interner::{Names, SessionId};
use token_monitor_core::ledger::{
    Batch, Bucket, BucketKey, Key, Ledger, LedgerLookup, Message, Recent, Run, RunKey, Scene, Seen, Session, Sighting,
    Told,
};
use token_monitor_core::money::Usd;
use token_monitor_core::pricing::{Pricing, Terms};
use token_monitor_core::time::Timestamp;
use token_monitor_core::tokens::{Tokens, Usage};

use crate::plain::{Line, START};

/// Keeps what batches hold, as a store does.
#[derive(Default)]
pub(crate) struct MemoryShelf {
    messages: BTreeMap<Key, Message>,
    buckets: BTreeMap<BucketKey, Bucket>,
    runs: BTreeMap<RunKey, Run>,
    sessions: BTreeMap<SessionId, Session>,
}

impl LedgerLookup for MemoryShelf {
    type Error = Infallible;

    fn message(&self, key: Key) -> Result<Option<Message>, Infallible> {
        Ok(self.messages.get(&key).copied())
    }

    fn bucket(&self, key: BucketKey) -> Result<Option<Bucket>, Infallible> {
        Ok(self.buckets.get(&key).cloned())
    }

    fn run(&self, key: RunKey) -> Result<Option<Run>, Infallible> {
        Ok(self.runs.get(&key).cloned())
    }
}

/// A ledger, its batch and its shelf.
#[derive(Default)]
pub(crate) struct Desk {
    pub(crate) ledger: Ledger,
    batch: Batch,
    shelf: MemoryShelf,
}

impl Desk {
    /// A desk that has read some lines in order.
    pub(crate) fn after(lines: &[Line]) -> Self {
        let mut desk = Self::default();
        lines.iter().for_each(|line| desk.count(line));
        desk
    }

    pub(crate) fn count(&mut self, line: &Line) {
        let sighting = sighting(line, &mut self.ledger.names);
        let project = line.project.map(|project| self.ledger.names.projects.id(project.as_bytes()));
        let scene = Scene { project, branch: None };
        let Ok(()) = self.ledger.see(&sighting, scene, &mut self.batch, &self.shelf);
        let Ok(()) = self.ledger.count(&sighting, &mut self.batch, &self.shelf);
    }

    /// Writes the batch.
    pub(crate) fn commit(&mut self) {
        let batch = std::mem::take(&mut self.batch);
        self.shelf.messages.extend(batch.messages);
        for (key, bucket) in batch.buckets {
            match bucket.marks.is_empty() {
                true => drop(self.shelf.buckets.remove(&key)),
                false => drop(self.shelf.buckets.insert(key, bucket)),
            }
        }
        self.shelf.runs.extend(batch.runs);
        for id in batch.sessions {
            self.shelf.sessions.insert(id, self.ledger.sessions[&id].clone());
        }
    }

    /// Writes the batch, forgets everything and reads the shelf.
    pub(crate) fn reopen(&mut self) {
        self.commit();
        let now = Timestamp(START + 24 * 3600 * 1_000_000);
        let backwards =
            self.shelf.buckets.iter().rev().map(|(key, bucket)| Ok::<_, Infallible>((*key, bucket.clone())));
        let Ok(recent) = Recent::gather(now, backwards);
        let sessions = self.shelf.sessions.clone().into_iter().collect();
        self.ledger = Ledger::new(self.ledger.names.clone(), sessions, recent, Pricing::default());
    }

    /// The buckets, in order of time.
    pub(crate) fn buckets(&mut self) -> &BTreeMap<BucketKey, Bucket> {
        self.commit();
        &self.shelf.buckets
    }

    /// The runs of subagents.
    pub(crate) fn runs(&mut self) -> &BTreeMap<RunKey, Run> {
        self.commit();
        &self.shelf.runs
    }

    /// The messages.
    pub(crate) fn messages(&mut self) -> &BTreeMap<Key, Message> {
        self.commit();
        &self.shelf.messages
    }

    /// All it holds, under plain names.
    pub(crate) fn summary(&mut self) -> Summary {
        self.commit();
        let names = &self.ledger.names;
        let mut summary =
            Summary { total: sum(&self.ledger.total.tokens, self.ledger.total.messages), ..Summary::default() };
        for (key, message) in &self.shelf.messages {
            summary.messages.insert(key.0, row(message, names));
        }
        summary.buckets = self.shelf.buckets.iter().map(|(key, bucket)| named(*key, bucket, names)).collect();
        summary.recent = self.ledger.recent.iter().map(|(key, bucket)| named(*key, bucket, names)).collect();
        for (id, session) in &self.ledger.sessions {
            let models = session.models.iter().map(|(id, of)| (names.models.text(*id), sum(&of.tokens, of.messages)));
            let row = SessionRow {
                span: session.span.map(|(first, last)| (first.0, last.0)),
                project: session.project.map(|(when, id)| (when.0, names.projects.text(id))),
                models: models.collect(),
            };
            summary.sessions.insert(names.sessions.text(*id), row);
        }
        summary
    }
}

/// The sighting of a line.
pub(crate) fn sighting(line: &Line, names: &mut Names) -> Sighting {
    let seen = Seen {
        when: Timestamp(line.when),
        away: line.away,
        log: names.logs.id(line.log.as_bytes()),
        session: names.sessions.id(line.session.as_bytes()),
        run: line.run.map(|run| names.runs.id(run.as_bytes())),
    };
    let told = Told {
        usage: Usage::from_fields(line.usage),
        model: names.models.id(line.model.as_bytes()),
        terms: Terms::from_byte(line.terms).expect("each is a combination"),
        reported: line.reported.map(Usd),
        under_logged: line.under_logged,
    };
    Sighting { key: Key(line.key), told, side: line.side, seen }
}

/// Tokens by kind, and messages.
pub(crate) type Sums = ([u128; 7], u64);

fn sum(tokens: &Tokens, messages: u64) -> Sums {
    (tokens.fields(), messages)
}

fn row(message: &Message, names: &Names) -> Row {
    let (told, first) = (message.told(), message.first);
    Row {
        when: first.when.0,
        session: names.sessions.text(first.session),
        model: names.models.text(told.model),
        terms: told.terms,
        reported: told.reported.map(|usd| usd.0),
        under_logged: told.under_logged,
        run: first.run.map(|run| names.runs.text(run)),
        usage: told.usage.fields(),
    }
}

/// Slot, session and model.
type BucketPlace = (i32, String, String);

/// Tokens by kind, and when each message was first seen.
type BucketRow = ([u128; 7], Vec<i64>);

fn named(key: BucketKey, bucket: &Bucket, names: &Names) -> (BucketPlace, BucketRow) {
    let marks = bucket.marks.iter().map(|mark| mark.in_slot(key.slot).0).collect();
    let place = (key.slot.0, names.sessions.text(key.session), names.models.text(key.model));
    (place, (bucket.sum.tokens.fields(), marks))
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) when: i64,
    pub(crate) session: String,
    pub(crate) model: String,
    pub(crate) terms: Terms,
    pub(crate) reported: Option<u64>,
    pub(crate) under_logged: bool,
    pub(crate) run: Option<String>,
    pub(crate) usage: [u64; 7],
}

/// One session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SessionRow {
    pub(crate) span: Option<(i64, i64)>,
    pub(crate) project: Option<(i64, String)>,
    pub(crate) models: BTreeMap<String, Sums>,
}

/// Everything there is to know, under plain names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Summary {
    pub(crate) messages: BTreeMap<u128, Row>,
    pub(crate) buckets: BTreeMap<BucketPlace, BucketRow>,
    pub(crate) recent: BTreeMap<BucketPlace, BucketRow>,
    pub(crate) sessions: BTreeMap<String, SessionRow>,
    pub(crate) total: Sums,
}

impl Summary {
    /// Adds one whole message, once.
    pub(crate) fn add(&mut self, key: u128, row: Row) {
        let plus = |sums: &mut Sums| {
            sums.0.iter_mut().zip(row.usage).for_each(|(sum, count)| *sum += u128::from(count));
            sums.1 += 1;
        };
        plus(&mut self.total);
        let session = self.sessions.entry(row.session.clone()).or_default();
        plus(session.models.entry(row.model.clone()).or_default());
        let slot = i32::try_from(row.when.div_euclid(300_000_000)).expect("a year of four digits");
        for buckets in [&mut self.buckets, &mut self.recent] {
            let bucket = buckets.entry((slot, row.session.clone(), row.model.clone())).or_default();
            bucket.0.iter_mut().zip(row.usage).for_each(|(sum, count)| *sum += u128::from(count));
            bucket.1.push(row.when);
            bucket.1.sort_unstable();
        }
        self.messages.insert(key, row);
    }
}
