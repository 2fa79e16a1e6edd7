//! A square canvas with the two shapes a tray icon needs: a rounded box and a rounded line, painted or erased.
//!
//! Colors are premultiplied while painting, so that edges blend without a dark fringe, and returned with straight
//! alpha.

use std::ops::Range;

/// A color with straight alpha, each channel from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Color {
    red: f32,
    green: f32,
    blue: f32,
    alpha: f32,
}

impl Color {
    /// Creates an opaque color from its hexadecimal code, `0xRRGGBB`.
    pub(crate) const fn from_hex(code: u32) -> Self {
        let [_, red, green, blue] = code.to_be_bytes();
        Self { red: from_byte(red), green: from_byte(green), blue: from_byte(blue), alpha: 1.0 }
    }

    /// Returns the color with its alpha multiplied by `opacity`.
    pub(crate) const fn with_opacity(self, opacity: f32) -> Self {
        Self { alpha: self.alpha * opacity, ..self }
    }
}

const fn from_byte(byte: u8) -> f32 {
    byte as f32 / 255.0
}

/// The effect of a shape on the pixels it covers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Paint {
    /// Blends a color over them.
    Over(Color),
    /// Removes this part of their opacity, from 0 to 1.
    Erase(f32),
}

impl Paint {
    /// Returns the paint with its strength multiplied by `opacity`.
    pub(crate) const fn with_opacity(self, opacity: f32) -> Self {
        match self {
            Self::Over(color) => Self::Over(color.with_opacity(opacity)),
            Self::Erase(share) => Self::Erase(share * opacity),
        }
    }
}

/// A position in pixels. Whole numbers fall between pixels, halves on their centers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Point {
    pub(crate) x: f32,
    pub(crate) y: f32,
}

/// A rectangle on the canvas, in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rect {
    pub(crate) left: f32,
    pub(crate) top: f32,
    pub(crate) width: f32,
    pub(crate) height: f32,
}

/// A square image being painted.
pub(crate) struct Canvas {
    size: u16,
    /// Red, green, blue and alpha, premultiplied, row by row.
    pixels: Vec<[f32; 4]>,
}

impl Canvas {
    /// Creates a transparent canvas.
    pub(crate) fn new(size: u16) -> Self {
        Self { size, pixels: vec![[0.0; 4]; usize::from(size) * usize::from(size)] }
    }

    /// Fills a box whose corners are rounded by `radius`.
    pub(crate) fn fill_rect(&mut self, rect: Rect, radius: f32, paint: Paint) {
        self.paint(rect, paint, |point| 0.5 - distance_to_box(point, rect, radius));
    }

    /// Draws a line of a width through `path`, with round ends and joints.
    pub(crate) fn stroke_path(&mut self, path: &[Point], width: f32, paint: Paint) {
        let within = path_bounds(path, width / 2.0);
        self.paint(within, paint, |point| 0.5 + width / 2.0 - distance_to_path(point, path));
    }

    /// Returns the pixels as bytes in the order red, green, blue, straight alpha.
    pub(crate) fn into_rgba(self) -> Vec<u8> {
        self.pixels.into_iter().flat_map(unpremultiply).collect()
    }

    /// Paints each pixel by its `coverage`, which must be 0 outside of `within`.
    fn paint(&mut self, within: Rect, paint: Paint, coverage: impl Fn(Point) -> f32) {
        let columns = self.pixel_range(within.left, within.width);
        for row in self.pixel_range(within.top, within.height) {
            for column in columns.clone() {
                let center = Point { x: f32::from(column) + 0.5, y: f32::from(row) + 0.5 };
                let share = coverage(center).clamp(0.0, 1.0);
                apply(self.pixel_mut(column, row), paint, share);
            }
        }
    }

    /// Returns the rows or columns that overlap a range.
    fn pixel_range(&self, start: f32, extent: f32) -> Range<u16> {
        let end = (start + extent + 0.5).ceil() as u16;
        (start - 0.5).floor() as u16..end.min(self.size)
    }

    fn pixel_mut(&mut self, column: u16, row: u16) -> &mut [f32; 4] {
        let index = usize::from(row) * usize::from(self.size) + usize::from(column);
        &mut self.pixels[index]
    }
}

fn apply(pixel: &mut [f32; 4], paint: Paint, share: f32) {
    match paint {
        Paint::Over(color) => blend_over(pixel, color, share),
        Paint::Erase(part) => pixel.iter_mut().for_each(|value| *value *= 1.0 - part * share),
    }
}

/// Blends a color over a premultiplied pixel, with its alpha multiplied by `share`.
fn blend_over(pixel: &mut [f32; 4], color: Color, share: f32) {
    let alpha = color.alpha * share;
    let over = [color.red * alpha, color.green * alpha, color.blue * alpha, alpha];
    for (part, new) in pixel.iter_mut().zip(over) {
        *part = new + *part * (1.0 - alpha);
    }
}

fn unpremultiply([red, green, blue, alpha]: [f32; 4]) -> [u8; 4] {
    let undo = if alpha > 0.0 { 1.0 / alpha } else { 0.0 };
    [to_byte(red * undo), to_byte(green * undo), to_byte(blue * undo), to_byte(alpha)]
}

fn to_byte(part: f32) -> u8 {
    (part * 255.0).round() as u8
}

/// Returns the distance of a point from a rounded box, negative inside.
fn distance_to_box(point: Point, rect: Rect, radius: f32) -> f32 {
    let from_center = |at: f32, start: f32, extent: f32| (at - start - extent / 2.0).abs() - extent / 2.0 + radius;
    let x = from_center(point.x, rect.left, rect.width);
    let y = from_center(point.y, rect.top, rect.height);
    hypotenuse(x.max(0.0), y.max(0.0)) + x.max(y).min(0.0) - radius
}

/// Returns the length of a vector. Sums, products and roots round alike on every machine; `hypot` need not.
fn hypotenuse(x: f32, y: f32) -> f32 {
    (x * x + y * y).sqrt()
}

/// Returns the smallest rectangle that contains a path with a margin around it.
fn path_bounds(path: &[Point], margin: f32) -> Rect {
    let low = |coordinate: fn(&Point) -> f32| path.iter().map(coordinate).fold(f32::INFINITY, f32::min) - margin;
    let high = |coordinate: fn(&Point) -> f32| path.iter().map(coordinate).fold(0.0, f32::max) + margin;
    let (left, top) = (low(|point| point.x), low(|point| point.y));
    Rect { left, top, width: high(|point| point.x) - left, height: high(|point| point.y) - top }
}

/// Returns the distance of a point from the nearest part of a path.
fn distance_to_path(point: Point, path: &[Point]) -> f32 {
    path.windows(2).map(|ends| distance_to_segment(point, ends[0], ends[1])).fold(f32::INFINITY, f32::min)
}

fn distance_to_segment(point: Point, start: Point, end: Point) -> f32 {
    let (along_x, along_y) = (end.x - start.x, end.y - start.y);
    let (x, y) = (point.x - start.x, point.y - start.y);
    let square = along_x * along_x + along_y * along_y;
    let share = if square > 0.0 { ((x * along_x + y * along_y) / square).clamp(0.0, 1.0) } else { 0.0 };
    hypotenuse(x - along_x * share, y - along_y * share)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHITE: Paint = Paint::Over(Color::from_hex(0xff_ff_ff));

    fn alphas(canvas: Canvas) -> Vec<u8> {
        canvas.into_rgba().chunks_exact(4).map(|pixel| pixel[3]).collect()
    }

    #[test]
    fn a_line_on_pixel_centers_is_crisp() {
        let mut canvas = Canvas::new(3);
        canvas.stroke_path(&[Point { x: 1.5, y: 0.5 }, Point { x: 1.5, y: 2.5 }], 1.0, WHITE);
        assert_eq!(alphas(canvas), [0, 255, 0, 0, 255, 0, 0, 255, 0]);
    }

    #[test]
    fn a_box_between_pixels_is_crisp() {
        let mut canvas = Canvas::new(3);
        canvas.fill_rect(Rect { left: 1.0, top: 1.0, width: 2.0, height: 1.0 }, 0.0, WHITE);
        assert_eq!(alphas(canvas), [0, 0, 0, 0, 255, 255, 0, 0, 0]);
    }

    #[test]
    fn a_thin_coat_keeps_the_colour() {
        let mut canvas = Canvas::new(1);
        let all = Rect { left: 0.0, top: 0.0, width: 1.0, height: 1.0 };
        canvas.fill_rect(all, 0.0, Paint::Over(Color::from_hex(0x20_40_60)).with_opacity(0.5));
        assert_eq!(canvas.into_rgba(), [0x20, 0x40, 0x60, 128], "alpha is straight, not premultiplied");
    }

    #[test]
    fn erased_pixels_are_transparent() {
        let mut canvas = Canvas::new(2);
        let half = Rect { left: 0.0, top: 0.0, width: 1.0, height: 2.0 };
        canvas.fill_rect(Rect { width: 2.0, ..half }, 0.0, WHITE);
        canvas.fill_rect(half, 0.0, Paint::Erase(1.0));
        assert_eq!(alphas(canvas), [0, 255, 0, 255]);
    }
}
