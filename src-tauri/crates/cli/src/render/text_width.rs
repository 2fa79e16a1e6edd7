//! The width of text on a terminal, and text that is cut or wrapped to a width.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The sign for text that was left out.
const ELLIPSIS: char = '…';

/// Returns the number of columns that a text takes.
pub(crate) fn width_of(text: &str) -> usize {
    text.width()
}

/// Returns a text of at most `max` columns, without its middle if it is longer: the end of a path tells more than its
/// middle.
pub(crate) fn shorten_middle(text: &str, max: usize) -> String {
    if width_of(text) <= max {
        return text.to_owned();
    }
    let Some(room) = max.checked_sub(1) else { return String::new() };
    let head = take_columns(text.chars(), room.div_ceil(2));
    let tail: String = take_columns(text.chars().rev(), room / 2).chars().rev().collect();
    format!("{}{ELLIPSIS}{}", head.trim_end(), tail.trim_start())
}

/// Returns a text of at most `max` columns, without its end if it is longer.
pub(crate) fn shorten_end(text: &str, max: usize) -> String {
    if width_of(text) <= max {
        return text.to_owned();
    }
    let Some(room) = max.checked_sub(1) else { return String::new() };
    format!("{}{ELLIPSIS}", take_columns(text.chars(), room).trim_end())
}

/// Returns the first characters that fit in a number of columns.
fn take_columns(chars: impl Iterator<Item = char>, columns: usize) -> String {
    let mut used = 0;
    let fitting = chars.take_while(|c| {
        used += c.width().unwrap_or(0);
        used <= columns
    });
    fitting.collect()
}

/// Wraps each line of a text at spaces, so that no line is longer than `max` columns. Words that are longer are cut.
pub(crate) fn wrap_lines(text: &str, max: usize) -> String {
    text.lines().map(|line| wrap_line(line, max.max(1))).collect::<Vec<_>>().join("\n")
}

fn wrap_line(line: &str, max: usize) -> String {
    if width_of(line) <= max {
        return line.to_owned();
    }
    let mut lines: Vec<String> = Vec::new();
    for word in line.split_whitespace() {
        let word = shorten_end(word, max);
        match lines.last_mut().filter(|line| width_of(line) + 1 + width_of(&word) <= max) {
            Some(line) => *line = format!("{line} {word}"),
            None => lines.push(word),
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("/home/ada/shop", 20, "/home/ada/shop")]
    #[case("/home/ada/projects/shop", 11, "/home…/shop")]
    #[case("/home/ada/projects/shop", 12, "/home/…/shop")]
    #[case("ab", 1, "…")]
    #[case("ab", 0, "")]
    #[case("漢字漢字漢字", 7, "漢…字")]
    fn the_middle_is_left_out(#[case] text: &str, #[case] max: usize, #[case] expected: &str) {
        let found = shorten_middle(text, max);
        assert_eq!(found, expected);
        assert!(width_of(&found) <= max);
    }

    #[test]
    fn lines_are_wrapped_at_spaces() {
        assert_eq!(wrap_lines("one two three\nfour", 8), "one two\nthree\nfour");
        assert_eq!(wrap_lines("a verylongword b", 5), "a\nvery…\nb");
        assert_eq!(shorten_end("Fix the login", 8), "Fix the…");
    }
}
