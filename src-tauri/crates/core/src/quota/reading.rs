//! One figure of the vendor, and why one is not believed.

use serde::{Deserialize, Serialize};

use crate::quota::window::Window;
use crate::time::timestamp::Timestamp;

/// A share of a quota in thousandths of a percent: finer than the vendor tells, and an integer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Percent(u32);

impl Percent {
    /// Nothing used.
    pub const NONE: Self = Self(0);
    /// All used.
    pub const FULL: Self = Self(100_000);
    /// The most that is believed: the vendor rounds, and a last answer may overshoot.
    const MOST: Self = Self(101_000);

    /// Of a number that says percent, 0 to 100.
    pub fn of(percent: f64) -> Result<Self, Rejected> {
        match percent {
            epoch if epoch > 1e9 => Err(Rejected::Epoch),
            percent if (0.0..=101.0).contains(&percent) => Ok(Self((percent * 1000.0).round() as u32)),
            _ => Err(Rejected::Percentage),
        }
    }

    /// Of a number of thousandths of a percent.
    pub const fn from_thousandths(thousandths: u32) -> Self {
        Self(thousandths)
    }

    /// In thousandths of a percent.
    pub const fn thousandths(self) -> u32 {
        self.0
    }

    /// As a number to show, 0 to 101.
    pub fn percent(self) -> f64 {
        f64::from(self.0) / 1000.0
    }

    /// How much more it is than another; nothing where it is less.
    pub(crate) fn above(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// Both together.
    pub(crate) fn and(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

/// Where a reading comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum QuotaSource {
    /// A message in a log that a limit was hit: all of it is used.
    LimitMessage,
    /// Claude Desktop's history of percentages, which tells no resets.
    DesktopHistory,
    /// The vendor's last answer to Claude Code, as `.claude.json` keeps it.
    CachedUsage,
    /// What Claude Code hands to a status line command after each answer.
    StatusLine,
}

impl QuotaSource {
    /// Whether the vendor itself said when the window ends, to the second and for this account.
    pub(crate) fn is_official(self) -> bool {
        match self {
            Self::StatusLine | Self::CachedUsage => true,
            Self::LimitMessage | Self::DesktopHistory => false,
        }
    }
}

/// How much of a window was used at an instant. What is stored, and all that is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Reading {
    /// Of which window.
    pub window: Window,
    /// How much was used.
    pub used: Percent,
    /// When the window starts anew, if that was told.
    pub resets: Option<Timestamp>,
    /// When that was so.
    pub at: Timestamp,
    /// Who says so.
    pub source: QuotaSource,
}

impl Reading {
    /// How far ahead of us a reading may be, in microseconds: two clocks are never the same.
    pub(crate) const AHEAD: i64 = 120_000_000;

    /// A reading of a number that says percent, unless it is not to be believed.
    pub fn new(
        window: Window,
        percent: f64,
        resets: Option<Timestamp>,
        at: Timestamp,
        source: QuotaSource,
    ) -> Result<Self, Rejected> {
        let reading = Self { window, used: Percent::of(percent)?, resets, at, source };
        reading.check().map(|()| reading)
    }

    /// Whether it is to be believed, as far as it can tell by itself.
    pub fn check(&self) -> Result<(), Rejected> {
        if self.at < Timestamp(0) || self.at > Timestamp::LAST {
            return Err(Rejected::NoTime);
        }
        if self.used > Percent::MOST {
            return Err(Rejected::Percentage);
        }
        match self.resets {
            Some(resets) if resets <= self.at => Err(Rejected::ResetPassed),
            Some(resets) if resets.0 - self.at.0 > self.window.reach() => Err(Rejected::ResetTooFar),
            Some(_) | None => Ok(()),
        }
    }
}

macro_rules! rejected {
    ($($(#[$doc:meta])* $name:ident => $text:literal),+ $(,)?) => {
        /// Why a figure, or a whole file of them, is not believed.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase")]
        pub enum Rejected { $($(#[$doc])* $name),+ }

        impl Rejected {
            /// In words.
            pub fn words(self) -> &'static str {
                match self { $(Self::$name => $text),+ }
            }
        }
    };
}

rejected! {
    /// The file could not be read as JSON; it may be half written.
    NotJson => "quota files that are not JSON",
    /// A file of ours, written by another version.
    Version => "quota files of an unknown version",
    /// Nothing says when the figure was so.
    NoTime => "quota figures without a time",
    /// A percentage below 0 or above 101.
    Percentage => "quota percentages out of range",
    /// A time where a percentage belongs, as some versions of Claude Code wrote.
    Epoch => "quota percentages that are times",
    /// The window had ended when the figure was told.
    ResetPassed => "quota figures of windows that had ended",
    /// The window would be longer than such a window is.
    ResetTooFar => "quota resets too far ahead",
    /// A figure of something we do not know.
    UnknownWindow => "quota figures of unknown windows",
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
    #[case(101.01, Err(Rejected::Percentage))]
    #[case(-0.1, Err(Rejected::Percentage))]
    #[case(f64::NAN, Err(Rejected::Percentage))]
    #[case(f64::NEG_INFINITY, Err(Rejected::Percentage))]
    #[case(f64::INFINITY, Err(Rejected::Epoch))]
    #[case(1_774_000_000.0, Err(Rejected::Epoch))]
    fn a_percentage_lies_between_0_and_101(#[case] said: f64, #[case] read: Result<u32, Rejected>) {
        assert_eq!(Percent::of(said).map(Percent::thousandths), read, "1 % is 1 %, never the ratio 1");
    }

    const AT: i64 = 1_774_000_000_000_000;
    const MINUTE: i64 = 60_000_000;

    #[rstest]
    #[case(Window::FiveHour, 1, Ok(()))]
    #[case(Window::FiveHour, 0, Err(Rejected::ResetPassed))]
    #[case(Window::FiveHour, -5, Err(Rejected::ResetPassed))]
    #[case(Window::FiveHour, 310, Ok(()))]
    #[case(Window::FiveHour, 311, Err(Rejected::ResetTooFar))]
    #[case(Window::Weekly, 7 * 1440 + 10, Ok(()))]
    #[case(Window::Weekly, 7 * 1440 + 11, Err(Rejected::ResetTooFar))]
    #[case(Window::Scoped("Opus".to_owned()), 7 * 1440 + 11, Err(Rejected::ResetTooFar))]
    #[case(Window::ExtraUsage, 30 * 1440, Ok(()))]
    #[case(Window::ExtraUsage, 32 * 1440, Err(Rejected::ResetTooFar))]
    fn a_reset_lies_ahead_by_no_more_than_the_window(
        #[case] window: Window,
        #[case] minutes: i64,
        #[case] outcome: Result<(), Rejected>,
    ) {
        let resets = Some(Timestamp(AT + minutes * MINUTE));
        let reading = Reading::new(window, 5.0, resets, Timestamp(AT), QuotaSource::StatusLine);
        assert_eq!(reading.map(|_| ()), outcome);
    }

    #[rstest]
    #[case(-1)]
    #[case(i64::MIN)]
    #[case(i64::MAX)]
    fn a_reading_has_a_time_of_this_era(#[case] at: i64) {
        let reading = Reading::new(Window::Weekly, 5.0, Some(Timestamp(at)), Timestamp(at), QuotaSource::CachedUsage);
        assert_eq!(reading, Err(Rejected::NoTime));
    }

    #[test]
    fn a_stored_reading_comes_back() {
        let window = Window::Scoped("Opus".to_owned());
        let reading = Reading::new(window, 12.345, Some(Timestamp(AT + 1)), Timestamp(AT), QuotaSource::CachedUsage);
        let reading = reading.expect("is believable");
        let json = serde_json::to_string(&reading).expect("is JSON");
        assert_eq!(serde_json::from_str::<Reading>(&json).expect("is a reading"), reading);
    }
}
