//! A large image on which icons are drawn as on a panel: over its color.

/// Red, green and blue.
pub(crate) type Rgb = [u8; 3];

/// Pixels in the order red, green, blue, alpha, row by row.
pub(crate) struct ImageSheet {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

impl ImageSheet {
    /// Creates a transparent sheet.
    pub(crate) fn transparent(width: usize, height: usize) -> Self {
        Self { width, height, pixels: vec![0; width * height * 4] }
    }

    pub(crate) fn filled(width: usize, height: usize, color: Rgb) -> Self {
        let mut image = Self::transparent(width, height);
        image.fill_rect(0, 0, width, height, color);
        image
    }

    pub(crate) fn width(&self) -> usize {
        self.width
    }

    pub(crate) fn height(&self) -> usize {
        self.height
    }

    pub(crate) fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    pub(crate) fn fill_rect(&mut self, left: usize, top: usize, width: usize, height: usize, [red, green, blue]: Rgb) {
        for row in top..top + height {
            for column in left..left + width {
                self.pixel(column, row).copy_from_slice(&[red, green, blue, 255]);
            }
        }
    }

    pub(crate) fn draw(&mut self, left: usize, top: usize, size: usize, pixels: &[u8]) {
        self.draw_enlarged(left, top, size, 1, pixels);
    }

    /// Draws an image with each pixel enlarged to a square of `times` pixels.
    pub(crate) fn draw_enlarged(&mut self, left: usize, top: usize, size: usize, times: usize, pixels: &[u8]) {
        for row in 0..size * times {
            for column in 0..size * times {
                let from = (row / times * size + column / times) * 4;
                blend_pixel(self.pixel(left + column, top + row), &pixels[from..from + 4]);
            }
        }
    }

    fn pixel(&mut self, column: usize, row: usize) -> &mut [u8] {
        let at = (row * self.width + column) * 4;
        &mut self.pixels[at..at + 4]
    }
}

/// Blends a pixel over another one, or replaces a transparent one.
fn blend_pixel(ground: &mut [u8], over: &[u8]) {
    if ground[3] == 0 {
        ground.copy_from_slice(over);
        return;
    }
    for part in 0..3 {
        ground[part] = blend_channel(over[part], ground[part], over[3]);
    }
}

/// Blends one channel over another with an alpha.
pub(crate) fn blend_channel(over: u8, ground: u8, alpha: u8) -> u8 {
    let (over, ground, alpha) = (u32::from(over), u32::from(ground), u32::from(alpha));
    u8::try_from((over * alpha + ground * (255 - alpha) + 127) / 255).expect("a blend is between its inputs")
}
