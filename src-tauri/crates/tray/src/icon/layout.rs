//! The positions of the parts of a tray icon at each size, on whole pixels.
//!
//! Geometry only. Everything is a rounded fraction of the size: at 16 pixels the figure takes rows 3 to 10 and the bar
//! rows 12 and 13, with two empty rows below. Other sizes keep those proportions.

use crate::icon::canvas::{Point, Rect};
use crate::icon::glyphs::GlyphMetrics;
use crate::icon::types::IconSize;

/// The positions of all parts of an icon at one size, in pixels.
pub(crate) struct IconLayout {
    /// The whole icon.
    pub(crate) plate: Rect,
    /// The radius of the plate's corners.
    pub(crate) corner_radius: f32,
    /// The thickness of drawn strokes. Between two whole pixels it gives them a soft edge.
    pub(crate) stroke_width: f32,
    size: u16,
    /// The thickness of a stroke in whole pixels, which is also the space between two glyphs.
    stroke: u16,
    margin: f32,
}

impl IconLayout {
    /// Computes the layout of a size.
    pub(crate) fn for_size(size: IconSize) -> Self {
        let whole = f32::from(size.pixels());
        let stroke = sixteenths(whole, 0.8).max(1.0);
        Self {
            plate: Rect { left: 0.0, top: 0.0, width: whole, height: whole },
            corner_radius: whole * 0.2,
            stroke_width: stroke.max(whole * 0.9 / 16.0),
            size: size.pixels(),
            stroke: stroke as u16,
            margin: sixteenths(whole, 1.0),
        }
    }

    /// Returns the widest metrics with which a text has air at both sides: two strokes, or one at the smallest sizes.
    /// A text that is too wide for that has the narrowest metrics.
    pub(crate) fn choose_metrics(&self, text: &str) -> GlyphMetrics {
        let air = if self.size >= 20 { 2 * self.stroke } else { self.stroke };
        let mut candidates = self.metrics_candidates();
        candidates
            .find(|metrics| metrics.text_width(text) <= self.size - 2 * air)
            .unwrap_or_else(|| self.narrowest_metrics())
    }

    /// Returns all metrics in which every glyph keeps its shape, widest digits first.
    fn metrics_candidates(&self) -> impl Iterator<Item = GlyphMetrics> {
        let digits = 3 * self.stroke..=self.glyph_height() / 2;
        let candidates = digits.rev().flat_map(|digit| [2, 1].map(|extra| self.glyph_metrics(digit, extra)));
        candidates.filter(|metrics| metrics.wide >= 4 * self.stroke)
    }

    /// Returns metrics with narrow gaps and a narrow wide letter, for three digits and an M.
    fn narrowest_metrics(&self) -> GlyphMetrics {
        GlyphMetrics { gap: (self.stroke / 2).max(1), ..self.glyph_metrics(3 * self.stroke, 1) }
    }

    fn glyph_metrics(&self, digit: u16, extra: u16) -> GlyphMetrics {
        let wide = digit + extra * self.stroke;
        GlyphMetrics { digit, wide, height: self.glyph_height(), stroke: self.stroke, gap: self.stroke }
    }

    fn glyph_height(&self) -> u16 {
        self.size / 2
    }

    /// Returns the top left corner of a figure of a width. Without a bar below it, it is in the middle.
    pub(crate) fn figure_origin(&self, width: u16, has_bar: bool) -> Point {
        let left = self.size.saturating_sub(width) / 2;
        let middle = f32::from((self.size - self.glyph_height()) / 2);
        let top = if has_bar { sixteenths(self.plate.height, 3.0) } else { middle };
        Point { x: f32::from(left), y: top }
    }

    /// Returns the bar of the limit below the figure. A mark in the corner shortens it.
    pub(crate) fn bar(&self, has_badge: bool) -> Rect {
        let height = sixteenths(self.plate.height, 2.0);
        self.line(sixteenths(self.plate.height, 12.2), height, has_badge)
    }

    /// Returns the bars of the block and the week: a thick one above a thin one. A mark in the corner shortens the
    /// lower one.
    pub(crate) fn bars(&self, has_badge: bool) -> [Rect; 2] {
        let (thick, thin) = (sixteenths(self.plate.height, 5.0), sixteenths(self.plate.height, 3.0));
        let gap = sixteenths(self.plate.height, 2.0);
        let top = ((self.plate.height - thick - thin - gap) / 2.0).floor();
        [self.line(top, thick, false), self.line(top + thick + gap, thin, has_badge)]
    }

    fn line(&self, top: f32, height: f32, has_badge: bool) -> Rect {
        let left = self.margin * 2.0;
        let end = if has_badge { self.badge().left - self.margin } else { self.plate.width - left };
        Rect { left, top, width: end - left, height }
    }

    /// Returns the radius of the ends of a bar: visibly round, and not so round that a thin bar loses its corners.
    pub(crate) fn bar_radius(&self, bar: Rect) -> f32 {
        (bar.height / 2.0).min(self.plate.width / 16.0)
    }

    /// Returns the square of the mark in the lower right corner, below the figure.
    pub(crate) fn badge(&self) -> Rect {
        let edge = self.plate.width - f32::from(self.stroke);
        let figure_end = self.figure_origin(0, true).y + f32::from(self.glyph_height());
        let size = sixteenths(self.plate.width, 5.0).min(edge - figure_end);
        let at = edge - size;
        Rect { left: at, top: at, width: size, height: size }
    }

    /// Returns the exclamation mark in the lower right corner: stem and point.
    pub(crate) fn badge_exclamation_mark(&self) -> [Rect; 2] {
        let at = self.badge();
        let width = (at.width * 0.4).round().max(1.0);
        let (point, gap) = ((at.height * 0.25).round().max(1.0), (at.height * 0.2).round().max(1.0));
        let left = at.left + ((at.width - width) / 2.0).round();
        let stem = Rect { left, top: at.top, width, height: at.height - point - gap };
        [stem, Rect { top: at.top + at.height - point, height: point, ..stem }]
    }

    /// Returns the right end of the used part of a bar. A used part is visible from the first step on.
    pub(crate) fn used_end(&self, bar: Rect, share: f32) -> f32 {
        let least = if share > 0.0 { self.margin.max(2.0) } else { 0.0 };
        bar.left + (bar.width * share).round().max(least)
    }

    /// Returns a bar as dashes that are twice as long as the gaps between them.
    pub(crate) fn dashes(&self, bar: Rect) -> Vec<Rect> {
        let (dash, gap) = (self.margin * 2.0, self.margin);
        let starts = (0_u8..).map(|index| bar.left + f32::from(index) * (dash + gap));
        let end = bar.left + bar.width;
        let cut = |left: f32| Rect { left, width: dash.min(end - left), ..bar };
        starts.take_while(|left| *left < end).map(cut).collect()
    }

    /// Returns the ring of an icon without a figure: open at the bottom, with one point more than a gauge has steps.
    pub(crate) fn ring_path(&self) -> Vec<Point> {
        let radius = self.plate.width * 5.5 / 16.0;
        let (mut x, mut y) = (-HALF_SQRT_2 * radius, HALF_SQRT_2 * radius);
        let mut points = Vec::with_capacity(51);
        for _ in 0..=50 {
            points.push(Point { x: self.center() + x, y: self.center() + y });
            (x, y) = (x * RING_STEP.0 - y * RING_STEP.1, x * RING_STEP.1 + y * RING_STEP.0);
        }
        points
    }

    /// Returns the ring's thickness: two pixels at a size of 22.
    pub(crate) fn ring_thickness(&self) -> f32 {
        (self.plate.width / 11.0).max(1.8)
    }

    /// Returns the exclamation mark in the center of the ring: stem and point.
    pub(crate) fn exclamation_mark(&self) -> [Rect; 2] {
        let width = sixteenths(self.plate.width, 2.0);
        let left = self.center() - width / 2.0;
        let top = sixteenths(self.plate.width, 4.5);
        let stem = Rect { left, top, width, height: sixteenths(self.plate.width, 4.0) };
        [stem, Rect { top: top + stem.height + self.margin, height: width, ..stem }]
    }

    /// Returns the disc in the center of a ring without a limit.
    pub(crate) fn center_disc(&self) -> Rect {
        let size = sixteenths(self.plate.width, 4.0);
        Rect { left: self.center() - size / 2.0, top: self.center() - size / 2.0, width: size, height: size }
    }

    fn center(&self) -> f32 {
        self.plate.width / 2.0
    }
}

/// Half the square root of 2. The ring starts as far to the left of its center as below it.
const HALF_SQRT_2: f32 = std::f32::consts::FRAC_1_SQRT_2;

/// The cosine and sine of 1/50 of a three-quarter turn, as literals: machines differ in the last digit.
const RING_STEP: (f32, f32) = (0.995_561_96, 0.094_108_31);

/// Returns a number of sixteenths of a size, in whole pixels.
fn sixteenths(size: f32, number: f32) -> f32 {
    (size * number / 16.0).round()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("4.2M")]
    #[case("420M")]
    #[case("131M")]
    #[case("8.8B")]
    #[case("888k")]
    #[case("0")]
    #[case("100%")]
    #[case("$3.4")]
    #[case("2h10")]
    #[case("48m")]
    fn every_figure_fits_every_size_with_air_at_both_sides(#[case] text: &str) {
        for size in IconSize::STANDARD {
            let width = IconLayout::for_size(size).choose_metrics(text).text_width(text);
            // The widest figures have less air where a stroke of whole pixels is relatively thick.
            let air = match size.pixels() {
                16 => 0,
                32 => 2,
                _ => 4,
            };
            assert!(width + air <= size.pixels(), "{text} takes {width} pixels at {size:?}");
        }
    }

    #[test]
    fn shorter_figures_have_wider_glyphs() {
        let layout = IconLayout::for_size(IconSize::from_pixels(22));
        assert!(layout.choose_metrics("42").digit > layout.choose_metrics("420M").digit);
    }

    #[test]
    fn the_parts_do_not_overlap_at_any_size() {
        for size in IconSize::STANDARD {
            let layout = IconLayout::for_size(size);
            let figure_end = layout.figure_origin(0, true).y + f32::from(layout.glyph_height());
            assert!(layout.bar(false).top > figure_end, "the bar is below the figure at {size:?}");
            assert!(layout.badge().top >= figure_end, "the mark is below the figure at {size:?}");
            let [block, week] = layout.bars(true);
            assert!(week.top >= block.top + block.height + 1.0, "the bars are apart at {size:?}");
            for line in [layout.bar(true), week] {
                assert!(line.left + line.width < layout.badge().left, "the mark is beside the bar at {size:?}");
            }
            let bottom = f32::from(size.pixels()) - week.top - week.height;
            assert!((bottom - block.top).abs() <= 1.0, "the bars are in the middle at {size:?}");
        }
    }

    #[test]
    fn the_ring_is_symmetric() {
        let points = IconLayout::for_size(IconSize::from_pixels(44)).ring_path();
        let (first, last) = (points[0], points[50]);
        assert!((first.x + last.x - 44.0).abs() < 0.01 && (first.y - last.y).abs() < 0.01, "{first:?} {last:?}");
    }

    #[test]
    fn dashes_are_inside_the_bar() {
        for size in IconSize::STANDARD {
            let layout = IconLayout::for_size(size);
            let bar = layout.bar(false);
            assert!(layout.dashes(bar).iter().all(|dash| dash.left + dash.width <= bar.left + bar.width));
        }
    }
}
