//! Builds the history of a range of days, each divided by model, project, branch, tag or pull request.
//!
//! Days are those of [`crate::time::calendar`], the same as in the list of days, and the parts of a day add up to its
//! usage.

use std::collections::BTreeMap;
use std::ops::Range;

use chrono::{Datelike, NaiveDate};
use chrono_tz::Tz;
use rustc_hash::FxHashMap;

use crate::interner::SessionId;
use crate::ledger::BucketKey;
use crate::ledger::pull_request::link_of_slot;
use crate::ledger::totals::Ledger;
use crate::report::context::SessionMetadataMap;
use crate::report::model::{Amount, History, HistoryBy, HistoryDay, HistoryPart, Totals};
use crate::time::Slot;
use crate::time::calendar::{self, HOURS_PER_DAY, SlotDates};
use crate::tokens::UsageSum;
use crate::tokens_and_cost::TokensAndCost;

/// The maximum number of parts, as many as a chart can distinguish.
const MAX_PARTS: usize = 12;

/// Returns the slots of a range of days. Dates outside the years 1 to 9999 are clamped to them.
pub fn slots_between(from: Option<NaiveDate>, to: NaiveDate, zone: Tz) -> Range<Slot> {
    let start = from.map_or(Slot(i32::MIN), |from| calendar::first_slot(clamp_to_log_years(from), zone));
    start..calendar::slots_of_date(clamp_to_log_years(to), zone).end
}

fn clamp_to_log_years(date: NaiveDate) -> NaiveDate {
    let (first, last) = (NaiveDate::from_ymd_opt(1, 1, 2), NaiveDate::from_ymd_opt(9999, 12, 30));
    match date.year() {
        ..=0 => first.unwrap_or(date),
        10_000.. => last.unwrap_or(date),
        _ => first.map_or(date, |first| date.max(first)).min(last.unwrap_or(date)),
    }
}

/// The number of a part; `None` for usage without a name, such as that of sessions without a folder.
type PartId = Option<u32>;

/// Sums the days of a range by part.
#[derive(Debug)]
pub struct DailyBreakdown<'a> {
    ledger: &'a Ledger,
    metadata: &'a SessionMetadataMap,
    by: HistoryBy,
    dates: SlotDates,
    labels: SessionLabels,
    days: BTreeMap<NaiveDate, FxHashMap<PartId, TokensAndCost>>,
    hours: [TokensAndCost; HOURS_PER_DAY],
    total: UsageSum,
}

impl<'a> DailyBreakdown<'a> {
    /// Creates a breakdown without days.
    pub fn new(ledger: &'a Ledger, metadata: &'a SessionMetadataMap, by: HistoryBy, zone: Tz) -> Self {
        Self {
            ledger,
            metadata,
            by,
            dates: SlotDates::new(zone),
            labels: SessionLabels::default(),
            days: BTreeMap::new(),
            hours: [TokensAndCost::default(); HOURS_PER_DAY],
            total: UsageSum::default(),
        }
    }

    /// Adds the usage of a bucket.
    pub fn add_bucket(&mut self, key: &BucketKey, sum: &UsageSum) {
        let part = self.part_of_bucket(key);
        let day = self.days.entry(self.dates.date_of(key.slot)).or_default();
        let amount = TokensAndCost::from(sum);
        day.entry(part).or_default().merge(&amount);
        self.hours[self.dates.hour_of(key.slot)].merge(&amount);
        self.total.merge(sum);
    }

    fn part_of_bucket(&mut self, key: &BucketKey) -> PartId {
        let session = self.ledger.sessions.get(&key.session)?;
        match self.by {
            HistoryBy::Model => Some(key.model.0),
            HistoryBy::Project => session.project.map(|(_, project)| project.0),
            HistoryBy::Branch => session.branch.map(|(_, branch)| branch.0),
            HistoryBy::Tag => {
                let (names, metadata) = (&self.ledger.names.sessions, self.metadata);
                let tags = || metadata.get(&names.text_of(key.session)).and_then(|found| join_tags(&found.tags));
                self.labels.of_session(key.session, || tags().into_iter().collect()).first().copied()
            }
            HistoryBy::PullRequest => {
                let links = &session.pull_requests;
                let index = link_of_slot(links, key.slot)?;
                let urls = || links.iter().map(|link| link.url.to_string()).collect();
                self.labels.of_session(key.session, urls).get(index).copied()
            }
        }
    }

    /// Returns the history. `from` and `to` are the requested range.
    pub fn finish(self, from: Option<NaiveDate>, to: NaiveDate) -> History {
        let ranked = self.rank_parts();
        let ranks: FxHashMap<PartId, usize> =
            ranked.named.iter().enumerate().map(|(rank, (part, ..))| (*part, rank)).collect();
        let (named, rest) = (ranked.named.len(), usize::from(ranked.rest.is_some()));
        let days = self.days.iter().map(|(date, parts)| {
            let mut divided = vec![TokensAndCost::default(); named + rest];
            for (part, spent) in parts {
                divided[ranks.get(part).copied().unwrap_or(named)].merge(spent);
            }
            let amount = Amount::from(&divided.iter().sum::<TokensAndCost>());
            HistoryDay { date: *date, amount, parts: divided.iter().map(Amount::from).collect() }
        });
        History {
            from: from.or_else(|| self.days.keys().next().copied()).unwrap_or(to),
            to,
            days: days.collect(),
            hours: self.hours.iter().map(Amount::from).collect(),
            totals: Totals::from(&self.total),
            parts: ranked.into_history_parts(),
        }
    }

    /// Ranks the parts, largest first. Sessions without a folder and parts beyond the maximum are combined at the end.
    fn rank_parts(&self) -> RankedParts {
        let mut sums: FxHashMap<PartId, TokensAndCost> = FxHashMap::default();
        for (part, spent) in self.days.values().flatten() {
            sums.entry(*part).or_default().merge(spent);
        }
        let unnamed = sums.remove(&None);
        let mut named: Vec<_> =
            sums.into_iter().filter_map(|(part, spent)| Some((part, self.part_name(part?), spent))).collect();
        named.sort_by(|a, b| b.2.tokens.cmp(&a.2.tokens).then_with(|| a.1.cmp(&b.1)));
        let fits = named.len() + usize::from(unnamed.is_some()) <= MAX_PARTS;
        let rest = if fits { Vec::new() } else { named.split_off(MAX_PARTS - 1) };
        let count = rest.len() + usize::from(unnamed.is_some());
        let sum = rest.iter().map(|(.., spent)| spent).chain(&unnamed).sum();
        RankedParts { named, rest: (count > 0).then_some((count, sum)) }
    }

    fn part_name(&self, part: u32) -> String {
        match self.by {
            HistoryBy::Model => self.ledger.names.models.text_of(part.into()),
            HistoryBy::Project => self.ledger.names.projects.text_of(part.into()),
            HistoryBy::Branch => self.ledger.names.branches.text_of(part.into()),
            HistoryBy::Tag | HistoryBy::PullRequest => self.labels.texts[part as usize].clone(),
        }
    }
}

/// Returns the tags of a session as the name of a part, in alphabetical order, or `None` without tags.
fn join_tags(tags: &[String]) -> Option<String> {
    let mut tags = tags.to_vec();
    tags.sort_by_key(|tag| tag.to_lowercase());
    (!tags.is_empty()).then(|| tags.join(", "))
}

/// The numbered texts of sessions: their tags, or their pull requests.
#[derive(Debug, Default)]
struct SessionLabels {
    texts: Vec<String>,
    numbers: FxHashMap<String, u32>,
    sessions: FxHashMap<SessionId, Box<[u32]>>,
}

impl SessionLabels {
    /// Returns the numbers of a session's texts. The texts are asked for once per session.
    fn of_session(&mut self, session: SessionId, texts: impl FnOnce() -> Vec<String>) -> &[u32] {
        let Self { texts: known, numbers, sessions } = self;
        sessions.entry(session).or_insert_with(|| {
            let number_of = |text: String| {
                *numbers.entry(text).or_insert_with_key(|text| {
                    known.push(text.clone());
                    known.len() as u32 - 1
                })
            };
            texts().into_iter().map(number_of).collect()
        })
    }
}

/// The parts of a history in display order.
struct RankedParts {
    named: Vec<(PartId, String, TokensAndCost)>,
    /// The combined others: their number and their usage.
    rest: Option<(usize, TokensAndCost)>,
}

impl RankedParts {
    fn into_history_parts(self) -> Vec<HistoryPart> {
        let part = |name: Option<String>, count: usize, amount: Amount| HistoryPart {
            name,
            count: u32::try_from(count).unwrap_or(u32::MAX),
            amount,
        };
        let named = self.named.into_iter().map(|(_, name, spent)| part(Some(name), 1, Amount::from(&spent)));
        let rest = self.rest.map(|(count, spent)| part(None, count, Amount::from(&spent)));
        named.chain(rest).collect()
    }
}
