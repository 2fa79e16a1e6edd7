//! The days of a range, each divided by model or by project.
//!
//! Sums buckets that come in order of time. Days are those of [`crate::time::calendar`], so they and the list of all days
//! cannot disagree; the parts of a day are its sum.

use std::collections::BTreeMap;
use std::ops::Range;

use chrono::{Datelike, NaiveDate};
use chrono_tz::Tz;
use rustc_hash::FxHashMap;

use crate::ledger::bucket::BucketKey;
use crate::ledger::totals::Ledger;
use crate::report::model::{Amount, History, HistoryBy, HistoryDay, HistoryPart};
use crate::time::calendar::{self, Dates};
use crate::time::timestamp::Slot;
use crate::tokens::Sum;
use crate::tokens_and_cost::Spent;

/// As many parts can be told apart in a chart.
const MOST_PARTS: usize = 12;

/// The slots of a range of days. Logs are written in years of four digits; a day beyond is as good as the last of
/// them.
pub fn slots_between(from: Option<NaiveDate>, to: NaiveDate, zone: Tz) -> Range<Slot> {
    let start = from.map_or(Slot(i32::MIN), |from| calendar::first_slot(within_reach(from), zone));
    start..calendar::slots(within_reach(to), zone).end
}

fn within_reach(date: NaiveDate) -> NaiveDate {
    let (first, last) = (NaiveDate::from_ymd_opt(1, 1, 2), NaiveDate::from_ymd_opt(9999, 12, 30));
    match date.year() {
        ..=0 => first.unwrap_or(date),
        10_000.. => last.unwrap_or(date),
        _ => first.map_or(date, |first| date.max(first)).min(last.unwrap_or(date)),
    }
}

/// A model or a project by its number; none for sessions without a folder.
type Part = Option<u32>;

/// Days being summed.
#[derive(Debug)]
pub struct Divided<'a> {
    ledger: &'a Ledger,
    by: HistoryBy,
    dates: Dates,
    days: BTreeMap<NaiveDate, FxHashMap<Part, Spent>>,
    total: Sum,
}

impl<'a> Divided<'a> {
    /// No days yet.
    pub fn new(ledger: &'a Ledger, by: HistoryBy, zone: Tz) -> Self {
        Self { ledger, by, dates: Dates::new(zone), days: BTreeMap::new(), total: Sum::default() }
    }

    /// Adds one bucket's sum.
    pub fn add(&mut self, key: &BucketKey, sum: &Sum) {
        let part = match self.by {
            HistoryBy::Model => Some(key.model.0),
            HistoryBy::Project => self.ledger.sessions.get(&key.session).and_then(|session| Some(session.project?.1.0)),
        };
        let day = self.days.entry(self.dates.of(key.slot)).or_default();
        day.entry(part).or_default().join(&Spent::from(sum));
        self.total.join(sum);
    }

    /// The days of the range that was asked for.
    pub fn finish(self, from: Option<NaiveDate>, to: NaiveDate) -> History {
        let ranked = self.ranked();
        let of_rank: FxHashMap<Part, usize> =
            ranked.named.iter().enumerate().map(|(rank, (part, ..))| (*part, rank)).collect();
        let (named, rest) = (ranked.named.len(), usize::from(ranked.rest.is_some()));
        let days = self.days.iter().map(|(date, parts)| {
            let mut divided = vec![Spent::default(); named + rest];
            for (part, spent) in parts {
                divided[of_rank.get(part).copied().unwrap_or(named)].join(spent);
            }
            let amount = divided.iter().sum::<Spent>().amount();
            HistoryDay { date: *date, amount, parts: divided.iter().map(Spent::amount).collect() }
        });
        History {
            from: from.or_else(|| self.days.keys().next().copied()).unwrap_or(to),
            to,
            days: days.collect(),
            totals: self.total.totals(),
            parts: ranked.figures(),
        }
    }

    /// The parts, largest first. Those without a name of their own come last, together.
    fn ranked(&self) -> Ranked {
        let mut sums: FxHashMap<Part, Spent> = FxHashMap::default();
        for (part, spent) in self.days.values().flatten() {
            sums.entry(*part).or_default().join(spent);
        }
        let nameless = sums.remove(&None);
        let mut named: Vec<_> =
            sums.into_iter().filter_map(|(part, spent)| Some((part, self.name(part?), spent))).collect();
        named.sort_by(|a, b| b.2.tokens.cmp(&a.2.tokens).then_with(|| a.1.cmp(&b.1)));
        let fits = named.len() + usize::from(nameless.is_some()) <= MOST_PARTS;
        let rest = if fits { Vec::new() } else { named.split_off(MOST_PARTS - 1) };
        let count = rest.len() + usize::from(nameless.is_some());
        let sum = rest.iter().map(|(.., spent)| spent).chain(&nameless).sum();
        Ranked { named, rest: (count > 0).then_some((count, sum)) }
    }

    fn name(&self, part: u32) -> String {
        match self.by {
            HistoryBy::Model => self.ledger.names.models.text(part.into()),
            HistoryBy::Project => self.ledger.names.projects.text(part.into()),
        }
    }
}

/// The parts in their order.
struct Ranked {
    named: Vec<(Part, String, Spent)>,
    /// All others: how many, and their sum.
    rest: Option<(usize, Spent)>,
}

impl Ranked {
    fn figures(self) -> Vec<HistoryPart> {
        let part = |name: Option<String>, count: usize, amount: Amount| HistoryPart {
            name,
            count: u32::try_from(count).unwrap_or(u32::MAX),
            amount,
        };
        let named = self.named.into_iter().map(|(_, name, spent)| part(Some(name), 1, spent.amount()));
        let rest = self.rest.map(|(count, spent)| part(None, count, spent.amount()));
        named.chain(rest).collect()
    }
}
