//! The colours of a tray icon.
//!
//! Colour means the fullness and nothing else, and never carries it alone: shapes say the same. Over the limit the
//! badge itself is filled with the colour and everything on it turns over, which reads in grey as well.

use crate::icon::canvas::{Colour, Paint};
use crate::icon::spec::Ink;
use crate::limit_level::Fullness;

/// The paints of one picture.
pub(crate) struct Palette {
    /// The ground of the badge, if there is one.
    pub(crate) badge: Option<Paint>,
    /// The figure.
    pub(crate) ink: Paint,
    /// The fullness's dashes and what of the limit is used.
    pub(crate) accent: Paint,
    /// What of the limit is left.
    pub(crate) track: Paint,
    /// The unit of the figure: the number is read first.
    pub(crate) unit: Paint,
}

/// The colours of one ink before a fullness chooses among them; each at least 4.5 : 1 against the badge.
struct Set {
    badge: Colour,
    ink: Colour,
    busy: Colour,
    high: Colour,
    /// Badge and ink over the limit.
    filled: (Colour, Colour),
    /// How much of the ink is left in a stale picture: visibly faded, and still 3 : 1 against its ground.
    stale: f32,
}

const LIGHT: Set = Set {
    badge: Colour::hex(0x1f_23_2a),
    ink: Colour::hex(0xff_ff_ff),
    busy: Colour::hex(0xf5_b8_3d),
    high: Colour::hex(0xff_7a_66),
    filled: (Colour::hex(0xff_8a_78), Colour::hex(0x0c_0e_11)),
    stale: 0.6,
};

const DARK: Set = Set {
    badge: Colour::hex(0xf6_f7_f9),
    ink: Colour::hex(0x12_15_1a),
    busy: Colour::hex(0x8f_55_00),
    high: Colour::hex(0xc0_28_1c),
    filled: (Colour::hex(0xa8_1c_12), Colour::hex(0xff_ff_ff)),
    stale: 0.75,
};

const BLACK: Paint = Paint::Lay(Colour::hex(0));

/// How strong the part of the limit still left is against what is used.
const TRACK: f32 = 0.3;

/// How strong a unit is beside its digits.
const UNIT: f32 = 0.85;

/// What is left of a stale picture where the system chooses the colour, and on a filled badge.
const STALE_TEMPLATE: f32 = 0.7;
const STALE_FILLED: f32 = 0.9;

impl Palette {
    /// Chooses the paints of a picture.
    pub(crate) fn of(ink: Ink, fullness: Option<Fullness>, stale: bool) -> Self {
        match ink {
            Ink::Light => LIGHT.palette(fullness, stale),
            Ink::Dark => DARK.palette(fullness, stale),
            Ink::Template => template(fullness, stale),
        }
    }

    fn faded(self, opacity: f32) -> Self {
        let faded = |paint| if let Paint::Lay(_) = paint { paint.faded(opacity) } else { paint };
        let ink = faded(self.ink);
        // A unit fainter than its digits could no longer be read.
        Self { ink, accent: faded(self.accent), track: ink.faded(TRACK), unit: ink, ..self }
    }
}

impl Set {
    fn palette(&self, fullness: Option<Fullness>, stale: bool) -> Palette {
        let (badge, ink, accent) = match fullness {
            None | Some(Fullness::Calm) => (self.badge, self.ink, self.ink),
            Some(Fullness::Busy) => (self.badge, self.ink, self.busy),
            Some(Fullness::High) => (self.badge, self.ink, self.high),
            Some(Fullness::Over) => (self.filled.0, self.filled.1, self.filled.1),
        };
        let palette = palette(Some(Paint::Lay(badge)), Paint::Lay(ink), Paint::Lay(accent));
        match (fullness, stale) {
            (Some(Fullness::Over), true) => palette.faded(STALE_FILLED),
            (Some(Fullness::Over), false) => palette.faded(1.0),
            (_, true) => palette.faded(self.stale),
            (_, false) => palette,
        }
    }
}

/// Black, for systems that tint it: over the limit the badge is filled and what stands on it is cut out.
fn template(fullness: Option<Fullness>, stale: bool) -> Palette {
    let left = if stale { STALE_TEMPLATE } else { 1.0 };
    if fullness == Some(Fullness::Over) {
        palette(Some(BLACK.faded(left)), Paint::Cut(1.0), Paint::Cut(1.0))
    } else {
        let palette = palette(None, BLACK, BLACK);
        if stale { palette.faded(left) } else { palette }
    }
}

fn palette(badge: Option<Paint>, ink: Paint, accent: Paint) -> Palette {
    Palette { badge, ink, accent, track: ink.faded(TRACK), unit: ink.faded(UNIT) }
}
