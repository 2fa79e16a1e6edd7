//! Quotes and splits the words of a shell command.
//!
//! Pure. Handles the quotes and backslashes of `sh`. Variables, patterns and redirections are treated as text.

use std::ops::Range;
use std::str::CharIndices;

/// A word of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ShellWord {
    /// The word without its quotes.
    pub(crate) text: String,
    /// The position in the command, in bytes.
    pub(crate) range: Range<usize>,
}

/// Quotes a word so that a shell reads exactly this text.
pub(crate) fn quote_word(word: &str) -> String {
    let is_safe = |c: char| c.is_ascii_alphanumeric() || "/._-+:@%,".contains(c);
    match !word.is_empty() && word.chars().all(is_safe) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}

/// Splits a command into words. Returns none if a quote is not closed.
pub(crate) fn split_words(command: &str) -> Option<Vec<ShellWord>> {
    let mut words = Vec::new();
    let mut at = 0;
    loop {
        at += command[at..].len() - command[at..].trim_start_matches(BLANKS).len();
        if at == command.len() {
            return Some(words);
        }
        let (text, length) = parse_word(&command[at..])?;
        words.push(ShellWord { text, range: at..at + length });
        at += length;
    }
}

const BLANKS: [char; 3] = [' ', '\t', '\n'];

/// Returns the first word of a text, and its length in bytes including the quotes.
fn parse_word(text: &str) -> Option<(String, usize)> {
    let mut word = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '\'' => push_single_quoted(&mut chars, &mut word)?,
            '"' => push_double_quoted(&mut chars, &mut word)?,
            '\\' => word.push(chars.next()?.1),
            blank if BLANKS.contains(&blank) => return Some((word, at)),
            plain => word.push(plain),
        }
    }
    Some((word, text.len()))
}

/// Appends the characters up to the closing quote, all of them literally.
fn push_single_quoted(chars: &mut CharIndices<'_>, word: &mut String) -> Option<()> {
    loop {
        match chars.next()?.1 {
            '\'' => return Some(()),
            plain => word.push(plain),
        }
    }
}

/// Appends the characters up to the closing quote. A backslash escapes only the characters that are special there.
fn push_double_quoted(chars: &mut CharIndices<'_>, word: &mut String) -> Option<()> {
    loop {
        match chars.next()?.1 {
            '"' => return Some(()),
            '\\' => match chars.next()?.1 {
                special @ ('"' | '\\' | '$' | '`') => word.push(special),
                other => word.extend(['\\', other]),
            },
            plain => word.push(plain),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split_texts(command: &str) -> Option<Vec<String>> {
        Some(split_words(command)?.into_iter().map(|word| word.text).collect())
    }

    #[test]
    fn a_quoted_word_is_read_back_unchanged() {
        for word in ["", "a", "a b", "it's", "'", "''", "\"", "$HOME", "`id`", "a\nb", "\\", "\\'", "é 漢 🦀", "*", "~"]
        {
            let command = format!("x {} y", quote_word(word));
            assert_eq!(split_texts(&command), Some(vec!["x".into(), word.into(), "y".into()]), "{command}");
        }
    }

    #[test]
    fn safe_words_are_not_quoted() {
        assert_eq!([quote_word("/usr/bin/token-monitor"), quote_word("~/x")], ["/usr/bin/token-monitor", "'~/x'"]);
    }

    #[test]
    fn words_are_split_as_by_a_shell() {
        let words = split_texts(r#"  a"b c"'d e'f\ g  "\$x\n"  "#).expect("the quotes are closed");
        assert_eq!(words, ["ab cd ef g", r"$x\n"]);
    }

    #[test]
    fn a_word_has_its_position_in_the_command() {
        let command = "  'a b'  --  c";
        let written: Vec<_> =
            split_words(command).expect("the quotes are closed").into_iter().map(|word| &command[word.range]).collect();
        assert_eq!(written, ["'a b'", "--", "c"]);
    }

    #[test]
    fn an_unclosed_quote_yields_nothing() {
        assert_eq!(["'a", "\"a", "a\\"].map(split_words), [None, None, None]);
    }
}
