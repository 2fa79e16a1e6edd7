//! What the user wants to be told of, and how.

use serde::{Deserialize, Serialize};

/// What the user wants to be told of, and how. As it is without settings: see `Default`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertSettings {
    /// Whether there are alerts at all.
    pub enabled: bool,
    /// Shares of the block's limit, in percent, ascending; none for no such alert.
    pub block: Vec<u64>,
    /// Whether to warn when a block or a week will probably run out before its reset.
    pub forecast: bool,
    /// Tokens per minute that are too many, where that is to be told of.
    pub burn_tokens: Option<u64>,
    /// Dollars per hour that are too many, where that is to be told of.
    pub burn_cost: Option<u64>,
    /// How many minutes the burn rate has to stay over its threshold.
    pub burn_minutes: u64,
    /// Shares of a weekly window, in percent, ascending; none for no such alert.
    pub week: Vec<u64>,
    /// Whether to tell of resets, of windows that were over the highest threshold below 100.
    pub reset: bool,
    /// Whether to tell of limits that were reached.
    pub limit_hit: bool,
    /// What a day may use.
    pub daily_budget: Option<Budget>,
    /// What a week may use.
    pub weekly_budget: Option<Budget>,
    /// What a month may use.
    pub monthly_budget: Option<Budget>,
    /// Dollars a session may cost, where that is to be told of.
    pub session_cost: Option<u64>,
    /// Whether to tell of logs that will be deleted before they were read.
    pub cleaning: bool,
    /// Whether alerts make a sound.
    pub sound: bool,
    /// When alerts are kept back, by local time.
    pub quiet: Option<QuietHours>,
    /// Whether what quiet hours kept back is summed up after them.
    pub quiet_summary: bool,
    /// A program and its arguments, run for each alert with the alert as JSON on its input; empty for none.
    pub command: Vec<String>,
}

impl Default for AlertSettings {
    fn default() -> Self {
        Self {
            enabled: true,
            block: vec![50, 75, 90, 100],
            forecast: true,
            burn_tokens: None,
            burn_cost: None,
            burn_minutes: 5,
            week: vec![75, 90, 100],
            reset: true,
            limit_hit: true,
            daily_budget: None,
            weekly_budget: None,
            monthly_budget: None,
            session_cost: None,
            cleaning: true,
            sound: false,
            quiet: None,
            quiet_summary: true,
            command: Vec::new(),
        }
    }
}

/// What some span of time may use. Written `2000000` for tokens and `$20` for dollars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Budget {
    /// So many tokens.
    Tokens(u64),
    /// So many whole dollars, API-equivalent.
    Dollars(u64),
}

impl Budget {
    /// Reads one; none where it is not one, or nothing.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let budget = match text.strip_prefix('$') {
            Some(dollars) => Self::Dollars(dollars.trim().parse().ok()?),
            None => Self::Tokens(text.replace('_', "").parse().ok()?),
        };
        (!matches!(budget, Self::Tokens(0) | Self::Dollars(0))).then_some(budget)
    }
}

/// A span of each day in which alerts are kept back, in minutes after midnight by local time. Written `22:00-08:00`;
/// it may lie across midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuietHours {
    /// When it begins.
    pub from: u16,
    /// When it ends.
    pub to: u16,
}

impl QuietHours {
    /// Reads them; none where the text is not two different times of a day.
    pub fn read(text: &str) -> Option<Self> {
        let (from, to) = text.split_once('-')?;
        let hours = Self { from: minute(from)?, to: minute(to)? };
        (hours.from != hours.to).then_some(hours)
    }

    /// Whether a minute of the day lies in them.
    pub fn hold(self, minute: u16) -> bool {
        match self.from < self.to {
            true => (self.from..self.to).contains(&minute),
            false => minute >= self.from || minute < self.to,
        }
    }
}

fn minute(text: &str) -> Option<u16> {
    let (hours, minutes) = text.trim().split_once(':')?;
    let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_is_of_tokens_or_of_dollars() {
        assert_eq!(Budget::read("2_000_000"), Some(Budget::Tokens(2_000_000)));
        assert_eq!(Budget::read("$ 20"), Some(Budget::Dollars(20)));
        for nonsense in ["", "0", "$0", "-1", "20$", "$1.5"] {
            assert_eq!(Budget::read(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn quiet_hours_may_lie_across_midnight() {
        let night = QuietHours::read("22:00-08:00").expect("hours across midnight");
        assert!([22 * 60, 0, 479].into_iter().all(|minute| night.hold(minute)));
        assert!([480, 720, 1319].into_iter().all(|minute| !night.hold(minute)));
        let noon = QuietHours::read("12:00 - 13:30").expect("hours of a day");
        assert!(noon.hold(809) && !noon.hold(810));
        assert_eq!((QuietHours::read("25:00-08:00"), QuietHours::read("8:00-8:00")), (None, None));
    }
}
