//! Builds the rows of a report from its groups: values, order, limit and totals.

use std::cmp::Ordering;

use chrono::NaiveDate;
use rustc_hash::FxHashMap;

use crate::blocks::Block;
use crate::interner::{BranchId, ModelId, ProjectId, SessionId};
use crate::report::grouped::collector::{Group, GroupKey, ReportCollector};
use crate::report::model::{
    ExactTotals, GroupValue, Grouping, Report, ReportCompleteness, ReportPart, ReportRow, ReportSort, SortDirection,
    Totals,
};
use crate::report::session_query::SessionFilter;
use crate::tokens::UsageSum;

impl From<&UsageSum> for ExactTotals {
    fn from(sum: &UsageSum) -> Self {
        Self { totals: Totals::from(sum), cost_nanos: sum.cost.nanos }
    }
}

/// A row that is not formatted yet.
struct RawRow {
    key: GroupKey,
    group: Box<Group>,
    values: Vec<GroupValue>,
    rank: Rank,
}

/// The place of a row in the order. All rows of a report have the same kind of rank.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// By the values.
    Values,
    Number(u128),
    Texts(Vec<String>),
}

/// The order of rows.
enum RowOrder {
    /// The order of the session list, by session.
    Listed(FxHashMap<i64, u128>),
    By(ReportSort),
}

/// Builds the report of a collector.
pub(super) fn build_report(mut collector: ReportCollector<'_>) -> Report {
    add_gaps(&mut collector);
    let groups = std::mem::take(&mut collector.groups);
    let (order, direction) = order_of(&collector);
    let mut rows: Vec<RawRow> =
        groups.into_iter().map(|(key, group)| raw_row(&collector, &order, key, group)).collect();
    rows.sort_by(|a, b| compare_rows(a, b, &order, direction));
    let row_count = rows.len() as u64;
    if let Some(session) = collector.query.after.as_deref().filter(|_| collector.by == [Grouping::Session]) {
        drop_rows_up_to(&mut rows, session);
    }
    limit_rows(&mut rows, collector.query.limit, is_by_time(&collector, &order) && direction == SortDirection::Asc);
    let total = rows.iter().map(|row| &row.group.sum).sum::<UsageSum>();
    let (since, until) = collector.selection.days;
    Report {
        zone: collector.zone.name().to_owned(),
        since,
        until,
        rows: rows.into_iter().map(|row| finish_row(&collector, row)).collect(),
        row_count,
        completeness: ReportCompleteness::default(),
        sums: ExactTotals::from(&total),
    }
}

/// Adds the gaps between blocks, if the rows are blocks and all messages of their days are selected.
fn add_gaps(collector: &mut ReportCollector<'_>) {
    if collector.by != [Grouping::Block] || !collector.selection.has_whole_days() {
        return;
    }
    let slots = collector.selection.slots();
    let is_in_range = |block: &Block| {
        let [start, end] = [block.edges.start, block.edges.end].map(|time| crate::time::Timestamp::from(time).slot());
        start < slots.end && slots.start < end
    };
    for (index, gap) in (0..).zip(collector.blocks).filter(|(_, block)| block.is_gap && is_in_range(block)) {
        let mut key: GroupKey = [0; Grouping::ALL.len()];
        key[Grouping::Block as usize] = index;
        let group = Group { block: Some(Box::new(gap.clone())), ..Group::default() };
        collector.groups.insert(key, Box::new(group));
    }
}

fn order_of(collector: &ReportCollector<'_>) -> (RowOrder, SortDirection) {
    let sort = match (collector.query.sort, &collector.by[..]) {
        (Some(sort), _) => sort,
        (None, [Grouping::Session]) => {
            return (listed_order(collector), collector.query.direction.unwrap_or(SortDirection::Asc));
        }
        (None, [first, ..]) if first.is_time() => ReportSort::Time,
        (None, [Grouping::Project | Grouping::Branch | Grouping::Tag | Grouping::PullRequest | Grouping::Agent]) => {
            ReportSort::Tokens
        }
        (None, _) => ReportSort::Name,
    };
    let is_ascending = match sort {
        ReportSort::Time => has_time_values(collector),
        ReportSort::Name => true,
        ReportSort::Tokens | ReportSort::Cost | ReportSort::Input | ReportSort::Output | ReportSort::Messages => false,
    };
    let default = if is_ascending { SortDirection::Asc } else { SortDirection::Desc };
    (RowOrder::By(sort), collector.query.direction.unwrap_or(default))
}

fn has_time_values(collector: &ReportCollector<'_>) -> bool {
    collector.by.first().is_some_and(|first| first.is_time())
}

fn is_by_time(collector: &ReportCollector<'_>, order: &RowOrder) -> bool {
    match order {
        RowOrder::By(ReportSort::Time) => has_time_values(collector),
        RowOrder::By(_) | RowOrder::Listed(_) => false,
    }
}

fn listed_order(collector: &ReportCollector<'_>) -> RowOrder {
    let all = SessionFilter { include_unlisted: true, ..SessionFilter::default() };
    let listed = collector.builder.filtered_sessions(&all);
    RowOrder::Listed((0..).zip(listed).map(|(place, id)| (i64::from(id.0), place)).collect())
}

fn raw_row(collector: &ReportCollector<'_>, order: &RowOrder, key: GroupKey, group: Box<Group>) -> RawRow {
    let values: Vec<GroupValue> =
        collector.by.iter().map(|by| group_value(collector, *by, key[*by as usize])).collect();
    let tokens = group.sum.tokens.to_array();
    let rank = match order {
        RowOrder::Listed(places) => {
            Rank::Number(places.get(&key[Grouping::Session as usize]).copied().unwrap_or(u128::MAX))
        }
        RowOrder::By(ReportSort::Time) if has_time_values(collector) => Rank::Values,
        RowOrder::By(ReportSort::Time) => Rank::Number(last_use(collector, &key, &group)),
        RowOrder::By(ReportSort::Name) => Rank::Texts(values.iter().map(name_of).collect()),
        RowOrder::By(ReportSort::Tokens) => Rank::Number(group.sum.tokens.total()),
        RowOrder::By(ReportSort::Cost) => Rank::Number(group.sum.cost.nanos),
        RowOrder::By(ReportSort::Input) => Rank::Number(tokens[0]),
        RowOrder::By(ReportSort::Output) => Rank::Number(tokens[1]),
        RowOrder::By(ReportSort::Messages) => Rank::Number(u128::from(group.sum.messages)),
    };
    RawRow { key, group, values, rank }
}

/// Returns a number that grows with the time of the last use of a row: that of its session, otherwise of its last slot.
fn last_use(collector: &ReportCollector<'_>, key: &GroupKey, group: &Group) -> u128 {
    let session = session_id(key[Grouping::Session as usize]).filter(|_| collector.by.contains(&Grouping::Session));
    let session = session.and_then(|id| collector.builder.ledger.sessions.get(&id)?.span);
    let time = session.map(|(_, last)| last.0).or(group.last_slot.map(|slot| slot.start().0));
    // Times before 1970 are negative.
    time.map_or(0, |time| u128::from(time.abs_diff(i64::MIN)))
}

fn compare_rows(a: &RawRow, b: &RawRow, order: &RowOrder, direction: SortDirection) -> Ordering {
    let is_unpriced = |row: &RawRow| {
        matches!(order, RowOrder::By(ReportSort::Cost))
            && row.group.sum.cost.to_dollars(row.group.sum.tokens.total()).is_none()
    };
    let by_rank = match direction {
        SortDirection::Asc => a.rank.cmp(&b.rank),
        SortDirection::Desc => b.rank.cmp(&a.rank),
    };
    let by_values = match (&a.rank, direction) {
        (Rank::Values, SortDirection::Desc) => b.values.cmp(&a.values),
        (Rank::Values | Rank::Number(_) | Rank::Texts(_), _) => a.values.cmp(&b.values),
    };
    is_unpriced(a).cmp(&is_unpriced(b)).then(by_rank).then(by_values)
}

/// Removes the row of a session and those before it, or all rows if there is none of it.
fn drop_rows_up_to(rows: &mut Vec<RawRow>, session: &str) {
    let is_of_session = |row: &RawRow| matches!(&row.values[..], [GroupValue::Session(id, _)] if id == session);
    let end = rows.iter().position(is_of_session).map_or(rows.len(), |index| index + 1);
    rows.drain(..end);
}

fn limit_rows(rows: &mut Vec<RawRow>, limit: Option<usize>, keep_last: bool) {
    let Some(limit) = limit else { return };
    if keep_last {
        rows.drain(..rows.len().saturating_sub(limit));
    } else {
        rows.truncate(limit);
    }
}

fn finish_row(collector: &ReportCollector<'_>, row: RawRow) -> ReportRow {
    let RawRow { key, group, values, .. } = row;
    let sums = ExactTotals::from(&group.sum);
    let names = &collector.builder.ledger.names;
    let session = session_id(key[Grouping::Session as usize]).filter(|_| collector.by == [Grouping::Session]);
    let session = session.map(|id| {
        let mut session = collector.builder.session_stats(id);
        session.totals = sums.totals.clone();
        session.models_used = group.models.iter().map(|model| names.models.text_of(*model)).collect();
        Box::new(session)
    });
    let block = group.block.as_ref().map(|block| Box::new(collector.builder.billing_block(block)));
    ReportRow { values, sums, session, block, parts: parts_of(collector, &group) }
}

fn parts_of(collector: &ReportCollector<'_>, group: &Group) -> Vec<ReportPart> {
    let Some(by) = collector.part_by else { return Vec::new() };
    let part = |(number, sum): (&i64, &UsageSum)| ReportPart {
        name: match group_value(collector, by, *number) {
            GroupValue::Model(name) => Some(name),
            GroupValue::Project(name) => name,
            other => Some(name_of(&other)),
        },
        sums: ExactTotals::from(sum),
    };
    let mut parts: Vec<ReportPart> = group.parts.iter().map(part).collect();
    let tokens = |part: &ReportPart| part.sums.totals.total_tokens;
    parts.sort_by(|a, b| tokens(b).cmp(&tokens(a)).then_with(|| a.name.cmp(&b.name)));
    parts
}

fn session_id(number: i64) -> Option<SessionId> {
    u32::try_from(number).ok().map(SessionId)
}

/// Returns the value that a number stands for.
fn group_value(collector: &ReportCollector<'_>, grouping: Grouping, number: i64) -> GroupValue {
    let (ledger, id) = (collector.builder.ledger, u32::try_from(number).ok());
    let date = || i32::try_from(number).ok().and_then(NaiveDate::from_num_days_from_ce_opt).unwrap_or_default();
    match grouping {
        Grouping::Day => GroupValue::Day(date()),
        Grouping::Week => GroupValue::Week(date()),
        Grouping::Month => GroupValue::Month(date()),
        Grouping::Block => block_value(collector, number),
        Grouping::Project => GroupValue::Project(id.map(|id| ledger.names.projects.text_of(ProjectId(id)))),
        Grouping::Session => {
            let id = SessionId(id.unwrap_or_default());
            GroupValue::Session(ledger.names.sessions.text_of(id), collector.builder.display_name(id))
        }
        Grouping::Branch => GroupValue::Branch(id.map(|id| ledger.names.branches.text_of(BranchId(id)))),
        Grouping::Tag => GroupValue::Tag(collector.tags.value_of(number).cloned().unwrap_or_default()),
        Grouping::PullRequest => GroupValue::PullRequest(collector.pull_requests.value_of(number).cloned()),
        Grouping::Agent => GroupValue::Agent(collector.agents.value_of(number).cloned()),
        Grouping::Model => GroupValue::Model(ledger.names.models.text_of(ModelId(id.unwrap_or_default()))),
    }
}

fn block_value(collector: &ReportCollector<'_>, number: i64) -> GroupValue {
    let block = usize::try_from(number).ok().and_then(|index| collector.blocks.get(index));
    let Some(block) = block else { return GroupValue::Block(<_>::default(), <_>::default(), None) };
    let accounts = collector.builder.context.accounts;
    let account = block.account.and_then(|account| accounts.name_if_several(account));
    GroupValue::Block(block.edges.start, block.edges.end, account.map(str::to_owned))
}

/// Returns the text by which a value is sorted.
fn name_of(value: &GroupValue) -> String {
    match value {
        GroupValue::Day(date) | GroupValue::Week(date) | GroupValue::Month(date) => date.to_string(),
        GroupValue::Block(start, _, account) => format!("{} {}", start.to_rfc3339(), account.as_deref().unwrap_or("")),
        GroupValue::Project(name)
        | GroupValue::Branch(name)
        | GroupValue::PullRequest(name)
        | GroupValue::Agent(name) => name.as_deref().unwrap_or_default().to_lowercase(),
        GroupValue::Session(_, name) => name.to_lowercase(),
        GroupValue::Tag(tags) => tags.join(", ").to_lowercase(),
        GroupValue::Model(name) => name.clone(),
    }
}
