//! The glyphs of a tray icon as strokes: ten digits, a point, a dash, and the letters and signs of units.
//!
//! A glyph is a few lines between the crossings of a small grid. Placement snaps every crossing to whole pixels, so
//! that stems are crisp at any size without a font, a rasterizer or hints. There is no kerning.

use crate::icon::canvas::Point;

/// A grid crossing of a stroke: its column, its row and the kind of corner there.
type Vertex = (u8, u8, Corner);

#[derive(Clone, Copy, PartialEq)]
enum Corner {
    /// An angle, or the end of the stroke.
    Sharp,
    /// An arc.
    Round,
    /// An arc as wide as the glyph allows.
    Oval,
}

use Corner::{Oval as O, Round as R, Sharp as S};

/// The last row of the grid. The first is 0.
const LAST_ROW: u8 = 6;

/// The width of a glyph, which determines the number of columns of its grid.
#[derive(Clone, Copy, PartialEq)]
enum GlyphWidth {
    /// The width of a stroke: the decimal point.
    Point,
    /// Two thirds of a digit: the `1`.
    Narrow,
    /// The common width of digits and most letters.
    Digit,
    /// A digit's width and one stroke: the `B`, which would look like an `8`.
    Letter,
    /// The width of letters with three stems.
    Wide,
    /// The width of `Wide`, with all parts on whole pixels.
    Sign,
}

impl GlyphWidth {
    /// Returns the last column of the grid. The first is 0.
    fn last_column(self) -> u8 {
        match self {
            Self::Point => 0,
            Self::Narrow => 1,
            Self::Digit => 2,
            Self::Letter => 3,
            Self::Wide | Self::Sign => 4,
        }
    }
}

/// The strokes of one character.
pub(crate) struct Glyph {
    width: GlyphWidth,
    strokes: &'static [&'static [Vertex]],
}

/// Returns the glyph of a character, or `None` if no figure contains it.
pub(crate) fn find_glyph(character: char) -> Option<&'static Glyph> {
    let index = match character {
        '0'..='9' => usize::try_from(character.to_digit(10)?).ok()?,
        '.' => 10,
        'k' => 11,
        'M' => 12,
        'B' => 13,
        'T' => 14,
        '$' => 15,
        '%' => 16,
        'h' => 17,
        'm' => 18,
        '–' => 19,
        _ => return None,
    };
    GLYPHS.get(index)
}

#[rustfmt::skip]
static GLYPHS: [Glyph; 20] = [
    digit_glyph(&[&[(0, 3, S), (0, 0, O), (2, 0, O), (2, 6, O), (0, 6, O), (0, 3, S)]]),
    Glyph { width: GlyphWidth::Narrow, strokes: &[&[(0, 1, S), (1, 0, S), (1, 6, S)]] },
    digit_glyph(&[&[(0, 0, S), (2, 0, R), (2, 3, R), (0, 3, R), (0, 6, S), (2, 6, S)]]),
    digit_glyph(&[&[(0, 0, S), (2, 0, R), (2, 6, R), (0, 6, S)], &[(1, 3, S), (2, 3, S)]]),
    digit_glyph(&[&[(0, 0, S), (0, 4, S), (2, 4, S)], &[(2, 0, S), (2, 6, S)]]),
    digit_glyph(&[&[(2, 0, S), (0, 0, S), (0, 3, S), (2, 3, R), (2, 6, R), (0, 6, S)]]),
    digit_glyph(&[&[(2, 0, S), (0, 0, R), (0, 6, R), (2, 6, R), (2, 3, R), (0, 3, S)]]),
    digit_glyph(&[&[(0, 0, S), (2, 0, S), (2, 2, S), (1, 4, S), (1, 6, S)]]),
    digit_glyph(&[&[(0, 3, S), (0, 0, R), (2, 0, R), (2, 6, R), (0, 6, R), (0, 3, S), (2, 3, S)]]),
    digit_glyph(&[&[(0, 6, S), (2, 6, R), (2, 0, R), (0, 0, R), (0, 3, R), (2, 3, S)]]),
    Glyph { width: GlyphWidth::Point, strokes: &[&[(0, 6, S), (0, 6, S)]] },
    digit_glyph(&[&[(0, 0, S), (0, 6, S)], &[(2, 2, S), (0, 4, S), (2, 6, S)]]),
    Glyph { width: GlyphWidth::Wide, strokes: &[&[(0, 6, S), (0, 0, S), (2, 2, S), (4, 0, S), (4, 6, S)]] },
    Glyph { width: GlyphWidth::Letter, strokes: &[
        &[(0, 0, S), (2, 0, S), (3, 1, S), (3, 2, S), (2, 3, S), (3, 4, S), (3, 5, S), (2, 6, S), (0, 6, S), (0, 0, S)],
        &[(0, 3, S), (2, 3, S)],
    ] },
    digit_glyph(&[&[(0, 0, S), (2, 0, S)], &[(1, 0, S), (1, 6, S)]]),
    digit_glyph(&[
        &[(2, 1, S), (0, 1, S), (0, 3, S), (2, 3, S), (2, 5, S), (0, 5, S)],
        &[(1, 0, S), (1, 1, S)], &[(1, 5, S), (1, 6, S)],
    ]),
    Glyph { width: GlyphWidth::Sign, strokes: &[
        &[(0, 0, S), (1, 0, S), (1, 1, S), (0, 1, S), (0, 0, S)],
        &[(4, 0, S), (0, 6, S)],
        &[(3, 5, S), (4, 5, S), (4, 6, S), (3, 6, S), (3, 5, S)],
    ] },
    digit_glyph(&[&[(0, 0, S), (0, 6, S)], &[(0, 3, S), (2, 3, R), (2, 6, S)]]),
    Glyph { width: GlyphWidth::Wide, strokes: &[
        &[(0, 2, S), (0, 6, S)], &[(2, 2, S), (2, 6, S)], &[(0, 2, S), (4, 2, R), (4, 6, S)],
    ] },
    digit_glyph(&[&[(0, 3, S), (2, 3, S)]]),
];

const fn digit_glyph(strokes: &'static [&'static [Vertex]]) -> Glyph {
    Glyph { width: GlyphWidth::Digit, strokes }
}

/// The size of drawn glyphs in whole pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct GlyphMetrics {
    /// The width of a digit.
    pub(crate) digit: u16,
    /// The width of a wide letter.
    pub(crate) wide: u16,
    /// The height of all glyphs.
    pub(crate) height: u16,
    /// The thickness of a stroke.
    pub(crate) stroke: u16,
    /// The space between two glyphs.
    pub(crate) gap: u16,
}

impl GlyphMetrics {
    /// Returns the width of a text.
    pub(crate) fn text_width(&self, text: &str) -> u16 {
        let glyphs = text.chars().filter_map(find_glyph);
        let widths = glyphs.map(|glyph| self.glyph_width(glyph) + self.gap);
        widths.sum::<u16>().saturating_sub(self.gap)
    }

    /// Returns the width of a glyph.
    pub(crate) fn glyph_width(&self, glyph: &Glyph) -> u16 {
        match glyph.width {
            GlyphWidth::Point => self.stroke,
            GlyphWidth::Narrow => (self.digit * 2 / 3).max(2 * self.stroke),
            GlyphWidth::Digit => self.digit,
            GlyphWidth::Letter => self.digit + self.stroke,
            GlyphWidth::Wide | GlyphWidth::Sign => self.wide,
        }
    }

    /// Returns the strokes of a glyph whose top left corner is at `origin`.
    pub(crate) fn glyph_strokes(&self, glyph: &Glyph, origin: Point) -> Vec<Vec<Point>> {
        let half = f32::from(self.stroke) / 2.0;
        let point = |column, row| Point {
            x: origin.x + half + self.column_offset(glyph, column),
            y: origin.y + half + grid_offset(self.height - self.stroke, row, LAST_ROW).round(),
        };
        let placed = |vertices: &[Vertex]| -> Vec<_> {
            vertices.iter().map(|&(column, row, corner_kind)| (point(column, row), corner_kind)).collect()
        };
        let radius = f32::from(self.stroke) * CURVE_RADIUS;
        let oval = f32::from(self.glyph_width(glyph) - self.stroke) * OVAL_RADIUS;
        glyph.strokes.iter().map(|vertices| round_corners(&placed(vertices), radius, oval.max(radius))).collect()
    }

    /// Returns the distance of a column from the first. The middle of a wide letter may fall between two pixels, which
    /// keeps the letter symmetric.
    fn column_offset(&self, glyph: &Glyph, column: u8) -> f32 {
        let at = grid_offset(self.glyph_width(glyph) - self.stroke, column, glyph.width.last_column());
        if glyph.width == GlyphWidth::Wide { at } else { at.round() }
    }
}

/// The radius of a curve in strokes: round enough to distinguish an 8 from a B, and small enough to keep a stem of
/// three pixels.
const CURVE_RADIUS: f32 = 1.0;

/// The radius of the corners of a `0`, as a share of its width: a plain oval, which no box or ring resembles.
const OVAL_RADIUS: f32 = 0.5;

/// Returns the offset of a grid line within `length` pixels.
fn grid_offset(length: u16, line: u8, last: u8) -> f32 {
    f32::from(length) * f32::from(line) / f32::from(last.max(1))
}

/// Replaces round corners by arcs of a few short lines.
fn round_corners(vertices: &[(Point, Corner)], radius: f32, oval: f32) -> Vec<Point> {
    let mut path = Vec::with_capacity(vertices.len() * 4);
    for (index, &(at, corner_kind)) in vertices.iter().enumerate() {
        let around = index.checked_sub(1).and_then(|before| vertices.get(before)).zip(vertices.get(index + 1));
        match (corner_kind, around) {
            (Corner::Round, Some((before, after))) => path.extend(corner_arc(before.0, at, after.0, radius)),
            (Corner::Oval, Some((before, after))) => path.extend(corner_arc(before.0, at, after.0, oval)),
            (Corner::Round | Corner::Oval, None) | (Corner::Sharp, _) => path.push(at),
        }
    }
    path
}

/// Returns a quadratic curve that starts and ends `radius` from `corner`.
fn corner_arc(before: Point, corner: Point, after: Point, radius: f32) -> impl Iterator<Item = Point> {
    let (start, end) = (point_towards(corner, before, radius), point_towards(corner, after, radius));
    let mix = |a: f32, b: f32, c: f32, t: f32| (1.0 - t) * (1.0 - t) * a + 2.0 * t * (1.0 - t) * b + t * t * c;
    [0.0, 0.25, 0.5, 0.75, 1.0]
        .into_iter()
        .map(move |t| Point { x: mix(start.x, corner.x, end.x, t), y: mix(start.y, corner.y, end.y, t) })
}

/// Returns the point `radius` from one point towards another, but at most halfway: two curves may share a line.
fn point_towards(from: Point, to: Point, radius: f32) -> Point {
    let (x, y) = (to.x - from.x, to.y - from.y);
    let share = (radius / (x * x + y * y).sqrt()).min(0.5);
    Point { x: from.x + x * share, y: from.y + y * share }
}

#[cfg(test)]
mod tests {
    use super::*;

    const METRICS: GlyphMetrics = GlyphMetrics { digit: 3, wide: 5, height: 8, stroke: 1, gap: 1 };

    #[test]
    fn every_character_of_a_figure_has_a_glyph() {
        for character in "0123456789.kMBT$%hm–".chars() {
            assert!(find_glyph(character).is_some(), "{character} has no strokes");
        }
        assert!(find_glyph('x').is_none(), "no figure contains it");
    }

    #[test]
    fn all_digits_but_the_one_have_the_same_width() {
        for digit in "023456789".chars() {
            assert_eq!(METRICS.text_width(&digit.to_string()), 3, "{digit}");
        }
        assert_eq!(METRICS.text_width("1"), 2);
        assert_eq!(METRICS.text_width("4.2M"), 15);
    }

    #[test]
    fn stems_fall_on_pixel_centres() {
        for digit in '0'..='9' {
            let strokes = METRICS.glyph_strokes(find_glyph(digit).unwrap(), Point { x: 0.0, y: 0.0 });
            let ends = strokes.iter().flat_map(|path| [path[0], path[path.len() - 1]]);
            for end in ends {
                assert_eq!((end.x.fract(), end.y.fract()), (0.5, 0.5), "{digit} is blurred at {end:?}");
            }
        }
    }
}
