//! The tooltip of the tray icon as lines of text.

/// The tooltip of the tray icon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tooltip {
    /// The first line.
    pub title: String,
    /// The other lines, problems first.
    pub lines: Vec<String>,
}

impl Tooltip {
    /// Returns all lines as one text.
    pub fn full_text(&self) -> String {
        self.fit_utf16(usize::MAX)
    }

    /// Returns as many whole lines as fit into `units` UTF-16 code units. A longer first line is truncated.
    pub fn fit_utf16(&self, units: usize) -> String {
        let mut text = truncate_utf16(&self.title, units);
        let mut left = units.saturating_sub(utf16_len(&text));
        for line in &self.lines {
            let Some(rest) = left.checked_sub(utf16_len(line) + 1) else { break };
            text.push('\n');
            text.push_str(line);
            left = rest;
        }
        text
    }
}

fn utf16_len(text: &str) -> usize {
    text.encode_utf16().count()
}

fn truncate_utf16(text: &str, units: usize) -> String {
    let mut left = units;
    let fits = |letter: &char| {
        let rest = left.checked_sub(letter.len_utf16());
        left = rest.unwrap_or_default();
        rest.is_some()
    };
    text.chars().take_while(fits).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shortened_tooltip_ends_with_a_whole_line() {
        let tooltip = Tooltip { title: "4 tokens".to_owned(), lines: vec!["38%".to_owned(), "late".to_owned()] };
        assert_eq!(tooltip.full_text(), "4 tokens\n38%\nlate");
        assert_eq!(tooltip.fit_utf16(17), "4 tokens\n38%\nlate");
        assert_eq!(tooltip.fit_utf16(16), "4 tokens\n38%", "no partial line");
        assert_eq!(tooltip.fit_utf16(3), "4 t");
    }

    #[test]
    fn no_surrogate_pair_is_split() {
        let wide = Tooltip { title: "😀😀".to_owned(), lines: Vec::new() };
        assert_eq!(wide.fit_utf16(3), "😀", "each takes two units");
    }
}
