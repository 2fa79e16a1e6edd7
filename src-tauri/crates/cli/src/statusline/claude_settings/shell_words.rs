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
    /// The position in the command of each character of the text, in bytes.
    pub(crate) char_starts: Vec<usize>,
}

impl ShellWord {
    /// Returns the word at a position that is further by a number of bytes.
    pub(crate) fn moved_by(self, bytes: usize) -> Self {
        let range = self.range.start + bytes..self.range.end + bytes;
        Self { range, char_starts: self.char_starts.iter().map(|start| start + bytes).collect(), text: self.text }
    }
}

/// Quotes a word so that a shell reads exactly this text.
pub(crate) fn quote_word(word: &str) -> String {
    match is_safe_word(word) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}

/// Returns true if a shell reads the word as it is, without quotes.
pub(crate) fn is_safe_word(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || "/._-+:@%,".contains(c))
}

/// Returns the positions of the simple commands that `;`, `&`, `|` and line breaks separate, without the empty ones.
/// Returns none if a quote is not closed.
pub(crate) fn split_simple_commands(command: &str) -> Option<Vec<Range<usize>>> {
    let mut commands = Vec::new();
    let mut start = 0;
    let mut chars = command.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '\'' => push_single_quoted(&mut chars, &mut Vec::new())?,
            '"' => push_double_quoted(&mut chars, &mut Vec::new())?,
            '\\' => drop(chars.next()?),
            ';' | '&' | '|' | '\n' => {
                commands.push(start..at);
                start = at + c.len_utf8();
            }
            _ => {}
        }
    }
    commands.push(start..command.len());
    commands.retain(|range| !command[range.clone()].trim_matches(BLANKS).is_empty());
    Some(commands)
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
        let (chars, length) = parse_word(&command[at..])?;
        let char_starts = chars.iter().map(|(start, _)| at + start).collect();
        let text = chars.into_iter().map(|(_, c)| c).collect();
        words.push(ShellWord { text, range: at..at + length, char_starts });
        at += length;
    }
}

const BLANKS: [char; 3] = [' ', '\t', '\n'];

/// Characters without their quotes, and their positions in bytes.
type UnquotedChars = Vec<(usize, char)>;

/// Returns the characters of the first word of a text, and its length in bytes including the quotes.
fn parse_word(text: &str) -> Option<(UnquotedChars, usize)> {
    let mut word = Vec::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '\'' => push_single_quoted(&mut chars, &mut word)?,
            '"' => push_double_quoted(&mut chars, &mut word)?,
            '\\' => word.push(chars.next()?),
            blank if BLANKS.contains(&blank) => return Some((word, at)),
            plain => word.push((at, plain)),
        }
    }
    Some((word, text.len()))
}

/// Appends the characters up to the closing quote, all of them literally.
fn push_single_quoted(chars: &mut CharIndices<'_>, word: &mut UnquotedChars) -> Option<()> {
    loop {
        match chars.next()? {
            (_, '\'') => return Some(()),
            plain => word.push(plain),
        }
    }
}

/// Appends the characters up to the closing quote. A backslash escapes only the characters that are special there.
fn push_double_quoted(chars: &mut CharIndices<'_>, word: &mut UnquotedChars) -> Option<()> {
    loop {
        match chars.next()? {
            (_, '"') => return Some(()),
            backslash @ (_, '\\') => match chars.next()? {
                special @ (_, '"' | '\\' | '$' | '`') => word.push(special),
                other => word.extend([backslash, other]),
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
    fn each_character_has_its_position_in_the_command() {
        let words = split_words(r#"a 'b'"\"c"\d"#).expect("the quotes are closed");
        assert_eq!((words[1].text.as_str(), words[1].char_starts.as_slice()), ("b\"cd", &[3, 7, 8, 11][..]));
    }

    #[test]
    fn simple_commands_are_separated_outside_of_quotes() {
        let command = "a 'b;c' | d \"&\" && e \\; f\n\n";
        let commands = split_simple_commands(command).expect("the quotes are closed");
        let texts: Vec<_> = commands.into_iter().map(|range| command[range].trim()).collect();
        assert_eq!(texts, ["a 'b;c'", "d \"&\"", "e \\; f"]);
    }

    #[test]
    fn an_unclosed_quote_yields_nothing() {
        assert_eq!(["'a", "\"a", "a\\"].map(split_words), [None, None, None]);
        assert_eq!(["'a", "\"a", "a\\"].map(split_simple_commands), [None, None, None]);
    }
}
