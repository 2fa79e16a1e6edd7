//! A square of pixels and the two shapes a tray icon needs: a rounded box and a rounded line, laid on or cut out.
//!
//! It knows colours and coverage only; what is drawn where, and what it means, is decided elsewhere. Colours are
//! kept premultiplied while painting, so that edges mix without a dark fringe, and handed out straight.

use std::ops::Range;

/// A colour with straight alpha, each part from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Colour {
    red: f32,
    green: f32,
    blue: f32,
    alpha: f32,
}

impl Colour {
    /// An opaque colour from its usual six digits.
    pub(crate) const fn hex(code: u32) -> Self {
        let [_, red, green, blue] = code.to_be_bytes();
        Self { red: part(red), green: part(green), blue: part(blue), alpha: 1.0 }
    }

    /// The same colour, this much of it.
    pub(crate) const fn faded(self, opacity: f32) -> Self {
        Self { alpha: self.alpha * opacity, ..self }
    }
}

const fn part(byte: u8) -> f32 {
    byte as f32 / 255.0
}

/// What a shape does to the pixels it covers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Paint {
    /// Lays a colour over them.
    Lay(Colour),
    /// Takes this share of them away.
    Cut(f32),
}

impl Paint {
    /// The same paint, this much of it.
    pub(crate) const fn faded(self, opacity: f32) -> Self {
        match self {
            Self::Lay(colour) => Self::Lay(colour.faded(opacity)),
            Self::Cut(share) => Self::Cut(share * opacity),
        }
    }
}

/// A position in pixels; whole numbers fall between pixels, halves on their centres.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Spot {
    pub(crate) x: f32,
    pub(crate) y: f32,
}

/// A rectangle on the canvas, in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Area {
    pub(crate) left: f32,
    pub(crate) top: f32,
    pub(crate) width: f32,
    pub(crate) height: f32,
}

/// A square picture being painted.
pub(crate) struct Canvas {
    side: u16,
    /// Red, green, blue and alpha, premultiplied, row by row.
    pixels: Vec<[f32; 4]>,
}

impl Canvas {
    /// An empty, wholly transparent canvas.
    pub(crate) fn new(side: u16) -> Self {
        Self { side, pixels: vec![[0.0; 4]; usize::from(side) * usize::from(side)] }
    }

    /// Fills a box whose corners are rounded by `radius`.
    pub(crate) fn fill(&mut self, area: Area, radius: f32, paint: Paint) {
        self.paint(area, paint, |spot| 0.5 - outside_box(spot, area, radius));
    }

    /// Draws a line through `path`, `weight` thick, its ends and joints round.
    pub(crate) fn stroke(&mut self, path: &[Spot], weight: f32, paint: Paint) {
        let reach = bounds(path, weight / 2.0);
        self.paint(reach, paint, |spot| 0.5 + weight / 2.0 - from_path(spot, path));
    }

    /// Its pixels as bytes in the order red, green, blue, straight alpha.
    pub(crate) fn into_rgba(self) -> Vec<u8> {
        self.pixels.into_iter().flat_map(straight).collect()
    }

    /// Paints every pixel that `coverage` gives a share of; outside `within` it gives none.
    fn paint(&mut self, within: Area, paint: Paint, coverage: impl Fn(Spot) -> f32) {
        let columns = self.reached(within.left, within.width);
        for row in self.reached(within.top, within.height) {
            for column in columns.clone() {
                let centre = Spot { x: f32::from(column) + 0.5, y: f32::from(row) + 0.5 };
                let share = coverage(centre).clamp(0.0, 1.0);
                apply(self.pixel(column, row), paint, share);
            }
        }
    }

    /// The rows or columns that have any part between two edges.
    fn reached(&self, start: f32, extent: f32) -> Range<u16> {
        let end = (start + extent + 0.5).ceil() as u16;
        (start - 0.5).floor() as u16..end.min(self.side)
    }

    fn pixel(&mut self, column: u16, row: u16) -> &mut [f32; 4] {
        let index = usize::from(row) * usize::from(self.side) + usize::from(column);
        &mut self.pixels[index]
    }
}

fn apply(pixel: &mut [f32; 4], paint: Paint, share: f32) {
    match paint {
        Paint::Lay(colour) => mix(pixel, colour, share),
        Paint::Cut(part) => pixel.iter_mut().for_each(|value| *value *= 1.0 - part * share),
    }
}

/// Lays this share of a colour over a premultiplied pixel.
fn mix(pixel: &mut [f32; 4], colour: Colour, share: f32) {
    let alpha = colour.alpha * share;
    let over = [colour.red * alpha, colour.green * alpha, colour.blue * alpha, alpha];
    for (part, new) in pixel.iter_mut().zip(over) {
        *part = new + *part * (1.0 - alpha);
    }
}

fn straight([red, green, blue, alpha]: [f32; 4]) -> [u8; 4] {
    let undo = if alpha > 0.0 { 1.0 / alpha } else { 0.0 };
    [byte(red * undo), byte(green * undo), byte(blue * undo), byte(alpha)]
}

fn byte(part: f32) -> u8 {
    (part * 255.0).round() as u8
}

/// How far a spot lies outside a rounded box; negative within.
fn outside_box(spot: Spot, area: Area, radius: f32) -> f32 {
    let from_centre = |at: f32, start: f32, extent: f32| (at - start - extent / 2.0).abs() - extent / 2.0 + radius;
    let x = from_centre(spot.x, area.left, area.width);
    let y = from_centre(spot.y, area.top, area.height);
    length(x.max(0.0), y.max(0.0)) + x.max(y).min(0.0) - radius
}

/// Only sums, products and roots: these round alike on every machine, as `hypot` need not.
fn length(x: f32, y: f32) -> f32 {
    (x * x + y * y).sqrt()
}

/// The smallest area that holds a line with so much around it.
fn bounds(path: &[Spot], around: f32) -> Area {
    let low = |part: fn(&Spot) -> f32| path.iter().map(part).fold(f32::INFINITY, f32::min) - around;
    let high = |part: fn(&Spot) -> f32| path.iter().map(part).fold(0.0, f32::max) + around;
    let (left, top) = (low(|spot| spot.x), low(|spot| spot.y));
    Area { left, top, width: high(|spot| spot.x) - left, height: high(|spot| spot.y) - top }
}

/// How far a spot lies from the nearest part of a line.
fn from_path(spot: Spot, path: &[Spot]) -> f32 {
    path.windows(2).map(|ends| from_segment(spot, ends[0], ends[1])).fold(f32::INFINITY, f32::min)
}

fn from_segment(spot: Spot, start: Spot, end: Spot) -> f32 {
    let (along_x, along_y) = (end.x - start.x, end.y - start.y);
    let (x, y) = (spot.x - start.x, spot.y - start.y);
    let square = along_x * along_x + along_y * along_y;
    let share = if square > 0.0 { ((x * along_x + y * along_y) / square).clamp(0.0, 1.0) } else { 0.0 };
    length(x - along_x * share, y - along_y * share)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHITE: Paint = Paint::Lay(Colour::hex(0xff_ff_ff));

    fn alphas(canvas: Canvas) -> Vec<u8> {
        canvas.into_rgba().chunks_exact(4).map(|pixel| pixel[3]).collect()
    }

    #[test]
    fn a_line_on_pixel_centres_is_crisp() {
        let mut canvas = Canvas::new(3);
        canvas.stroke(&[Spot { x: 1.5, y: 0.5 }, Spot { x: 1.5, y: 2.5 }], 1.0, WHITE);
        assert_eq!(alphas(canvas), [0, 255, 0, 0, 255, 0, 0, 255, 0]);
    }

    #[test]
    fn a_box_between_pixels_is_crisp() {
        let mut canvas = Canvas::new(3);
        canvas.fill(Area { left: 1.0, top: 1.0, width: 2.0, height: 1.0 }, 0.0, WHITE);
        assert_eq!(alphas(canvas), [0, 0, 0, 0, 255, 255, 0, 0, 0]);
    }

    #[test]
    fn a_thin_coat_keeps_the_colour() {
        let mut canvas = Canvas::new(1);
        let whole = Area { left: 0.0, top: 0.0, width: 1.0, height: 1.0 };
        canvas.fill(whole, 0.0, Paint::Lay(Colour::hex(0x20_40_60)).faded(0.5));
        assert_eq!(canvas.into_rgba(), [0x20, 0x40, 0x60, 128], "handed out straight, not premultiplied");
    }

    #[test]
    fn what_is_cut_out_shows_the_panel() {
        let mut canvas = Canvas::new(2);
        let half = Area { left: 0.0, top: 0.0, width: 1.0, height: 2.0 };
        canvas.fill(Area { width: 2.0, ..half }, 0.0, WHITE);
        canvas.fill(half, 0.0, Paint::Cut(1.0));
        assert_eq!(alphas(canvas), [0, 255, 0, 255]);
    }
}
