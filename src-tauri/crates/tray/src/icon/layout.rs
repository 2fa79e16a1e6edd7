//! Where the parts of a tray icon stand at each size, on whole pixels.
//!
//! Geometry only. Everything is a share of the side, rounded: at 16 pixels the fullness takes row 1, the figure
//! rows 4 to 11 and the bar rows 13 and 14, and other sizes keep those proportions.

use crate::icon::canvas::{Area, Spot};
use crate::icon::glyphs::Face;
use crate::icon::spec::Side;

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

    /// The dashes of a fullness side by side above the figure: centred, or beside the mark where there is one.
    pub(crate) fn fullness(&self, count: u8, marked: bool) -> impl Iterator<Item = Area> {
        let whole = self.badge.width;
        let (width, gap) = if marked {
            (((self.over(true).width - self.margin) / 2.0).floor(), self.margin)
        } else {
            (sixteenths(whole, 5.0), self.margin * 2.0)
        };
        let all = f32::from(count) * (width + gap) - gap;
        let left = if marked { self.bar.left } else { ((whole - all) / 2.0).round() };
        let dash = Area { left, top: self.margin, width, height: sixteenths(whole, 1.2) };
        (0..count).map(move |place| Area { left: left + f32::from(place) * (width + gap), ..dash })
    }

    /// A dash above the figure as long as all that fit: from one end of the bar to the other, or to the mark.
    pub(crate) fn over(&self, marked: bool) -> Area {
        let width = if marked { self.mark().left - self.margin - self.bar.left } else { self.bar.width };
        Area { left: self.bar.left, top: self.margin, width, height: sixteenths(self.badge.height, 1.2) }
    }

    /// The mark of alerts nobody saw: a dot in the corner, clear of the figure.
    pub(crate) fn mark(&self) -> Area {
        let size = sixteenths(self.badge.width, 3.0);
        let top = (self.figure(0).y - self.margin - size).max(0.0);
        Area { left: self.badge.width - size - 2.0 * self.margin, top, width: size, height: size }
    }

    /// The ring of an icon without a figure: open at the bottom, one spot for each fiftieth and one more.
    pub(crate) fn ring(&self) -> Vec<Spot> {
        let radius = self.badge.width * 5.5 / 16.0;
        let (mut x, mut y) = (-HALF_ROOT * radius, HALF_ROOT * radius);
        let mut spots = Vec::with_capacity(51);
        for _ in 0..=50 {
            spots.push(Spot { x: self.centre() + x, y: self.centre() + y });
            (x, y) = (x * STEP.0 - y * STEP.1, x * STEP.1 + y * STEP.0);
        }
        spots
    }

    /// The ring's thickness: two pixels at the side of 22.
    pub(crate) fn ring_weight(&self) -> f32 {
        (self.badge.width / 11.0).max(1.8)
    }

    /// Dashes side by side where the ring is open.
    pub(crate) fn ticks(&self, count: u8) -> impl Iterator<Item = Area> {
        let (width, height) = (sixteenths(self.badge.width, 2.0), sixteenths(self.badge.width, 1.5));
        let step = width + sixteenths(self.badge.width, 1.0);
        let left = (self.centre() - (f32::from(count) * step - (step - width)) / 2.0).round();
        let tick = Area { left, top: sixteenths(self.badge.width, 11.5), width, height };
        (0..count).map(move |place| Area { left: left + f32::from(place) * step, ..tick })
    }

    /// An exclamation mark in the middle of the ring: stem and point.
    pub(crate) fn exclamation(&self) -> [Area; 2] {
        let width = sixteenths(self.badge.width, 2.0);
        let left = self.centre() - width / 2.0;
        let top = sixteenths(self.badge.width, 4.5);
        let stem = Area { left, top, width, height: sixteenths(self.badge.width, 4.0) };
        [stem, Area { top: top + stem.height + self.margin, height: width, ..stem }]
    }

    /// The disc in the middle of a ring that measures nothing.
    pub(crate) fn disc(&self) -> Area {
        let size = sixteenths(self.badge.width, 4.0);
        Area { left: self.centre() - size / 2.0, top: self.centre() - size / 2.0, width: size, height: size }
    }

    fn centre(&self) -> f32 {
        self.badge.width / 2.0
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

/// Half the root of two: where the ring begins, as far to the left of its centre as below it.
const HALF_ROOT: f32 = std::f32::consts::FRAC_1_SQRT_2;

/// Cosine and sine of a fiftieth of three quarters of a turn. Written down: machines differ in the last digit.
const STEP: (f32, f32) = (0.995_561_96, 0.094_108_31);

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
    #[case("100%")]
    #[case("$3.4")]
    #[case("2h10")]
    #[case("48m")]
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
            let dashes: Vec<_> = Layout::of(side).fullness(2, false).collect();
            let right = f32::from(side.pixels()) - dashes[1].left - dashes[1].width;
            assert!((dashes[0].left - right).abs() <= 1.0, "{dashes:?} at {side:?}");
        }
    }

    #[test]
    fn the_mark_is_clear_of_the_figure_and_of_the_dashes() {
        for side in Side::USUAL {
            let layout = Layout::of(side);
            let mark = layout.mark();
            assert!(mark.top + mark.height <= layout.figure(0).y - 1.0, "{mark:?} at {side:?}");
            let ends = layout
                .fullness(2, true)
                .map(|dash| dash.left + dash.width)
                .chain([layout.over(true).left + layout.over(true).width]);
            assert!(ends.into_iter().all(|end| end + 1.0 <= mark.left), "{mark:?} at {side:?}");
        }
    }

    #[test]
    fn the_ring_ends_as_far_to_the_right_as_it_begins_to_the_left() {
        let spots = Layout::of(Side::of(44)).ring();
        let (first, last) = (spots[0], spots[50]);
        assert!((first.x + last.x - 44.0).abs() < 0.01 && (first.y - last.y).abs() < 0.01, "{first:?} {last:?}");
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
