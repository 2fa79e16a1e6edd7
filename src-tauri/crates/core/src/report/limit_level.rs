//! The level of a limit's usage, in four steps that every surface can show.

/// The least percentage of a busy limit: the rest is worth planning.
const BUSY_PERCENT: f64 = 75.0;

/// The least percentage of a high usage: one long answer may use up the rest.
const HIGH_PERCENT: f64 = 90.0;

/// The percentage at which the limit is reached.
const OVER_PERCENT: f64 = 100.0;

/// The level of a limit's usage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LimitLevel {
    /// Less than 75% is used.
    Calm,
    /// At least 75% is used.
    Busy,
    /// At least 90% is used.
    High,
    /// At least 100% is used.
    Over,
}

impl LimitLevel {
    /// Returns the level of a percentage. NaN is calm.
    pub fn from_percent(percent: f64) -> Self {
        if percent >= OVER_PERCENT {
            Self::Over
        } else if percent >= HIGH_PERCENT {
            Self::High
        } else if percent >= BUSY_PERCENT {
            Self::Busy
        } else {
            Self::Calm
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::LimitLevel;

    #[rstest]
    #[case(0.0, LimitLevel::Calm)]
    #[case(74.9, LimitLevel::Calm)]
    #[case(75.0, LimitLevel::Busy)]
    #[case(89.9, LimitLevel::Busy)]
    #[case(90.0, LimitLevel::High)]
    #[case(99.9, LimitLevel::High)]
    #[case(100.0, LimitLevel::Over)]
    #[case(240.0, LimitLevel::Over)]
    #[case(f64::NAN, LimitLevel::Calm)]
    fn a_level_starts_at_its_bound(#[case] percent: f64, #[case] level: LimitLevel) {
        assert_eq!(LimitLevel::from_percent(percent), level);
    }
}
