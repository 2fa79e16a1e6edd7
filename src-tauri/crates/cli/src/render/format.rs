//! Figures and names as words of a terminal.

use chrono::{DateTime, Utc};
use token_monitor_core::report::model::{BurnLevel, Totals};

/// To the minute, in UTC.
pub(crate) fn minute(when: DateTime<Utc>) -> String {
    when.format("%Y-%m-%d %H:%M").to_string()
}

/// How long until an instant, never negative.
pub(crate) fn left(until: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let minutes = (until - now).num_minutes().max(0);
    format!("{} h {:02} m left", minutes / 60, minutes % 60)
}

/// Dollars to the cent; smaller amounts to two digits.
pub(crate) fn dollars(amount: f64) -> String {
    if amount > 0.0 && amount < 0.01 {
        return format!("${amount:.4}");
    }
    let cents = (amount * 100.0).round() as u128;
    format!("${}.{:02}", grouped(cents / 100), cents % 100)
}

/// What something cost, and what of it has no price.
pub(crate) fn cost(totals: &Totals) -> String {
    let unpriced = grouped(totals.unpriced_tokens);
    match (totals.total_cost, totals.unpriced_tokens) {
        (Some(cost), 0) => format!("{} API-equivalent", dollars(cost)),
        (Some(cost), _) => format!("{} API-equivalent and {unpriced} tokens unpriced", dollars(cost)),
        (None, _) => "unpriced".to_owned(),
    }
}

/// A share in percent, to whole numbers.
pub(crate) fn percent(share: f64) -> String {
    format!("{share:.0} %")
}

/// How hot a burn rate is.
pub(crate) fn level(level: BurnLevel) -> &'static str {
    match level {
        BurnLevel::Normal => "normal",
        BurnLevel::Moderate => "moderate",
        BurnLevel::High => "high",
    }
}

/// A word in the colour of a level.
pub(crate) fn painted(word: &str, level: BurnLevel, colour: bool) -> String {
    let code = match level {
        BurnLevel::Normal => 32,
        BurnLevel::Moderate => 33,
        BurnLevel::High => 31,
    };
    if colour { format!("\u{1b}[{code}m{word}\u{1b}[0m") } else { word.to_owned() }
}

/// A text cut to a length.
pub(crate) fn short(text: &str, longest: usize) -> String {
    match text.chars().count() > longest {
        true => text.chars().take(longest - 1).chain(['…']).collect(),
        false => text.to_owned(),
    }
}

/// Text from logs and names of files may hold terminal commands; none of it reaches a terminal.
pub(crate) fn clean(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_control() && !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
        .collect()
}

/// A number with its thousands apart.
pub(crate) fn grouped(number: u128) -> String {
    let digits = number.to_string();
    let first = digits.len() % 3;
    let mut out = digits[..first].to_owned();
    for (index, digit) in digits[first..].chars().enumerate() {
        if index % 3 == 0 && !out.is_empty() {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dollars_are_told_to_the_cent() {
        assert_eq!([0.0, 0.0042, 3.414, 1234.5].map(dollars), ["$0.00", "$0.0042", "$3.41", "$1,234.50"]);
    }

    #[test]
    fn thousands_stand_apart() {
        let numbers = [0, 999, 1000, 12_345, 1_234_567];
        assert_eq!(numbers.map(grouped), ["0", "999", "1,000", "12,345", "1,234,567"]);
    }

    #[test]
    fn terminal_commands_do_not_reach_the_terminal() {
        assert_eq!(clean("a\u{1b}[31mb\u{202e}c\u{7}"), "a[31mbc");
    }
}
