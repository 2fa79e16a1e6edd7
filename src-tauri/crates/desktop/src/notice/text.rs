//! Words as a notification may carry them.
//!
//! Titles of sessions and names of models come from files that anybody may have written. They are not to break a
//! line, to turn the reading direction, to fill a screen or to be taken for markup.

/// Characters of a title and of a body that fit what most systems show.
const TITLE: usize = 80;
const BODY: usize = 200;

/// A title fit to be shown.
pub(super) fn title(text: &str) -> String {
    cut(&plain(text), TITLE)
}

/// A body fit to be shown, in the lines it came in.
pub(super) fn body(text: &str) -> String {
    let lines: Vec<_> = text.split('\n').map(plain).filter(|line| !line.is_empty()).collect();
    cut(&lines.join("\n"), BODY)
}

/// The same for a reader of markup. Of what is cut already, so that no escape is cut in the middle.
#[cfg(any(target_os = "linux", test))]
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// One line without anything invisible that acts on the rest of it.
fn plain(text: &str) -> String {
    let shown = text.chars().filter(|sign| !turns_direction(*sign));
    let spaced: String = shown.map(|sign| if breaks_line(sign) { ' ' } else { sign }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn breaks_line(sign: char) -> bool {
    sign.is_control() || matches!(sign, '\u{2028}' | '\u{2029}')
}

/// The marks, embeddings, overrides and isolates of the bidirectional algorithm.
fn turns_direction(sign: char) -> bool {
    matches!(sign, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some(_) => text.chars().take(most - 1).chain(['…']).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_breaks_the_line_or_turns_it() {
        assert_eq!(title("Fix\nthe \u{202e}nigol\u{202c}\t flow\u{7}\0"), "Fix the nigol flow");
        assert_eq!(body("a\u{2028}b\u{85}c\u{2067}d\u{2069}"), "a b cd");
    }

    #[test]
    fn a_body_keeps_its_own_lines() {
        assert_eq!(body("82 % of the block\r\n\n $3 of $20 \n"), "82 % of the block\n$3 of $20");
    }

    #[test]
    fn what_is_too_long_says_so() {
        assert_eq!(title(&"ä".repeat(80)), "ä".repeat(80));
        assert_eq!(title(&"ä".repeat(81)), "ä".repeat(79) + "…");
        assert_eq!(body(&"x".repeat(10_000)).chars().count(), 200);
    }

    #[test]
    fn markup_is_words() {
        assert_eq!(escaped("<b>R&D</b> &amp;"), "&lt;b&gt;R&amp;D&lt;/b&gt; &amp;amp;");
        let long = escaped(&body(&"&".repeat(300)));
        assert!(long.ends_with("&amp;…"), "no escape is cut: {long}");
    }
}
