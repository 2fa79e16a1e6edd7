//! Sums selected messages by group.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};
use chrono_tz::Tz;
use rustc_hash::FxHashMap;

use crate::alerts::{first_day_of_month, first_day_of_week};
use crate::blocks::Block;
use crate::interner::{ModelId, SessionId};
use crate::ledger::pull_request::link_of_slot;
use crate::ledger::{Bucket, BucketKey};
use crate::report::grouped::filter::ReportSelection;
use crate::report::model::{Grouping, Report, ReportQuery, ReportSort, WeekStart};
use crate::report::snapshot::SnapshotBuilder;
use crate::time::Slot;
use crate::time::calendar::SlotDates;
use crate::tokens::UsageSum;

/// The number that stands for a property without a value.
pub(super) const NONE: i64 = -1;

/// The sums from which a report is collected. All of them add up to the same totals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportSource {
    /// The sums of sessions by model, which are in memory.
    Sessions,
    /// The sums of buckets.
    Sums,
    /// The buckets with the times of their messages.
    Buckets,
    /// The messages.
    Messages,
}

/// The properties of a sum of messages.
#[derive(Clone, Copy, Debug)]
pub struct MessageGroup<'a> {
    /// The five minutes; `None` for messages of all times.
    pub slot: Option<Slot>,
    /// The session.
    pub session: SessionId,
    /// The model.
    pub model: ModelId,
    /// The type of the subagent, empty if it is unknown; `None` for the main conversation.
    pub agent: Option<&'a str>,
}

impl From<&BucketKey> for MessageGroup<'_> {
    fn from(key: &BucketKey) -> Self {
        Self { slot: Some(key.slot), session: key.session, model: key.model, agent: None }
    }
}

/// The value of each grouping as a number, at the place of the grouping; 0 for groupings that are not used.
pub(super) type GroupKey = [i64; Grouping::ALL.len()];

/// The messages of one row.
#[derive(Clone, Debug, Default)]
pub(super) struct Group {
    pub(super) sum: UsageSum,
    /// The sums by part.
    pub(super) parts: FxHashMap<i64, UsageSum>,
    pub(super) models: BTreeSet<ModelId>,
    pub(super) last_slot: Option<Slot>,
    /// The block with these messages, if rows are blocks.
    pub(super) block: Option<Box<Block>>,
}

/// Collects the rows of a report.
#[derive(Debug)]
pub struct ReportCollector<'a> {
    pub(super) builder: &'a SnapshotBuilder<'a>,
    pub(super) query: &'a ReportQuery,
    pub(super) selection: &'a ReportSelection,
    pub(super) zone: Tz,
    /// The groupings without repetitions, in the order of the columns.
    pub(super) by: Vec<Grouping>,
    pub(super) part_by: Option<Grouping>,
    /// All blocks and gaps in order of time.
    pub(super) blocks: &'a [Block],
    pub(super) tags: ValueList<Vec<String>>,
    pub(super) pull_requests: ValueList<String>,
    pub(super) agents: ValueList<String>,
    /// Boxed, since rows are moved when they are collected and sorted.
    pub(super) groups: FxHashMap<GroupKey, Box<Group>>,
    dates: SlotDates,
    week_start: WeekStart,
    session_tags: FxHashMap<SessionId, i64>,
}

impl<'a> ReportCollector<'a> {
    /// Creates a collector without rows. `week_start` is used if the query does not name one. `blocks` are all blocks and
    /// gaps in order of time; they are only needed to group by block.
    pub fn new(
        builder: &'a SnapshotBuilder<'a>,
        query: &'a ReportQuery,
        selection: &'a ReportSelection,
        week_start: WeekStart,
        blocks: &'a [Block],
    ) -> Self {
        let zone = query.zone.unwrap_or(builder.context.zone);
        let by: Vec<Grouping> = query.by.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
        let part_by = [Grouping::Model, Grouping::Project].into_iter().find(|part| !by.contains(part));
        Self {
            builder,
            query,
            selection,
            zone,
            part_by: part_by.filter(|_| query.breakdown),
            by,
            blocks,
            tags: ValueList::default(),
            pull_requests: ValueList::default(),
            agents: ValueList::default(),
            groups: FxHashMap::default(),
            dates: SlotDates::new(zone),
            week_start: query.week_start.unwrap_or(week_start),
            session_tags: FxHashMap::default(),
        }
    }

    /// Returns the sums to add.
    pub fn source(query: &ReportQuery, selection: &ReportSelection) -> ReportSource {
        let is_by = |grouping: &Grouping| query.by.contains(grouping);
        let rows_have_times = is_by(&Grouping::PullRequest) || query.by.iter().any(|grouping| grouping.is_time());
        // Sessions know when they were last used.
        let sorts_by_time = query.sort == Some(ReportSort::Time) && !is_by(&Grouping::Session);
        match () {
            () if is_by(&Grouping::Agent) => ReportSource::Messages,
            () if query.by == [Grouping::Block] => ReportSource::Buckets,
            () if rows_have_times || sorts_by_time || !selection.has_all_days() => ReportSource::Sums,
            () => ReportSource::Sessions,
        }
    }

    /// Adds messages of the selection. Slots must be added in order of time, except messages one by one.
    pub fn add(&mut self, messages: &MessageGroup<'_>, sum: &UsageSum) {
        self.group_of(messages, sum);
    }

    /// Adds a bucket of the selection for rows that are blocks.
    pub fn add_bucket(&mut self, key: &BucketKey, bucket: &Bucket) {
        let messages = MessageGroup::from(key);
        let index = self.block_index(&messages);
        let (blocks, group) = (self.blocks, self.group_of(&messages, &bucket.sum));
        let Some(known) = usize::try_from(index).ok().and_then(|index| blocks.get(index)) else { return };
        let own = || Box::new(Block { account: known.account, ..Block::without_messages(known.edges) });
        group.block.get_or_insert_with(own).add_bucket(key, bucket);
    }

    /// Returns the report.
    pub fn finish(self) -> Report {
        super::rows::build_report(self)
    }

    fn group_of(&mut self, messages: &MessageGroup<'_>, sum: &UsageSum) -> &mut Group {
        let mut key: GroupKey = [0; Grouping::ALL.len()];
        for index in 0..self.by.len() {
            let grouping = self.by[index];
            key[grouping as usize] = self.value_of(grouping, messages);
        }
        let part = self.part_by.map(|grouping| self.value_of(grouping, messages));
        let group = self.groups.entry(key).or_default();
        group.sum.merge(sum);
        group.models.insert(messages.model);
        group.last_slot = group.last_slot.max(messages.slot);
        if let Some(part) = part {
            group.parts.entry(part).or_default().merge(sum);
        }
        group
    }

    fn value_of(&mut self, grouping: Grouping, messages: &MessageGroup<'_>) -> i64 {
        let session = self.builder.ledger.sessions.get(&messages.session);
        match grouping {
            Grouping::Day => self.day_of(messages, |date, _| date),
            Grouping::Week => self.day_of(messages, first_day_of_week),
            Grouping::Month => self.day_of(messages, |date, _| first_day_of_month(date)),
            Grouping::Block => self.block_index(messages),
            Grouping::Project => session.and_then(|session| session.project).map_or(NONE, |(_, id)| i64::from(id.0)),
            Grouping::Session => i64::from(messages.session.0),
            Grouping::Branch => session.and_then(|session| session.branch).map_or(NONE, |(_, id)| i64::from(id.0)),
            Grouping::Tag => self.tags_of(messages.session),
            Grouping::PullRequest => self.pull_request_of(messages),
            Grouping::Agent => messages.agent.map_or(NONE, |agent| self.agents.number_of(&agent.to_owned())),
            Grouping::Model => i64::from(messages.model.0),
        }
    }

    fn day_of(&mut self, messages: &MessageGroup<'_>, day: fn(NaiveDate, WeekStart) -> NaiveDate) -> i64 {
        let Some(slot) = messages.slot else { return NONE };
        i64::from(day(self.dates.date_of(slot), self.week_start).num_days_from_ce())
    }

    /// Returns the place of the block that contains messages. Every bucket is in a block, since blocks are placed over all
    /// of them.
    fn block_index(&self, messages: &MessageGroup<'_>) -> i64 {
        let Some(slot) = messages.slot else { return NONE };
        let (at, accounts) = (slot.start().to_utc(), self.builder.context.accounts);
        let started = self.blocks.partition_point(|block| block.edges.start <= at);
        let is_own = |block: &Block| match block.account {
            _ if block.is_gap => false,
            Some(account) if accounts.are_several() => accounts.is_session_of(messages.session, account),
            Some(_) | None => true,
        };
        let found = self.blocks[..started].iter().rposition(is_own);
        found.and_then(|index| i64::try_from(index).ok()).unwrap_or(NONE)
    }

    fn pull_request_of(&mut self, messages: &MessageGroup<'_>) -> i64 {
        let links = self.builder.ledger.sessions.get(&messages.session).map(|session| &session.pull_requests);
        let link = links.zip(messages.slot).and_then(|(links, slot)| links.get(link_of_slot(links, slot)?));
        link.map_or(NONE, |link| self.pull_requests.number_of(&link.url.to_string()))
    }

    fn tags_of(&mut self, session: SessionId) -> i64 {
        if let Some(&known) = self.session_tags.get(&session) {
            return known;
        }
        let metadata = self.builder.session_metadata(session);
        let tags = metadata.map(|metadata| metadata.tags.clone()).unwrap_or_default();
        let number = self.tags.number_of(&tags);
        self.session_tags.insert(session, number);
        number
    }
}

/// Values with their numbers, in the order in which they were added.
#[derive(Debug)]
pub(super) struct ValueList<T> {
    values: Vec<T>,
    numbers: FxHashMap<T, i64>,
}

impl<T> Default for ValueList<T> {
    fn default() -> Self {
        Self { values: Vec::new(), numbers: FxHashMap::default() }
    }
}

impl<T: Clone + Eq + std::hash::Hash> ValueList<T> {
    /// Returns the number of a value and adds it if it is new.
    fn number_of(&mut self, value: &T) -> i64 {
        if let Some(&number) = self.numbers.get(value) {
            return number;
        }
        let number = i64::try_from(self.values.len()).unwrap_or(i64::MAX);
        self.values.push(value.clone());
        self.numbers.insert(value.clone(), number);
        number
    }

    /// Returns the value with a number.
    pub(super) fn value_of(&self, number: i64) -> Option<&T> {
        usize::try_from(number).ok().and_then(|number| self.values.get(number))
    }
}
