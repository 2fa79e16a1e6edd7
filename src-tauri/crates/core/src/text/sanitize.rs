//! Sanitizes untrusted text: session titles, model names, paths and messages from logs and files of other programs.
//!
//! A name must not break a line, change the reading direction, control a terminal, or look like another name. Every
//! surface uses these functions; the page has the same rules in TypeScript (`ui/src/lib/sanitize.ts`), and
//! `tests/fixtures/text-cases.json` holds the cases both must pass. Markup is kept: code that writes HTML or Pango markup
//! escapes it.
//!
//! Zero-width joiners (U+200C, U+200D) are removed like every other invisible character, although some emoji and scripts
//! use them: such text stays readable without them, and with them two different names could look equal. Variation
//! selectors (U+FE00 to U+FE0F) are kept.

use std::borrow::Cow;

/// Removes invisible characters and joins the words by single spaces.
pub fn sanitize_line(text: &str) -> String {
    let visible: String = text.chars().filter(|c| !is_invisible(*c)).collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Sanitizes a text and truncates it to a number of characters.
pub fn sanitize_name(text: &str, max_chars: usize) -> String {
    truncate(&sanitize_line(text), max_chars)
}

/// Sanitizes each line of a text, leaves out empty lines, and truncates the whole to a number of characters.
pub fn sanitize_lines(text: &str, max_chars: usize) -> String {
    let lines: Vec<_> = text.split(is_line_break).map(sanitize_line).filter(|line| !line.is_empty()).collect();
    truncate(&lines.join("\n"), max_chars)
}

/// Removes invisible characters and replaces each line break and tab by a space. Runs of spaces are kept, for text that is
/// aligned in columns.
pub fn sanitize_layout(text: &str) -> String {
    let visible = text.chars().filter(|c| !is_invisible(*c));
    visible.map(|c| if c.is_control() || is_line_break(c) { ' ' } else { c }).collect()
}

/// Removes invisible characters. Whitespace is kept, including line breaks.
pub fn remove_invisible(text: &str) -> Cow<'_, str> {
    if text.contains(is_invisible) {
        Cow::Owned(text.chars().filter(|c| !is_invisible(*c)).collect())
    } else {
        text.into()
    }
}

/// Truncates a text to a number of characters; the last one is then `…`.
pub fn truncate(text: &str, max_chars: usize) -> String {
    match text.char_indices().nth(max_chars) {
        None => text.to_owned(),
        Some(_) => text.chars().take(max_chars.saturating_sub(1)).chain(['…']).collect(),
    }
}

fn is_line_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Returns true for control characters, marks of the reading direction, and characters without a glyph. Whitespace,
/// including the controls that break lines, is not among them.
pub fn is_invisible(c: char) -> bool {
    !c.is_whitespace()
        && (c.is_control()
            || matches!(c,
                '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
                | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}'
                | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_stay_apart() {
        assert_eq!(sanitize_lines("82% of the block\r\n\n $3 of $20 \n", 80), "82% of the block\n$3 of $20");
        assert_eq!(sanitize_lines("a\u{2028}b\u{85}c\u{2067}d\u{2069}", 80), "a\nb\ncd");
    }

    #[test]
    fn columns_stay_aligned() {
        assert_eq!(sanitize_layout("  a\tb\nc   d\u{1b}[2J\u{2028}e"), "  a b c   d[2J e");
    }

    #[test]
    fn long_text_ends_with_an_ellipsis() {
        assert_eq!(sanitize_name(&"ä".repeat(80), 80), "ä".repeat(80));
        assert_eq!(sanitize_name(&"ä".repeat(81), 80), "ä".repeat(79) + "…");
        assert_eq!(sanitize_lines(&"x".repeat(10_000), 200).chars().count(), 200);
    }
}
