//! A line of text that is being typed, with a cursor.

/// The longest text, in characters: longer names and searches are rejected by the engine anyway.
const MAX_CHARS: usize = 400;

/// A text with a cursor between two of its characters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct LineInput {
    chars: Vec<char>,
    cursor: usize,
}

impl LineInput {
    /// Creates an input with a text, and the cursor at its end.
    pub(crate) fn new(text: &str) -> Self {
        let mut input = Self::default();
        input.insert_text(text);
        input
    }

    /// Returns the text.
    pub(crate) fn text(&self) -> String {
        self.chars.iter().collect()
    }

    /// Returns the text before the cursor and the text after it.
    pub(crate) fn split_at_cursor(&self) -> (String, String) {
        let (before, after) = self.chars.split_at(self.cursor);
        (before.iter().collect(), after.iter().collect())
    }

    /// Inserts a text at the cursor. Control characters, such as the line breaks of a pasted text, become spaces.
    pub(crate) fn insert_text(&mut self, text: &str) {
        for char in text.chars().take(MAX_CHARS.saturating_sub(self.chars.len())) {
            self.chars.insert(self.cursor, if char.is_control() { ' ' } else { char });
            self.cursor += 1;
        }
    }

    /// Deletes the character before the cursor.
    pub(crate) fn delete_backward(&mut self) {
        if self.cursor > 0 {
            self.cursor -= 1;
            self.chars.remove(self.cursor);
        }
    }

    /// Deletes the character after the cursor.
    pub(crate) fn delete_forward(&mut self) {
        if self.cursor < self.chars.len() {
            self.chars.remove(self.cursor);
        }
    }

    /// Deletes the word before the cursor, with the spaces after it.
    pub(crate) fn delete_word(&mut self) {
        let before = &self.chars[..self.cursor];
        let word_end = before.iter().rposition(|char| *char != ' ').map_or(0, |at| at + 1);
        let word_start = before[..word_end].iter().rposition(|char| *char == ' ').map_or(0, |at| at + 1);
        self.chars.drain(word_start..self.cursor);
        self.cursor = word_start;
    }

    /// Deletes everything before the cursor.
    pub(crate) fn delete_to_start(&mut self) {
        self.chars.drain(..self.cursor);
        self.cursor = 0;
    }

    /// Moves the cursor, at most to an end of the text.
    pub(crate) fn move_by(&mut self, step: isize) {
        self.cursor = self.cursor.saturating_add_signed(step).min(self.chars.len());
    }

    /// Moves the cursor to the start.
    pub(crate) fn move_to_start(&mut self) {
        self.cursor = 0;
    }

    /// Moves the cursor to the end.
    pub(crate) fn move_to_end(&mut self) {
        self.cursor = self.chars.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_edited_at_the_cursor() {
        let mut input = LineInput::new("fix login");
        input.move_by(-5);
        input.insert_text("the ");
        assert_eq!(input.split_at_cursor(), ("fix the ".to_owned(), "login".to_owned()));
        input.delete_backward();
        input.delete_forward();
        assert_eq!(input.text(), "fix theogin");
        input.move_to_end();
        input.delete_word();
        assert_eq!(input.text(), "fix ");
        input.delete_word();
        assert_eq!(input.text(), "");
    }

    #[test]
    fn the_start_is_deleted_at_once() {
        let mut input = LineInput::new("äöü ß");
        input.move_by(-1);
        input.delete_to_start();
        assert_eq!(input.split_at_cursor(), (String::new(), "ß".to_owned()));
    }

    #[test]
    fn a_pasted_text_stays_on_one_line() {
        let mut input = LineInput::new("");
        input.insert_text("a\nb\u{1b}[2J");
        assert_eq!(input.text(), "a b [2J");
        input.insert_text(&"x".repeat(1000));
        assert_eq!(input.text().chars().count(), MAX_CHARS);
    }

    #[test]
    fn the_cursor_stops_at_the_ends() {
        let mut input = LineInput::new("ab");
        input.move_by(5);
        input.delete_forward();
        input.move_to_start();
        input.move_by(-3);
        input.delete_backward();
        assert_eq!(input.text(), "ab");
    }
}
