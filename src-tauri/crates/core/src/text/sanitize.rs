//! Text from elsewhere as it may be shown.
//!
//! Titles of sessions and names of models come from files that anybody may have written. They are not to break a line,
//! to turn the reading direction, to steer a terminal or to fill a screen. Markup is left as it is: it is escaped where
//! somebody would read it as such.

/// A text on one line, no longer than so many characters.
pub fn line(text: &str, longest: usize) -> String {
    cut(&words(text), longest)
}

/// The same in the lines it came in; empty ones are left out.
pub fn lines(text: &str, longest: usize) -> String {
    let lines: Vec<_> = text.split('\n').map(words).filter(|line| !line.is_empty()).collect();
    cut(&lines.join("\n"), longest)
}

fn words(text: &str) -> String {
    let shown: String = text.chars().filter(|sign| sign.is_whitespace() || !acts(*sign)).collect();
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a character is obeyed rather than shown: controls, what turns the reading direction (the marks, embeddings,
/// overrides and isolates of the bidirectional algorithm), and the mark at the beginning of files.
fn acts(sign: char) -> bool {
    sign.is_control()
        || matches!(sign, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

fn cut(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        None => text.to_owned(),
        Some(_) => text.chars().take(longest.saturating_sub(1)).chain(['…']).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_breaks_the_line_turns_it_or_steers() {
        assert_eq!(line("Fix\nthe \u{202e}nigol\u{202c}\t flow\u{7}\0", 80), "Fix the nigol flow");
        assert_eq!(line("a\u{1b}[31m\u{61c}b\u{feff}\u{200f}", 80), "a[31mb");
        assert_eq!(lines("a\u{2028}b\u{85}c\u{2067}d\u{2069}", 80), "a b cd");
    }

    #[test]
    fn lines_stay_apart_where_they_may() {
        assert_eq!(lines("82 % of the block\r\n\n $3 of $20 \n", 80), "82 % of the block\n$3 of $20");
    }

    #[test]
    fn what_is_too_long_says_so() {
        assert_eq!(line(&"ä".repeat(80), 80), "ä".repeat(80));
        assert_eq!(line(&"ä".repeat(81), 80), "ä".repeat(79) + "…");
        assert_eq!(lines(&"x".repeat(10_000), 200).chars().count(), 200);
    }
}
