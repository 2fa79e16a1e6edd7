//! Draws an [`IconSpec`] into pixels.
//!
//! An icon is a figure with a bar below it for the used part of the fullest limit, or two bars for the block and the week,
//! or a ring. The level of a limit is the length of its bar, and a plate in its color once it is reached. Pure: the same
//! spec and size give the same bytes on every machine.

use crate::LimitLevel;
use crate::format::CompactFigure;
use crate::icon::canvas::{Canvas, Paint, Point, Rect};
use crate::icon::glyphs::find_glyph;
use crate::icon::layout::IconLayout;
use crate::icon::palette::Palette;
use crate::icon::types::{IconBadge, IconSize, IconSpec, LimitBars, LimitGauge, PixelFormat};

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
        if let Some(plate) = self.palette.plate {
            self.canvas.fill_rect(self.layout.plate, self.layout.corner_radius, plate);
        }
        let has_badge = spec.badge.is_some();
        match (spec.bars, &spec.figure) {
            (Some(bars), _) => self.draw_bars(bars, spec),
            (None, Some(figure)) => {
                // A stale icon has a dashed bar even if no limit is known.
                let has_bar = spec.gauge.is_some() || spec.is_dashed();
                self.draw_figure(figure, has_bar || has_badge);
                if has_bar {
                    self.draw_bar(self.layout.bar(has_badge), spec.gauge, spec.is_dashed(), self.palette.accent);
                }
            }
            (None, None) => {
                self.draw_ring(spec.gauge, spec.is_dashed());
                self.draw_center(spec.level());
            }
        }
        match spec.badge {
            Some(IconBadge::Waiting) => self.draw_triangle(),
            Some(IconBadge::Problem) => self.draw_exclamation_mark(),
            Some(IconBadge::UnseenAlerts) => self.draw_disc(),
            None => {}
        }
    }

    /// Draws the block above the week, each in the color of its own level.
    fn draw_bars(&mut self, bars: LimitBars, spec: &IconSpec) {
        let lines = self.layout.bars(spec.badge.is_some());
        for (line, gauge) in lines.into_iter().zip([bars.block, bars.week]) {
            let is_over = spec.level() == Some(LimitLevel::Over);
            let own = Palette::for_icon(spec.theme, gauge.map(LimitGauge::level), spec.is_stale).accent;
            let paint = if is_over { self.palette.accent } else { own };
            self.draw_bar(line, gauge, spec.is_stale || gauge.is_some_and(LimitGauge::is_stale), paint);
        }
    }

    /// Draws a triangle with its point at the top, row by row, in the lower right corner.
    fn draw_triangle(&mut self) {
        let at = self.layout.badge();
        let path = [
            Point { x: at.left + at.width / 2.0, y: at.top + 1.0 },
            Point { x: at.left + at.width - 0.5, y: at.top + at.height - 0.5 },
            Point { x: at.left + 0.5, y: at.top + at.height - 0.5 },
            Point { x: at.left + at.width / 2.0, y: at.top + 1.0 },
        ];
        self.canvas.stroke_path(&path, 1.0, self.palette.warning);
        let rows = at.height as u16;
        for row in 1..rows {
            let half = at.width / 2.0 * f32::from(row) / f32::from(rows);
            let line = Rect {
                left: at.left + at.width / 2.0 - half,
                top: at.top + f32::from(row),
                width: half * 2.0,
                height: 1.0,
            };
            self.canvas.fill_rect(line, 0.0, self.palette.warning);
        }
    }

    /// Draws a stem and a point below it in the lower right corner.
    fn draw_exclamation_mark(&mut self) {
        for part in self.layout.badge_exclamation_mark() {
            self.canvas.fill_rect(part, 0.0, self.palette.warning);
        }
    }

    fn draw_disc(&mut self) {
        let dot = self.layout.badge();
        self.canvas.fill_rect(dot, dot.width / 2.0, self.palette.foreground);
    }

    fn draw_figure(&mut self, figure: &CompactFigure, has_bar: bool) {
        let metrics = self.layout.choose_metrics(figure.as_str());
        let mut origin = self.layout.figure_origin(metrics.text_width(figure.as_str()), has_bar);
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

    /// Draws the used part of a limit on the line of its bar, dashed if it is stale.
    fn draw_bar(&mut self, bar: Rect, gauge: Option<LimitGauge>, dashed: bool, paint: Paint) {
        let pieces = if dashed { self.layout.dashes(bar) } else { vec![bar] };
        let end = self.layout.used_end(bar, gauge.map_or(0.0, LimitGauge::fraction));
        for piece in pieces {
            let radius = self.layout.bar_radius(piece);
            self.canvas.fill_rect(piece, radius, self.palette.track);
            let width = (end - piece.left).clamp(0.0, piece.width);
            self.canvas.fill_rect(Rect { width, ..piece }, radius.min(width / 2.0), paint);
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

    /// Draws the sign that belongs to the ring: an exclamation mark in its center for a limit that is reached, and a disc
    /// if no limit is known.
    fn draw_center(&mut self, level: Option<LimitLevel>) {
        match level {
            None => {
                let disc = self.layout.center_disc();
                self.canvas.fill_rect(disc, disc.width / 2.0, self.palette.foreground);
            }
            Some(LimitLevel::Calm | LimitLevel::Busy | LimitLevel::High) => {}
            Some(LimitLevel::Over) => {
                for rect in self.layout.exclamation_mark() {
                    self.canvas.fill_rect(rect, 0.0, self.palette.accent);
                }
            }
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
    use std::collections::HashSet;

    use super::*;
    use crate::icon::types::IconTheme;

    fn spec_of(tokens: u128) -> IconSpec {
        let figure = Some(CompactFigure::from_tokens(tokens));
        IconSpec { figure, gauge: None, bars: None, is_stale: false, badge: None, theme: IconTheme::Light }
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
            let draw = |percent| {
                let gauge = Some(LimitGauge::from_percent(percent));
                rgba(&IconSpec { figure: figure.clone(), gauge, theme: IconTheme::Template, ..spec_of(42) }, 16)
            };
            let drawn = [38.0, 80.0, 94.0, 100.0].map(draw);
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
    fn each_badge_changes_the_shape_at_every_level() {
        let bars =
            LimitBars { block: Some(LimitGauge::from_percent(38.0)), week: Some(LimitGauge::from_percent(61.0)) };
        for percent in [10.0, 80.0, 95.0, 100.0] {
            for (figure, bars) in [(None, None), (spec_of(42).figure, None), (None, Some(bars))] {
                let gauge = Some(LimitGauge::from_percent(percent));
                let plain = IconSpec { figure, gauge, bars, theme: IconTheme::Template, ..spec_of(42) };
                let shape = |badge| {
                    let spec = IconSpec { badge, ..plain.clone() };
                    rgba(&spec, 16).chunks_exact(4).map(|pixel| pixel[3] > 128).collect::<Vec<_>>()
                };
                let badges = [IconBadge::Waiting, IconBadge::Problem, IconBadge::UnseenAlerts].map(Some);
                let shapes: HashSet<_> = [None].into_iter().chain(badges).map(shape).collect();
                assert_eq!(shapes.len(), 4, "at {percent}");
            }
        }
    }

    #[test]
    fn the_bars_show_block_and_week_apart() {
        let bars = |block, week| {
            let gauge = |percent: f64| Some(LimitGauge::from_percent(percent));
            let bars = Some(LimitBars { block: gauge(block), week: gauge(week) });
            rgba(&IconSpec { figure: None, bars, ..spec_of(0) }, 16)
        };
        let (one, other, third) = (bars(38.0, 61.0), bars(61.0, 38.0), bars(38.0, 38.0));
        assert!(one != other && other != third && one != third);
    }

    #[test]
    fn no_tokens_are_a_nought_and_not_an_empty_icon() {
        let lit = |spec: &IconSpec| rgba(spec, 16).chunks_exact(4).filter(|pixel| pixel[0] > 200).count();
        assert!(lit(&spec_of(0)) >= 12, "the strokes of a 0");
        assert_ne!(rgba(&spec_of(0), 16), rgba(&IconSpec { figure: Some(CompactFigure::unknown()), ..spec_of(0) }, 16));
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
        let bar = 12 * 16 * 4;
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
