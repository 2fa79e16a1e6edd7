//! The tray icon's pixels, drawn from a few quantised integers.
//!
//! A picture is the figure on a badge, a thin bar for the used share of the fullest limit below it and dashes for its
//! fullness above; without a figure it is a ring. Pure: the same picture and side give the same bytes on every
//! machine. It reads no theme and no snapshot.

use crate::format::Figure;
use crate::icon::canvas::{Area, Canvas, Paint, Spot};
use crate::icon::glyphs::glyph;
use crate::icon::layout::Layout;
use crate::icon::palette::Palette;
use crate::limit_level::Fullness;

/// All that a tray icon shows; equal pictures have equal pixels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// What is written in it; none for a bare ring.
    pub figure: Option<Figure>,
    /// How much of the fullest limit is used; none where no limit is known.
    pub gauge: Option<Gauge>,
    /// Whether the number may be out of date or incomplete.
    pub stale: bool,
    /// Whether there are alerts nobody saw.
    pub unseen: bool,
    /// What it is drawn in.
    pub ink: Ink,
}

/// The used share of a limit, in fiftieths: one step is two percent, finer than any panel's pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Gauge {
    fiftieths: u8,
    fullness: Fullness,
    old: bool,
}

impl Gauge {
    const WHOLE: u8 = 50;

    /// Rounds a share in percent down to whole fiftieths; what exceeds the limit fills it.
    pub fn of(percent: f64) -> Self {
        let fiftieths = (percent / 100.0).clamp(0.0, 1.0) * f64::from(Self::WHOLE);
        Self { fiftieths: fiftieths as u8, fullness: Fullness::of(percent), old: false }
    }

    /// The same, told too long ago to be taken for the present.
    #[must_use]
    pub fn grown_old(self, old: bool) -> Self {
        Self { old, ..self }
    }

    /// How full that is.
    pub fn fullness(self) -> Fullness {
        self.fullness
    }

    fn share(self) -> f32 {
        f32::from(self.fiftieths) / f32::from(Self::WHOLE)
    }
}

/// What a picture is drawn in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ink {
    /// Light on a dark badge: readable on any panel.
    Light,
    /// Dark on a light badge.
    Dark,
    /// Black without a badge, for systems that tint the icon themselves.
    Template,
}

/// The length of an icon's side in physical pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Side(u16);

impl Side {
    /// The sides panels ask for, smallest first.
    pub const USUAL: [Self; 6] = [Self(16), Self(22), Self(24), Self(32), Self(44), Self(48)];

    /// The nearest side a picture can be drawn at: four glyphs need 16 pixels, and no panel is higher than 256.
    pub fn of(pixels: u16) -> Self {
        Self(pixels.clamp(16, 256))
    }

    /// In physical pixels.
    pub fn pixels(self) -> u16 {
        self.0
    }
}

/// How a pixel's four bytes follow each other; alpha is straight in both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Order {
    /// Alpha last, as window toolkits take images.
    Rgba,
    /// Alpha first, as D-Bus hands icons on: ARGB32 in network byte order.
    Argb,
}

impl Order {
    fn arrange(self, mut rgba: Vec<u8>) -> Vec<u8> {
        match self {
            Self::Rgba => {}
            Self::Argb => rgba.chunks_exact_mut(4).for_each(|pixel| pixel.rotate_right(1)),
        }
        rgba
    }
}

/// How many fiftieths of a ring a dash and the gap after it take.
const DASH: usize = 5;

impl Picture {
    /// Draws it, row by row.
    pub fn pixels(&self, side: Side, order: Order) -> Vec<u8> {
        let mut easel = Easel {
            canvas: Canvas::new(side.0),
            layout: Layout::of(side),
            palette: Palette::of(self.ink, self.fullness(), self.stale),
        };
        easel.draw(self);
        order.arrange(easel.canvas.into_rgba())
    }

    fn fullness(&self) -> Option<Fullness> {
        self.gauge.map(Gauge::fullness)
    }

    fn is_dashed(&self) -> bool {
        self.stale || self.gauge.is_some_and(|gauge| gauge.old)
    }
}

/// A picture in the making.
struct Easel {
    canvas: Canvas,
    layout: Layout,
    palette: Palette,
}

impl Easel {
    fn draw(&mut self, picture: &Picture) {
        if let Some(ground) = self.palette.badge {
            self.canvas.fill(self.layout.badge, self.layout.corner, ground);
        }
        match &picture.figure {
            Some(figure) => {
                self.draw_fullness(picture.fullness(), picture.unseen);
                self.draw_figure(figure);
                self.draw_bar(picture.gauge, picture.is_dashed());
            }
            None => {
                self.draw_ring(picture.gauge, picture.is_dashed());
                self.draw_heart(picture.fullness());
            }
        }
        if picture.unseen {
            let mark = self.layout.mark();
            self.canvas.fill(mark, mark.width / 2.0, self.palette.ink);
        }
    }

    /// One dash for busy, two for high, a line from edge to edge for over: readable without colour.
    fn draw_fullness(&mut self, fullness: Option<Fullness>, marked: bool) {
        let dashes: Vec<_> = match fullness {
            None | Some(Fullness::Calm) => Vec::new(),
            Some(Fullness::Busy) => self.layout.fullness(1, marked).collect(),
            Some(Fullness::High) => self.layout.fullness(2, marked).collect(),
            Some(Fullness::Over) => vec![self.layout.over(marked)],
        };
        self.fill_all(dashes, self.palette.accent);
    }

    fn draw_figure(&mut self, figure: &Figure) {
        let face = self.layout.face(figure.as_str());
        let mut corner = self.layout.figure(face.width(figure.as_str()));
        for character in figure.as_str().chars() {
            let Some(glyph) = glyph(character) else {
                continue;
            };
            let is_number = character.is_ascii_digit() || character == '.';
            let paint = if is_number { self.palette.ink } else { self.palette.unit };
            for path in face.strokes(glyph, corner) {
                self.canvas.stroke(&path, self.layout.weight, paint);
            }
            corner = Spot { x: corner.x + f32::from(face.advance(glyph) + face.gap), ..corner };
        }
    }

    /// The limit's bar; an old one is dashed, and a stale picture has one even where no limit is known.
    fn draw_bar(&mut self, gauge: Option<Gauge>, dashed: bool) {
        let pieces = match (gauge, dashed) {
            (None, false) => return,
            (Some(_), false) => vec![self.layout.bar],
            (_, true) => self.layout.dashes(),
        };
        let used = self.layout.used(gauge.map_or(0.0, Gauge::share));
        for piece in pieces {
            self.canvas.fill(piece, 0.0, self.palette.track);
            let width = (used - piece.left).clamp(0.0, piece.width);
            self.canvas.fill(Area { width, ..piece }, 0.0, self.palette.accent);
        }
    }

    /// The limit as a ring that fills clockwise; an old one is dashed.
    fn draw_ring(&mut self, gauge: Option<Gauge>, dashed: bool) {
        let (ring, weight) = (self.layout.ring(), self.layout.ring_weight());
        let used = gauge.map_or(0, |gauge| usize::from(gauge.fiftieths));
        for (part, paint) in [(&ring[used..], self.palette.track), (&ring[..=used], self.palette.accent)] {
            for piece in pieces(part, dashed) {
                self.canvas.stroke(piece, weight, paint);
            }
        }
    }

    /// What goes with the ring: one tick in its opening for busy, two for high; in its middle an exclamation mark for
    /// over, a disc without a limit.
    fn draw_heart(&mut self, fullness: Option<Fullness>) {
        match fullness {
            None => {
                let disc = self.layout.disc();
                self.canvas.fill(disc, disc.width / 2.0, self.palette.ink);
            }
            Some(Fullness::Calm) => {}
            Some(Fullness::Busy) => self.fill_all(self.layout.ticks(1).collect(), self.palette.accent),
            Some(Fullness::High) => self.fill_all(self.layout.ticks(2).collect(), self.palette.accent),
            Some(Fullness::Over) => self.fill_all(self.layout.exclamation().into(), self.palette.accent),
        }
    }

    fn fill_all(&mut self, areas: Vec<Area>, paint: Paint) {
        for area in areas {
            self.canvas.fill(area, 0.0, paint);
        }
    }
}

/// A line as a whole, or cut into dashes. A line of one spot is nothing.
fn pieces(line: &[Spot], dashed: bool) -> Vec<&[Spot]> {
    let pieces = if dashed { line.chunks(DASH).step_by(2).collect() } else { vec![line] };
    pieces.into_iter().filter(|piece| piece.len() > 1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(tokens: u128) -> Picture {
        let figure = Some(Figure::of(tokens));
        Picture { figure, gauge: None, stale: false, unseen: false, ink: Ink::Light }
    }

    fn rgba(picture: &Picture, side: u16) -> Vec<u8> {
        picture.pixels(Side::of(side), Order::Rgba)
    }

    /// Pixels that differ by more than a shade.
    fn differing(one: &Picture, other: &Picture) -> usize {
        let (one, other) = (rgba(one, 16), rgba(other, 16));
        let pairs = one.chunks_exact(4).zip(other.chunks_exact(4));
        pairs.filter(|(one, other)| one[0].abs_diff(other[0]) > 64).count()
    }

    #[test]
    fn every_digit_is_unlike_every_other_at_sixteen_pixels() {
        for one in 0..10 {
            for other in 0..one {
                let pixels = differing(&picture(one), &picture(other));
                assert!(pixels >= 2, "{one} and {other} differ in {pixels} pixels");
            }
        }
    }

    #[test]
    fn every_unit_is_unlike_every_other_at_sixteen_pixels() {
        let units = [4_200, 4_200_000, 4_200_000_000, 4_200_000_000_000].map(picture);
        for (index, one) in units.iter().enumerate() {
            for other in &units[..index] {
                assert!(differing(one, other) >= 6, "{:?} and {:?}", one.figure, other.figure);
            }
        }
    }

    #[test]
    fn the_b_of_a_billion_is_not_an_eight() {
        let (billions, plain) = (picture(1_300_000_000), picture(138));
        assert!(differing(&billions, &plain) >= 6);
    }

    #[test]
    fn steps_of_fullness_differ_in_shape_where_there_is_no_colour() {
        let full = |fullness| Gauge { fiftieths: Gauge::WHOLE, fullness, old: false };
        for figure in [None, picture(42).figure] {
            let at = |fullness| {
                let gauge = Some(full(fullness));
                rgba(&Picture { figure: figure.clone(), gauge, ink: Ink::Template, ..picture(42) }, 16)
            };
            let drawn = [Fullness::Calm, Fullness::Busy, Fullness::High, Fullness::Over].map(at);
            for (index, one) in drawn.iter().enumerate() {
                assert!(drawn[..index].iter().all(|other| one != other), "fullness {index} looks like another");
            }
        }
    }

    #[test]
    fn over_the_limit_most_of_the_icon_is_filled() {
        let filled = |percent| {
            let picture = Picture { gauge: Some(Gauge::of(percent)), ink: Ink::Template, ..picture(42) };
            rgba(&picture, 16).chunks_exact(4).filter(|pixel| pixel[3] > 128).count()
        };
        assert!(filled(100.0) > 128 && filled(99.0) < 100, "{} and {} of 256", filled(100.0), filled(99.0));
    }

    #[test]
    fn alerts_nobody_saw_are_a_shape_at_every_fullness() {
        for percent in [10.0, 80.0, 95.0, 100.0] {
            for figure in [None, picture(42).figure] {
                let gauge = Some(Gauge::of(percent));
                let seen = Picture { figure, gauge, ink: Ink::Template, ..picture(42) };
                let unseen = Picture { unseen: true, ..seen.clone() };
                let marks =
                    |picture: &Picture| rgba(picture, 16).chunks_exact(4).map(|p| p[3] > 128).collect::<Vec<_>>();
                assert_ne!(marks(&seen), marks(&unseen), "at {percent}");
            }
        }
    }

    #[test]
    fn an_empty_track_is_not_the_absence_of_a_limit() {
        let unused = Picture { gauge: Some(Gauge::of(0.0)), ..picture(42) };
        assert!(rgba(&unused, 16) != rgba(&picture(42), 16));
    }

    #[test]
    fn an_old_share_is_dashed_and_the_figure_as_clear_as_before() {
        let fresh = Picture { gauge: Some(Gauge::of(100.0)), ..picture(42) };
        let old = Picture { gauge: fresh.gauge.map(|gauge| gauge.grown_old(true)), ..picture(42) };
        let (fresh, old) = (rgba(&fresh, 16), rgba(&old, 16));
        let bar = 13 * 16 * 4;
        assert!(fresh[..bar] == old[..bar] && fresh[bar..] != old[bar..]);
    }

    #[test]
    fn the_bar_moves_every_two_percent_and_not_between() {
        assert_eq!(Gauge::of(38.0), Gauge::of(39.9));
        assert_ne!(Gauge::of(39.9), Gauge::of(40.0));
        assert_eq!(Gauge::of(-1.0), Gauge::of(0.0));
        assert_eq!(Gauge::of(700.0), Gauge::of(100.0));
        assert_ne!(Gauge::of(99.9), Gauge::of(100.0), "only all of it fills the bar");
    }

    #[test]
    fn network_byte_order_puts_alpha_first() {
        let (rgba, argb) = (rgba(&picture(42), 22), picture(42).pixels(Side::of(22), Order::Argb));
        let middle = (11 * 22 + 11) * 4;
        let [red, green, blue, alpha] = rgba[middle..middle + 4].try_into().unwrap();
        assert_eq!(argb[middle..middle + 4], [alpha, red, green, blue]);
    }

    #[test]
    fn a_side_too_small_to_read_is_not_drawn() {
        assert_eq!(Side::of(3).pixels(), 16);
        assert_eq!(rgba(&picture(u128::MAX), 3).len(), 16 * 16 * 4);
    }
}
