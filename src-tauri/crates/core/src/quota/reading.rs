//! A single quota figure and its validation.

use serde::{Deserialize, Serialize};

use crate::quota::account_id::AccountId;
use crate::quota::window::QuotaWindow;
use crate::time::{MICROS_PER_MINUTE, Timestamp};

/// A share of a quota in thousandths of a percent, finer than any source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Percent(u32);

impl Percent {
    /// A share of 0%.
    pub const ZERO: Self = Self(0);
    /// A share of 100%.
    pub const FULL: Self = Self(100_000);

    /// Converts a number of percent of a window: from 0 to 101, and to 10,000 for limits on spending.
    ///
    /// Returns [`RejectReason::Epoch`] for a number that can only be a time, and [`RejectReason::Percentage`] for any other
    /// number out of range.
    pub fn from_percent(percent: f64, window: &QuotaWindow) -> Result<Self, RejectReason> {
        match percent {
            epoch if epoch > 1e9 => Err(RejectReason::Epoch),
            percent if (0.0..=f64::from(window.max_percent())).contains(&percent) => {
                Ok(Self((percent * 1000.0).round() as u32))
            }
            _ => Err(RejectReason::Percentage),
        }
    }

    /// Converts a number of thousandths of a percent.
    pub const fn from_thousandths(thousandths: u32) -> Self {
        Self(thousandths)
    }

    /// Returns the share in thousandths of a percent.
    pub const fn thousandths(self) -> u32 {
        self.0
    }

    /// Returns the share in percent.
    pub fn percent(self) -> f64 {
        f64::from(self.0) / 1000.0
    }

    /// Returns the difference of two shares, at least zero.
    pub(crate) fn saturating_sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// Returns the sum of two shares.
    pub(crate) fn saturating_add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

/// The source of a reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum QuotaSource {
    /// The response to a failed request, which names the end of a window but no share.
    ErrorResponse,
    /// A message in a log that a limit was reached, which means 100%.
    LimitMessage,
    /// Claude Desktop's history of percentages, which has no reset times.
    DesktopHistory,
    /// The last response of Anthropic to Claude Code, cached in `.claude.json`.
    CachedUsage,
    /// The input that Claude Code passes to a status-line command after each answer.
    StatusLine,
}

impl QuotaSource {
    /// Returns true if reset times of this source are exact and belong to this account.
    pub(crate) fn is_official(self) -> bool {
        match self {
            Self::StatusLine | Self::CachedUsage | Self::ErrorResponse => true,
            Self::LimitMessage | Self::DesktopHistory => false,
        }
    }
}

/// The usage of a window at one time, as stored.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Reading {
    /// The window.
    pub window: QuotaWindow,
    /// The used share.
    pub used: Percent,
    /// The time of the next reset, if given.
    #[serde(rename = "resets")]
    pub resets_at: Option<Timestamp>,
    /// The time of the figure.
    pub at: Timestamp,
    /// The source of the figure.
    pub source: QuotaSource,
    /// The account, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
}

impl Reading {
    /// The maximum time by which a reading may be in the future, in microseconds, because two clocks always differ.
    pub(crate) const MAX_CLOCK_SKEW: i64 = 2 * MICROS_PER_MINUTE;

    /// Creates a reading from a number of percent. Returns the reason if the reading is invalid.
    pub fn new(
        window: QuotaWindow,
        percent: f64,
        resets_at: Option<Timestamp>,
        at: Timestamp,
        source: QuotaSource,
    ) -> Result<Self, RejectReason> {
        let used = Percent::from_percent(percent, &window)?;
        let reading = Self { window, used, resets_at, at, source, account: None };
        reading.validate().map(|()| reading)
    }

    /// Returns true for a limit message without a reset time: the limit was reached, and its end is unknown.
    pub fn is_open_limit_hit(&self) -> bool {
        self.source == QuotaSource::LimitMessage && self.resets_at.is_none()
    }

    /// Checks the time, the share and the reset time. Returns the reason if the reading is invalid.
    pub fn validate(&self) -> Result<(), RejectReason> {
        if self.at < Timestamp(0) || self.at > Timestamp::MAX {
            return Err(RejectReason::NoTime);
        }
        if self.used.thousandths() > self.window.max_percent() * 1000 {
            return Err(RejectReason::Percentage);
        }
        match self.resets_at {
            Some(resets_at) if resets_at <= self.at => Err(RejectReason::ResetPassed),
            Some(resets_at) if resets_at.0 - self.at.0 > self.window.max_reset_distance() => {
                Err(RejectReason::ResetTooFar)
            }
            Some(_) | None => Ok(()),
        }
    }
}

/// The reason for which a figure or a whole file is rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum RejectReason {
    /// A file that is not valid JSON; it may be partially written.
    NotJson,
    /// An inbox file written by another version of Token Monitor.
    Version,
    /// A figure without a valid time.
    NoTime,
    /// A percentage below 0 or above the maximum of its window.
    Percentage,
    /// A time instead of a percentage, as some versions of Claude Code wrote.
    Epoch,
    /// A window that had ended at the time of the figure.
    ResetPassed,
    /// A reset further ahead than the length of the window.
    ResetTooFar,
    /// A figure of a window whose name is missing or too long.
    UnknownWindow,
}

impl RejectReason {
    /// Returns a description of the rejected figures, as a plural.
    pub fn description(self) -> &'static str {
        match self {
            Self::NotJson => "quota files that are not JSON",
            Self::Version => "quota files of an unknown version",
            Self::NoTime => "quota figures without a time",
            Self::Percentage => "quota percentages out of range",
            Self::Epoch => "quota percentages that are times",
            Self::ResetPassed => "quota figures of windows that had ended",
            Self::ResetTooFar => "quota resets too far ahead",
            Self::UnknownWindow => "quota figures of unknown windows",
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(0.0, Ok(0))]
    #[case(-0.0, Ok(0))]
    #[case(1.0, Ok(1_000))]
    #[case(37.5, Ok(37_500))]
    #[case(100.0, Ok(100_000))]
    #[case(101.0, Ok(101_000))]
    #[case(101.01, Err(RejectReason::Percentage))]
    #[case(-0.1, Err(RejectReason::Percentage))]
    #[case(f64::NAN, Err(RejectReason::Percentage))]
    #[case(f64::NEG_INFINITY, Err(RejectReason::Percentage))]
    #[case(f64::INFINITY, Err(RejectReason::Epoch))]
    #[case(1_774_000_000.0, Err(RejectReason::Epoch))]
    fn a_percentage_is_between_0_and_101(#[case] percent: f64, #[case] expected: Result<u32, RejectReason>) {
        let used = Percent::from_percent(percent, &QuotaWindow::Weekly).map(Percent::thousandths);
        assert_eq!(used, expected, "1 is 1%, never the ratio 1");
    }

    #[test]
    fn spending_may_exceed_its_limit() {
        for window in [QuotaWindow::SpendLimit, QuotaWindow::ExtraUsage] {
            assert_eq!(Percent::from_percent(130.5, &window), Ok(Percent::from_thousandths(130_500)));
            assert_eq!(Percent::from_percent(10_000.5, &window), Err(RejectReason::Percentage));
        }
    }

    const AT: i64 = 1_774_000_000_000_000;

    #[rstest]
    #[case(QuotaWindow::FiveHour, 1, Ok(()))]
    #[case(QuotaWindow::FiveHour, 0, Err(RejectReason::ResetPassed))]
    #[case(QuotaWindow::FiveHour, -5, Err(RejectReason::ResetPassed))]
    #[case(QuotaWindow::FiveHour, 310, Ok(()))]
    #[case(QuotaWindow::FiveHour, 311, Err(RejectReason::ResetTooFar))]
    #[case(QuotaWindow::Weekly, 7 * 1440 + 10, Ok(()))]
    #[case(QuotaWindow::Weekly, 7 * 1440 + 11, Err(RejectReason::ResetTooFar))]
    #[case(QuotaWindow::Scoped("Opus".to_owned()), 7 * 1440 + 11, Err(RejectReason::ResetTooFar))]
    #[case(QuotaWindow::ExtraUsage, 30 * 1440, Ok(()))]
    #[case(QuotaWindow::ExtraUsage, 32 * 1440, Err(RejectReason::ResetTooFar))]
    fn a_reset_is_ahead_by_at_most_the_length_of_the_window(
        #[case] window: QuotaWindow,
        #[case] minutes: i64,
        #[case] outcome: Result<(), RejectReason>,
    ) {
        let resets_at = Some(Timestamp(AT + minutes * MICROS_PER_MINUTE));
        let reading = Reading::new(window, 5.0, resets_at, Timestamp(AT), QuotaSource::StatusLine);
        assert_eq!(reading.map(|_| ()), outcome);
    }

    #[rstest]
    #[case(-1)]
    #[case(i64::MIN)]
    #[case(i64::MAX)]
    fn a_reading_outside_the_years_1970_to_9999_is_rejected(#[case] at: i64) {
        let at = Timestamp(at);
        let reading = Reading::new(QuotaWindow::Weekly, 5.0, Some(at), at, QuotaSource::CachedUsage);
        assert_eq!(reading, Err(RejectReason::NoTime));
    }

    #[test]
    fn a_stored_reading_is_restored() {
        let (window, resets_at) = (QuotaWindow::Scoped("Opus".to_owned()), Some(Timestamp(AT + 1)));
        let reading = Reading::new(window, 12.345, resets_at, Timestamp(AT), QuotaSource::CachedUsage);
        let reading = reading.expect("is valid");
        let json = serde_json::to_string(&reading).expect("is JSON");
        assert!(json.contains(r#""resets":1774000000000001"#), "stored readings have this name: {json}");
        assert_eq!(serde_json::from_str::<Reading>(&json).expect("is a reading"), reading);
    }
}
