//! The colours of a tray icon.
//!
//! Colour means the fullness and nothing else, and never carries it alone: shapes say the same.

use crate::canvas::Colour;
use crate::fullness::Fullness;
use crate::picture::Ink;

/// The colours one picture is drawn in.
pub(crate) struct Palette {
    /// The ground of the badge, if there is one.
    pub(crate) badge: Option<Colour>,
    /// The figure.
    pub(crate) ink: Colour,
    /// The fullness's dashes and what of the limit is used.
    pub(crate) accent: Colour,
    /// What of the limit is left.
    pub(crate) track: Colour,
}

/// The colours of one ink before a fullness chooses among them; each at least 4.5 : 1 against the badge.
struct Set {
    badge: Option<Colour>,
    ink: Colour,
    busy: Colour,
    high: Colour,
}

const LIGHT: Set = Set {
    badge: Some(Colour::hex(0x1f_23_2a)),
    ink: Colour::hex(0xff_ff_ff),
    busy: Colour::hex(0xf5_b8_3d),
    high: Colour::hex(0xff_7a_66),
};

const DARK: Set = Set {
    badge: Some(Colour::hex(0xf6_f7_f9)),
    ink: Colour::hex(0x12_15_1a),
    busy: Colour::hex(0x8f_55_00),
    high: Colour::hex(0xc0_28_1c),
};

const TEMPLATE: Set = Set { badge: None, ink: Colour::hex(0), busy: Colour::hex(0), high: Colour::hex(0) };

/// How strong the part of the limit still left is against what is used.
const TRACK: f32 = 0.3;

impl Palette {
    /// Chooses the colours for an ink and a fullness.
    pub(crate) fn of(ink: Ink, fullness: Option<Fullness>) -> Self {
        let set = match ink {
            Ink::Light => LIGHT,
            Ink::Dark => DARK,
            Ink::Template => TEMPLATE,
        };
        let accent = match fullness {
            None | Some(Fullness::Calm) => set.ink,
            Some(Fullness::Busy) => set.busy,
            Some(Fullness::High | Fullness::Over) => set.high,
        };
        Self { badge: set.badge, ink: set.ink, accent, track: set.ink.faded(TRACK) }
    }
}
