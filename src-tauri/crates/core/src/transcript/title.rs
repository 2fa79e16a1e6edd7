//! What a session is called in its logs.

use crate::time::timestamp::Timestamp;

/// Who worded a title. In order of preference; the name a person gives here comes before all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TitleKind {
    /// A person, in Claude Code.
    Chosen,
    /// Claude Code, while the session ran.
    Given,
    /// Claude Code, in a summary written later.
    Summary,
    /// A person, as the first thing they asked.
    Prompt,
}

impl TitleKind {
    /// All of them, in order of preference.
    pub const ALL: [Self; 4] = [Self::Chosen, Self::Given, Self::Summary, Self::Prompt];

    /// Whether of two titles of this kind the new one holds: the later, but the first prompt is the first.
    pub fn prefers(self, new: &Titled, known: &Titled) -> bool {
        match self {
            Self::Chosen | Self::Given | Self::Summary => new > known,
            Self::Prompt => new < known,
        }
    }
}

/// A session's title, as a record words it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Title<'a> {
    /// The session.
    pub session: &'a str,
    /// The title, or nothing where it was taken back.
    pub text: &'a str,
    /// Who worded it.
    pub kind: TitleKind,
    /// The last time known where it stands; title records seldom carry one.
    pub when: Option<Timestamp>,
    /// Where it stands.
    pub offset: u64,
}

/// A title as it is kept, and what decides between two of them: time, then place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Titled {
    /// The last time known where it stands.
    pub when: Option<Timestamp>,
    /// Where in its log it stands.
    pub offset: u64,
    /// The title; empty where it was taken back.
    pub text: String,
}

impl Titled {
    /// The longest title kept, in characters.
    pub const LONGEST: usize = 80;

    /// What is kept of a title: one line, cut short.
    pub fn new(title: &Title<'_>) -> Self {
        Self { when: title.when, offset: title.offset, text: one_line(title.text) }
    }
}

/// The beginning of a text without its line breaks and control characters.
fn one_line(text: &str) -> String {
    let mut line = String::new();
    let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    for word in words {
        let room = Titled::LONGEST.saturating_sub(line.chars().count());
        if room == 0 {
            break;
        }
        let space = if line.is_empty() { "" } else { " " };
        line.extend(space.chars().chain(word.chars()).take(room));
    }
    line
}

/// Whether something a person sent is a prompt in their own words: not a command, a tool's result or an
/// interruption.
pub(crate) fn is_prompt(text: &str) -> bool {
    let text = text.trim_start();
    !text.is_empty() && !["<", "Caveat:", "[Request interrupted"].iter().any(|start| text.starts_with(start))
}

/// Whether a summary names a session: some are error messages.
pub(crate) fn is_summary(text: &str) -> bool {
    let text = text.trim_start();
    !text.is_empty() && !["API Error", "Invalid API key", "Credit balance"].iter().any(|start| text.starts_with(start))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("fix  the\nlogin", "fix the login")]
    #[case("\u{1b}[31mred\u{7}", "[31mred")]
    #[case("", "")]
    fn a_title_is_one_line(#[case] text: &str, #[case] line: &str) {
        assert_eq!(one_line(text), line);
    }

    #[test]
    fn a_title_is_cut_to_eighty_characters() {
        assert_eq!(one_line(&"é".repeat(200)).chars().count(), 80);
        assert_eq!(one_line(&"ab ".repeat(200)).chars().count(), 80);
    }

    #[rstest]
    #[case("fix the login", true)]
    #[case("<command-name>/clear</command-name>", false)]
    #[case(" Caveat: The messages below", false)]
    #[case("[Request interrupted by user]", false)]
    #[case("  ", false)]
    fn a_prompt_is_in_a_persons_own_words(#[case] text: &str, #[case] expected: bool) {
        assert_eq!(is_prompt(text), expected);
    }
}
