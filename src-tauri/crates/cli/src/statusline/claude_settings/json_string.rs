//! A JSON string whose characters keep their spelling.
//!
//! Pure. A character can be written as itself or as an escape such as `\u00e9`. The previous command is copied into this
//! program's command and back in the spelling of its author, so that the settings are restored byte for byte.

use std::ops::Range;

use serde_json::json;

use crate::statusline::claude_settings::shell_words::{ShellWord, is_safe_word};

/// The text of a string, and how its characters are written.
pub(crate) struct JsonString<'a> {
    /// The text, without escapes.
    pub(crate) text: String,
    /// The string as written, without the quotation marks.
    written: &'a str,
    /// The position in `written` for each byte of the text, and for its end.
    positions: Vec<usize>,
}

impl<'a> JsonString<'a> {
    /// Parses a value. Returns `None` if it is not a string.
    pub(crate) fn parse(value: &'a str) -> Option<Self> {
        let text: String = serde_json::from_str(value).ok()?;
        let written = value.strip_prefix('"')?.strip_suffix('"')?;
        let mut positions = Vec::with_capacity(text.len() + 1);
        let mut at = 0;
        for c in text.chars() {
            positions.extend(std::iter::repeat_n(at, c.len_utf8()));
            at += written_length(&written[at..], c);
        }
        positions.push(at);
        (at == written.len()).then_some(Self { text, written, positions })
    }

    /// Returns a range of the text as it is written.
    pub(crate) fn written_range(&self, range: Range<usize>) -> &'a str {
        &self.written[self.positions[range.start]..self.positions[range.end]]
    }

    /// Returns the text of a shell word of this string, without its quotes, in the spelling of this string.
    pub(crate) fn written_word(&self, word: &ShellWord) -> String {
        let chars = word.text.chars().zip(&word.char_starts);
        chars.map(|(c, start)| self.written_range(*start..*start + c.len_utf8())).collect()
    }

    /// Returns the text as one quoted word of a shell, in the spelling of this string.
    pub(crate) fn quoted_word(&self) -> String {
        if is_safe_word(&self.text) {
            return self.written.to_owned();
        }
        let quote = |(start, c): (usize, char)| {
            let written = self.written_range(start..start + c.len_utf8());
            // The shell text is '\'' and its backslash is escaped in JSON.
            if c == '\'' { format!(r"'\\{written}'") } else { written.to_owned() }
        };
        format!("'{}'", self.text.char_indices().map(quote).collect::<String>())
    }
}

/// Returns a text as it is written inside a JSON string.
pub(crate) fn escape_text(text: &str) -> String {
    let value = json!(text).to_string();
    value[1..value.len() - 1].to_owned()
}

/// Returns the length of the first character as written. It is `c`: itself, an escape of two characters, or one or two
/// escapes of six characters.
fn written_length(written: &str, c: char) -> usize {
    match written.as_bytes() {
        [b'\\', b'u', ..] => c.len_utf16() * r"\u0000".len(),
        [b'\\', ..] => r"\n".len(),
        _ => c.len_utf8(),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::statusline::claude_settings::shell_words::split_words;

    #[rstest]
    #[case::empty(r#""""#)]
    #[case::plain(r#""a/b""#)]
    #[case::escapes(r#""\u00e9é \ud83e\udd80🦀 \/ \n\u000a \" \\""#)]
    #[case::quotes(r#""it's it\u0027s ''""#)]
    fn a_string_is_quoted_and_read_back_as_written(#[case] value: &str) {
        let string = JsonString::parse(value).expect("it is a string");
        let quoted = format!("\"{}\"", string.quoted_word());
        let command = JsonString::parse(&quoted).expect("it is a string");
        let words = split_words(&command.text).expect("the quotes are closed");
        assert_eq!(words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>(), [string.text]);
        assert_eq!(format!("\"{}\"", command.written_word(&words[0])), value);
    }

    #[test]
    fn only_a_string_is_parsed() {
        for value in ["7", "null", "\"", r#""\ud800""#, r#"["a"]"#] {
            assert!(JsonString::parse(value).is_none(), "{value}");
        }
    }
}
