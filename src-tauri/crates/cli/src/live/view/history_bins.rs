//! The days of a history in as many columns as fit: days, weeks or months.

use chrono::{Datelike, Days, NaiveDate};
use token_monitor_core::report::model::{Amount, History};

use crate::live::app::Measure;

/// The time that a column stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BinUnit {
    Day,
    Week,
    Month,
}

impl BinUnit {
    /// Returns what a column is, in words.
    pub(crate) fn phrase(self) -> &'static str {
        match self {
            Self::Day => "a column is a day",
            Self::Week => "a column is a week",
            Self::Month => "a column is a month",
        }
    }

    fn first_day_of(self, day: NaiveDate) -> NaiveDate {
        match self {
            Self::Day => day,
            Self::Week => day - Days::new(day.weekday().num_days_from_monday().into()),
            Self::Month => day.with_day(1).unwrap_or(day),
        }
    }

    fn after(self, first: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Day => first.succ_opt(),
            Self::Week => first.checked_add_days(Days::new(7)),
            Self::Month => first.checked_add_months(chrono::Months::new(1)),
        }
    }
}

/// A column: its first day, and the amount of each part.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Bin {
    pub(crate) first: NaiveDate,
    pub(crate) parts: Vec<f64>,
}

impl Bin {
    /// Returns the amount of all parts.
    pub(crate) fn total(&self) -> f64 {
        self.parts.iter().sum()
    }
}

/// Returns the columns of a history, oldest first, in the smallest unit of which at most `max_bins` are needed. Days
/// without messages are columns as well.
pub(crate) fn bin_history(history: &History, measure: Measure, max_bins: usize) -> (BinUnit, Vec<Bin>) {
    let units = [BinUnit::Day, BinUnit::Week, BinUnit::Month];
    let starts = units.map(|unit| (unit, first_days(unit, history)));
    let fitting = starts.iter().find(|(_, starts)| starts.len() <= max_bins).unwrap_or(&starts[2]);
    let (unit, firsts) = (fitting.0, &fitting.1);
    // Of months that do not fit either, the latest are shown.
    let firsts = &firsts[firsts.len().saturating_sub(max_bins)..];
    let empty = |first: &NaiveDate| Bin { first: *first, parts: vec![0.0; history.parts.len()] };
    let mut bins: Vec<Bin> = firsts.iter().map(empty).collect();
    for day in &history.days {
        let first = unit.first_day_of(day.date);
        let Ok(place) = bins.binary_search_by_key(&first, |bin| bin.first) else { continue };
        for (sum, amount) in bins[place].parts.iter_mut().zip(&day.parts) {
            *sum += measured(*amount, measure);
        }
    }
    (unit, bins)
}

/// Returns an amount in the unit that is compared.
pub(crate) fn measured(amount: Amount, measure: Measure) -> f64 {
    match measure {
        Measure::Tokens => amount.tokens as f64,
        Measure::Cost => amount.cost.unwrap_or_default(),
    }
}

fn first_days(unit: BinUnit, history: &History) -> Vec<NaiveDate> {
    let mut firsts = Vec::new();
    let mut next = Some(unit.first_day_of(history.from));
    while let Some(first) = next.filter(|first| *first <= history.to) {
        firsts.push(first);
        next = unit.after(first);
    }
    firsts
}

#[cfg(test)]
mod tests {
    use token_monitor_core::report::model::{HistoryDay, HistoryPart, Totals};

    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    fn history(from: &str, to: &str, days: &[(&str, u128)]) -> History {
        let amount = |tokens| Amount { tokens, cost: None };
        let day = |(day, tokens): &(&str, u128)| HistoryDay {
            date: date(day),
            amount: amount(*tokens),
            parts: vec![amount(*tokens)],
        };
        let totals: Totals = serde_json::from_value(serde_json::json!({
            "inputTokens": 0, "outputTokens": 0, "cacheCreationTokens": 0, "cacheCreation1hTokens": 0,
            "cacheReadTokens": 0, "totalTokens": 0, "totalCost": null, "costBasis": "API-equivalent",
            "unpricedTokens": 0, "messageCount": 0, "underLoggedMessages": 0, "label": "measured"
        }))
        .expect("totals");
        History {
            from: date(from),
            to: date(to),
            parts: vec![HistoryPart { name: None, count: 1, amount: amount(0) }],
            days: days.iter().map(day).collect(),
            hours: vec![amount(0); 24],
            totals,
        }
    }

    #[test]
    fn days_without_messages_are_columns() {
        let history = history("2026-03-01", "2026-03-04", &[("2026-03-02", 5), ("2026-03-04", 7)]);
        let (unit, bins) = bin_history(&history, Measure::Tokens, 10);
        assert_eq!(unit, BinUnit::Day);
        assert_eq!(bins.iter().map(Bin::total).collect::<Vec<_>>(), [0.0, 5.0, 0.0, 7.0]);
    }

    #[test]
    fn a_year_is_shown_in_weeks_and_many_years_in_months() {
        let year = history("2025-03-05", "2026-03-04", &[("2025-03-05", 1), ("2026-03-04", 2)]);
        let (unit, bins) = bin_history(&year, Measure::Tokens, 60);
        assert_eq!((unit, bins.len(), bins[0].first), (BinUnit::Week, 53, date("2025-03-03")));
        assert_eq!(bins.iter().map(Bin::total).sum::<f64>(), 3.0);
        let (unit, bins) = bin_history(&year, Measure::Tokens, 20);
        assert_eq!((unit, bins.len()), (BinUnit::Month, 13));
        let (unit, bins) = bin_history(&year, Measure::Tokens, 5);
        assert_eq!((unit, bins.len(), bins[4].total()), (BinUnit::Month, 5, 2.0), "the latest ones");
    }
}
