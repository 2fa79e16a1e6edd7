//! The content of a tray icon as plain data: a few quantized integers, the size and the byte order of its pixels.
//!
//! Equal values have equal pixels, so they serve as the key of the icon cache. Nothing here draws.

use crate::LimitLevel;
use crate::format::CompactFigure;

/// Everything a tray icon shows. Equal specs have equal pixels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IconSpec {
    /// The figure written in the icon; `None` draws a ring instead.
    pub figure: Option<CompactFigure>,
    /// The used part of the fullest limit; `None` if no limit is known.
    pub gauge: Option<LimitGauge>,
    /// The bars that are drawn instead of the figure or the ring.
    pub bars: Option<LimitBars>,
    /// True if the figure may be out of date or incomplete.
    pub is_stale: bool,
    /// The mark in the corner.
    pub badge: Option<IconBadge>,
    /// The colors of the icon.
    pub theme: IconTheme,
}

impl IconSpec {
    /// The level of the fullest limit.
    pub(crate) fn level(&self) -> Option<LimitLevel> {
        self.gauge.map(LimitGauge::level)
    }

    /// Returns true if the bar or the ring is dashed.
    pub(crate) fn is_dashed(&self) -> bool {
        self.is_stale || self.gauge.is_some_and(|gauge| gauge.is_stale)
    }
}

/// The bars of an icon without a figure: the block above the week, each without a used part if its limit is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LimitBars {
    /// The used part of the block's limit.
    pub block: Option<LimitGauge>,
    /// The used part of the week's limit.
    pub week: Option<LimitGauge>,
}

/// A mark in the lower right corner, the most urgent first. A limit that is reached has no mark, because it fills the whole
/// icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IconBadge {
    /// A triangle: a session waits for the user.
    Waiting,
    /// An exclamation mark: something is wrong, and the figures may be incomplete.
    Problem,
    /// A disc: there are alerts the user has not seen.
    UnseenAlerts,
}

/// The used part of a limit in steps of 2%, which is finer than any panel's pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LimitGauge {
    steps: u8,
    level: LimitLevel,
    is_stale: bool,
}

impl LimitGauge {
    /// The steps of a full limit.
    pub(crate) const MAX_STEPS: u8 = 50;

    /// Rounds a percentage down to a whole step. Values are clamped to 0 to 100.
    pub fn from_percent(percent: f64) -> Self {
        let steps = (percent / 100.0).clamp(0.0, 1.0) * f64::from(Self::MAX_STEPS);
        Self { steps: steps as u8, level: LimitLevel::from_percent(percent), is_stale: false }
    }

    /// Returns the gauge marked as stale, or not: a stale gauge was read too long ago to be called current.
    #[must_use]
    pub fn with_stale(self, is_stale: bool) -> Self {
        Self { is_stale, ..self }
    }

    /// The level of the limit.
    pub fn level(self) -> LimitLevel {
        self.level
    }

    /// The used steps, from 0 to [`LimitGauge::MAX_STEPS`].
    pub(crate) fn steps(self) -> u8 {
        self.steps
    }

    /// The used part, from 0 to 1.
    pub(crate) fn fraction(self) -> f32 {
        f32::from(self.steps) / f32::from(Self::MAX_STEPS)
    }

    /// Returns true if the gauge is marked as stale.
    pub(crate) fn is_stale(self) -> bool {
        self.is_stale
    }
}

/// The colors of an icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IconTheme {
    /// Light text on a dark badge, readable on any panel.
    Light,
    /// Dark text on a light badge.
    Dark,
    /// Black without a badge, for systems that tint the icon themselves.
    Template,
}

/// The length of an icon's side in physical pixels, from 16 to 256.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct IconSize(u16);

impl IconSize {
    /// The sizes panels request, smallest first.
    pub const STANDARD: [Self; 6] = [Self(16), Self(22), Self(24), Self(32), Self(44), Self(48)];

    /// Clamps a size to the supported range: four glyphs need 16 pixels, and no panel is higher than 256.
    pub fn from_pixels(pixels: u16) -> Self {
        Self(pixels.clamp(16, 256))
    }

    /// The size in physical pixels.
    pub fn pixels(self) -> u16 {
        self.0
    }
}

/// The order of a pixel's four bytes. Alpha is straight in both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PixelFormat {
    /// Red, green, blue, alpha: the order window toolkits expect.
    Rgba,
    /// Alpha, red, green, blue: ARGB32 in network byte order, as D-Bus expects icons.
    Argb,
}

impl PixelFormat {
    /// Converts RGBA bytes to this format.
    pub(crate) fn convert_rgba(self, mut rgba: Vec<u8>) -> Vec<u8> {
        match self {
            Self::Rgba => {}
            Self::Argb => rgba.chunks_exact_mut(4).for_each(|pixel| pixel.rotate_right(1)),
        }
        rgba
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gauge_rounds_down_to_steps_of_two_percent() {
        assert_eq!(LimitGauge::from_percent(38.0), LimitGauge::from_percent(39.9));
        assert_ne!(LimitGauge::from_percent(39.9), LimitGauge::from_percent(40.0));
        assert_eq!(LimitGauge::from_percent(-1.0), LimitGauge::from_percent(0.0));
        assert_eq!(LimitGauge::from_percent(700.0), LimitGauge::from_percent(100.0));
        assert_ne!(LimitGauge::from_percent(99.9), LimitGauge::from_percent(100.0), "only a full limit fills the bar");
    }

    #[test]
    fn sizes_below_the_minimum_are_raised_to_it() {
        assert_eq!(IconSize::from_pixels(3).pixels(), 16);
    }
}
