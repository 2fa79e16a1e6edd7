//! The positions of the parts of a tray icon at each size, on whole pixels.
//!
//! Geometry only. Everything is a rounded fraction of the size: at 16 pixels the level takes row 1, the figure rows 4
//! to 11 and the bar rows 13 and 14. Other sizes keep those proportions.

use crate::icon::canvas::{Point, Rect};
use crate::icon::glyphs::GlyphMetrics;
use crate::icon::types::IconSize;

/// The positions of all parts of an icon at one size, in pixels.
pub(crate) struct IconLayout {
    /// The whole icon.
    pub(crate) badge: Rect,
    /// The radius of the badge's corners.
    pub(crate) corner_radius: f32,
    /// The thickness of drawn strokes. Between two whole pixels it gives them a soft edge.
    pub(crate) stroke_width: f32,
    /// The limit's bar.
    pub(crate) bar: Rect,
    size: u16,
    /// The thickness of a stroke in whole pixels, which is also the space between two glyphs.
    stroke: u16,
    margin: f32,
}

impl IconLayout {
    /// Computes the layout of a size.
    pub(crate) fn for_size(size: IconSize) -> Self {
        let whole = f32::from(size.pixels());
        let margin = sixteenths(whole, 1.0);
        let stroke = sixteenths(whole, 0.8).max(1.0);
        Self {
            badge: Rect { left: 0.0, top: 0.0, width: whole, height: whole },
            corner_radius: whole * 0.2,
            stroke_width: stroke.max(whole * 0.9 / 16.0),
            bar: Rect {
                left: margin * 2.0,
                top: sixteenths(whole, 13.0),
                width: whole - margin * 4.0,
                height: sixteenths(whole, 1.6),
            },
            size: size.pixels(),
            stroke: stroke as u16,
            margin,
        }
    }

    /// Returns the widest metrics with which a text stays clear of the badge's edge, or else the narrowest.
    pub(crate) fn choose_metrics(&self, text: &str) -> GlyphMetrics {
        let clear_width = self.size - 2 * self.stroke;
        let fits = |metrics: &GlyphMetrics, max_width| metrics.text_width(text) <= max_width;
        let clear_of_edge = self.metrics_candidates().find(|metrics| fits(metrics, clear_width));
        clear_of_edge
            .or_else(|| self.metrics_candidates().last().filter(|metrics| fits(metrics, self.size)))
            .unwrap_or_else(|| self.narrowest_metrics())
    }

    /// Returns all metrics in which every glyph keeps its shape, widest digits first.
    fn metrics_candidates(&self) -> impl Iterator<Item = GlyphMetrics> {
        let digits = 3 * self.stroke..=self.glyph_height() * 5 / 8;
        let candidates = digits.rev().flat_map(|digit| [2, 1].map(|extra| self.glyph_metrics(digit, extra)));
        candidates.filter(|metrics| metrics.wide >= 5 * self.stroke)
    }

    /// Returns metrics with a narrower wide letter, for three digits and an M at the smallest size.
    fn narrowest_metrics(&self) -> GlyphMetrics {
        self.glyph_metrics(3 * self.stroke, 1)
    }

    fn glyph_metrics(&self, digit: u16, extra: u16) -> GlyphMetrics {
        let wide = digit + extra * self.stroke;
        GlyphMetrics { digit, wide, height: self.glyph_height(), stroke: self.stroke, gap: self.stroke }
    }

    fn glyph_height(&self) -> u16 {
        self.size / 2
    }

    /// Returns the top left corner of a figure of a width.
    pub(crate) fn figure_origin(&self, width: u16) -> Point {
        let left = self.size.saturating_sub(width) / 2;
        Point { x: f32::from(left), y: sixteenths(self.badge.height, 4.0) }
    }

    /// Returns the dashes of a level above the figure: centered, or to the left of the alert dot.
    pub(crate) fn level_dashes(&self, count: u8, has_alert_dot: bool) -> impl Iterator<Item = Rect> {
        let whole = self.badge.width;
        let (width, gap) = if has_alert_dot {
            (((self.full_line(true).width - self.margin) / 2.0).floor(), self.margin)
        } else {
            (sixteenths(whole, 5.0), self.margin * 2.0)
        };
        let total = f32::from(count) * (width + gap) - gap;
        let left = if has_alert_dot { self.bar.left } else { ((whole - total) / 2.0).round() };
        let dash = Rect { left, top: self.margin, width, height: sixteenths(whole, 1.2) };
        (0..count).map(move |index| Rect { left: left + f32::from(index) * (width + gap), ..dash })
    }

    /// Returns the line above the figure of an exceeded limit: as long as the bar, or up to the alert dot.
    pub(crate) fn full_line(&self, has_alert_dot: bool) -> Rect {
        let width = if has_alert_dot { self.alert_dot().left - self.margin - self.bar.left } else { self.bar.width };
        Rect { left: self.bar.left, top: self.margin, width, height: sixteenths(self.badge.height, 1.2) }
    }

    /// Returns the dot that marks unseen alerts: in the top right corner, clear of the figure.
    pub(crate) fn alert_dot(&self) -> Rect {
        let size = sixteenths(self.badge.width, 3.0);
        let top = (self.figure_origin(0).y - self.margin - size).max(0.0);
        Rect { left: self.badge.width - size - 2.0 * self.margin, top, width: size, height: size }
    }

    /// Returns the ring of an icon without a figure: open at the bottom, with one point more than a gauge has steps.
    pub(crate) fn ring_path(&self) -> Vec<Point> {
        let radius = self.badge.width * 5.5 / 16.0;
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
        (self.badge.width / 11.0).max(1.8)
    }

    /// Returns ticks next to each other where the ring is open.
    pub(crate) fn ring_ticks(&self, count: u8) -> impl Iterator<Item = Rect> {
        let (width, height) = (sixteenths(self.badge.width, 2.0), sixteenths(self.badge.width, 1.5));
        let step = width + sixteenths(self.badge.width, 1.0);
        let left = (self.center() - (f32::from(count) * step - (step - width)) / 2.0).round();
        let tick = Rect { left, top: sixteenths(self.badge.width, 11.5), width, height };
        (0..count).map(move |index| Rect { left: left + f32::from(index) * step, ..tick })
    }

    /// Returns the exclamation mark in the center of the ring: stem and point.
    pub(crate) fn exclamation_mark(&self) -> [Rect; 2] {
        let width = sixteenths(self.badge.width, 2.0);
        let left = self.center() - width / 2.0;
        let top = sixteenths(self.badge.width, 4.5);
        let stem = Rect { left, top, width, height: sixteenths(self.badge.width, 4.0) };
        [stem, Rect { top: top + stem.height + self.margin, height: width, ..stem }]
    }

    /// Returns the disc in the center of a ring without a limit.
    pub(crate) fn center_disc(&self) -> Rect {
        let size = sixteenths(self.badge.width, 4.0);
        Rect { left: self.center() - size / 2.0, top: self.center() - size / 2.0, width: size, height: size }
    }

    fn center(&self) -> f32 {
        self.badge.width / 2.0
    }

    /// Returns the right end of the used part of the bar.
    pub(crate) fn bar_used_end(&self, share: f32) -> f32 {
        self.bar.left + (self.bar.width * share).round()
    }

    /// Returns the bar as dashes that are as long as the gaps between them.
    pub(crate) fn bar_dashes(&self) -> Vec<Rect> {
        let step = self.margin * 2.0;
        let starts = (0_u8..).map(|index| self.bar.left + f32::from(index) * 2.0 * step);
        let end = self.bar.left + self.bar.width;
        let cut = |left: f32| Rect { left, width: step.min(end - left), ..self.bar };
        starts.take_while(|left| *left < end).map(cut).collect()
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
    #[case("8.8B")]
    #[case("888k")]
    #[case("0")]
    #[case("100%")]
    #[case("$3.4")]
    #[case("2h10")]
    #[case("48m")]
    fn every_figure_fits_every_size(#[case] text: &str) {
        for size in IconSize::STANDARD {
            let metrics = IconLayout::for_size(size).choose_metrics(text);
            assert!(metrics.text_width(text) <= size.pixels(), "{text} at {size:?} takes {metrics:?}");
        }
    }

    #[test]
    fn shorter_figures_have_wider_glyphs() {
        let layout = IconLayout::for_size(IconSize::from_pixels(22));
        assert!(layout.choose_metrics("42").digit > layout.choose_metrics("420M").digit);
    }

    #[test]
    fn dashes_are_centered() {
        for size in IconSize::STANDARD {
            let dashes: Vec<_> = IconLayout::for_size(size).level_dashes(2, false).collect();
            let right = f32::from(size.pixels()) - dashes[1].left - dashes[1].width;
            assert!((dashes[0].left - right).abs() <= 1.0, "{dashes:?} at {size:?}");
        }
    }

    #[test]
    fn the_alert_dot_is_clear_of_the_figure_and_the_dashes() {
        for size in IconSize::STANDARD {
            let layout = IconLayout::for_size(size);
            let dot = layout.alert_dot();
            assert!(dot.top + dot.height <= layout.figure_origin(0).y - 1.0, "{dot:?} at {size:?}");
            let ends = layout
                .level_dashes(2, true)
                .map(|dash| dash.left + dash.width)
                .chain([layout.full_line(true).left + layout.full_line(true).width]);
            assert!(ends.into_iter().all(|end| end + 1.0 <= dot.left), "{dot:?} at {size:?}");
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
            let end = layout.bar.left + layout.bar.width;
            assert!(layout.bar_dashes().iter().all(|dash| dash.left + dash.width <= end));
        }
    }
}
