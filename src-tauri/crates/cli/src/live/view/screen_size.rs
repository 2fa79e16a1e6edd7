//! The four layouts, by the size of the screen.

/// A layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ScreenSize {
    /// Two columns: from 112 × 32, made for 120 × 36.
    Wide,
    /// One column: from 64 × 18, made for 80 × 24.
    Normal,
    /// The most important figures: from 20 × 5, made for 40 × 10.
    Small,
    /// One figure to a line, without a frame.
    Line,
}

impl ScreenSize {
    /// Returns the layout for a number of columns and rows.
    pub(crate) fn of(columns: u16, rows: u16) -> Self {
        match (columns, rows) {
            (112.., 32..) => Self::Wide,
            (64.., 18..) => Self::Normal,
            (20.., 5..) => Self::Small,
            _ => Self::Line,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ScreenSize;

    #[test]
    fn every_size_has_a_layout() {
        assert_eq!(ScreenSize::of(120, 36), ScreenSize::Wide);
        assert_eq!(ScreenSize::of(80, 24), ScreenSize::Normal);
        assert_eq!(ScreenSize::of(200, 20), ScreenSize::Normal);
        assert_eq!(ScreenSize::of(40, 10), ScreenSize::Small);
        assert_eq!(ScreenSize::of(80, 1), ScreenSize::Line);
        assert_eq!(ScreenSize::of(1, 1), ScreenSize::Line);
        assert_eq!(ScreenSize::of(0, 0), ScreenSize::Line);
    }
}
