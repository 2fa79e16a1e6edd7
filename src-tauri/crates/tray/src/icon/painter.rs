//! Draws an [`IconSpec`] into pixels.
//!
//! An icon is the figure on a badge, with a thin bar below it for the used part of the fullest limit and dashes above
//! it for the level of that limit. Without a figure it is a ring. Pure: the same spec and size give the same bytes on
//! every machine.

use crate::format::CompactFigure;
use crate::icon::canvas::{Canvas, Paint, Point, Rect};
use crate::icon::glyphs::find_glyph;
use crate::icon::layout::IconLayout;
use crate::icon::palette::Palette;
use crate::icon::types::{IconSize, IconSpec, LimitGauge, PixelFormat};
use crate::limit_level::LimitLevel;

/// The steps of a ring that a dash and the gap after it take together.
const DASH_STEPS: usize = 5;

impl IconSpec {
    /// Draws the icon, row by row from the top.
    pub fn render(&self, size: IconSize, format: PixelFormat) -> Vec<u8> {
        let mut painter = IconPainter {
            canvas: Canvas::new(size.pixels()),
            layout: IconLayout::for_size(size),
            palette: Palette::for_icon(self.theme, self.level(), self.is_stale),
        };
        painter.draw(self);
        format.convert_rgba(painter.canvas.into_rgba())
    }
}

/// The canvas of one icon with the places and colors of its parts.
struct IconPainter {
    canvas: Canvas,
    layout: IconLayout,
    palette: Palette,
}

impl IconPainter {
    fn draw(&mut self, spec: &IconSpec) {
        if let Some(background) = self.palette.badge {
            self.canvas.fill_rect(self.layout.badge, self.layout.corner_radius, background);
        }
        match &spec.figure {
            Some(figure) => {
                self.draw_level(spec.level(), spec.has_unseen_alerts);
                self.draw_figure(figure);
                self.draw_bar(spec.gauge, spec.is_dashed());
            }
            None => {
                self.draw_ring(spec.gauge, spec.is_dashed());
                self.draw_center(spec.level());
            }
        }
        if spec.has_unseen_alerts {
            let dot = self.layout.alert_dot();
            self.canvas.fill_rect(dot, dot.width / 2.0, self.palette.foreground);
        }
    }

    /// Draws one dash for a busy limit, two for a high one and a full line for an exceeded one: readable without color.
    fn draw_level(&mut self, level: Option<LimitLevel>, has_alert_dot: bool) {
        let dashes: Vec<_> = match level {
            None | Some(LimitLevel::Calm) => Vec::new(),
            Some(LimitLevel::Busy) => self.layout.level_dashes(1, has_alert_dot).collect(),
            Some(LimitLevel::High) => self.layout.level_dashes(2, has_alert_dot).collect(),
            Some(LimitLevel::Over) => vec![self.layout.full_line(has_alert_dot)],
        };
        self.fill_all(dashes, self.palette.accent);
    }

    fn draw_figure(&mut self, figure: &CompactFigure) {
        let metrics = self.layout.choose_metrics(figure.as_str());
        let mut origin = self.layout.figure_origin(metrics.text_width(figure.as_str()));
        for character in figure.as_str().chars() {
            let Some(glyph) = find_glyph(character) else {
                continue;
            };
            let is_number = character.is_ascii_digit() || character == '.';
            let paint = if is_number { self.palette.foreground } else { self.palette.unit };
            for path in metrics.glyph_strokes(glyph, origin) {
                self.canvas.stroke_path(&path, self.layout.stroke_width, paint);
            }
            origin = Point { x: origin.x + f32::from(metrics.glyph_width(glyph) + metrics.gap), ..origin };
        }
    }

    /// Draws the bar of the limit, dashed if it is stale. A stale icon has a dashed bar even if no limit is known.
    fn draw_bar(&mut self, gauge: Option<LimitGauge>, dashed: bool) {
        let pieces = match (gauge, dashed) {
            (None, false) => return,
            (Some(_), false) => vec![self.layout.bar],
            (_, true) => self.layout.bar_dashes(),
        };
        let end = self.layout.bar_used_end(gauge.map_or(0.0, LimitGauge::fraction));
        for piece in pieces {
            self.canvas.fill_rect(piece, 0.0, self.palette.track);
            let width = (end - piece.left).clamp(0.0, piece.width);
            self.canvas.fill_rect(Rect { width, ..piece }, 0.0, self.palette.accent);
        }
    }

    /// Draws the limit as a ring that fills clockwise, dashed if it is stale.
    fn draw_ring(&mut self, gauge: Option<LimitGauge>, dashed: bool) {
        let (ring, thickness) = (self.layout.ring_path(), self.layout.ring_thickness());
        let used = gauge.map_or(0, |gauge| usize::from(gauge.steps()));
        for (part, paint) in [(&ring[used..], self.palette.track), (&ring[..=used], self.palette.accent)] {
            for piece in split_dashes(part, dashed) {
                self.canvas.stroke_path(piece, thickness, paint);
            }
        }
    }

    /// Draws the sign that belongs to the ring: a tick in its opening for a busy limit, two for a high one, an
    /// exclamation mark in its center for an exceeded one, and a disc in its center if no limit is known.
    fn draw_center(&mut self, level: Option<LimitLevel>) {
        match level {
            None => {
                let disc = self.layout.center_disc();
                self.canvas.fill_rect(disc, disc.width / 2.0, self.palette.foreground);
            }
            Some(LimitLevel::Calm) => {}
            Some(LimitLevel::Busy) => self.fill_all(self.layout.ring_ticks(1).collect(), self.palette.accent),
            Some(LimitLevel::High) => self.fill_all(self.layout.ring_ticks(2).collect(), self.palette.accent),
            Some(LimitLevel::Over) => self.fill_all(self.layout.exclamation_mark().into(), self.palette.accent),
        }
    }

    fn fill_all(&mut self, rects: Vec<Rect>, paint: Paint) {
        for rect in rects {
            self.canvas.fill_rect(rect, 0.0, paint);
        }
    }
}

/// Returns a line whole, or cut into dashes. Pieces of a single point are left out.
fn split_dashes(line: &[Point], dashed: bool) -> Vec<&[Point]> {
    let pieces = if dashed { line.chunks(DASH_STEPS).step_by(2).collect() } else { vec![line] };
    pieces.into_iter().filter(|piece| piece.len() > 1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::icon::types::IconTheme;

    fn spec_of(tokens: u128) -> IconSpec {
        let figure = Some(CompactFigure::from_tokens(tokens));
        IconSpec { figure, gauge: None, is_stale: false, has_unseen_alerts: false, theme: IconTheme::Light }
    }

    fn rgba(spec: &IconSpec, size: u16) -> Vec<u8> {
        spec.render(IconSize::from_pixels(size), PixelFormat::Rgba)
    }

    /// Counts the pixels whose red part differs clearly.
    fn count_differing_pixels(one: &IconSpec, other: &IconSpec) -> usize {
        let (one, other) = (rgba(one, 16), rgba(other, 16));
        let pairs = one.chunks_exact(4).zip(other.chunks_exact(4));
        pairs.filter(|(one, other)| one[0].abs_diff(other[0]) > 64).count()
    }

    #[test]
    fn all_digits_differ_at_16_pixels() {
        for one in 0..10 {
            for other in 0..one {
                let pixels = count_differing_pixels(&spec_of(one), &spec_of(other));
                assert!(pixels >= 2, "{one} and {other} differ in {pixels} pixels");
            }
        }
    }

    #[test]
    fn all_units_differ_at_16_pixels() {
        let units = [4_200, 4_200_000, 4_200_000_000, 4_200_000_000_000].map(spec_of);
        for (index, one) in units.iter().enumerate() {
            for other in &units[..index] {
                assert!(count_differing_pixels(one, other) >= 6, "{:?} and {:?}", one.figure, other.figure);
            }
        }
    }

    #[test]
    fn the_letter_b_differs_from_the_digit_8() {
        let (billions, plain) = (spec_of(1_300_000_000), spec_of(138));
        assert!(count_differing_pixels(&billions, &plain) >= 6);
    }

    #[test]
    fn levels_differ_in_shape_in_an_icon_without_color() {
        for figure in [None, spec_of(42).figure] {
            let draw = |level| {
                let gauge = Some(LimitGauge::full(level));
                rgba(&IconSpec { figure: figure.clone(), gauge, theme: IconTheme::Template, ..spec_of(42) }, 16)
            };
            let drawn = [LimitLevel::Calm, LimitLevel::Busy, LimitLevel::High, LimitLevel::Over].map(draw);
            for (index, one) in drawn.iter().enumerate() {
                assert!(drawn[..index].iter().all(|other| one != other), "level {index} looks like another");
            }
        }
    }

    #[test]
    fn an_exceeded_limit_fills_most_of_the_icon() {
        let filled = |percent| {
            let gauge = Some(LimitGauge::from_percent(percent));
            let spec = IconSpec { gauge, theme: IconTheme::Template, ..spec_of(42) };
            rgba(&spec, 16).chunks_exact(4).filter(|pixel| pixel[3] > 128).count()
        };
        assert!(filled(100.0) > 128 && filled(99.0) < 100, "{} and {} of 256", filled(100.0), filled(99.0));
    }

    #[test]
    fn unseen_alerts_change_the_shape_at_every_level() {
        for percent in [10.0, 80.0, 95.0, 100.0] {
            for figure in [None, spec_of(42).figure] {
                let gauge = Some(LimitGauge::from_percent(percent));
                let seen = IconSpec { figure, gauge, theme: IconTheme::Template, ..spec_of(42) };
                let unseen = IconSpec { has_unseen_alerts: true, ..seen.clone() };
                let shape = |spec: &IconSpec| rgba(spec, 16).chunks_exact(4).map(|p| p[3] > 128).collect::<Vec<_>>();
                assert_ne!(shape(&seen), shape(&unseen), "at {percent}");
            }
        }
    }

    #[test]
    fn an_unused_limit_differs_from_no_limit() {
        let unused = IconSpec { gauge: Some(LimitGauge::from_percent(0.0)), ..spec_of(42) };
        assert!(rgba(&unused, 16) != rgba(&spec_of(42), 16));
    }

    #[test]
    fn a_stale_limit_is_dashed_and_its_figure_unchanged() {
        let fresh = IconSpec { gauge: Some(LimitGauge::from_percent(100.0)), ..spec_of(42) };
        let old = IconSpec { gauge: fresh.gauge.map(|gauge| gauge.with_stale(true)), ..spec_of(42) };
        let (fresh, old) = (rgba(&fresh, 16), rgba(&old, 16));
        let bar = 13 * 16 * 4;
        assert!(fresh[..bar] == old[..bar] && fresh[bar..] != old[bar..]);
    }

    #[test]
    fn argb_puts_alpha_first() {
        let (rgba, argb) = (rgba(&spec_of(42), 22), spec_of(42).render(IconSize::from_pixels(22), PixelFormat::Argb));
        let middle = (11 * 22 + 11) * 4;
        let [red, green, blue, alpha] = rgba[middle..middle + 4].try_into().unwrap();
        assert_eq!(argb[middle..middle + 4], [alpha, red, green, blue]);
    }

    #[test]
    fn a_size_too_small_to_read_is_raised_to_the_minimum() {
        assert_eq!(rgba(&spec_of(u128::MAX), 3).len(), 16 * 16 * 4);
    }
}
