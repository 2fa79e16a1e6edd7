//! The colors of a tray icon.
//!
//! Color means the level only, and the length of the bar shows the level as well. If the limit is reached, the plate is filled with
//! the color and its content is inverted, which is readable in gray, too.

use crate::LimitLevel;
use crate::icon::canvas::{Color, Paint};
use crate::icon::types::IconTheme;

/// The paints of one icon.
pub(crate) struct Palette {
    /// The ground of the icon, if it has one.
    pub(crate) plate: Option<Paint>,
    /// The figure.
    pub(crate) foreground: Paint,
    /// The used part of the limit.
    pub(crate) accent: Paint,
    /// The unused part of the limit.
    pub(crate) track: Paint,
    /// The triangle of a problem.
    pub(crate) warning: Paint,
    /// The unit of the figure, weaker than its number.
    pub(crate) unit: Paint,
}

/// The colors of a theme, each with a contrast of at least 4.5:1 to the plate.
struct ThemeColors {
    plate: Color,
    foreground: Color,
    busy: Color,
    high: Color,
    /// Plate and foreground if the limit is reached.
    filled: (Color, Color),
    /// The opacity of the foreground in a stale icon: visibly weaker, with a contrast of at least 3:1.
    stale_opacity: f32,
}

const LIGHT: ThemeColors = ThemeColors {
    plate: Color::from_hex(0x1f_23_2a),
    foreground: Color::from_hex(0xff_ff_ff),
    busy: Color::from_hex(0xf5_b8_3d),
    high: Color::from_hex(0xff_7a_66),
    filled: (Color::from_hex(0xff_8a_78), Color::from_hex(0x0c_0e_11)),
    stale_opacity: 0.6,
};

const DARK: ThemeColors = ThemeColors {
    plate: Color::from_hex(0xf6_f7_f9),
    foreground: Color::from_hex(0x12_15_1a),
    busy: Color::from_hex(0x8f_55_00),
    high: Color::from_hex(0xc0_28_1c),
    filled: (Color::from_hex(0xa8_1c_12), Color::from_hex(0xff_ff_ff)),
    stale_opacity: 0.75,
};

const BLACK: Paint = Paint::Over(Color::from_hex(0));

/// The opacity of the unused part of the limit, relative to the used part.
const TRACK_OPACITY: f32 = 0.3;

/// The opacity of a unit, relative to its digits.
const UNIT_OPACITY: f32 = 0.85;

/// The opacity of a stale icon as a template, and on a filled plate.
const STALE_TEMPLATE_OPACITY: f32 = 0.7;
const STALE_FILLED_OPACITY: f32 = 0.9;

impl Palette {
    /// Returns the paints of an icon.
    pub(crate) fn for_icon(theme: IconTheme, level: Option<LimitLevel>, is_stale: bool) -> Self {
        match theme {
            IconTheme::Light => LIGHT.palette(level, is_stale),
            IconTheme::Dark => DARK.palette(level, is_stale),
            IconTheme::Template => template_palette(level, is_stale),
        }
    }

    fn with_opacity(self, opacity: f32) -> Self {
        let with_opacity = |paint| if let Paint::Over(_) = paint { paint.with_opacity(opacity) } else { paint };
        let foreground = with_opacity(self.foreground);
        // A unit weaker than the faded digits would be unreadable.
        Self {
            foreground,
            accent: with_opacity(self.accent),
            track: foreground.with_opacity(TRACK_OPACITY),
            unit: foreground,
            warning: with_opacity(self.warning),
            ..self
        }
    }
}

impl ThemeColors {
    fn palette(&self, level: Option<LimitLevel>, is_stale: bool) -> Palette {
        let (plate, foreground, accent) = match level {
            None | Some(LimitLevel::Calm) => (self.plate, self.foreground, self.foreground),
            Some(LimitLevel::Busy) => (self.plate, self.foreground, self.busy),
            // Faded red digits would be unreadable.
            Some(LimitLevel::High) if is_stale => (self.plate, self.foreground, self.high),
            Some(LimitLevel::High) => (self.plate, self.high, self.high),
            Some(LimitLevel::Over) => (self.filled.0, self.filled.1, self.filled.1),
        };
        let warning = if level == Some(LimitLevel::Over) { foreground } else { self.busy };
        let palette = build_palette(Some(Paint::Over(plate)), Paint::Over(foreground), Paint::Over(accent));
        let palette = Palette { warning: Paint::Over(warning), ..palette };
        match (level, is_stale) {
            (Some(LimitLevel::Over), true) => palette.with_opacity(STALE_FILLED_OPACITY),
            (Some(LimitLevel::Over), false) => palette.with_opacity(1.0),
            (_, true) => palette.with_opacity(self.stale_opacity),
            (_, false) => palette,
        }
    }
}

/// Returns black paints, for systems that tint the icon. If the limit is reached, the plate is filled and its content
/// is erased.
fn template_palette(level: Option<LimitLevel>, is_stale: bool) -> Palette {
    let opacity = if is_stale { STALE_TEMPLATE_OPACITY } else { 1.0 };
    if level == Some(LimitLevel::Over) {
        build_palette(Some(BLACK.with_opacity(opacity)), Paint::Erase(1.0), Paint::Erase(1.0))
    } else {
        let palette = build_palette(None, BLACK, BLACK);
        if is_stale { palette.with_opacity(opacity) } else { palette }
    }
}

fn build_palette(plate: Option<Paint>, foreground: Paint, accent: Paint) -> Palette {
    Palette {
        plate,
        foreground,
        accent,
        track: foreground.with_opacity(TRACK_OPACITY),
        unit: foreground.with_opacity(UNIT_OPACITY),
        warning: accent,
    }
}
