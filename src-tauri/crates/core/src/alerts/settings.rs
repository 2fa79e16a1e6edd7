//! The settings of alerts, already validated.

use serde::{Deserialize, Serialize};

/// The settings of alerts. `Default` gives the values used without configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertSettings {
    /// True if alerts are on.
    pub enabled: bool,
    /// The usage thresholds of the block's limit, in percent, ascending; empty turns the rule off. They do not apply to
    /// comparisons with past blocks.
    pub block_thresholds: Vec<u64>,
    /// True if an alert is sent when a block or a week is likely to run out before its reset.
    pub forecast: bool,
    /// The threshold of the burn rate in tokens per minute; `None` turns it off.
    pub max_tokens_per_minute: Option<u64>,
    /// The threshold of the burn rate in dollars per hour; `None` turns it off.
    pub max_dollars_per_hour: Option<u64>,
    /// The number of minutes for which a burn rate has to stay above its threshold.
    pub burn_rate_minutes: u64,
    /// The usage thresholds of weekly windows, in percent, ascending; empty turns the rule off.
    pub week_thresholds: Vec<u64>,
    /// True if an alert is sent for resets of windows that were nearly used up.
    pub reset: bool,
    /// True if an alert is sent for limits reported as reached.
    pub limit_reached: bool,
    /// The budget of a day.
    pub daily_budget: Option<Budget>,
    /// The budget of a week.
    pub weekly_budget: Option<Budget>,
    /// The budget of a month.
    pub monthly_budget: Option<Budget>,
    /// The threshold of a session's cost in dollars; `None` turns it off.
    pub session_cost: Option<u64>,
    /// True if an alert is sent for sessions that have waited for the user for a minute.
    pub agent_waiting: bool,
    /// True if an alert is sent for logs that will be deleted before they are read.
    pub log_retention: bool,
    /// True if notifications play a sound.
    pub sound: bool,
    /// The local hours in which no alerts are sent.
    pub quiet_hours: Option<QuietHours>,
    /// True if the alerts suppressed by quiet hours are summarized afterwards.
    pub quiet_summary: bool,
    /// A program and its arguments, run for each alert with the alert as JSON on standard input; empty for none.
    pub command: Vec<String>,
}

impl Default for AlertSettings {
    fn default() -> Self {
        Self {
            enabled: true,
            block_thresholds: vec![50, 75, 90, 100],
            forecast: true,
            max_tokens_per_minute: None,
            max_dollars_per_hour: None,
            burn_rate_minutes: 5,
            week_thresholds: vec![75, 90, 100],
            reset: true,
            limit_reached: true,
            daily_budget: None,
            weekly_budget: None,
            monthly_budget: None,
            session_cost: None,
            agent_waiting: false,
            log_retention: true,
            sound: false,
            quiet_hours: None,
            quiet_summary: true,
            command: Vec::new(),
        }
    }
}

/// A budget for a period, written `2000000` for tokens and `$20` for dollars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Budget {
    /// A number of tokens.
    Tokens(u64),
    /// A number of whole API-equivalent dollars.
    Dollars(u64),
}

impl Budget {
    /// Parses a budget. Returns `None` for zero and for text that is not a budget.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let budget = match text.strip_prefix('$') {
            Some(dollars) => Self::Dollars(dollars.trim().parse().ok()?),
            None => Self::Tokens(text.replace('_', "").parse().ok()?),
        };
        (!matches!(budget, Self::Tokens(0) | Self::Dollars(0))).then_some(budget)
    }
}

/// A daily period of local time, in minutes after midnight, in which no alerts are sent. Written `22:00-08:00`; it may
/// cross midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuietHours {
    /// The first minute.
    pub from: u16,
    /// The minute after the last one.
    pub to: u16,
}

impl QuietHours {
    /// Parses quiet hours. Returns `None` unless the text is two different times of day.
    pub fn parse(text: &str) -> Option<Self> {
        let (from, to) = text.split_once('-')?;
        let hours = Self { from: parse_minute_of_day(from)?, to: parse_minute_of_day(to)? };
        (hours.from != hours.to).then_some(hours)
    }

    /// Returns true if a minute of the day is within quiet hours.
    pub fn contains(self, minute: u16) -> bool {
        match self.from < self.to {
            true => (self.from..self.to).contains(&minute),
            false => minute >= self.from || minute < self.to,
        }
    }
}

fn parse_minute_of_day(text: &str) -> Option<u16> {
    let (hours, minutes) = text.trim().split_once(':')?;
    let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_is_in_tokens_or_dollars() {
        assert_eq!(Budget::parse("2_000_000"), Some(Budget::Tokens(2_000_000)));
        assert_eq!(Budget::parse("$ 20"), Some(Budget::Dollars(20)));
        for invalid in ["", "0", "$0", "-1", "20$", "$1.5"] {
            assert_eq!(Budget::parse(invalid), None, "{invalid}");
        }
    }

    #[test]
    fn quiet_hours_may_cross_midnight() {
        let night = QuietHours::parse("22:00-08:00").expect("hours across midnight");
        assert!([22 * 60, 0, 479].into_iter().all(|minute| night.contains(minute)));
        assert!([480, 720, 1319].into_iter().all(|minute| !night.contains(minute)));
        let noon = QuietHours::parse("12:00 - 13:30").expect("hours of a day");
        assert!(noon.contains(809) && !noon.contains(810));
        assert_eq!((QuietHours::parse("25:00-08:00"), QuietHours::parse("8:00-8:00")), (None, None));
    }
}
