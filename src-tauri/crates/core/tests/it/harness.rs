//! A ledger with a lookup in memory, and a summary of its contents with strings in place of ids.

use std::collections::BTreeMap;
use std::convert::Infallible;

use token_monitor_core::interner::{InternTables, SessionId};
use token_monitor_core::ledger::{
    Batch, Bucket, BucketKey, Ledger, LedgerLookup, Message, MessageKey, MessageObservation, Occurrence, RecentBuckets,
    Session, SessionContext, SubagentRun, SubagentRunKey, UsageReport,
};
use token_monitor_core::money::Usd;
use token_monitor_core::pricing::{BillingTerms, CostCalculator};
use token_monitor_core::time::Timestamp;
use token_monitor_core::tokens::{TokenSums, Usage};

use crate::reference_model::{Line, START};

/// A lookup that keeps committed batches, as the store does.
#[derive(Default)]
pub(crate) struct MemoryLookup {
    messages: BTreeMap<MessageKey, Message>,
    buckets: BTreeMap<BucketKey, Bucket>,
    runs: BTreeMap<SubagentRunKey, SubagentRun>,
    sessions: BTreeMap<SessionId, Session>,
    aliases: BTreeMap<MessageKey, MessageKey>,
}

impl LedgerLookup for MemoryLookup {
    type Error = Infallible;

    fn find_message(&self, key: MessageKey) -> Result<Option<Message>, Infallible> {
        Ok(self.messages.get(&key).copied())
    }

    fn find_alias(&self, key: MessageKey) -> Result<Option<MessageKey>, Infallible> {
        Ok(self.aliases.get(&key).copied())
    }

    fn find_bucket(&self, key: BucketKey) -> Result<Option<Bucket>, Infallible> {
        Ok(self.buckets.get(&key).cloned())
    }

    fn find_run(&self, key: SubagentRunKey) -> Result<Option<SubagentRun>, Infallible> {
        Ok(self.runs.get(&key).cloned())
    }
}

impl MemoryLookup {
    fn resolve_key(&self, key: MessageKey) -> MessageKey {
        self.aliases.get(&key).map_or(key, |next| self.resolve_key(*next))
    }
}

/// A ledger with its batch and its lookup.
#[derive(Default)]
pub(crate) struct TestLedger {
    pub(crate) ledger: Ledger,
    batch: Batch,
    lookup: MemoryLookup,
}

impl TestLedger {
    /// Creates a ledger that has counted some lines in order.
    pub(crate) fn with_lines(lines: &[Line]) -> Self {
        let mut ledger = Self::default();
        lines.iter().for_each(|line| ledger.count_line(line));
        ledger
    }

    pub(crate) fn count_line(&mut self, line: &Line) {
        let observation = observe(line, &mut self.ledger.names);
        let project = line.project.map(|project| self.ledger.names.projects.intern(project.as_bytes()));
        let copied_into = line.copied_into.map(|session| self.ledger.names.sessions.intern(session.as_bytes()));
        let context = SessionContext { project, branch: None, copied_into, prompt: None };
        let Ok(()) = self.ledger.record_activity(&observation, context, &mut self.batch, &self.lookup);
        let Ok(()) = self.ledger.count_message(&observation, &mut self.batch, &self.lookup);
    }

    /// Commits the batch to the lookup.
    pub(crate) fn commit(&mut self) {
        let batch = std::mem::take(&mut self.batch);
        self.lookup.messages.retain(|key, _| !batch.removed_messages.contains(key));
        self.lookup.messages.extend(batch.messages);
        self.lookup.aliases.extend(batch.aliases);
        for (key, bucket) in batch.buckets {
            match bucket.offsets.is_empty() {
                true => drop(self.lookup.buckets.remove(&key)),
                false => drop(self.lookup.buckets.insert(key, bucket)),
            }
        }
        self.lookup.runs.extend(batch.runs);
        for id in batch.sessions {
            self.lookup.sessions.insert(id, self.ledger.sessions[&id].clone());
        }
    }

    /// Commits the batch and loads the ledger again from the lookup.
    pub(crate) fn reopen(&mut self) {
        self.reopen_at(Timestamp(START + 24 * 3600 * 1_000_000));
    }

    /// Commits the batch and loads the ledger again at a time.
    pub(crate) fn reopen_at(&mut self, now: Timestamp) {
        self.commit();
        let newest_first =
            self.lookup.buckets.iter().rev().map(|(key, bucket)| Ok::<_, Infallible>((*key, bucket.clone())));
        let Ok(recent) = RecentBuckets::load(now, newest_first);
        let sessions = self.lookup.sessions.clone().into_iter().collect();
        self.ledger = Ledger::new(self.ledger.names.clone(), sessions, recent, CostCalculator::default());
    }

    /// Returns all buckets in order of time.
    pub(crate) fn buckets(&mut self) -> &BTreeMap<BucketKey, Bucket> {
        self.commit();
        &self.lookup.buckets
    }

    /// Returns all subagent runs.
    pub(crate) fn runs(&mut self) -> &BTreeMap<SubagentRunKey, SubagentRun> {
        self.commit();
        &self.lookup.runs
    }

    /// Returns all messages.
    pub(crate) fn messages(&mut self) -> &BTreeMap<MessageKey, Message> {
        self.commit();
        &self.lookup.messages
    }

    /// Returns the contents with strings in place of ids.
    pub(crate) fn summary(&mut self) -> LedgerSummary {
        self.commit();
        let names = &self.ledger.names;
        let mut summary = LedgerSummary {
            total: token_sums(&self.ledger.total.tokens, self.ledger.total.messages),
            ..LedgerSummary::default()
        };
        for (key, message) in &self.lookup.messages {
            let first_keys = self.lookup.aliases.keys().filter(|alias| self.lookup.resolve_key(**alias) == *key);
            let smallest = first_keys.fold(*key, |smallest, alias| smallest.min(*alias));
            summary.messages.insert(smallest.0, message_row(message, names));
        }
        summary.buckets = self.lookup.buckets.iter().map(|(key, bucket)| bucket_row(*key, bucket, names)).collect();
        summary.recent = self.ledger.recent.iter().map(|(key, bucket)| bucket_row(*key, bucket, names)).collect();
        for (id, session) in &self.ledger.sessions {
            let models = session
                .models
                .iter()
                .map(|(id, sum)| (names.models.text_of(id), token_sums(&sum.tokens, sum.messages)));
            let row = SessionRow {
                span: session.span.map(|(first, last)| (first.0, last.0)),
                project: session.project.map(|(when, id)| (when.0, names.projects.text_of(id))),
                models: models.collect(),
            };
            summary.sessions.insert(names.sessions.text_of(*id), row);
        }
        summary
    }
}

/// Converts a line to an observation.
pub(crate) fn observe(line: &Line, names: &mut InternTables) -> MessageObservation {
    let occurrence = Occurrence {
        when: Timestamp(line.when),
        has_old_session: line.has_old_session,
        foreign_session: line.foreign_session,
        log: names.logs.intern(line.log.as_bytes()),
        session: names.sessions.intern(line.session.as_bytes()),
        run: line.run.map(|run| names.runs.intern(run.as_bytes())),
    };
    let report = UsageReport {
        usage: Usage::from_array(line.usage),
        model: names.models.intern(line.model.as_bytes()),
        terms: BillingTerms::from_byte(line.terms).expect("the byte is valid"),
        reported_cost: line.reported_cost.map(Usd),
        under_logged: line.under_logged,
    };
    let copy_key = line.copy_key.map(MessageKey);
    MessageObservation { key: MessageKey(line.key), copy_key, report, side: line.side, occurrence }
}

/// Tokens by kind, and the number of messages.
pub(crate) type Sums = ([u128; 7], u64);

fn token_sums(tokens: &TokenSums, messages: u64) -> Sums {
    (tokens.to_array(), messages)
}

fn message_row(message: &Message, names: &InternTables) -> MessageRow {
    let (report, first) = (message.effective_report(), message.first);
    MessageRow {
        when: first.when.0,
        session: names.sessions.text_of(first.session),
        model: names.models.text_of(report.model),
        terms: report.terms,
        reported_cost: report.reported_cost.map(|usd| usd.0),
        under_logged: report.under_logged,
        run: first.run.map(|run| names.runs.text_of(run)),
        usage: report.usage.to_array(),
    }
}

/// The slot, session and model of a bucket.
type BucketName = (i32, String, String);

/// Tokens by kind, and the time of each message.
type BucketRow = ([u128; 7], Vec<i64>);

fn bucket_row(key: BucketKey, bucket: &Bucket, names: &InternTables) -> (BucketName, BucketRow) {
    let times = bucket.offsets.iter().map(|offset| offset.to_timestamp(key.slot).0).collect();
    let name = (key.slot.0, names.sessions.text_of(key.session), names.models.text_of(key.model));
    (name, (bucket.sum.tokens.to_array(), times))
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MessageRow {
    pub(crate) when: i64,
    pub(crate) session: String,
    pub(crate) model: String,
    pub(crate) terms: BillingTerms,
    pub(crate) reported_cost: Option<u64>,
    pub(crate) under_logged: bool,
    pub(crate) run: Option<String>,
    pub(crate) usage: [u64; 7],
}

/// A session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SessionRow {
    pub(crate) span: Option<(i64, i64)>,
    pub(crate) project: Option<(i64, String)>,
    pub(crate) models: BTreeMap<String, Sums>,
}

/// The contents of a ledger with strings in place of ids.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct LedgerSummary {
    pub(crate) messages: BTreeMap<u128, MessageRow>,
    pub(crate) buckets: BTreeMap<BucketName, BucketRow>,
    pub(crate) recent: BTreeMap<BucketName, BucketRow>,
    pub(crate) sessions: BTreeMap<String, SessionRow>,
    pub(crate) total: Sums,
}

impl LedgerSummary {
    /// Adds a message.
    pub(crate) fn add(&mut self, key: u128, row: MessageRow) {
        let add_usage = |sums: &mut Sums| {
            sums.0.iter_mut().zip(row.usage).for_each(|(sum, count)| *sum += u128::from(count));
            sums.1 += 1;
        };
        add_usage(&mut self.total);
        let session = self.sessions.entry(row.session.clone()).or_default();
        add_usage(session.models.entry(row.model.clone()).or_default());
        let slot = i32::try_from(row.when.div_euclid(300_000_000)).expect("four-digit years fit");
        for buckets in [&mut self.buckets, &mut self.recent] {
            let bucket = buckets.entry((slot, row.session.clone(), row.model.clone())).or_default();
            bucket.0.iter_mut().zip(row.usage).for_each(|(sum, count)| *sum += u128::from(count));
            bucket.1.push(row.when);
            bucket.1.sort_unstable();
        }
        self.messages.insert(key, row);
    }
}
