//! The glyphs of a tray icon: ten digits, a point, a dash and the letters and signs of units, as strokes.
//!
//! A glyph is a handful of lines between the crossings of a small grid. Placing snaps every crossing to whole
//! pixels, so that stems are crisp at any size without a font, a rasteriser or hints. There are no other glyphs,
//! and no kerning: figures stand in columns.

use crate::icon::canvas::Spot;

/// A crossing a stroke passes: column, row, and whether it turns there in a curve.
type Turn = (u8, u8, Bend);

#[derive(Clone, Copy, PartialEq)]
enum Bend {
    /// At an angle, or the stroke ends here.
    Sharp,
    /// In an arc.
    Round,
}

use Bend::{Round as R, Sharp as S};

/// The last row of the grid; the first is 0.
const ROWS: u8 = 6;

/// How broad a glyph is, and with it how many columns its grid has.
#[derive(Clone, Copy, PartialEq)]
enum Width {
    /// The point: as broad as a stroke.
    Point,
    /// Digits and most letters, all alike so that numbers stand in columns.
    Digit,
    /// The letter that would pass for an 8: one stroke broader.
    Letter,
    /// The letters with more than two stems.
    Wide,
    /// As broad as those, its parts on whole pixels.
    Sign,
}

impl Width {
    /// The last column of the grid; the first is 0.
    fn columns(self) -> u8 {
        match self {
            Self::Point => 0,
            Self::Digit => 2,
            Self::Letter => 3,
            Self::Wide | Self::Sign => 4,
        }
    }
}

/// How one character is drawn.
pub(crate) struct Glyph {
    width: Width,
    strokes: &'static [&'static [Turn]],
}

/// Finds a character's glyph.
pub(crate) fn glyph(character: char) -> Option<&'static Glyph> {
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
    digit(&[&[(0, 3, S), (0, 0, R), (2, 0, R), (2, 6, R), (0, 6, R), (0, 3, S)]]),
    digit(&[&[(0, 1, S), (1, 0, S), (1, 6, S)], &[(0, 6, S), (2, 6, S)]]),
    digit(&[&[(0, 0, S), (2, 0, R), (2, 3, R), (0, 3, R), (0, 6, S), (2, 6, S)]]),
    digit(&[&[(0, 0, S), (2, 0, R), (2, 6, R), (0, 6, S)], &[(1, 3, S), (2, 3, S)]]),
    digit(&[&[(0, 0, S), (0, 4, S), (2, 4, S)], &[(2, 0, S), (2, 6, S)]]),
    digit(&[&[(2, 0, S), (0, 0, S), (0, 3, S), (2, 3, R), (2, 6, R), (0, 6, S)]]),
    digit(&[&[(2, 0, S), (0, 0, R), (0, 6, R), (2, 6, R), (2, 3, R), (0, 3, S)]]),
    digit(&[&[(0, 0, S), (2, 0, S), (2, 2, S), (1, 4, S), (1, 6, S)]]),
    digit(&[&[(0, 3, S), (0, 0, R), (2, 0, R), (2, 6, R), (0, 6, R), (0, 3, S), (2, 3, S)]]),
    digit(&[&[(0, 6, S), (2, 6, R), (2, 0, R), (0, 0, R), (0, 3, R), (2, 3, S)]]),
    Glyph { width: Width::Point, strokes: &[&[(0, 6, S), (0, 6, S)]] },
    digit(&[&[(0, 0, S), (0, 6, S)], &[(2, 2, S), (0, 4, S), (2, 6, S)]]),
    Glyph { width: Width::Wide, strokes: &[&[(0, 6, S), (0, 0, S), (2, 2, S), (4, 0, S), (4, 6, S)]] },
    Glyph { width: Width::Letter, strokes: &[
        &[(0, 0, S), (2, 0, S), (3, 1, S), (3, 2, S), (2, 3, S), (3, 4, S), (3, 5, S), (2, 6, S), (0, 6, S), (0, 0, S)],
        &[(0, 3, S), (2, 3, S)],
    ] },
    digit(&[&[(0, 0, S), (2, 0, S)], &[(1, 0, S), (1, 6, S)]]),
    digit(&[
        &[(2, 1, S), (0, 1, S), (0, 3, S), (2, 3, S), (2, 5, S), (0, 5, S)],
        &[(1, 0, S), (1, 1, S)], &[(1, 5, S), (1, 6, S)],
    ]),
    Glyph { width: Width::Sign, strokes: &[
        &[(0, 0, S), (1, 0, S), (1, 1, S), (0, 1, S), (0, 0, S)],
        &[(4, 0, S), (0, 6, S)],
        &[(3, 5, S), (4, 5, S), (4, 6, S), (3, 6, S), (3, 5, S)],
    ] },
    digit(&[&[(0, 0, S), (0, 6, S)], &[(0, 3, S), (2, 3, R), (2, 6, S)]]),
    Glyph { width: Width::Wide, strokes: &[
        &[(0, 2, S), (0, 6, S)], &[(2, 2, S), (2, 6, S)], &[(0, 2, S), (4, 2, R), (4, 6, S)],
    ] },
    digit(&[&[(0, 3, S), (2, 3, S)]]),
];

const fn digit(strokes: &'static [&'static [Turn]]) -> Glyph {
    Glyph { width: Width::Digit, strokes }
}

/// How large glyphs are drawn, in whole pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Face {
    /// From the left edge of a digit to its right.
    pub(crate) digit: u16,
    /// The same for the wide letter.
    pub(crate) wide: u16,
    /// From the top of a digit to its foot.
    pub(crate) height: u16,
    /// How thick a stroke is.
    pub(crate) stroke: u16,
    /// Between two glyphs.
    pub(crate) gap: u16,
}

impl Face {
    /// How wide a text becomes.
    pub(crate) fn width(&self, text: &str) -> u16 {
        let glyphs = text.chars().filter_map(glyph);
        let widths = glyphs.map(|glyph| self.advance(glyph) + self.gap);
        widths.sum::<u16>().saturating_sub(self.gap)
    }

    /// From one glyph's left edge to its right.
    pub(crate) fn advance(&self, glyph: &Glyph) -> u16 {
        match glyph.width {
            Width::Point => self.stroke,
            Width::Digit => self.digit,
            Width::Letter => self.digit + self.stroke,
            Width::Wide | Width::Sign => self.wide,
        }
    }

    /// A glyph's strokes with its top left corner at `corner`.
    pub(crate) fn strokes(&self, glyph: &Glyph, corner: Spot) -> Vec<Vec<Spot>> {
        let half = f32::from(self.stroke) / 2.0;
        let spot = |column, row| Spot {
            x: corner.x + half + self.column(glyph, column),
            y: corner.y + half + line(self.height - self.stroke, row, ROWS).round(),
        };
        let placed =
            |turns: &[Turn]| -> Vec<_> { turns.iter().map(|&(column, row, bend)| (spot(column, row), bend)).collect() };
        let radius = f32::from(self.stroke) * CURVE;
        glyph.strokes.iter().map(|turns| bent(&placed(turns), radius)).collect()
    }

    /// How far a column lies from the first. The middle of a wide letter may fall between
    /// two pixels: so the letter stays symmetric.
    fn column(&self, glyph: &Glyph, column: u8) -> f32 {
        let at = line(self.advance(glyph) - self.stroke, column, glyph.width.columns());
        if glyph.width == Width::Wide { at } else { at.round() }
    }
}

/// The radius of a curve in strokes: round enough to tell an 8 from a B, never eating a stem of three pixels.
const CURVE: f32 = 1.0;

/// Where one of a grid's lines falls within `reach` pixels.
fn line(reach: u16, number: u8, last: u8) -> f32 {
    f32::from(reach) * f32::from(number) / f32::from(last.max(1))
}

/// Replaces round turns by arcs of a few short lines.
fn bent(turns: &[(Spot, Bend)], radius: f32) -> Vec<Spot> {
    let mut path = Vec::with_capacity(turns.len() * 4);
    for (index, &(at, bend)) in turns.iter().enumerate() {
        let around = index.checked_sub(1).and_then(|before| turns.get(before)).zip(turns.get(index + 1));
        match (bend, around) {
            (Bend::Round, Some((before, after))) => path.extend(arc(before.0, at, after.0, radius)),
            (Bend::Round, None) | (Bend::Sharp, _) => path.push(at),
        }
    }
    path
}

/// A quadratic curve that leaves the angle at `corner` by `radius` on both sides.
fn arc(before: Spot, corner: Spot, after: Spot, radius: f32) -> impl Iterator<Item = Spot> {
    let (start, end) = (towards(corner, before, radius), towards(corner, after, radius));
    let mix = |a: f32, b: f32, c: f32, t: f32| (1.0 - t) * (1.0 - t) * a + 2.0 * t * (1.0 - t) * b + t * t * c;
    [0.0, 0.25, 0.5, 0.75, 1.0]
        .into_iter()
        .map(move |t| Spot { x: mix(start.x, corner.x, end.x, t), y: mix(start.y, corner.y, end.y, t) })
}

/// The spot `radius` from one towards another, but at most half the way: two curves may share a line.
fn towards(from: Spot, to: Spot, radius: f32) -> Spot {
    let (x, y) = (to.x - from.x, to.y - from.y);
    let share = (radius / (x * x + y * y).sqrt()).min(0.5);
    Spot { x: from.x + x * share, y: from.y + y * share }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FACE: Face = Face { digit: 3, wide: 5, height: 8, stroke: 1, gap: 1 };

    #[test]
    fn every_glyph_of_a_figure_is_known() {
        for character in "0123456789.kMBT$%hm–".chars() {
            assert!(glyph(character).is_some(), "{character} has no strokes");
        }
        assert!(glyph('x').is_none(), "no figure has one");
    }

    #[test]
    fn digits_stand_in_columns() {
        assert_eq!(FACE.width("111"), FACE.width("888"));
        assert_eq!(FACE.width("4.2M"), 15, "it fits a badge of sixteen pixels");
    }

    #[test]
    fn stems_fall_on_pixel_centres() {
        for digit in '0'..='9' {
            let strokes = FACE.strokes(glyph(digit).unwrap(), Spot { x: 0.0, y: 0.0 });
            let ends = strokes.iter().flat_map(|path| [path[0], path[path.len() - 1]]);
            for end in ends {
                assert_eq!((end.x.fract(), end.y.fract()), (0.5, 0.5), "{digit} would blur at {end:?}");
            }
        }
    }
}
