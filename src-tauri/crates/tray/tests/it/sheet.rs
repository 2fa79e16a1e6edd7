//! A large picture that small ones are put on, as a panel would put them: over its own colour.

/// Red, green and blue.
pub(crate) type Rgb = [u8; 3];

/// Pixels in the order red, green, blue, alpha, row by row.
pub(crate) struct Sheet {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

impl Sheet {
    /// One that shows through.
    pub(crate) fn clear(width: usize, height: usize) -> Self {
        Self { width, height, pixels: vec![0; width * height * 4] }
    }

    pub(crate) fn filled(width: usize, height: usize, colour: Rgb) -> Self {
        let mut sheet = Self::clear(width, height);
        sheet.paint(0, 0, width, height, colour);
        sheet
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

    pub(crate) fn paint(&mut self, left: usize, top: usize, width: usize, height: usize, [red, green, blue]: Rgb) {
        for row in top..top + height {
            for column in left..left + width {
                self.pixel(column, row).copy_from_slice(&[red, green, blue, 255]);
            }
        }
    }

    pub(crate) fn put(&mut self, left: usize, top: usize, side: usize, pixels: &[u8]) {
        self.put_enlarged(left, top, side, 1, pixels);
    }

    /// Each pixel becomes a square of so many.
    pub(crate) fn put_enlarged(&mut self, left: usize, top: usize, side: usize, times: usize, pixels: &[u8]) {
        for row in 0..side * times {
            for column in 0..side * times {
                let from = (row / times * side + column / times) * 4;
                lay(self.pixel(left + column, top + row), &pixels[from..from + 4]);
            }
        }
    }

    fn pixel(&mut self, column: usize, row: usize) -> &mut [u8] {
        let at = (row * self.width + column) * 4;
        &mut self.pixels[at..at + 4]
    }
}

/// Lays a pixel over another; over nothing it stays as it is.
fn lay(ground: &mut [u8], over: &[u8]) {
    if ground[3] == 0 {
        ground.copy_from_slice(over);
        return;
    }
    for part in 0..3 {
        ground[part] = mixed(over[part], ground[part], over[3]);
    }
}

/// This much of one colour's part over another's.
pub(crate) fn mixed(over: u8, ground: u8, alpha: u8) -> u8 {
    let (over, ground, alpha) = (u32::from(over), u32::from(ground), u32::from(alpha));
    u8::try_from((over * alpha + ground * (255 - alpha) + 127) / 255).expect("a mixture is between its parts")
}
