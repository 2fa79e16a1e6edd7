//! Breaks lines of the tooltip and the menu, which panels neither break nor shorten well.
//!
//! A line is broken between its parts, between clauses, between words, or inside of a long path, in this order, and never
//! inside of a number.

/// The most characters of a line.
pub(crate) const MAX_LINE_CHARS: usize = 40;

/// The separator of the parts of a line.
const PART_SEPARATOR: &str = " · ";

/// Breaks a text into lines of at most [`MAX_LINE_CHARS`] characters. Only a longer number stays whole.
pub(crate) fn wrap_line(text: &str) -> Vec<String> {
    let mut lines = Lines::default();
    for part in text.split(PART_SEPARATOR) {
        if lines.try_append(PART_SEPARATOR, part) {
            continue;
        }
        for (index, clause) in split_clauses(part).into_iter().enumerate() {
            if index > 0 && lines.try_append(" ", clause) {
                continue;
            }
            lines.append_words(clause, index == 0);
        }
    }
    lines.finished
}

/// Splits a part after commas and sentences that are followed by a space.
fn split_clauses(part: &str) -> Vec<&str> {
    let is_short = char_count(part) <= MAX_LINE_CHARS;
    if is_short { vec![part] } else { part.split_inclusive(", ").flat_map(|text| text.split_inclusive(". ")).collect() }
}

/// The lines so far.
#[derive(Default)]
struct Lines {
    finished: Vec<String>,
}

impl Lines {
    /// Appends a text to the last line, if it fits.
    fn try_append(&mut self, separator: &str, text: &str) -> bool {
        let text = text.trim_end();
        match self.finished.last_mut() {
            Some(line) if char_count(line) + char_count(separator) + char_count(text) <= MAX_LINE_CHARS => {
                line.push_str(separator);
                line.push_str(text);
                true
            }
            Some(_) | None => false,
        }
    }

    /// Appends a text word by word. A text that fits a line, or that is to start one, starts a new line.
    fn append_words(&mut self, text: &str, starts_line: bool) {
        let mut is_first = starts_line || char_count(text.trim_end()) <= MAX_LINE_CHARS;
        for word in text.split_whitespace().flat_map(split_word) {
            if is_first || !self.try_append(" ", word) {
                self.finished.push(word.to_owned());
            }
            is_first = false;
        }
    }
}

/// Splits a word that is longer than a line, at best after a separator of paths and names.
fn split_word(word: &str) -> Vec<&str> {
    let (mut pieces, mut rest) = (Vec::new(), word);
    while char_count(rest) > MAX_LINE_CHARS {
        let Some(at) = break_position(rest) else { break };
        let (piece, after) = rest.split_at(at);
        pieces.push(piece);
        rest = after;
    }
    pieces.push(rest);
    pieces
}

/// Returns the byte position of the best break within the first line of a long word. `None` if the word is a number.
fn break_position(word: &str) -> Option<usize> {
    let is_number_char = |letter: char| letter.is_ascii_digit() || matches!(letter, '.' | ',');
    let breaks = word.char_indices().zip(word.chars().skip(1)).take(MAX_LINE_CHARS);
    let allowed = breaks
        .filter(|&((_, before), after)| !(is_number_char(before) && is_number_char(after)))
        .map(|((at, before), _)| (at + before.len_utf8(), before));
    let allowed: Vec<_> = allowed.collect();
    let at_separator = allowed.iter().rfind(|(_, before)| matches!(before, '/' | '\\' | '_' | '-'));
    at_separator.or(allowed.last()).map(|(at, _)| *at)
}

fn char_count(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("Week 61% used", &["Week 61% used"])]
    #[case(
        "Block 80% used, official, 25m ago · 2h 10m left, resets 15:00, estimated",
        &["Block 80% used, official, 25m ago", "2h 10m left, resets 15:00, estimated"]
    )]
    #[case(
        "At this pace 71–84% when it resets, may run out 13:20, estimated",
        &["At this pace 71–84% when it resets,", "may run out 13:20, estimated"]
    )]
    #[case(
        "1,840 tokens a minute, measured · normal · $1.20 an hour API-equivalent",
        &["1,840 tokens a minute, measured · normal", "$1.20 an hour API-equivalent"]
    )]
    #[case(
        "/home/ada/.config/token-monitor/a-long-name/config.yaml: not a number.",
        &["/home/ada/.config/token-monitor/a-long-", "name/config.yaml: not a number."]
    )]
    fn a_long_line_is_broken_where_it_reads_best(#[case] text: &str, #[case] lines: &[&str]) {
        assert_eq!(wrap_line(text), lines);
    }

    proptest! {
        #[test]
        fn no_line_is_too_long_and_nothing_is_lost(text in "[a-z0-9äß€,./_-]{1,90}( [a-z0-9,.·]{1,60}){0,8}") {
            let lines = wrap_line(&text);
            let has_long_number = |line: &str| {
                line.split(|letter: char| !letter.is_ascii_digit() && !".,".contains(letter)).any(|run| run.len() > 20)
            };
            for line in &lines {
                prop_assert!(char_count(line) <= MAX_LINE_CHARS || has_long_number(line), "{line}");
            }
            let without_breaks = |text: &str| text.replace([' ', '·'], "");
            prop_assert_eq!(without_breaks(&lines.concat()), without_breaks(&text));
        }

        #[test]
        fn a_number_is_never_broken(number in 0_u64.., words in prop::collection::vec("[a-z/_]{1,70}", 0..5)) {
            let text = format!("{} {number} {}", words.join(" "), words.join(""));
            let found = wrap_line(text.trim()).iter().any(|line| line.split(' ').any(|word| word == number.to_string()));
            prop_assert!(found);
        }
    }
}
