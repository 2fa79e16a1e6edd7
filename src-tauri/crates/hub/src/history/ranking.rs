//! Ranks the parts of a history, and divides days into them.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use token_monitor_core::report::model::{Amount, History, HistoryDay, HistoryPart, Totals};
use token_monitor_core::tokens::UsageSum;

use crate::history::DayUsage;

/// The maximum number of parts, as many as a chart can distinguish.
const MAX_PARTS: usize = 12;

/// The parts of a history: those with names, the largest first, and the number of those that are combined after them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PartRanking {
    /// The names.
    pub(crate) names: Vec<String>,
    /// The number of combined parts. Usage without a name counts as one.
    pub(crate) others: usize,
}

impl PartRanking {
    /// Ranks parts by their tokens. Those beyond the maximum are combined.
    pub(crate) fn new<'a>(parts: impl Iterator<Item = (Option<&'a str>, &'a UsageSum)>) -> Self {
        let mut tokens: BTreeMap<Option<&str>, u128> = BTreeMap::new();
        for (name, sum) in parts {
            *tokens.entry(name).or_default() += sum.tokens.total();
        }
        let unnamed = usize::from(tokens.remove(&None).is_some());
        let mut named: Vec<_> = tokens.into_iter().collect();
        named.sort_by_key(|(_, tokens)| std::cmp::Reverse(*tokens));
        let mut names: Vec<String> = named.into_iter().filter_map(|(name, _)| name.map(str::to_owned)).collect();
        let fits = names.len() + unnamed <= MAX_PARTS;
        let rest = if fits { 0 } else { names.split_off(MAX_PARTS - 1).len() };
        Self { names, others: rest + unnamed }
    }

    /// Returns the history of days whose usage is divided into these parts. Other names belong to the combined part.
    pub(crate) fn build_history(&self, usage: &[DayUsage], since: Option<NaiveDate>, until: NaiveDate) -> History {
        let count = self.names.len() + usize::from(self.others > 0);
        let place = |name: &Option<String>| self.names.iter().position(|known| Some(known) == name.as_ref());
        let mut days: BTreeMap<NaiveDate, Vec<UsageSum>> = BTreeMap::new();
        let mut parts = vec![UsageSum::default(); count];
        let mut total = UsageSum::default();
        for (day, name, sum) in usage {
            let place = place(name).unwrap_or(count - 1);
            days.entry(*day).or_insert_with(|| vec![UsageSum::default(); count])[place].merge(sum);
            parts[place].merge(sum);
            total.merge(sum);
        }
        let names = self.names.iter().map(|name| (Some(name.clone()), 1));
        let others = (self.others > 0).then(|| (None, u32::try_from(self.others).unwrap_or(u32::MAX)));
        let part = |((name, count), sum): ((Option<String>, u32), &UsageSum)| HistoryPart {
            name,
            count,
            amount: amount_of(sum),
        };
        History {
            from: since.or_else(|| days.keys().next().copied()).unwrap_or(until),
            to: until,
            parts: names.chain(others).zip(&parts).map(part).collect(),
            days: days.into_iter().map(|(date, parts)| history_day(date, &parts)).collect(),
            hours: Vec::new(),
            totals: Totals::from(&total),
        }
    }
}

fn history_day(date: NaiveDate, parts: &[UsageSum]) -> HistoryDay {
    let mut total = UsageSum::default();
    parts.iter().for_each(|part| total.merge(part));
    HistoryDay { date, amount: amount_of(&total), parts: parts.iter().map(amount_of).collect() }
}

fn amount_of(sum: &UsageSum) -> Amount {
    let tokens = sum.tokens.total();
    Amount { tokens, cost: sum.cost.to_dollars(tokens) }
}

#[cfg(test)]
mod tests {
    use token_monitor_core::tokens::TokenSums;

    use super::*;

    fn usage(output: u128) -> UsageSum {
        UsageSum { tokens: TokenSums::from_array([0, output, 0, 0, 0, 0, 0]), messages: 1, ..UsageSum::default() }
    }

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, day).expect("a day")
    }

    #[test]
    fn the_smallest_parts_and_usage_without_a_name_are_combined() {
        let names: Vec<String> = (0..15).map(|number| format!("n{number:02}")).collect();
        let mut days: Vec<DayUsage> =
            (1..).zip(&names).map(|(tokens, name)| (day(1), Some(name.clone()), usage(tokens))).collect();
        days.push((day(2), None, usage(100)));
        let parts = PartRanking::new(days.iter().map(|(_, name, sum)| (name.as_deref(), sum)));
        assert_eq!((parts.names.len(), parts.others), (11, 5));
        assert_eq!(parts.names[0], "n14");
        let history = parts.build_history(&days, None, day(9));
        assert_eq!((history.from, history.to, history.days.len()), (day(1), day(9), 2));
        let last = history.parts.last().expect("the combined parts");
        assert_eq!((last.name.as_deref(), last.count, last.amount.tokens), (None, 5, 1 + 2 + 3 + 4 + 100));
        assert_eq!(history.days[1].parts.last().expect("the combined parts").tokens, 100);
        assert_eq!(history.totals.total_tokens, 120 + 100);
    }

    #[test]
    fn parts_that_fit_are_not_combined() {
        let days = [(day(1), Some("a".to_owned()), usage(1)), (day(1), Some("b".to_owned()), usage(2))];
        let parts = PartRanking::new(days.iter().map(|(_, name, sum)| (name.as_deref(), sum)));
        assert_eq!((parts.names.clone(), parts.others), (vec!["b".to_owned(), "a".to_owned()], 0));
        assert_eq!(parts.build_history(&[], None, day(1)).days, []);
    }
}
