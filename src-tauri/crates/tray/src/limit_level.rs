//! How full a limit is, in four steps every tray can tell apart.
//!
//! Pure: a percentage in, a step out. It knows no colours and no shapes, and it does not ask what the limit is.

/// From here on the rest is worth planning.
const BUSY: f64 = 75.0;

/// From here on one long answer may be the last.
const HIGH: f64 = 90.0;

/// The limit.
const OVER: f64 = 100.0;

/// How full a limit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fullness {
    /// There is room.
    Calm,
    /// Three quarters are used.
    Busy,
    /// Nine tenths are used.
    High,
    /// All of it is used, or more.
    Over,
}

impl Fullness {
    /// Judges a share in percent.
    pub fn of(percent: f64) -> Self {
        if percent >= OVER {
            Self::Over
        } else if percent >= HIGH {
            Self::High
        } else if percent >= BUSY {
            Self::Busy
        } else {
            Self::Calm
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::Fullness;

    #[rstest]
    #[case(0.0, Fullness::Calm)]
    #[case(74.9, Fullness::Calm)]
    #[case(75.0, Fullness::Busy)]
    #[case(89.9, Fullness::Busy)]
    #[case(90.0, Fullness::High)]
    #[case(99.9, Fullness::High)]
    #[case(100.0, Fullness::Over)]
    #[case(240.0, Fullness::Over)]
    #[case(f64::NAN, Fullness::Calm)]
    fn a_step_begins_at_its_bound(#[case] percent: f64, #[case] step: Fullness) {
        assert_eq!(Fullness::of(percent), step);
    }
}
