//! Where the parts of a tray icon stand at each size, on whole pixels.
//!
//! Geometry only. Everything is a share of the side, rounded: at 16 pixels the fullness takes row 1, the figure
//! rows 4 to 11 and the bar rows 13 and 14, and other sizes keep those proportions.

use crate::canvas::{Area, Spot};
use crate::digits::Face;
use crate::picture::Side;

/// The places of one size.
pub(crate) struct Layout {
    /// The whole icon.
    pub(crate) badge: Area,
    /// The radius of the badge's corners.
    pub(crate) corner: f32,
    /// The thickness strokes are drawn in: between two whole pixels they gain a soft edge.
    pub(crate) weight: f32,
    /// The limit's bar.
    pub(crate) bar: Area,
    side: u16,
    /// The thickness of a stroke in whole pixels, and the distance between two glyphs.
    stroke: u16,
    margin: f32,
}

impl Layout {
    /// Measures out a side.
    pub(crate) fn of(side: Side) -> Self {
        let whole = f32::from(side.pixels());
        let margin = sixteenths(whole, 1.0);
        let stroke = sixteenths(whole, 0.8).max(1.0);
        Self {
            badge: Area { left: 0.0, top: 0.0, width: whole, height: whole },
            corner: whole * 0.2,
            weight: stroke.max(whole * 0.9 / 16.0),
            bar: Area {
                left: margin * 2.0,
                top: sixteenths(whole, 13.0),
                width: whole - margin * 4.0,
                height: sixteenths(whole, 1.6),
            },
            side: side.pixels(),
            stroke: stroke as u16,
            margin,
        }
    }

    /// The broadest face in which a text keeps clear of the badge's edge, else the narrowest.
    pub(crate) fn face(&self, text: &str) -> Face {
        let clear = self.side - 2 * self.stroke;
        let fits = |face: &Face, room| face.width(text) <= room;
        let roomy = self.faces().find(|face| fits(face, clear));
        roomy.or_else(|| self.faces().last().filter(|face| fits(face, self.side))).unwrap_or_else(|| self.narrowest())
    }

    /// Every face in which all glyphs keep their shape, broadest digits first.
    fn faces(&self) -> impl Iterator<Item = Face> {
        let digits = 3 * self.stroke..=self.height() * 5 / 8;
        let faces = digits.rev().flat_map(|digit| [2, 1].map(|more| self.face_of(digit, more)));
        faces.filter(|face| face.wide >= 5 * self.stroke)
    }

    /// Squeezes the wide letter as well: three digits and an M at the smallest size.
    fn narrowest(&self) -> Face {
        self.face_of(3 * self.stroke, 1)
    }

    fn face_of(&self, digit: u16, more: u16) -> Face {
        let wide = digit + more * self.stroke;
        Face { digit, wide, height: self.height(), stroke: self.stroke, gap: self.stroke }
    }

    fn height(&self) -> u16 {
        self.side / 2
    }

    /// The top left corner of a figure of some width.
    pub(crate) fn figure(&self, width: u16) -> Spot {
        let left = self.side.saturating_sub(width) / 2;
        Spot { x: f32::from(left), y: sixteenths(self.badge.height, 4.0) }
    }

    /// The dashes of a fullness side by side, centred above the figure.
    pub(crate) fn fullness(&self, count: u8) -> impl Iterator<Item = Area> {
        let width = sixteenths(self.badge.width, 5.0);
        let height = sixteenths(self.badge.height, 1.2);
        let gap = self.margin * 2.0;
        let all = f32::from(count) * (width + gap) - gap;
        let left = ((self.badge.width - all) / 2.0).round();
        let dash = Area { left, top: self.margin, width, height };
        (0..count).map(move |place| Area { left: left + f32::from(place) * (width + gap), ..dash })
    }

    /// A dash above the figure as long as all that fit: from one end of the bar to the other.
    pub(crate) fn over(&self) -> Area {
        let height = sixteenths(self.badge.height, 1.2);
        Area { left: self.bar.left, top: self.margin, width: self.bar.width, height }
    }

    /// Up to where the bar is used.
    pub(crate) fn used(&self, share: f32) -> f32 {
        self.bar.left + (self.bar.width * share).round()
    }

    /// The bar cut into dashes as long as the gaps between them.
    pub(crate) fn dashes(&self) -> Vec<Area> {
        let step = self.margin * 2.0;
        let starts = (0_u8..).map(|place| self.bar.left + f32::from(place) * 2.0 * step);
        let end = self.bar.left + self.bar.width;
        let cut = |left: f32| Area { left, width: step.min(end - left), ..self.bar };
        starts.take_while(|left| *left < end).map(cut).collect()
    }
}

/// A number of sixteenths of a side, in whole pixels.
fn sixteenths(side: f32, number: f32) -> f32 {
    (side * number / 16.0).round()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("4.2M")]
    #[case("420M")]
    #[case("8.8B")]
    #[case("888k")]
    #[case("0")]
    fn every_figure_fits_every_side(#[case] text: &str) {
        for side in Side::USUAL {
            let face = Layout::of(side).face(text);
            assert!(face.width(text) <= side.pixels(), "{text} at {side:?} takes {face:?}");
        }
    }

    #[test]
    fn fewer_glyphs_are_drawn_broader() {
        let layout = Layout::of(Side::of(22));
        assert!(layout.face("42").digit > layout.face("420M").digit);
    }

    #[test]
    fn dashes_are_centred() {
        for side in Side::USUAL {
            let dashes: Vec<_> = Layout::of(side).fullness(2).collect();
            let right = f32::from(side.pixels()) - dashes[1].left - dashes[1].width;
            assert!((dashes[0].left - right).abs() <= 1.0, "{dashes:?} at {side:?}");
        }
    }

    #[test]
    fn dashes_stay_within_the_bar() {
        for side in Side::USUAL {
            let layout = Layout::of(side);
            let end = layout.bar.left + layout.bar.width;
            assert!(layout.dashes().iter().all(|dash| dash.left + dash.width <= end));
        }
    }
}
