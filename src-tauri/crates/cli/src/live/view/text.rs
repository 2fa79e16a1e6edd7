//! Fits text into a number of terminal cells. Wide characters take two.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Returns the number of cells of a text.
pub(crate) fn cells(text: &str) -> usize {
    text.width()
}

/// Shortens a text to a number of cells; its end is replaced by `…`.
pub(crate) fn fit_end(text: &str, width: usize) -> String {
    if cells(text) <= width {
        return text.to_owned();
    }
    if width == 0 {
        return String::new();
    }
    format!("{}…", take_cells(text.chars(), width - 1).trim_end())
}

/// Shortens a text to a number of cells; its middle is replaced by `…`, because names often differ at both ends.
pub(crate) fn fit_middle(text: &str, width: usize) -> String {
    if cells(text) <= width || width < 5 {
        return fit_end(text, width);
    }
    let tail: String = take_cells(text.chars().rev(), (width - 1) / 2).chars().rev().collect();
    let head = take_cells(text.chars(), width - 1 - cells(&tail));
    format!("{head}…{tail}")
}

/// Returns a text of exactly `width` cells, aligned to the left.
pub(crate) fn pad_end(text: &str, width: usize) -> String {
    let text = fit_end(text, width);
    let missing = width - cells(&text);
    format!("{text}{}", " ".repeat(missing))
}

/// Returns a text of exactly `width` cells, aligned to the right.
pub(crate) fn pad_start(text: &str, width: usize) -> String {
    let text = fit_end(text, width);
    let missing = width - cells(&text);
    format!("{}{text}", " ".repeat(missing))
}

fn take_cells(chars: impl Iterator<Item = char>, width: usize) -> String {
    let mut used = 0;
    let fits = |char: &char| {
        used += char.width().unwrap_or(0);
        used <= width
    };
    chars.take_while(fits).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("fix the login flow", 18, "fix the login flow")]
    #[case("fix the login flow", 10, "fix t…flow")]
    #[case("fix the login flow", 4, "fix…")]
    #[case("漢字漢字漢字", 7, "漢字…字")]
    #[case("abc", 0, "")]
    fn a_name_is_shortened_in_its_middle(#[case] text: &str, #[case] width: usize, #[case] fitted: &str) {
        assert_eq!(fit_middle(text, width), fitted);
    }

    proptest! {
        #[test]
        fn a_text_never_exceeds_its_cells(text in "\\PC{0,40}", width in 0usize..30) {
            prop_assert!(cells(&fit_end(&text, width)) <= width);
            prop_assert!(cells(&fit_middle(&text, width)) <= width);
            prop_assert_eq!(cells(&pad_end(&text, width)), width);
            prop_assert_eq!(cells(&pad_start(&text, width)), width);
        }
    }
}
