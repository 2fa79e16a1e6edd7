//! Words as a notification may carry them.
//!
//! What comes here is cleaned once more: whoever hands it over need not be one of our rules.

use token_monitor_core::alerts::{LONGEST_BODY, LONGEST_TITLE};
use token_monitor_core::text::sanitize;

/// A title fit to be shown.
pub(crate) fn title(text: &str) -> String {
    sanitize::line(text, LONGEST_TITLE)
}

/// A body fit to be shown, in the lines it came in.
pub(crate) fn body(text: &str) -> String {
    sanitize::lines(text, LONGEST_BODY)
}

/// The same for a reader of markup. Of what is cut already, so that no escape is cut in the middle.
#[cfg(any(target_os = "linux", test))]
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_words() {
        assert_eq!(escaped("<b>R&D</b> &amp;"), "&lt;b&gt;R&amp;D&lt;/b&gt; &amp;amp;");
        let long = escaped(&body(&"&".repeat(300)));
        assert!(long.ends_with("&amp;…"), "no escape is cut: {long}");
    }
}
