//! A figure three rows high, of half cells: the one that leads a page.

/// The rows of a large figure.
pub(crate) const BIG_ROWS: usize = 3;

/// Returns the five rows of pixels of a character, and `None` for one that has no large form.
fn pixels(char: char) -> Option<[&'static str; 5]> {
    Some(match char {
        '0' => ["###", "# #", "# #", "# #", "###"],
        '1' => [" # ", "## ", " # ", " # ", "###"],
        '2' => ["###", "  #", "###", "#  ", "###"],
        '3' => ["###", "  #", "###", "  #", "###"],
        '4' => ["# #", "# #", "###", "  #", "  #"],
        '5' => ["###", "#  ", "###", "  #", "###"],
        '6' => ["###", "#  ", "###", "# #", "###"],
        '7' => ["###", "  #", "  #", "  #", "  #"],
        '8' => ["###", "# #", "###", "# #", "###"],
        '9' => ["###", "# #", "###", "  #", "###"],
        'd' => ["  #", "  #", "###", "# #", "###"],
        'h' => ["#  ", "#  ", "###", "# #", "# #"],
        'm' => ["     ", "     ", "#####", "# # #", "# # #"],
        'k' => ["#  ", "#  ", "# #", "## ", "# #"],
        'M' => ["#   #", "## ##", "# # #", "#   #", "#   #"],
        'B' => ["## ", "# #", "## ", "# #", "## "],
        'T' => ["###", " # ", " # ", " # ", " # "],
        '.' => [" ", " ", " ", " ", "#"],
        '~' => ["    ", " #  ", "# ##", "    ", "    "],
        '<' => ["  #", " # ", "#  ", " # ", "  #"],
        ' ' => [" "; 5],
        _ => return None,
    })
}

/// Returns the three rows of a figure; `None` if one of its characters has no large form.
pub(crate) fn big_figure(text: &str) -> Option<[String; BIG_ROWS]> {
    let glyphs: Vec<_> = text.chars().map(pixels).collect::<Option<_>>()?;
    let pixel_row = |row: usize| glyphs.iter().map(|glyph| glyph.get(row).copied().unwrap_or("")).collect::<Vec<_>>();
    let row = |row: usize| {
        let pairs = pixel_row(row * 2).into_iter().zip(pixel_row(row * 2 + 1));
        let glyphs: Vec<String> = pairs.map(|(upper, lower)| half_cells(upper, lower)).collect();
        glyphs.join(" ")
    };
    Some([row(0), row(1), row(2)])
}

/// Returns the cells of two rows of pixels.
fn half_cells(upper: &str, lower: &str) -> String {
    let lower: Vec<char> = lower.chars().collect();
    let cell = |(place, upper): (usize, char)| match (upper, lower.get(place).copied().unwrap_or(' ')) {
        ('#', '#') => '█',
        ('#', _) => '▀',
        (_, '#') => '▄',
        _ => ' ',
    };
    upper.chars().enumerate().map(cell).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_three_rows_of_half_cells() {
        let rows = big_figure("2h").expect("both have a large form");
        assert_eq!(rows, ["▀▀█ █  ", "█▀▀ █▀█", "▀▀▀ ▀ ▀"]);
    }

    #[test]
    fn every_duration_and_count_has_a_large_form() {
        for text in ["~2h 13m", "3d 20h", "<1m", "0m", "7.15M", "999", "1.2k", "4B", "1.5T"] {
            let rows = big_figure(text).unwrap_or_else(|| panic!("{text}"));
            let widths = rows.map(|row| row.chars().count());
            assert!(widths.iter().all(|width| *width == widths[0]), "{text}");
        }
        assert_eq!(big_figure("x"), None);
    }
}
