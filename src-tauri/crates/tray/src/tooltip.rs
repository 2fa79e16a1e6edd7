//! What appears when the pointer rests on the icon, as whole lines. It says what it is given and knows no figures.

/// What appears when the pointer rests on an icon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tooltip {
    /// The leading figure.
    pub title: String,
    /// The rest, problems first.
    pub lines: Vec<String>,
}

impl Tooltip {
    /// All of it as one text.
    pub fn text(&self) -> String {
        self.fitting(usize::MAX)
    }

    /// As many of its lines as fit into so many UTF-16 units; a first line that is longer by itself is cut.
    pub fn fitting(&self, units: usize) -> String {
        let mut text = cut(&self.title, units);
        let mut left = units.saturating_sub(length(&text));
        for line in &self.lines {
            let Some(rest) = left.checked_sub(length(line) + 1) else { break };
            text.push('\n');
            text.push_str(line);
            left = rest;
        }
        text
    }
}

fn length(text: &str) -> usize {
    text.encode_utf16().count()
}

fn cut(text: &str, units: usize) -> String {
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
    fn a_tooltip_ends_with_a_whole_line() {
        let tooltip = Tooltip { title: "4 tokens".to_owned(), lines: vec!["38 %".to_owned(), "late".to_owned()] };
        assert_eq!(tooltip.text(), "4 tokens\n38 %\nlate");
        assert_eq!(tooltip.fitting(18), "4 tokens\n38 %\nlate");
        assert_eq!(tooltip.fitting(17), "4 tokens\n38 %", "half a line says something else");
        assert_eq!(tooltip.fitting(3), "4 t");
    }

    #[test]
    fn no_letter_is_cut_in_two() {
        let wide = Tooltip { title: "😀😀".to_owned(), lines: Vec::new() };
        assert_eq!(wide.fitting(3), "😀", "each takes two units");
    }
}
