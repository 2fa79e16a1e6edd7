//! Words of a shell command: how to write one so that a shell reads it as it was, and how to read them back.
//!
//! Pure. It knows the quotes of `sh` and nothing else of it: variables, globs and redirections are text to it.

use std::ops::Range;

/// A word, and where it stands in the command as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    pub(crate) text: String,
    pub(crate) place: Range<usize>,
}

/// Writes a word so that a shell reads exactly this.
pub(crate) fn quoted(word: &str) -> String {
    let harmless = |c: char| c.is_ascii_alphanumeric() || "/._-+:@%,".contains(c);
    match !word.is_empty() && word.chars().all(harmless) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}

/// The words of a command; none where a quote is left open.
pub(crate) fn words(command: &str) -> Option<Vec<Word>> {
    let mut words = Vec::new();
    let mut at = 0;
    loop {
        at += command[at..].len() - command[at..].trim_start_matches(BLANKS).len();
        if at == command.len() {
            return Some(words);
        }
        let (text, length) = word(&command[at..])?;
        words.push(Word { text, place: at..at + length });
        at += length;
    }
}

const BLANKS: [char; 3] = [' ', '\t', '\n'];

/// The word at the start of a text, and how long it is as written.
fn word(text: &str) -> Option<(String, usize)> {
    let mut word = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '\'' => single(&mut chars, &mut word)?,
            '"' => double(&mut chars, &mut word)?,
            '\\' => word.push(chars.next()?.1),
            blank if BLANKS.contains(&blank) => return Some((word, at)),
            plain => word.push(plain),
        }
    }
    Some((word, text.len()))
}

/// Up to the closing quote everything is itself.
fn single(chars: &mut std::str::CharIndices<'_>, word: &mut String) -> Option<()> {
    loop {
        match chars.next()?.1 {
            '\'' => return Some(()),
            plain => word.push(plain),
        }
    }
}

/// Up to the closing quote a backslash speaks for the few characters that mean something there.
fn double(chars: &mut std::str::CharIndices<'_>, word: &mut String) -> Option<()> {
    loop {
        match chars.next()?.1 {
            '"' => return Some(()),
            '\\' => match chars.next()?.1 {
                meant @ ('"' | '\\' | '$' | '`') => word.push(meant),
                other => word.extend(['\\', other]),
            },
            plain => word.push(plain),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(command: &str) -> Option<Vec<String>> {
        Some(words(command)?.into_iter().map(|word| word.text).collect())
    }

    #[test]
    fn a_word_is_read_back_as_it_was() {
        for word in ["", "a", "a b", "it's", "'", "''", "\"", "$HOME", "`id`", "a\nb", "\\", "\\'", "é 漢 🦀", "*", "~"]
        {
            let command = format!("x {} y", quoted(word));
            assert_eq!(texts(&command), Some(vec!["x".into(), word.into(), "y".into()]), "{command}");
        }
    }

    #[test]
    fn harmless_words_stay_as_they_are() {
        assert_eq!([quoted("/usr/bin/token-monitor"), quoted("~/x")], ["/usr/bin/token-monitor", "'~/x'"]);
    }

    #[test]
    fn words_are_read_as_a_shell_would() {
        let read = texts(r#"  a"b c"'d e'f\ g  "\$x\n"  "#).expect("the quotes are closed");
        assert_eq!(read, ["ab cd ef g", r"$x\n"]);
    }

    #[test]
    fn a_word_knows_where_it_stands() {
        let command = "  'a b'  --  c";
        let places: Vec<_> = words(command).expect("closed").into_iter().map(|word| &command[word.place]).collect();
        assert_eq!(places, ["'a b'", "--", "c"]);
    }

    #[test]
    fn an_open_quote_is_no_command() {
        assert_eq!(["'a", "\"a", "a\\"].map(words), [None, None, None]);
    }
}
